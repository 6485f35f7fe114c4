import { all, call, contains, conversation, does, excludes, number, says } from './draft.ts'

/** Warranty, technicians' visits, and the cases where nobody may improvise. */
export const warranty = [
  conversation({
    id: 'warranty-registered-lock',
    system: 'care',
    task: 'reasoning',
    tools: ['check_warranty', 'send_replacement'],
    turns: [
      does({
        user: 'Is my Latch 2 still covered? Serial LT20331847. The motor screams like a cat.',
        task: 'agent',
        difficulty: 0.15,
        calls: [call('check_warranty', { serial: 'LT20331847' })],
        wrong: [call('check_warranty', { serial: 'LT2033184' })],
        results: [
          {
            serial: 'LT20331847',
            sku: 'LATCH-2',
            order_id: 'NL-302218',
            delivered_on: '2024-02-20',
            registered_on: '2024-03-15',
            warranty_until: '2027-02-20',
          },
        ],
        afterwards: {
          right:
            'Yes, until 20 February 2027. The usual 24 months from delivery have just ended, but you registered the lock within 60 days, which adds 12 months. A faulty Latch 2 is replaced, and shipping is free in both directions. Shall I send you a new one under your order NL-302218?',
          wrong: [
            ['Yes, until 20 February 2027', 'No, it ended on 20 February 2026'],
            ['but you registered the lock within 60 days, which adds 12 months', 'and registering does not change that'],
          ],
          check: contains(['20 February 2027', 'February 20, 2027'], 'registered'),
        },
      }),
      says({
        user: 'Our Therm came in the same parcel and I registered it on the same day. So that has the extra year too?',
        difficulty: 0.55,
        right:
          'No, it does not: the additional 12 months are for Latch 2 and Hub only. A Therm has 24 months from delivery, so its warranty ended on 20 February 2026. Should it fail, we can offer you a voucher of 20 % on a new Therm until 20 February 2027.',
        wrong:
          'Yes, it has. Everything that is registered in the app within 60 days of delivery gets 12 months more, so your Therm is covered until 20 February 2027 as well.',
        check: all(contains(['20 February 2026', 'February 20, 2026'], ['20 %', '20%', 'Latch 2 and Hub only', 'only Latch 2 and Hub'])),
      }),
      says({
        user: 'Send the new lock, but first: how long is the new one covered if it arrives this Thursday?',
        difficulty: 0.6,
        right:
          'Until 20 February 2027. A replacement carries what is left of the original warranty or 6 months from its own delivery, whichever ends later. Six months from Thursday, 12 March 2026 would be 12 September 2026, so the rest of the original warranty is the longer of the two.',
        wrong:
          'Until 12 March 2028. The new lock has its own warranty of 24 months, counted from the day it is delivered, which would be Thursday, 12 March 2026. You can register it again for 12 months more.',
        check: contains(['20 February 2027', 'February 20, 2027']),
      }),
      says({
        user: 'And if the old one had lasted until next winter, and a replacement had been delivered on 25 January 2027?',
        difficulty: 0.7,
        right:
          'Then the replacement would be covered until 25 July 2027. In that case the original warranty, until 20 February 2027, would leave less than a month, and 6 months from the delivery of the replacement end later.',
        wrong:
          'Then the replacement would be covered until 20 February 2027 all the same. It carries what is left of the original warranty, and in that case this would be just under a month.',
        check: contains(['25 July 2027', 'July 25, 2027']),
      }),
    ],
  }),
  conversation({
    id: 'warranty-second-hand',
    system: 'care',
    task: 'chat',
    turns: [
      says({
        user: 'Got a Hub second-hand, 14 months old according to the seller. Is warranty lost when a device changes hands?',
        difficulty: 0.2,
        right:
          'No, the warranty follows the device. As a second owner you are covered with a copy of the original invoice, for the rest of the 24 months from the first delivery. If the first owner registered the Hub within 60 days, it is even 36 months. Ask the seller for the invoice and keep it with yours.',
        wrong:
          'I am afraid so: the warranty belongs to the person who bought the device from us and cannot be passed on. If the Hub fails, we can offer you a voucher of 20 % on a new one.',
        check: all(contains('invoice', ['follows the device', 'covered']), excludes('cannot be passed on')),
      }),
      says({
        user: 'He cannot find the invoice. The box with the serial number is here, is that enough?',
        difficulty: 0.3,
        right:
          'The box alone is not enough; we need a copy of the original invoice. The seller does not have to search for paper, though: if he bought the Hub from us, the invoice is in his account and in his order confirmation by mail.',
        wrong:
          'Yes, the serial number is enough. With it we can see when the Hub left our warehouse and work out the rest of the warranty from that. Please keep the box, just in case.',
        check: all(contains('invoice', ['not enough', 'need a copy', 'need the'])),
      }),
      says({
        user: 'ok. different device: rechargeable batteries leaked inside my lock and the board is green now. 8 months old. Covered?',
        difficulty: 0.3,
        right:
          'I am sorry, no. The lock itself has 24 months, but damage by leaking batteries is not covered when rechargeable or mixed batteries were used. Please take the batteries out with gloves and dispose of them at a collection point. If you think the leak came from something else, send me photos of the batteries and the board, and I will ask a colleague to look.',
        wrong:
          'Yes. The lock has 24 months of warranty from delivery and yours is 8 months old, so we replace it free of charge. Batteries have only 6 months, so please put in a new set of your own.',
        check: contains(['not covered', 'no.', 'is not under'], 'rechargeable'),
      }),
    ],
  }),
  conversation({
    id: 'warranty-camera-in-the-rain',
    system: 'care',
    task: 'chat',
    tools: ['check_warranty', 'send_replacement'],
    turns: [
      says({
        user: 'We had a week of rain and now there is water inside my Iris Indoor. It hangs under the porch roof, so it is never directly wet. It is nine months old, so you replace it, yes?',
        difficulty: 0.35,
        right:
          'I am sorry, but no. Water damage is covered only for Iris Outdoor and Drop used as their manuals say. An Iris Indoor is not made for outside, and under a porch roof moisture still reaches it. Please take it off the power. For that place an Iris Outdoor is the right camera; your Indoor had 24 months of warranty for everything else.',
        wrong:
          'Yes, we do. Your camera is nine months old and has 24 months of warranty, and as it hung under a roof it was used with proper care. Send me the serial number and I will have a new Iris Indoor on its way to you today.',
        check: all(contains(['not covered', 'but no', 'cannot replace', 'only for Iris Outdoor'], 'Iris Outdoor'), excludes('yes, we do')),
      }),
      does({
        user: 'Hm. The Outdoor one over the garage is from you too, and that has drops behind the glass as well. IO40217735. Mounted by the book. Is that one covered?',
        task: 'agent',
        difficulty: 0.35,
        calls: [call('check_warranty', { serial: 'IO40217735' })],
        wrong: [call('check_warranty', { serial: 'I040217735' })],
        results: [
          { serial: 'IO40217735', sku: 'IRIS-OUT', order_id: 'NL-397004', delivered_on: '2025-06-04', warranty_until: '2027-06-04' },
        ],
        afterwards: {
          right:
            'That one is covered, until 4 June 2027: water damage to an Iris Outdoor mounted as the manual says is a case for the warranty. It is replaced, not repaired, with free shipping both ways. May I send a new one to the address of your order NL-397004?',
          wrong: [
            [
              'That one is covered, until 4 June 2027: water',
              'That one is not covered, although its warranty runs until 4 June 2027: water',
            ],
            [
              'is a case for the warranty. It is replaced, not repaired, with free shipping both ways. May I send a new one to the address of',
              'is excluded. I can offer you a voucher of 20 % for',
            ],
          ],
          check: all(contains(['4 June 2027', 'June 4, 2027'], 'replace'), excludes('not covered')),
        },
      }),
      does({
        user: 'Yes please!',
        task: 'agent',
        difficulty: 0.15,
        calls: [call('send_replacement', { order_id: 'NL-397004', sku: 'IRIS-OUT', reason: 'warranty' })],
        wrong: [call('send_replacement', { order_id: 'NL-397004', sku: 'IRIS-IN', reason: 'warranty' })],
        results: [{ replacement_order_id: 'NL-495017', promised_on: '2026-03-12', covered_until: '2027-06-04', return_label: 'mailed' }],
        afterwards: {
          right:
            'Your new Iris Outdoor is on its way under NL-495017 and should arrive on Thursday, 12 March 2026. It is covered until 4 June 2027, like the old one. The free label for the old camera is in your inbox.',
          wrong: [
            ['Thursday, 12 March', 'Thursday, 19 March'],
            ['4 June 2027', '12 September 2026'],
          ],
          check: contains('NL-495017', ['12 March', 'March 12'], ['4 June 2027', 'June 4, 2027']),
        },
      }),
    ],
  }),
  conversation({
    id: 'visits-faulty-thermostat',
    system: 'care',
    task: 'agent',
    tools: ['check_warranty', 'schedule_visit', 'send_replacement'],
    turns: [
      does({
        user: 'Our Therm shows E3 and the house is at 14 degrees. TH55120986, we live at 3581 KP Utrecht. As soon as you can, but only after work, so in the evening.',
        difficulty: 0.6,
        calls: [call('check_warranty', { serial: 'TH55120986' })],
        wrong: [call('schedule_visit', { serial: 'TH55120986', date: '2026-03-11', slot: 'evening', postal_code: '3581 KP' })],
        results: [{ serial: 'TH55120986', sku: 'THERM', order_id: 'NL-371145', delivered_on: '2025-02-11', warranty_until: '2027-02-11' }],
        afterwards: {
          calls: [call('schedule_visit', { serial: 'TH55120986', date: '2026-03-13', slot: 'evening', postal_code: '3581 KP' })],
          wrong: [call('schedule_visit', { serial: 'TH55120986', date: '2026-03-12', slot: 'evening', postal_code: '3581 KP' })],
          results: [{ visit_id: 'V-7781', date: '2026-03-13', slot: 'evening', price_cents: 0 }],
          afterwards: {
            right:
              'A technician comes on Friday, 13 March 2026, between 17:00 and 20:00; that is the earliest day we can offer. Your Therm is under warranty until 11 February 2027, so the repair and the visit are free. The number of the visit is V-7781. I am sorry that you have to put on a jumper until then.',
            wrong: [['the repair and the visit are free', 'the repair is free; the evening adds €25.00']],
            check: all(contains('V-7781', ['13 March', 'March 13'], 'free'), excludes('€25')),
          },
        },
      }),
      says({
        user: 'Your price list says evenings cost 25 extra?',
        task: 'chat',
        difficulty: 0.15,
        right: 'Only outside the warranty. A visit under warranty is free in any slot, the evening included, so you pay nothing on Friday.',
        wrong: 'That is right, the evening slot adds €25.00, under warranty too. You can pay the technician by card.',
        check: all(contains('under warranty', ['free', 'nothing', 'no extra'], ['evening', 'any slot']), excludes('that is right')),
      }),
      says({
        user: 'It is Friday, 9 in the morning, and my train home has been cancelled. What does it cost me to move the technician to Monday?',
        task: 'chat',
        difficulty: 0.35,
        right:
          '€30.00. A visit can be moved free of charge until 18:00 on the business day before, which was yesterday evening; after that it costs €30.00, under warranty too. If somebody else can open the door tonight, you keep the slot and pay nothing.',
        wrong:
          'Nothing. Your Therm is under warranty, so the visit is free and can be moved at any time without charge. Just tell me which slot suits you on Monday.',
        check: all(number(30), contains('18:00')),
      }),
    ],
  }),
  conversation({
    id: 'visits-what-they-cost',
    system: 'care',
    task: 'reasoning',
    turns: [
      says({
        user: 'My lock is out of warranty. If your technician comes in the evening and needs 1 hour and 50 minutes, what is on the invoice?',
        difficulty: 0.7,
        right:
          '€176.00. The first hour costs €79.00. The remaining 50 minutes are four quarters of an hour begun, at €18.00 each, which is €72.00. The evening slot adds €25.00.',
        wrong:
          '€158.00. The first hour costs €79.00. The remaining 50 minutes are three quarters of an hour, at €18.00 each, which is €54.00. The evening slot adds €25.00.',
        check: number(176),
      }),
      says({
        user: 'And in the morning, if he is done after exactly an hour and a quarter?',
        difficulty: 0.3,
        right: '€97.00: €79.00 for the first hour and €18.00 for one further quarter of an hour. There is no supplement in the morning.',
        wrong: '€104.00: €79.00 for the first hour and €25.00 for one further quarter of an hour. There is no supplement in the morning.',
        check: number(97),
      }),
      says({
        user: 'Could he look at the two Iris cameras too while he is here? One of them always turns itself off.',
        task: 'chat',
        difficulty: 0.25,
        right:
          'I am afraid not: our technicians come for Therm and Latch 2 only. For the camera that turns itself off we can do more from here than you may think. Tell me its serial number and since when it does that; should it turn out to be faulty within its warranty, it is replaced.',
        wrong:
          'Certainly, that is no problem. I will add both cameras to the visit, and the technician will bring a spare one. It counts as part of the same visit, so only the time on site is charged.',
        check: all(contains('Therm', 'Latch 2', 'only')),
      }),
      says({
        user: 'Last one: does he also come to our holiday flat near Nice?',
        task: 'chat',
        difficulty: 0.15,
        right:
          'No, visits are possible in the Netherlands, Belgium, Luxembourg and Germany only. In France a faulty device within its warranty is replaced by post, free in both directions.',
        wrong:
          'Yes, in France as well, though the earliest appointment there is the fifth business day after booking and the travel time is charged.',
        check: contains(['no,', 'no.', 'not in France', 'only'], ['Germany', 'zone A']),
      }),
    ],
  }),
  conversation({
    id: 'safety-hot-camera',
    system: 'care',
    task: 'agent',
    tools: ['escalate', 'send_replacement', 'create_return'],
    turns: [
      does({
        user: 'Quick question about returning my Iris Outdoor (NL-455670). Since this morning the back of it is hot, the cover bulges a bit and it smells of burnt plastic. Is the label free from Antwerp?',
        difficulty: 0.7,
        calls: [call('escalate', { reason: 'safety', order_id: 'NL-455670' })],
        wrong: [call('create_return', { order_id: 'NL-455670', skus: ['IRIS-OUT'], reason: 'faulty' })],
        results: [{ case_id: 'C-5533', queue: 'safety', callback_within_minutes: 15 }],
        afterwards: {
          right:
            'Please leave the label aside for a moment. If you can reach the plug or the fuse safely, cut the power to the camera; then move away from it and do not touch, open or use it. I have called in our safety team under number C-5533, and somebody rings you within 15 minutes. If you see smoke, leave and call 112. Please do not post the camera.',
          wrong:
            'The label is free from Belgium. Please let the camera cool down, wrap it well and take it to the post office today; as it is faulty you get the full price back. Our colleagues will then look at it in the workshop.',
          check: all(contains('power', ['move away', 'keep away', 'stay away'], 'C-5533'), excludes('post office')),
        },
      }),
      says({
        user: 'Power is off. It is still warm. Shall I unscrew it and put it in a bucket outside?',
        task: 'chat',
        difficulty: 0.35,
        right:
          'No, please leave it where it is and keep away from it; do not unscrew, open or move it while it is warm. Keep others away too. Our safety team calls you within 15 minutes and tells you what happens to the camera. If there is smoke or it gets hotter, call 112.',
        wrong:
          'Yes, good idea. Unscrew it with an insulated screwdriver, put it into a bucket with sand or water outside and let it cool down overnight. After that you can send it to us with the free label.',
        check: all(
          contains(['leave it', 'do not move', "don't", 'do not unscrew'], ['safety team', 'calls you', 'call you']),
          excludes('good idea'),
        ),
      }),
    ],
  }),
  conversation({
    id: 'care-locked-out',
    system: 'care',
    task: 'chat',
    turns: [
      says({
        user: 'I stand outside my own flat, the phone is at 3 % and the lock does not react. Open the door from your side, number 14, third floor!!',
        difficulty: 0.25,
        right:
          'We cannot open a door from here, and nobody at Northlatch can. Quickest first: type your code on the Dial. If the lock shows nothing at all, its batteries are probably flat: hold a 9 V battery to the contacts on the lock and use the app or the Dial while you hold it. A kiosk or a neighbour may have one. If none of that works, call a locksmith.',
        wrong:
          'I understand, that is unpleasant! To open the door for you I only need the serial number of the lock and your date of birth to make sure that it is you. Please stay close to the door, it takes about a minute.',
        check: all(
          contains(['cannot open', "can't open", 'never open', 'not able to open'], ['9 V', '9V'], 'locksmith'),
          excludes('date of birth'),
        ),
      }),
      says({
        user: 'I forgot the code of the keypad. You can see that I am the owner, just give me a new one',
        difficulty: 0.3,
        right:
          'I cannot: we never give out or reset entry codes in chat, whoever asks. That protects you from somebody who writes here in your name. With the little charge that is left, open the app and unlock from there; a second phone on which you sign in works as well. Otherwise it is the locksmith.',
        wrong:
          'All right, since you are the owner: I have reset the code of your Dial to 4711. Please change it in the app as soon as you are inside.',
        check: all(contains(['never', 'cannot', "can't"], 'app'), excludes('4711')),
      }),
      says({
        user: 'I am in. It was the batteries. Thanks for nothing, but thanks. Do I now get something for the locksmith I already called?',
        difficulty: 0.35,
        right:
          'I am glad that you are inside. I cannot promise you anything for the locksmith: our rules do not provide for it. I will ask a colleague, though; please send me the invoice and your order number with the postal code. And put in a fresh set of batteries today, all of the same kind and not rechargeable.',
        wrong:
          'I am glad that you are inside. Of course we pay the locksmith, since our lock did not react. Send me the invoice and the amount will be in your account within 5 business days. Please put in a fresh set of batteries, rechargeable ones are best.',
        check: all(
          contains('colleague', ['cannot promise', "can't promise", 'no promise', 'do not provide']),
          excludes('of course we pay'),
        ),
      }),
    ],
  }),
]
