import { all, call, contains, conversation, does, excludes, number, says } from './draft.ts'

/** Plans, payments and trials. */
export const subscriptions = [
  conversation({
    id: 'plans-upgrade-in-the-middle',
    system: 'care',
    task: 'agent',
    tools: ['get_subscription', 'change_plan'],
    turns: [
      does({
        user: 'My home is H-20417. What would I pay today if I went from my plan to Pro, annual?',
        difficulty: 0.55,
        calls: [call('get_subscription', { home_id: 'H-20417' })],
        wrong: [call('change_plan', { home_id: 'H-20417', plan: 'pro', term: 'annual' })],
        results: [
          { home_id: 'H-20417', plan: 'plus', term: 'annual', paid_cents: 3990, started_on: '2025-11-10', days_left_after_today: 244 },
        ],
        afterwards: {
          right:
            'You would pay €73.23 today. A year of Pro costs €99.90. Of your annual Plus plan 244 days are unused, and €39.90 × 244 / 365 is a credit of €26.67. Pro starts at once, and its year begins today.',
          wrong: [
            ['€73.23', '€60.00'],
            [
              'Of your annual Plus plan 244 days are unused, and €39.90 × 244 / 365 is a credit of €26.67',
              'The €39.90 that you have paid for Plus are credited',
            ],
          ],
          check: number(73.23),
        },
      }),
      does({
        user: 'Sounds good, do it.',
        difficulty: 0.15,
        calls: [call('change_plan', { home_id: 'H-20417', plan: 'pro', term: 'annual' })],
        wrong: [call('change_plan', { home_id: 'H-20417', plan: 'pro', term: 'monthly' })],
        results: [{ home_id: 'H-20417', plan: 'pro', term: 'annual', started_on: '2026-03-10', charged_cents: 7323 }],
        afterwards: {
          right:
            'Done: your home H-20417 is on Pro since today, and €73.23 has been charged. You now have 60 days of recordings, up to 15 cameras and access to the API. The year runs until 10 March 2027.',
          wrong: [['60 days of recordings', '30 days of recordings']],
          check: contains('Pro', '60 days', '73.23'),
        },
      }),
      says({
        user: 'And if I find I do not need it and go back to Plus next week, do I get the difference?',
        task: 'chat',
        difficulty: 0.35,
        right:
          'Not for a downgrade: it takes effect at the end of the paid term, so you would stay on Pro until March 2027. There is another way within the next 14 days, though. An annual plan is refunded in full within 14 days of its start; after that you could take Plus anew. Until when that helps you: 24 March 2026.',
        wrong:
          'Yes, a downgrade takes effect at once, and the unused days of Pro are credited to your new Plus plan in the same way as today. You can change between the plans as often as you like.',
        check: all(contains(['end of the paid term', 'end of the term', 'end of your term', '14 days']), excludes('yes, a downgrade')),
      }),
    ],
  }),
  conversation({
    id: 'plans-monthly-credit',
    system: 'care',
    task: 'reasoning',
    turns: [
      says({
        user: 'I pay Plus by the month and have 12 days left after today. What is taken from my account if I switch to monthly Pro now?',
        difficulty: 0.35,
        right:
          '€8.39. The 12 unused days of Plus are worth €3.99 × 12 / 30 = €1.60, and a month of Pro costs €9.99. Pro starts at once, with a new month from today.',
        wrong:
          '€6.00. You have already paid €3.99 for this month of Plus, and a month of Pro costs €9.99, so only the difference is taken from your account. Pro starts at once.',
        check: number(8.39),
      }),
      says({
        user: 'How much cheaper is a year of Pro than twelve single months?',
        difficulty: 0.2,
        right: 'By €19.98. Twelve months at €9.99 come to €119.88, and the annual plan costs €99.90.',
        wrong: 'By €9.99, which is one month. Twelve months at €9.99 come to €109.89, and the annual plan costs €99.90.',
        check: number(19.98),
      }),
      says({
        user: 'I have two homes. Does one Pro cover both? If not, what do both cost per year?',
        difficulty: 0.3,
        right:
          'A plan belongs to one home, so you need two. On the annual plan both together cost €199.80 a year. If only one of the two homes needs the API or more than five cameras, Plus at €39.90 a year may be enough for the other.',
        wrong:
          'Yes, one Pro covers both homes as long as they stand in the same account, so it stays at €99.90 a year. The 15 cameras may be split between the homes as you like.',
        check: number(199.8),
      }),
    ],
  }),
  conversation({
    id: 'plans-cancel-annual',
    system: 'care',
    task: 'reasoning',
    turns: [
      says({
        user: 'I want out of Pro, annual plan, it began on 5 June 2025. I sold the house. What do I get back if I cancel today?',
        difficulty: 0.75,
        right:
          'You get €11.65 back. The tenth month of your plan began on 5 March, so two full months have not begun, those from 5 April and 5 May. Each is one twelfth of €99.90, together €16.65, less €5.00 in total.',
        wrong:
          'You get €24.98 back. Nine months of your plan are used, so three are left. Each is one twelfth of €99.90, together €24.98. The amount is paid to your original means of payment.',
        check: number(11.65),
      }),
      says({
        user: 'My father-in-law has Plus by the year and it renewed on 1 March without him noticing. Same sum for him?',
        difficulty: 0.35,
        right:
          'No, he does better: an annual plan is refunded in full within 14 days of its renewal, so until 15 March 2026 he gets the whole €39.90 back. He should cancel in the app or write to us before then.',
        wrong:
          'Almost: eleven full months have not begun, each is one twelfth of €39.90, and €5.00 is taken off, so he gets €31.58 back. He can cancel at any time until the next renewal.',
        check: all(number(39.9), contains('14 days', ['in full', 'full refund', 'whole']), excludes('31.58')),
      }),
      says({
        user: 'And my own camera at the office is on monthly Plus, paid on the 3rd. Cancel that too, money back?',
        task: 'chat',
        difficulty: 0.2,
        right:
          'A monthly plan can be cancelled at any time and then runs to the end of the paid month, so you keep Plus until early April; there is no refund. Please do it in the app under Home > Plan, or give me the number of that home (H- and five digits).',
        wrong:
          'A monthly plan can be cancelled at any time. The 23 days that are left are refunded to your card, which is €3.06, and the camera falls back to Basic today.',
        check: all(
          contains(
            ['no refund', 'not refunded', 'cannot be refunded'],
            ['end of the paid month', 'end of the month', 'until early April', 'runs to the end'],
          ),
          excludes('3.06'),
        ),
      }),
    ],
  }),
  conversation({
    id: 'plans-failed-payment',
    system: 'care',
    task: 'chat',
    tools: ['get_subscription'],
    turns: [
      does({
        user: 'I got a mail that my payment failed again. Home H-31180. How many tries are left before you throw me out?',
        task: 'agent',
        difficulty: 0.45,
        calls: [call('get_subscription', { home_id: 'H-31180' })],
        wrong: [call('get_subscription', { home_id: 'H31180' })],
        results: [
          {
            home_id: 'H-31180',
            plan: 'plus',
            term: 'annual',
            payment: { first_failed_on: '2026-02-24', tries: ['2026-02-24', '2026-02-27', '2026-03-03'] },
          },
        ],
        afterwards: {
          right:
            'One, and it is today. The first payment failed on 24 February; we try again after 3, 7 and 14 days, and the fourteenth day is today, 10 March 2026. Please put a valid card in the app now, under Home > Plan > Payment. If today’s try fails, the home falls to Basic, but nothing is deleted at once.',
          wrong: [
            ['One, and it is today', 'Two, so there is no hurry'],
            ['and the fourteenth day is today, 10 March 2026', 'and then once more after 21 days, on 17 March 2026'],
            ['now, under', 'in the coming days, under'],
          ],
          check: all(contains(['10 March', 'March 10', 'today'], 'Basic'), excludes('17 March')),
        },
      }),
      says({
        user: 'I am in a tunnel, this may take me until the weekend. Until which day are my recordings safe?',
        task: 'reasoning',
        difficulty: 0.45,
        right:
          'Until 9 April 2026. If the try on 10 March fails, your recordings are kept for 30 more days, and they come back when you pay within that time. So the weekend is early enough, you will only be on Basic in between.',
        wrong: [
          ['Until 9 April 2026', 'Until 24 March 2026'],
          ['for 30 more days', 'for 14 more days'],
        ],
        check: contains(['9 April', 'April 9']),
      }),
      says({
        user: 'What does Basic still do until then? I have four cameras.',
        difficulty: 0.25,
        right:
          'Basic gives you live view and one day of events, for up to three cameras. So one of your four will be without service until you pay; you choose in the app which. Recordings of the last weeks are kept, but you cannot watch them in that time.',
        wrong:
          'Basic gives you live view and seven days of events for all of your cameras. Only the recordings of the last weeks cannot be watched in that time.',
        check: all(contains(['three cameras', '3 cameras', 'up to three', 'up to 3'], ['1 day', 'one day'])),
      }),
    ],
  }),
  conversation({
    id: 'plans-trial',
    system: 'care',
    task: 'chat',
    turns: [
      says({
        user: 'New camera, and the app says I am "on Plus". I never ordered that. When does it start to cost me?',
        difficulty: 0.1,
        right:
          'Never by itself. Every new camera brings 30 days of Plus on trial; the trial ends on its own and does not become a paid plan. After that your home is on Basic again, which is free. If you want to keep the recordings of more than a day, you have to choose Plus yourself.',
        wrong:
          'After 30 days. Every new camera brings a trial of Plus; when it ends, €3.99 a month is charged to the card in your account, unless you cancel at least a day before in the app.',
        check: all(
          contains(['ends by itself', 'ends on its own', 'does not become', 'never', 'automatically ends'], '30 days'),
          excludes('unless you cancel'),
        ),
      }),
      says({
        user: 'Clever. So if I buy a second camera in May I get another 30 days?',
        difficulty: 0.2,
        right:
          'I am afraid not: the trial is given once per home, whatever number of cameras you add later. The second camera works on Basic right away, with live view and one day of events.',
        wrong:
          'Yes, every new camera brings its own 30 days of Plus, so with a second one in May the trial starts again for your whole home.',
        check: contains(['once per home', 'only once', 'one trial per home', 'one per home']),
      }),
      says({
        user: 'We are thinking of seven cameras in the end, recordings for a month would do. Which plan, and what does it cost in a year?',
        difficulty: 0.3,
        right:
          'Pro, at €99.90 a year. A month of recordings would be served by Plus, but Plus ends at five cameras; with seven you need Pro, which goes up to 15 and keeps recordings for 60 days. Paid by the month it would be €119.88 in a year.',
        wrong:
          'Plus, at €39.90 a year. It keeps recordings for 30 days, which is just the month that you want, and you can add cameras as you go. Paid by the month it would be €47.88 in a year.',
        check: all(contains('Pro'), number(99.9)),
      }),
      says({
        user: 'I have a student discount of 20 % and your spring offer of 15 %. Both on Pro annual, please: how much?',
        task: 'reasoning',
        difficulty: 0.35,
        right:
          '€79.92. Discounts are not added up; the one that is best for you counts, here the student discount of 20 %, which takes €19.98 off the €99.90.',
        wrong: '€64.94. The two discounts together make 35 %, which takes €34.97 off the €99.90. Please have your student card ready.',
        check: number(79.92),
      }),
    ],
  }),
]
