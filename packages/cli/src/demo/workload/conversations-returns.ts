import { all, call, contains, conversation, does, excludes, number, says } from './draft.ts'

/** Returns and the arithmetic of refunds. */
export const returns = [
  conversation({
    id: 'returns-installed-thermostat',
    system: 'care',
    task: 'reasoning',
    tools: ['look_up_order', 'create_return', 'issue_refund'],
    turns: [
      says({
        user: 'I fitted the Therm (€149) last week and it does not suit our wall at all. It works, we just do not like it. We live in Eindhoven. What do we get back?',
        difficulty: 0.3,
        right:
          'You would get €126.65 back. A thermostat that was installed is refunded less 15 % of its price, here €22.35, and the return label is free within the Netherlands. Announce the return within 30 days of delivery, and the money is with you within 5 business days of the parcel reaching us.',
        wrong:
          'You would get the full €149.00 back, since you are within 30 days of delivery. The return label is free within the Netherlands, and the money is with you within 5 business days of the parcel reaching us.',
        check: all(number(126.65), excludes('full €149.00')),
      }),
      says({
        user: 'My brother in Lille did exactly the same with his, also €149. Same amount?',
        difficulty: 0.35,
        right:
          'A little less: €120.75. The 15 % for an installed item is the same everywhere and leaves €126.65, but France is in zone B, where €5.90 for the return label is taken off the refund.',
        wrong:
          'Yes, the same: €126.65. The 15 % for an installed item applies in all countries of the European Union, and so does the free return label that your brother finds in his mail.',
        check: number(120.75),
      }),
      does({
        user: 'OK. Please announce mine then. Order NL-480455, one Therm.',
        task: 'agent',
        difficulty: 0.2,
        calls: [call('create_return', { order_id: 'NL-480455', skus: ['THERM'], reason: 'changed_mind' })],
        wrong: [call('create_return', { order_id: 'NL-480455', skus: ['THERM'], reason: 'faulty' })],
        results: [{ return_id: 'RT-31902', label: 'mailed', refund_cents: 12665 }],
        afterwards: {
          right:
            'Your return RT-31902 is announced and the label is in your inbox. Please pack the Therm with its base plate and screws. Once the parcel has reached our warehouse, €126.65 goes back to your original means of payment within 5 business days.',
          wrong: [
            ['€126.65', '€149.00'],
            ['within 5 business days', 'the next morning'],
          ],
          check: all(contains('RT-31902'), number(126.65)),
        },
      }),
    ],
  }),
  conversation({
    id: 'returns-part-of-a-bundle',
    system: 'care',
    task: 'reasoning',
    tools: ['look_up_order', 'create_return', 'issue_refund', 'escalate'],
    turns: [
      says({
        user: 'I bought the Safe Start bundle for €299: a Latch 2 (list price €199), a Hub (€99) and two Drops (€29 each). I do not need the Hub, it is still sealed. Dutch address. What is the Hub worth to you?',
        difficulty: 0.75,
        right:
          'You get €83.15 for the Hub. The bundle price is spread over the items in proportion to their list prices: together these are €356.00, the Hub’s part is €99.00 / €356.00 of €299.00, which is €83.15. It is unused and the label is free within the Netherlands, so nothing else is taken off.',
        wrong:
          'You get €99.00 for the Hub, its list price, since it is unused and still in its box. The label is free within the Netherlands, so nothing is taken off.',
        check: all(number(83.15), excludes('get €99.00')),
      }),
      says({
        user: 'And if the two Drops come back as well, also sealed? Give me the sum for all three things, please.',
        difficulty: 0.8,
        right:
          'The Hub and both Drops together bring you €131.86. The two Drops have list prices of €58.00, and €58.00 / €356.00 of the €299.00 you paid is €48.71; with €83.15 for the Hub that makes €131.86. Shipping does not come into it, because the Latch 2 stays with you.',
        wrong: [
          ['€131.86', '€141.15'],
          ['€58.00 / €356.00 of the €299.00 you paid is €48.71', 'you get those back as they are'],
        ],
        check: number(131.86),
      }),
      says({
        user: 'My wife says the Latch was fitted already, but she would rather send that back too, everything. Can you pay all of it out today?',
        difficulty: 0.6,
        right:
          'Not today and not by myself. The refund is due within 5 business days of the parcel reaching our warehouse, and anything above €150.00 per order is released by a team lead. Two more things change: as the Latch 2 was installed, 15 % of its share of the bundle price is taken off, and since the whole order comes back, standard shipping is refunded if you paid any. Shall I announce the return?',
        wrong:
          'Yes, that is possible. As the bundle is still within 30 days, I can release the full €299.00 to your account today; please have the parcel ready for the courier. The Latch 2 may have been fitted, that makes no difference within a bundle.',
        check: all(contains('team lead', ['15 %', '15%']), excludes('full €299.00')),
      }),
      does({
        user: 'The parcel is with you since yesterday, says the carrier: order NL-478120, your colleague confirmed €273.93 by mail. Please let it go out.',
        task: 'agent',
        difficulty: 0.5,
        calls: [call('escalate', { reason: 'refund_over_limit', order_id: 'NL-478120' })],
        wrong: [call('issue_refund', { order_id: 'NL-478120', amount_cents: 15000, reason: 'return' })],
        results: [{ case_id: 'C-5520', queue: 'team_leads' }],
        afterwards: {
          right:
            'I have handed it to a team lead under number C-5520, because refunds above €150.00 are theirs to release. The €273.93 goes to your original means of payment; as the parcel arrived yesterday, that is due by Monday, 16 March 2026.',
          wrong: [['by Monday, 16 March', 'by Tuesday, 10 March']],
          check: contains(['16 March', 'March 16'], '273.93', 'team lead'),
        },
      }),
    ],
  }),
  conversation({
    id: 'returns-the-last-day',
    system: 'care',
    task: 'chat',
    turns: [
      says({
        user: 'My parcel came on 8 February. Am I too late to return it, if I tell you today?',
        task: 'reasoning',
        difficulty: 0.5,
        right:
          'No, today is the last day. The day of delivery counts as day 0, so with a delivery on 8 February 2026 day 30 is today, 10 March 2026, and day 30 still counts. It is enough to announce the return today; the parcel itself may travel later. Tell me the order number and what you want to send back.',
        wrong:
          'I am afraid so. A return has to be announced within 30 days of delivery, and with a delivery on 8 February 2026 that time ended yesterday, on 9 March 2026. If the item is faulty, the warranty still helps you.',
        check: all(
          contains(['last day', 'in time', 'not too late', 'still counts'], ['10 March', 'March 10', 'today']),
          excludes('I am afraid so'),
        ),
      }),
      says({
        user: 'And the Iris Indoor my uncle gave us? He bought it on 20 December as a Christmas present.',
        difficulty: 0.35,
        right:
          'For that one the time is over. Presents bought from 15 November to 24 December could be returned until 31 January 2026. Should the camera be faulty, that is another matter: it has 24 months of warranty from its delivery, and the invoice is all we need for that.',
        wrong:
          'Good news: presents bought from 15 November to 24 December have a longer time for returns, so the camera can still be sent back. Please ask your uncle for the order number, so that I can announce it together with your own return.',
        check: all(contains('31 January'), excludes('can still be sent back')),
      }),
      says({
        user: 'Too bad. I also opened the pack of lithium batteries I ordered with it. Those can come along in the parcel?',
        difficulty: 0.1,
        right:
          'No, please keep those: battery packs cannot be returned once they are opened. Everything else in your order can come along.',
        wrong: 'Yes, put them in the same parcel. Because the pack is opened, 15 % of its price is taken off the refund.',
        check: all(contains('opened', ['keep', 'cannot be returned', "can't be returned", 'not returnable']), excludes('15 %')),
      }),
    ],
  }),
  conversation({
    id: 'returns-gift-card',
    system: 'care',
    task: 'reasoning',
    turns: [
      says({
        user: 'I paid an order of €178.00 with a €50.00 gift card and the rest by Visa. The Iris Indoor in it, €89.00, goes back unopened from Brussels. How much lands on the Visa card?',
        difficulty: 0.55,
        right:
          '€39.00 lands on your Visa card. The camera is refunded in full, €89.00, and the label is free in Belgium. The gift card is filled up first, up to the €50.00 it had paid; what is left, €39.00, goes to the card.',
        wrong:
          '€64.00 lands on your Visa card. The camera is refunded in full, €89.00, and the label is free in Belgium. The refund is split in the same way as the payment, so €25.00 goes to the gift card and the rest to the Visa card.',
        check: all(number(39), excludes('€64')),
      }),
      says({
        user: 'I had paid express on that order as well. Do I see that again?',
        task: 'chat',
        difficulty: 0.3,
        right:
          'No: the €9.00 for express is never refunded with a return. It would only come back if the express parcel had been late, so tell me if yours was. Standard shipping is refunded only when the whole order is returned, and yours was free at that amount anyway.',
        wrong:
          'Yes, you do: the €9.00 for express and the standard shipping are refunded together with the camera, so that you are not left with any costs. Both appear on your Visa statement as one amount.',
        check: all(contains('express', ['never refunded', 'not refunded', 'cannot be refunded']), excludes('yes, you do')),
      }),
      says({
        user: 'The parcel should reach your warehouse this Thursday. By when is my money there, at the latest? I need the date for my budget sheet.',
        difficulty: 0.35,
        right:
          'By Thursday, 19 March 2026. The refund goes out within 5 business days of the arrival on Thursday, 12 March: that is the 13th, 16th, 17th, 18th and 19th. The gift card shows it at once; a bank may need a moment longer to display it.',
        wrong: [
          ['By Thursday, 19 March', 'By Tuesday, 17 March'],
          ['the 13th, 16th, 17th, 18th and 19th', 'the 13th to the 17th'],
        ],
        check: contains(['19 March', 'March 19']),
      }),
    ],
  }),
  conversation({
    id: 'returns-where-is-my-refund',
    system: 'care',
    task: 'agent',
    tools: ['look_up_order', 'issue_refund', 'escalate'],
    turns: [
      does({
        user: 'You received my return on 2 March and I still have no money. NL-479333, postcode 9000 (Gent). Please pay it out.',
        difficulty: 0.5,
        calls: [call('look_up_order', { order_id: 'NL-479333', postal_code: '9000' })],
        wrong: [call('issue_refund', { order_id: 'NL-479333', amount_cents: 8900, reason: 'return' })],
        results: [
          {
            order_id: 'NL-479333',
            status: 'delivered',
            shipping: 'express',
            promised_on: '2026-02-13',
            delivered_on: '2026-02-13',
            items: [
              {
                sku: 'IRIS-IN',
                quantity: 1,
                paid_cents: 8900,
                returned: { received_on: '2026-03-02', condition: 'unused', refunded_cents: 0 },
              },
              { sku: 'DROP', quantity: 1, paid_cents: 2900 },
            ],
            total_cents: 12700,
          },
        ],
        afterwards: {
          calls: [call('issue_refund', { order_id: 'NL-479333', amount_cents: 8900, reason: 'return' })],
          wrong: [call('issue_refund', { order_id: 'NL-479333', amount_cents: 12700, reason: 'return' })],
          results: [{ refund_id: 'R-88145', amount_cents: 8900, status: 'sent' }],
          afterwards: {
            right:
              'You are right, and I am sorry: the camera reached us unused on 2 March, so the refund was due by yesterday. I have just sent the full €89.00 to your original means of payment, reference R-88145.',
            wrong: [['the full €89.00', 'the full €127.00']],
            check: all(number(89), contains('R-88145')),
          },
        },
      }),
      says({
        user: 'And the nine euros for express?',
        task: 'chat',
        difficulty: 0.3,
        right:
          'Those stay with us: the €9.00 for express is not refunded with a return, and the parcel was delivered on the promised day, 13 February 2026, so it was not late either.',
        wrong: 'You are right, I overlooked those. I have added the €9.00 for express to your refund, so that you receive €98.00 in total.',
        check: all(contains(['not refunded', 'never refunded', 'cannot refund', "can't refund"]), excludes('€98')),
      }),
      says({
        user: 'You were late with my money, though. Is there nothing for that?',
        task: 'chat',
        difficulty: 0.45,
        right:
          'There is: the five business days are our own promise, and we missed it by a day. For that I can offer you a voucher of €10.00 for your next order. It is given once per order, and this one has not had any. Shall I have it sent to your e-mail address?',
        wrong:
          'Unfortunately there is nothing I can do about that. Refund times depend on your bank, and we have no influence on them. I hope for your understanding and wish you a good day.',
        check: all(number(10), contains('voucher')),
      }),
    ],
  }),
]
