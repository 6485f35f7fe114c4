import { all, call, contains, conversation, does, excludes, matches, number, says } from './draft.ts'

/** Devices that blink, drop out or need an update. */
export const devices = [
  conversation({
    id: 'devices-hungry-lock',
    system: 'products',
    task: 'agent',
    tools: ['device_status', 'search_manual', 'start_update'],
    turns: [
      does({
        user: 'My Latch 2 eats a set of batteries every five weeks. It is not the batteries, I use good ones. LT40118820',
        difficulty: 0.45,
        calls: [call('device_status', { serial: 'LT40118820' })],
        wrong: [call('search_manual', { device: 'latch', subject: 'lights' })],
        results: [
          { serial: 'LT40118820', firmware: '4.0.3', battery: 24, auto_lock_s: 15, link: 'thread', hub_firmware: '5.4.2', errors: [] },
        ],
        afterwards: {
          right:
            'It is the firmware, not you. Your lock runs 4.0.3, which drains the batteries when auto-lock is set below 30 seconds, and yours is at 15. Set auto-lock to 30 seconds or more in the app for now; the drain stops at once. Version 4.1.0 fixes it for good. The update needs a battery of at least 30 %, and you are at 24 %, so put in a fresh set of alkaline batteries first.',
          wrong:
            'Good batteries last about 10 months in a Latch 2, so five weeks points to a lock that has to work too hard. Calibrate it with the door open and then closed, and try rechargeable batteries, which deliver more current. If it does not get better, reset the lock.',
          check: all(contains('4.0.3', '30', '4.1.0'), excludes('try rechargeable')),
        },
      }),
      says({
        user: 'Can you start the update from there, right now?',
        task: 'chat',
        difficulty: 0.45,
        right:
          'Not yet: the lock is at 24 %, and a battery device needs 30 % or more for an update. Put in four fresh AA alkaline batteries, no rechargeable ones, and write to me. Then I start 4.1.0; it takes about 12 minutes, and the lock works by hand meanwhile.',
        wrong:
          'Yes, I have started the update to 4.1.0 for you. It takes about 12 minutes, and the lock works by hand meanwhile. You will see a white light when it is done.',
        check: all(contains(['30 %', '30%']), excludes('have started')),
      }),
      does({
        user: 'New batteries are in, the app shows 100. Go.',
        difficulty: 0.2,
        calls: [call('start_update', { serial: 'LT40118820', version: '4.1.0' })],
        wrong: [call('start_update', { serial: 'LT40118820', version: '4.0.3' })],
        results: [{ serial: 'LT40118820', version: '4.1.0', state: 'started', expected_minutes: 12 }],
        afterwards: {
          right:
            'The update to 4.1.0 is running and takes about 12 minutes. Use the key or the knob until it is done. Afterwards you can set auto-lock back to 15 seconds if you like; the batteries should then last about 10 months again.',
          wrong: [
            ['about 10 months', 'about 3 years'],
            ['about 12 minutes', 'a few hours'],
          ],
          check: contains('4.1.0', ['12 minutes', 'twelve minutes']),
        },
      }),
    ],
  }),
  conversation({
    id: 'devices-old-firmware',
    system: 'products',
    task: 'agent',
    tools: ['device_status', 'start_update'],
    turns: [
      does({
        user: 'We moved into a house with a Latch 2 (LT18820391) and a Hub (HB10077264) from the year dot. How do I get both to the current firmware?',
        difficulty: 0.7,
        calls: [call('device_status', { serial: 'LT18820391' }), call('device_status', { serial: 'HB10077264' })],
        wrong: [call('start_update', { serial: 'LT18820391', version: '4.1.0' })],
        results: [
          { serial: 'LT18820391', firmware: '3.9.2', battery: 81, auto_lock_s: 60, link: 'thread' },
          { serial: 'HB10077264', firmware: '5.1.0', uptime_h: 2, link: 'ethernet' },
        ],
        afterwards: {
          right:
            'In three steps, and the order matters:\n1. The Hub, from 5.1.0 to 5.4.2. It has to be on 5.3 or later before the lock can take 4.x.\n2. The lock, from 3.9.2 to 4.0.3. From 3.x there is no direct way to 4.1.0.\n3. The lock again, from 4.0.3 to 4.1.0.\nThe battery of the lock is at 81 %, which is plenty. Do not unplug the Hub while it blinks blue. Shall I start with the Hub?',
          wrong:
            'In two steps:\n1. The lock, from 3.9.2 straight to 4.1.0.\n2. The Hub, from 5.1.0 to 5.4.2.\nThe battery of the lock is at 81 %, which is plenty. Do not unplug the Hub while it blinks blue. Shall I start with the lock?',
          check: all(contains('5.4.2', '4.0.3', '4.1.0'), excludes('straight to 4.1.0')),
        },
      }),
      does({
        user: 'Yes, start.',
        difficulty: 0.35,
        calls: [call('start_update', { serial: 'HB10077264', version: '5.4.2' })],
        wrong: [call('start_update', { serial: 'LT18820391', version: '4.0.3' })],
        results: [{ serial: 'HB10077264', version: '5.4.2', state: 'started', expected_minutes: 6 }],
        afterwards: {
          right:
            'The Hub is updating to 5.4.2 and blinks blue for about 6 minutes; please leave it plugged in. When it shows a steady white, tell me, and I go on with the lock.',
          wrong: [['steady white', 'steady amber']],
          check: contains('5.4.2', ['steady white', 'white steady', 'white']),
        },
      }),
      does({
        user: 'White it is!',
        difficulty: 0.45,
        calls: [call('start_update', { serial: 'LT18820391', version: '4.0.3' })],
        wrong: [call('start_update', { serial: 'LT18820391', version: '4.1.0' })],
        results: [{ serial: 'LT18820391', version: '4.0.3', state: 'started', expected_minutes: 12 }],
        afterwards: {
          right:
            'Now the lock takes the first of its two steps, to 4.0.3, in about 12 minutes. It works by hand meanwhile. The last step to 4.1.0 follows after that. Leave auto-lock at 60 seconds until then; below 30 this version drains the batteries.',
          wrong: [
            ['the first of its two steps, to 4.0.3', 'its only step'],
            ['The last step to 4.1.0 follows after that', 'Then you are on the current version'],
          ],
          check: contains('4.0.3', '4.1.0'),
        },
      }),
    ],
  }),
  conversation({
    id: 'devices-every-two-days',
    system: 'products',
    task: 'chat',
    turns: [
      says({
        user: 'Every two days, almost on the hour, all my Drops and the lock vanish from the app. Pulling the plug of the Hub helps. It says 5.4.0 under About. Is the Hub dying?',
        difficulty: 0.35,
        right:
          'No, it is a fault in that version: Hub 5.4.0 loses its Thread devices after 49 hours of uptime, which is your two days. It is fixed since 5.4.1. Update to the current 5.4.2 in the app under Device > Firmware, and do not unplug the Hub while it blinks blue. Nothing has to be paired again.',
        wrong:
          'That sounds like interference with your Wi-Fi. Move the Hub at least two metres away from the router and change the Wi-Fi channel. If the devices still vanish, hold the pin of the Hub for 10 s and pair them again; if that does not help either, the Hub has to be replaced.',
        check: all(contains(['49 hours', '49 h', '49-hour'], ['5.4.2', '5.4.1'])),
      }),
      says({
        user: 'It has been blinking blue for ten minutes. My husband wants to pull the plug again.',
        difficulty: 0.1,
        right:
          'Please stop him: blinking blue means that the update is running, and the Hub must not be unplugged then. It is done when the light is a steady white.',
        wrong:
          'That is fine: blinking blue means that the Hub is pairing. Pull the plug, wait ten seconds and plug it in again; after that the light should be a steady white.',
        check: all(contains(['updat'], ['not be unplugged', 'do not unplug', "don't unplug", 'not unplug', 'leave it plugged'])),
      }),
      says({
        user: 'White now. Do the siren and my "leak means light on" automation depend on the internet, by the way? Ours is bad.',
        difficulty: 0.25,
        right:
          'No. The siren of a Drop works even without the Hub, and the Hub keeps automations running without internet, so the light still comes on. What stops without internet are messages to your phone and remote control.',
        wrong:
          'Partly. The siren of a Drop works on its own, but automations are worked out on our servers, so the light stays off while your internet is down. Messages are kept and delivered later.',
        check: all(
          contains(
            'siren',
            ['keeps automations', 'automations keep', 'automations run', 'automation keeps', 'automations continue', 'keeps running'],
            'messages',
          ),
          excludes('on our servers'),
        ),
      }),
    ],
  }),
  conversation({
    id: 'devices-thermostat-codes',
    system: 'products',
    task: 'chat',
    tools: ['search_manual', 'device_status'],
    turns: [
      says({
        user: 'Therm shows E7 after I put it up. What did I do wrong?',
        difficulty: 0.1,
        right:
          'Probably nothing worse than a loose wire: E7 means that the Therm gets less than 20 V, because the C wire is missing or loose. Switch the heating off at the fuse, take the Therm off its plate, and see that the C wire sits firmly in its terminal. Then switch the power on again.',
        wrong:
          'E7 means that the Therm has no signal from the boiler. Check that the boiler has power and that the two OpenTherm wires are not swapped. Then restart the Therm in its menu.',
        check: contains('C wire', ['20 V', '20V', 'supply', 'voltage']),
      }),
      says({
        user: 'There is no C wire in this wall. There is a 230 V line though, can I take that?',
        difficulty: 0.2,
        right:
          'No, never: 230 V would destroy the Therm and put you in danger. It takes 24 V with a C wire, or OpenTherm over two wires if your boiler speaks it. Please leave the 230 V line alone; an electrician can tell you whether your boiler has OpenTherm or whether a C wire can be pulled.',
        wrong:
          'Yes, if you use the adapter that comes in the box: it turns 230 V into the 24 V that the Therm needs. Connect the phase to Rc and the neutral to C, and switch the fuse on only when the cover is closed.',
        check: all(contains(['never', 'must not', 'do not'], '24 V', 'OpenTherm'), excludes('adapter that comes')),
      }),
      says({
        user: 'OpenTherm works, nice. Now it shows E5 although my phone is on the same Wi-Fi. Therm has 3.7.4, password is Tea4"Two"Please.',
        difficulty: 0.5,
        right:
          'It is the quotation marks. Therm 3.7.x shows E5 when the Wi-Fi password holds one; 3.8.0 fixed that. The Therm needs Wi-Fi to update, so set up a guest network on 2.4 GHz with a password without quotation marks, join it, and update to 3.8.1 under Device > Firmware. Then you can go back to your own network. Since the password now stands in this chat, you may want to change it anyway.',
        wrong:
          'E5 means no Wi-Fi, and the Therm speaks 2.4 GHz only while your phone uses 5 GHz. Turn off 5 GHz in the router for a moment, then join the network again under Menu > Network. The password is fine, any characters are allowed.',
        check: contains(['quotation mark', 'quote'], ['3.8.0', '3.8.1']),
      }),
      says({
        user: 'And it reads 1.5 degrees more than my old thermometer. Can I correct that?',
        difficulty: 0.15,
        right:
          'Yes, with the offset, which goes from -3.0 to +3.0 °C. Set it to -1.5 °C, as the Therm shows too much. Give it a day first, a new unit on a warm wall needs some hours to settle.',
        wrong:
          'Yes, with the offset, which goes from -3.0 to +3.0 °C. Set it to +1.5 °C, and the two will agree. Give it a day first, a new unit on a warm wall needs some hours to settle.',
        check: contains(['-1.5', '−1.5', 'minus 1.5']),
      }),
    ],
  }),
  conversation({
    id: 'devices-camera-clock',
    system: 'products',
    task: 'chat',
    turns: [
      says({
        user: 'Since the clocks went back last autumn my Iris Outdoor stamps everything an hour late. Version 7.1.3. A setting I missed?',
        difficulty: 0.3,
        right:
          'No setting: Iris 7.1.x stamps recordings one hour off after a clock change, and 7.2.0 fixes it. Update in the app under Device > Firmware. It matters now, because the clocks change again at the end of March.',
        wrong:
          'Yes: the camera keeps its own time zone. Open the app under Device > Time, turn automatic time off, and set the clock by hand. You will have to do it twice a year.',
        check: contains('7.2.0'),
      }),
      says({
        user: 'Does the update also correct the recordings I have? I need one of them for my insurance.',
        difficulty: 0.2,
        right:
          'No, old recordings keep the stamp they have. For your insurance, say in a sentence that the stamp is one hour off because of a known fault of version 7.1.x; we name it in our release notes for 7.2.0.',
        wrong:
          'Yes, after the update all recordings of the last 30 days are stamped anew. Give it a night, and then export the one for your insurance.',
        check: contains(['old recordings', 'existing recordings', 'keep the stamp', 'stay as they are', 'not correct', 'not change']),
      }),
      says({
        user: 'If I put in a 128 GB card and record around the clock, how many full days fit?',
        task: 'reasoning',
        difficulty: 0.2,
        right:
          '14 full days. Continuous recording takes about 9 GB per day, and 128 / 9 is a little over 14. After that the oldest day makes room. The card must be formatted as FAT32 or exFAT.',
        wrong:
          'About 28 full days. Continuous recording takes about 4.5 GB per day in 2K. After that the oldest day makes room. The card must be formatted as NTFS.',
        check: all(number(14), contains(['GB per day', 'GB a day', '128']), excludes('28 full')),
      }),
      says({
        user: 'And my line does 8 Mbit/s upstream. Enough for four of these?',
        task: 'reasoning',
        difficulty: 0.2,
        right:
          'Not quite: each camera needs 2.5 Mbit/s of upload, so four need 10 Mbit/s. Three fit with 7.5 Mbit/s, though little is left for anything else.',
        wrong:
          'Yes: each camera needs 2 Mbit/s of upload, so four need exactly the 8 Mbit/s that you have. Put them on 5 GHz to be on the safe side.',
        check: contains(['10 Mbit', '10 Mbps'], ['not quite', 'not enough', 'too little', 'no,', 'no:']),
      }),
    ],
  }),
  conversation({
    id: 'devices-hub-lights',
    system: 'products',
    task: 'chat',
    tools: ['search_manual', 'device_status'],
    turns: [
      says({
        user: 'Hub blinks orange. Meaning?',
        difficulty: 0.1,
        right:
          'Amber blinking: the Hub gets no address from your router (DHCP). Check the cable and that DHCP is on in the router, then restart the router first and the Hub after it.',
        wrong:
          'Amber blinking: the Hub has no internet. Your provider probably has an outage; wait for it to come back, the Hub reconnects by itself.',
        check: contains(['DHCP', 'no address', 'IP address']),
      }),
      says({
        user: 'Router restarted, now orange but steady.',
        difficulty: 0.1,
        right:
          'That is progress: steady amber means it has an address but no internet. See whether other devices in your home are online. If they are not, it is the line or the provider; the Hub turns white by itself when the internet is back.',
        wrong: 'Steady amber means that the Hub is updating. Please do not unplug it; in about ten minutes it should turn white.',
        check: all(contains(['no internet', 'without internet', 'internet connection']), excludes('is updating')),
      }),
      says({
        user: 'Internet was back, but then the Hub went red. I restarted it, still red.',
        difficulty: 0.2,
        right:
          'Then it has to be replaced: red means a fault, and red after a restart does not go away. Our care desk does that, free of charge within the warranty; have the serial number on its underside ready. Do not reset it, that would not help and your automations would be lost.',
        wrong:
          'Then hold the pin of the Hub for 10 s to reset it. Your automations and pairings are lost, but the red light should be gone after that. If not, restart it a third time.',
        check: all(contains('replaced', ['fault', 'warranty']), excludes('hold the pin')),
      }),
      does({
        user: 'OK, new one is here. How do I get the devices onto it?',
        task: 'agent',
        difficulty: 0.35,
        calls: [call('search_manual', { device: 'hub', subject: 'pairing' })],
        wrong: [call('search_manual', { device: 'hub', subject: 'reset' })],
        results: [
          {
            title: 'Moving to another Hub',
            text: 'Plug in the new Hub, wait for steady white. App > Home > Replace Hub, scan the code of the new one. Mains-powered and battery devices move by themselves within 30 minutes if the old Hub is off. A device that is still grey after that has to be reset and paired anew, within 3 m of the Hub, one at a time. Automations are copied from the cloud backup on Plus and Pro.',
          },
        ],
        afterwards: {
          right:
            'Leave the old Hub off. Plug in the new one, wait for the steady white light, then choose Home > Replace Hub in the app and scan its code. The devices move by themselves within 30 minutes. Reset and pair anew only what is still grey after that, within 3 m of the Hub and one at a time. Automations come back from the backup if you are on Plus or Pro.',
          wrong:
            'Reset every device first, then hold the pin of the new Hub for 10 s. After that pair all devices anew, several at once to save time, and set up your automations again by hand.',
          check: contains('Replace Hub', ['30 minutes', 'half an hour'], ['Plus', 'Pro']),
        },
      }),
    ],
  }),
  conversation({
    id: 'devices-cold-cellar',
    system: 'products',
    task: 'chat',
    tools: ['device_status'],
    turns: [
      does({
        user: 'The Drop in my cellar claims its battery is empty. I changed it in January! DR50091216',
        task: 'agent',
        difficulty: 0.35,
        calls: [call('device_status', { serial: 'DR50091216' })],
        wrong: [call('device_status', { serial: 'DR5009121' })],
        results: [{ serial: 'DR50091216', firmware: '2.0.1', battery: 0, temperature_dc: 31, link: 'thread', errors: [] }],
        afterwards: {
          right:
            'Your battery is fine. The Drop measures 3.1 °C, and its version 2.0.1 reports 0 % below 5 °C. That is harmless, the sensor works, and 2.0.3 fixes it. Since an update needs 30 % to be shown, carry the Drop into a warm room for an hour and update it there.',
          wrong:
            'The Drop reports 0 %, so the battery is really empty; in the cold, and at 31 °C as well, a CR2 does not last. Please put in a new one from another maker, and order a replacement if it is empty again within a month.',
          check: all(contains(['5 °C', '5°C', '5 degrees', 'cold'], '2.0.3'), excludes('really empty')),
        },
      }),
      says({
        user: 'How can I be sure that it works?',
        difficulty: 0.1,
        right:
          'Bridge the two contacts on its underside with a wet finger for 3 seconds. The siren of 85 dB goes off, so warn the house, and your phone gets a message if the Hub is online.',
        wrong:
          'Press the button on its underside 5 times within 3 seconds. The siren goes off for a moment, and the app shows the sensor as tested.',
        check: contains(['wet finger', 'contacts'], ['3 s', 'three s']),
      }),
      says({
        user: 'We look after a block with 57 Drops on one Hub and want five more. Any objection?',
        task: 'reasoning',
        difficulty: 0.3,
        right:
          'One: a Hub takes up to 60 Thread devices, and 57 + 5 makes 62, two too many. And locks count as well, if there are any. You need a second Hub; plan it so that both halves have some room left.',
        wrong:
          'None: a Hub takes up to 64 Thread devices, and 57 + 5 makes 62. Put the new ones where they have a Drop within 10 metres, so that the mesh is dense enough.',
        check: all(contains('60', ['second Hub', 'another Hub', 'two Hubs']), excludes('64')),
      }),
    ],
  }),
  conversation({
    id: 'devices-keypad-for-guests',
    system: 'products',
    task: 'chat',
    turns: [
      says({
        user: 'The keypad went dead after my guest typed nonsense. Is it broken?',
        difficulty: 0.1,
        right:
          'No. Five wrong codes block the Dial for 5 minutes, and the lock blinks red five times. Wait that long and it takes codes again; the app and the key work all the time.',
        wrong:
          'Possibly. Take the two AAA batteries out for a minute and put them in again. If it still does not react, the Dial has to be reset and all codes entered anew.',
        check: contains(['5 minutes', 'five minutes']),
      }),
      says({
        user: 'I let 24 rooms in one house and would give every room its own code, nine digits so nobody guesses. OK?',
        difficulty: 0.35,
        right:
          'Neither of the two, I am afraid: a Dial holds up to 20 codes, of 4 to 8 digits. For 24 rooms you need either a second entrance with its own Dial, or codes that you share between some rooms. Eight digits with a block of five minutes after five wrong tries are not guessed in a lifetime.',
        wrong:
          'Yes. A Dial holds up to 50 codes, so 24 rooms are fine, and nine digits are a good choice. Give each code a name in the app, so that you see who came in when.',
        check: all(contains('20', ['8 digits', 'eight digits', '4 to 8', '4-8'])),
      }),
      says({
        user: 'Write me a short notice for the door, for guests: how to use the code, what to do when it is blocked. Friendly, max 50 words.',
        task: 'writing',
        difficulty: 0.25,
        right:
          'Welcome! Type your code on the keypad; the lock turns green when it opens. Mistyped five times? No harm done: please wait five minutes, then try again. If the door still stays shut, ring the number on your booking, at any hour.',
        wrong:
          'Dear guests, a very warm welcome to our lovely house! To open the door, please be so kind as to type your personal code on the keypad right next to the door handle, slowly and carefully, and then wait for the light. Should you mistype it three times, the keypad blocks for an hour, so please do take care. Many thanks and enjoy your stay with us!',
        check: all({ type: 'words', min: 15, max: 50 }, contains('code', ['five minutes', '5 minutes'])),
      }),
    ],
  }),
  conversation({
    id: 'devices-schloss-klemmt',
    system: 'products',
    task: 'chat',
    turns: [
      says({
        user: 'Mein Latch 2 blinkt dreimal rot, seit wir eine neue Dichtung in der Tür haben. Was tun?',
        difficulty: 0.3,
        right:
          'Dreimal rot heißt, dass das Schloss klemmt und neu kalibriert werden muss, und das gehört nach jeder Änderung an der Tür dazu. Öffnen Sie die Tür, wählen Sie in der App Latch > Calibrate, und schließen Sie die Tür erst, wenn die App es verlangt. Blinkt es danach wieder, drückt die Dichtung zu stark: Ziehen Sie die Tür beim Schließen einmal fest heran und prüfen Sie, ob der Riegel frei läuft.',
        wrong:
          'Three red blinks mean that the battery is low. Please put in four new rechargeable AA batteries. If the lock still blinks afterwards, reset it: take out one battery, hold the button for 8 seconds, and set up your codes again.',
        check: contains(['kalibrier', 'Kalibrierung', 'Calibrate'], ['Tür']),
      }),
      says({
        user: 'Geht wieder, danke! Passt dasselbe Schloss auch an die Kellertür? Die ist 75 mm dick.',
        difficulty: 0.2,
        right:
          'Leider nicht: Das Latch 2 passt an Türen von 38 bis 70 mm, und Ihre Kellertür ist 5 mm zu dick. Einen Adapter dafür haben wir nicht in unseren Unterlagen.',
        wrong:
          'Ja, das passt: Das Latch 2 ist für Türen von 38 bis 80 mm gemacht. Sie brauchen nur einen längeren Zylinder, den Sie in jedem Baumarkt bekommen.',
        check: all(contains('70', ['leider nicht', 'nein', 'zu dick', 'passt nicht']), excludes('ja, das passt')),
      }),
      says({
        user: 'Und wie stelle ich ein, dass es sich nach 20 Minuten von selbst verriegelt?',
        difficulty: 0.25,
        right:
          'So lange kann es nicht warten: Die automatische Verriegelung lässt sich von 10 Sekunden bis 15 Minuten einstellen. Wählen Sie in der App 15 Minuten, das kommt Ihrem Wunsch am nächsten.',
        wrong:
          'Öffnen Sie in der App die automatische Verriegelung, wählen Sie „Eigene Zeit“ und tragen Sie 20 Minuten ein. Danach einmal speichern und die Tür schließen.',
        check: all(contains(['15 Minuten', '15 min'])),
      }),
    ],
  }),
  conversation({
    id: 'devices-camera-in-the-north',
    system: 'products',
    task: 'chat',
    turns: [
      says({
        user: 'Does the outdoor camera survive a winter in Kiruna? We see -30 °C now and then.',
        difficulty: 0.15,
        right:
          'It is made for -20 to 45 °C, so nights of -30 °C are outside of what we stand for. It may go on working, but I would not rely on it, and I cannot promise that it starts again after such a night.',
        wrong:
          'Yes, Iris Outdoor is made for -40 to 45 °C and keeps itself warm while it is recording. Just make sure that the plug is indoors.',
        check: all(contains(['-20', '−20', 'minus 20']), excludes('-40')),
      }),
      says({
        user: 'Our drive is 15 m long. Will I recognise a car at its far end at night?',
        difficulty: 0.15,
        right:
          'Not by its own light: the night sight of an Iris Outdoor reaches 12 m. With a lamp at the far end, or with the camera mounted halfway, you will see the whole drive.',
        wrong: 'Yes, the night sight of an Iris Outdoor reaches 18 m, so 15 m are no problem. In fog or snow it may be a little less.',
        check: matches(/\b12 ?m\b|\b12 met/),
      }),
      says({
        user: 'Last thing: how high do I mount it? I thought of 4 m, out of reach.',
        difficulty: 0.1,
        right:
          'Between 2.2 and 3 m. At 4 m it sees hats rather than faces, and motion near the wall is missed. If you fear for the camera, 3 m is out of reach for most people too.',
        wrong: 'At 4 m you are fine: the manual asks for at least 2.2 m, and the higher the camera hangs, the more it sees.',
        check: contains('2.2', ['3 m', '3 metres', '3m']),
      }),
    ],
  }),
  conversation({
    id: 'devices-remise-a-zero',
    system: 'products',
    task: 'chat',
    tools: ['search_manual'],
    turns: [
      says({
        user: 'Bonjour, je rends mon logement. Si je réinitialise le Therm, est-ce que je perds mes programmes de chauffage ?',
        difficulty: 0.25,
        right:
          'Non : les programmes restent dans l’application. Pour réinitialiser le Therm, ouvrez Menu > System > Reset. Vous pourrez reprendre vos programmes sur un autre Therm.',
        wrong:
          'Oui, tout est effacé, les programmes aussi. Notez-les avant d’ouvrir Menu > System > Reset, puis saisissez-les à nouveau sur votre prochain thermostat.',
        check: all(contains(['restent', 'conserv'], ['Reset', 'réinitialis']), excludes('tout est effacé')),
      }),
      says({
        user: 'Et le Hub ? Et la serrure ?',
        difficulty: 0.3,
        right:
          'Là, quelque chose se perd. Le Hub : maintenez la pointe dans le trou pendant 10 secondes ; les automatisations et les appairages disparaissent. Le Latch 2 : retirez une pile, maintenez le bouton, remettez la pile et tenez encore 8 secondes, jusqu’à deux éclairs blancs ; les codes sont effacés. C’est ce que vous voulez avant de rendre les clés.',
        wrong:
          'Le Hub : appuyez 5 fois en 3 secondes ; rien n’est perdu. Le Latch 2 : maintenez le bouton 5 secondes jusqu’au signal sonore ; les codes restent dans la serrure, pensez à les donner au propriétaire.',
        check: all(contains(['10 s', 'dix s'], ['8 s', 'huit s'], 'codes', ['automatis'])),
      }),
      does({
        user: 'Le nouveau locataire veut garder les Drop. Pouvez-vous chercher dans le manuel comment il les remet à zéro ?',
        task: 'agent',
        difficulty: 0.25,
        calls: [call('search_manual', { device: 'drop', subject: 'reset' })],
        wrong: [call('search_manual', { device: 'drop', subject: 'pairing' })],
        results: [
          {
            title: 'Drop: reset',
            text: 'Press the button 5 times within 3 s. One long tone confirms. The sensor forgets its Hub and can be paired anew.',
          },
        ],
        afterwards: {
          right:
            'Il appuie 5 fois sur le bouton en 3 secondes ; un long signal sonore confirme. Le Drop oublie alors votre Hub et peut être appairé avec le sien.',
          wrong:
            'He presses the button 3 times within 5 seconds, and two short tones confirm. The Drop then forgets your Hub and can be paired with his.',
          check: contains(['5 fois', 'cinq fois'], ['3 s', 'trois s']),
        },
      }),
    ],
  }),
]
