import { all, contains, conversation, excludes, says, words } from './draft.ts'

/** Long threads, handed over to the next colleague. */
export const threads = [
  conversation({
    id: 'summary-hub-and-drops',
    system: 'desk',
    task: 'summarization',
    turns: [
      says({
        user: `Summarise this thread.

[2 March, 08:12] Customer (Rolf Amsel, NL-465230): Hello, all eleven of my leak sensors are grey in the app since Saturday. I have water in a cellar every spring, so this is not funny. Hub serial HB20055173.
[2 March, 11:40] Desk: Good morning Mr Amsel, I am sorry to hear that. Could you restart the Hub and tell us its light?
[2 March, 12:05] Customer: Restarted, white, all eleven back. So solved??
[2 March, 12:30] Desk: Very good! Then I close this.
[4 March, 13:20] Customer: Please do not close things. All grey again today, at lunch, two days later.
[4 March, 15:02] Desk: Thank you. Which firmware does the app show for the Hub? It must be 5.3.9, that one is fine.
[4 March, 15:30] Customer: It shows 5.4.0, not 5.3.9.
[4 March, 16:15] Desk: You are right. 5.4.0 loses Thread devices after 49 hours. Version 5.4.2 is out tonight. We promise to write to you by 6 March how to install it.
[6 March, 19:00] Customer: It is the 6th, evening. Nothing. Restarted again.
[9 March, 09:10] Desk: I apologise, we missed that. A voucher of €10.00 is in your account. Please install 5.4.2 from app > Device > Firmware, when you are at home, takes 6 minutes.
[9 March, 21:47] Customer: I am in Bolzano until Thursday, can you do it from your side? My daughter can look at the light.
[10 March, 08:30] Desk: We can start it from here. We need a time at which your daughter is in the house.`,
        difficulty: 0.35,
        right:
          'Rolf Amsel (NL-465230, Hub HB20055173) wants his eleven Drops to stay connected; his cellar floods in spring. Since the last weekend of February they have gone offline every two days. A restart of the Hub brings them back each time, but only until the next loss. The Hub runs 5.4.0, which loses Thread devices after 49 hours; 5.4.2 fixes it and installs in about 6 minutes. We had promised instructions by 6 March and missed that, for which a voucher of €10.00 was credited on 9 March. The customer is in Bolzano until Thursday, 12 March, and asks us to start the update remotely while his daughter watches the light; we agreed. Open: he has to name a time at which she is in the house, then we start 5.4.2.',
        wrong:
          'Rolf Amsel (NL-465230) complained on 2 March that all eleven of his leak sensors were grey in the app. A restart of the Hub solved the problem and the ticket was closed. Later they were grey again; the Hub runs 5.3.9, which is fine, so interference is likely. The customer was rather annoyed, understandably, because he has water in his cellar every spring. We apologised and gave him a voucher of €10.00 for the inconvenience. He was asked to install the new version in the app under Device > Firmware when he is at home. He is in Bolzano at the moment and will do so when he is back. Nothing is open on our side; the ticket can be closed when he has confirmed that everything works.',
        check: all(
          words(80, 150),
          contains('NL-465230', '5.4.0', '5.4.2', ['€10.00', '€10'], 'daughter', ['49 hours', '49 h', 'every two days']),
          excludes('5.3.9'),
        ),
      }),
      says({
        user: 'The same for the weekly list: one sentence, at most 30 words.',
        difficulty: 0.25,
        right:
          'Amsel (NL-465230): Hub on 5.4.0 loses its eleven Drops every 49 hours; we start 5.4.2 remotely as soon as he names a time when his daughter is home.',
        wrong: 'Amsel (NL-465230): Hub lost its Drops in early March, a restart solved it, voucher of €10.00 given, nothing open.',
        check: all(words(8, 30), contains('5.4.2', ['daughter', 'time'])),
      }),
    ],
  }),
  conversation({
    id: 'summary-wrong-amount',
    system: 'desk',
    task: 'summarization',
    turns: [
      says({
        user: `Summarise this thread.

[23 February] Customer (Leïla Benali, Lille): I return one of the two Therm from NL-473118, never opened, €149.00. Label please.
[23 February] Desk: With pleasure. RT-31544. You will get €149.00 back.
[24 February] Customer: Your mail says €143.10?
[24 February] Desk: I am sorry, my first answer was wrong: for France €5.90 are taken off for the label, so it is €143.10.
[26 February] Customer: Fine. Parcel is posted.
[3 March] Desk: Your parcel arrived today. The money is with you by 10 March.
[5 March] Customer: I see €126.65 on my account. Why?
[5 March] Desk: The warehouse noted "installed", so 15 % was taken off.
[5 March] Customer: It was sealed!! Photo of the seal attached, taken before posting.
[6 March] Desk: The photo is clear. In this case the label stays at €5.90 and the 15 % should not have been taken. You will receive the difference of €16.45.
[6 March] Customer: By when?
[6 March] Desk: Within 5 business days, so by 13 March. A team lead has to release it, because this order has had a refund before.
[9 March] Customer: And the second Therm, the one that I kept, shows E7 now. TH60114402. Is it connected with all this?
[9 March] Desk: No. E7 is the C wire. A colleague from technical support will write to you on 11 March.`,
        difficulty: 0.75,
        right:
          'Leïla Benali in Lille returned one of two Therms from NL-473118 (return RT-31544), unopened. Her correct refund is €143.10, the price of €149.00 less €5.90 for the label from France. The parcel arrived on 3 March. The warehouse wrongly recorded the unit as installed, so only €126.65 was paid out. She proved with a photo that the seal was intact, and we accepted that. We promised the difference of €16.45 by 13 March; a team lead has to release it. Separately, the Therm she kept (TH60114402) has shown E7 since 9 March, which points to the C wire. We promised that technical support writes to her on 11 March. Open: release of €16.45 by the team lead, and the message from technical support.',
        wrong:
          'Leïla Benali in Lille returned one of two Therms from NL-473118. She was promised a refund of €149.00 and was annoyed to receive only €126.65, because the warehouse had noted that the unit was installed and 15 % was taken off. She sent a photo. We explained to her that €5.90 are taken off for the label from France. The refund of €149.00 minus €126.65, which is €22.35, will be with her by 10 March. In addition her second Therm shows E7, which may be connected with the return. A colleague from technical support will call her. The customer was friendly on the whole, and she thanked us for the quick answers that she had received from the desk in Utrecht.',
        check: all(
          words(80, 150),
          contains('NL-473118', '143.10', '16.45', ['13 March', 'March 13'], 'TH60114402', 'E7', ['11 March', 'March 11'], 'team lead'),
          excludes('22.35'),
        ),
      }),
      says({
        user: 'Which amounts does she still get from us, and by when? One line.',
        task: 'reasoning',
        difficulty: 0.35,
        right: '€16.45 by 13 March 2026; nothing else is owed.',
        wrong: '€143.10 by 10 March 2026 and €16.45 by 13 March 2026.',
        check: all(contains('16.45', ['13 March', 'March 13']), excludes('143.10')),
      }),
    ],
  }),
  conversation({
    id: 'summary-german-thread',
    system: 'desk',
    task: 'summarization',
    turns: [
      says({
        user: `Zusammenfassen, bitte nach Handbuch.

[27. Februar] Kundin (Hanne Petersen, Bremen): Mein Schloss LT30077412 klemmt seit Mittwoch. Ich bin 81 und komme mit dem Schlüssel kaum noch hinein.
[27. Februar] Desk: Guten Tag Frau Petersen. Bitte kalibrieren Sie das Schloss in der App: Tür öffnen, Latch, Calibrate.
[28. Februar] Kundin: Das hat mein Sohn Ole gemacht, zweimal. Es klemmt bei geschlossener Tür, bei offener nicht.
[2. März] Desk: Dann drückt die Tür auf den Riegel. Ist etwas an der Tür verändert worden?
[2. März] Kundin: Der Tischler hat im Januar eine neue Dichtung eingesetzt.
[3. März] Desk: Ein Techniker kann das Schließblech versetzen. Ihr Schloss ist bis 14. Mai 2026 in der Garantie, der Besuch kostet nichts. Vorschlag: Dienstag, 10. März, vormittags.
[4. März] Sohn (Ole Petersen): Am 10. ist meine Mutter beim Arzt. Bitte Donnerstag, 19. März, ab 8 Uhr, und rufen Sie vorher mich an, 0421 555 0134.
[5. März] Desk: Gebucht: 19. März, vormittags, V-7702.
[9. März] Sohn: Noch etwas: Kann der Techniker auch gleich das Dial tauschen? Taste 5 geht nicht. Gekauft im selben Paket.
[9. März] Desk: Ein Dial wird nicht repariert, wir tauschen es per Post. Wir schicken bis 12. März ein neues los.`,
        difficulty: 0.5,
        right:
          'Hanne Petersen, 81, in Bremen needs her lock LT30077412 to work again: it jams when the door is closed and she can hardly get in with the key. Calibrating twice did not help; with the door open it does not jam. A carpenter fitted a new seal in January, which presses the door against the bolt. A technician will move the strike plate: visit V-7702 is booked for the morning of Thursday, 19 March 2026, free, as the lock is under warranty until 14 May 2026. The first proposal of 10 March was dropped. Her son Ole wants to be called beforehand on 0421 555 0134. On 9 March he added that key 5 of the Dial from the same parcel is dead; we promised to ship a replacement by 12 March. Open: shipping the Dial, then the call and the visit.',
        wrong:
          'Frau Petersen aus Bremen hat ein klemmendes Schloss. Ihr Sohn hat es zweimal kalibriert, ohne Erfolg. Ein Tischler hat im Januar eine neue Dichtung eingesetzt, die auf den Riegel drückt. Ein Techniker kommt am Dienstag, 10. März, vormittags und versetzt das Schließblech. Der Besuch kostet nichts, weil das Schloss noch in der Garantie ist. Der Techniker bringt auch gleich ein neues Dial mit, weil dort die Taste 5 nicht mehr geht. Der Sohn möchte vorher angerufen werden. Die Kundin ist schon etwas älter und war trotz allem sehr freundlich und geduldig. Offen ist von unserer Seite nichts mehr, der Besuch muss nur noch stattfinden und danach kann der Fall geschlossen werden.',
        check: all(
          words(80, 150),
          contains(
            'LT30077412',
            ['19 March', 'March 19'],
            'V-7702',
            ['14 May', 'May 14'],
            ['12 March', 'March 12'],
            '0421 555 0134',
            'Dial',
          ),
        ),
      }),
      says({
        user: 'Now the two tasks that are left as a list, each with who and by when.',
        difficulty: 0.3,
        right:
          '- Warehouse: ship the replacement Dial, by 12 March 2026.\n- Technician: call Ole Petersen on 0421 555 0134, then visit V-7702 in Bremen, morning of 19 March 2026.',
        wrong: '- Technician: bring the replacement Dial.\n- Technician: visit in Bremen on 10 March 2026, call Hanne Petersen before.',
        check: contains('Dial', ['12 March', 'March 12'], ['19 March', 'March 19'], 'Ole'),
      }),
    ],
  }),
  conversation({
    id: 'summary-integrator-incident',
    system: 'desk',
    task: 'summarization',
    turns: [
      says({
        user: `Summarise this thread.

[5 March, 10:02 UTC] Integrator (Brix Homes, 212 devices): Since 09:40 about a third of our unlock commands answer 409 device_busy. Reads are fine.
[5 March, 10:15] Desk: Looking. Can you send ids?
[5 March, 10:31] Integrator: cmd_8812, cmd_8813, cmd_8840. All in the home H-55012. Other homes seem fine, we checked four.
[5 March, 11:05] Desk: These locks are running the update to 4.1.0, which takes 12 minutes each; they answer busy meanwhile. It should be over by noon.
[5 March, 12:20] Integrator: Still there. And your docs say updates run between 02:00 and 04:00.
[5 March, 13:00] Desk: Correction: not the update. A script of yours sends the same lock command every 20 seconds to 38 locks, client id brix-night. That keeps the locks busy.
[5 March, 13:45] Integrator: Confirmed, and stopped at 13:41. A test job with a wrong environment. 409 is gone. Sorry!
[5 March, 14:10] Desk: Good. Batteries of these locks may have suffered; 6 of the 38 are below 20 %.
[6 March, 08:00] Integrator: Which six? And could you limit such a client on your side?
[6 March, 09:30] Desk: List follows by 10 March, end of day. A limit per client and device does not exist today; I have handed the wish to the API team, without a date.
[9 March, 16:00] Integrator: Reminder for the list. Our people are on site on the 11th.`,
        difficulty: 0.7,
        right:
          'Brix Homes, an integrator with 212 devices, reported on 5 March that about a third of its unlock commands in home H-55012 were answered with 409 device_busy from 09:40 UTC. The cause was its own: a test job under client id brix-night sent a lock command to 38 locks every 20 seconds. It was stopped at 13:41 UTC, and the errors ended. Six of the 38 locks are now below 20 % battery. We promised a list of these six by the end of 10 March; the integrator has sent a reminder, because its people are on site on 11 March. It also asked for a limit per client and device; none exists, and the wish is with the API team without a date. Open: the desk has to send the list today.',
        wrong:
          'Brix Homes reported on 5 March that many unlock commands were answered with 409 device_busy. The reason was the update to 4.1.0, which takes 12 minutes for each lock and had not been installed at night, as the documentation says. It was over in the afternoon and the errors ended. Some locks now have a low battery because of that. We promised a list of these locks and a limit for such clients, which the API team will build. The integrator has been very cooperative and apologised for the trouble. Nothing is urgent; the list can be sent when somebody has the time for it. The integrator has people on site from time to time, who can change the batteries when they get round to it.',
        check: all(
          words(80, 150),
          contains('H-55012', 'brix-night', '38', ['six', ' 6 '], ['10 March', 'March 10', 'today'], ['11 March', 'March 11']),
          excludes('The reason was the update'),
        ),
      }),
      says({
        user: 'Write the two-sentence note to the API team about the wish. They know nothing yet.',
        task: 'writing',
        difficulty: 0.35,
        right:
          'Brix Homes asks for a rate limit per client and device, after one of its own test clients (brix-night) sent a lock command to 38 locks every 20 seconds on 5 March and made them answer 409 device_busy for four hours. No date has been promised; today only the limits per home and per client exist.',
        wrong:
          'Brix Homes needs a limit for clients because our update made the locks busy on 5 March. We have promised it for this month, so please schedule it soon.',
        check: all(
          contains('38', ['every 20 seconds', '20 s', '20-second'], ['per client and device', 'per device', 'device and client']),
          excludes('promised it'),
        ),
      }),
    ],
  }),
]
