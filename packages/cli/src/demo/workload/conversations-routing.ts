import { conversation, picks as picksOf } from './draft.ts'

const routes = [
  'order_status',
  'return_refund',
  'warranty_repair',
  'billing',
  'device_setup',
  'device_fault',
  'account_access',
  'integrator_api',
  'sales_question',
  'privacy_legal',
  'safety',
  'spam',
]
const urgencies = ['p1', 'p2', 'p3', 'p4']

type Ticket = Omit<Parameters<typeof picksOf>[0], 'labels'>
const routed = (ticket: Ticket) => picksOf({ ...ticket, labels: routes })
const urgent = (ticket: Ticket) => picksOf({ ...ticket, labels: urgencies })

/** Tickets to sort: who has to act, and how soon. */
export const routing = [
  conversation({
    id: 'routing-monday-morning',
    system: 'desk',
    task: 'classification',
    turns: [
      routed({
        user: 'Route: "Parcel NL-484410 was due on Saturday, still nothing. Can you check?"',
        difficulty: 0.05,
        label: 'order_status',
        wrong: 'return_refund',
      }),
      routed({
        user: 'Route: "How do I change the name that the keypad shows for my cleaner?"',
        difficulty: 0.1,
        label: 'device_setup',
        wrong: 'account_access',
      }),
      routed({
        user: 'Route: "You charged me €39.90 twice on 6 March, once for each of my cameras I guess, but I only have one home."',
        difficulty: 0.2,
        label: 'billing',
        wrong: 'device_fault',
      }),
      routed({
        user: 'Route: "Will the Latch fit a door of 65 mm with a Swiss round cylinder? I would order two this week."',
        difficulty: 0.15,
        label: 'sales_question',
        wrong: 'device_setup',
      }),
      routed({
        user: 'Route: "CONGRATULATIONS northlatch team!!! Your domain has been selected for our 1st place SEO package, only today 49 $"',
        difficulty: 0.05,
        label: 'spam',
        wrong: 'sales_question',
      }),
      routed({
        user: 'Route: "My Therm turns the heating off every night at 3, which it never did before. I have looked through all schedules. Please make it stop."',
        difficulty: 0.25,
        label: 'device_fault',
        wrong: 'device_setup',
      }),
      routed({
        user: 'Route: "Therm is dead, black screen, 8 months old. I would like a new one or somebody to come."',
        difficulty: 0.2,
        label: 'warranty_repair',
        wrong: 'device_fault',
      }),
    ],
  }),
  conversation({
    id: 'routing-two-wishes-in-one',
    system: 'desk',
    task: 'classification',
    turns: [
      routed({
        user: 'Route: "First of all thanks for the quick delivery. The Hub gets so hot that I cannot touch it, and there is a smell. Where do I find the invoice, by the way?"',
        difficulty: 0.3,
        label: 'safety',
        wrong: 'billing',
      }),
      routed({
        user: 'Route: "Please end my Plus plan at the end of the month. My ex still sees our cameras in his app, take him out too, I cannot find where."',
        difficulty: 0.6,
        label: 'account_access',
        wrong: 'billing',
      }),
      routed({
        user: 'Route: "I want my account deleted, all videos too, and a written confirmation. And then of course no more charges for Plus."',
        difficulty: 0.35,
        label: 'privacy_legal',
        wrong: 'billing',
      }),
      routed({
        user: 'Route: "The Iris broke after twelve days. I do not want another one, I want my money back, and I will not discuss it."',
        difficulty: 0.5,
        label: 'return_refund',
        wrong: 'warranty_repair',
      }),
      routed({
        user: 'Route: "My Iris broke, I have had it since last summer. Give me a refund!"',
        difficulty: 0.55,
        label: 'warranty_repair',
        wrong: 'return_refund',
      }),
      routed({
        user: 'Route: "The replacement lock you sent arrived, thank you. It does not show up under Add device, what do I press?"',
        difficulty: 0.35,
        label: 'device_setup',
        wrong: 'warranty_repair',
      }),
      routed({
        user: 'Route: "Our webhook endpoint has moved; and could accounting please resend the February invoice of our Pro plan to billing@brixhomes.example? The first thing I found in the docs already."',
        difficulty: 0.75,
        label: 'billing',
        wrong: 'integrator_api',
      }),
    ],
  }),
  conversation({
    id: 'routing-locked-doors',
    system: 'desk',
    task: 'classification',
    turns: [
      routed({
        user: 'Route: "New phone, authenticator gone. The lock works with the key and the Dial, but I cannot get into my account."',
        difficulty: 0.3,
        label: 'account_access',
        wrong: 'device_fault',
      }),
      routed({
        user: 'Route: "Last night somebody opened our door with your lock and took two laptops. There is no mark on the door. The log shows an unlock at 02:14 that none of us did. The police want to hear from you."',
        difficulty: 0.7,
        label: 'safety',
        wrong: 'privacy_legal',
      }),
      routed({
        user: 'Route: "Lock blinks red three times whenever it rains. Key works. Any trick?"',
        difficulty: 0.15,
        label: 'device_fault',
        wrong: 'warranty_repair',
      }),
      routed({
        user: 'Route: "Bought the house with your lock in it. The former owner is still the owner in the app and does not answer. How do I take over?"',
        difficulty: 0.35,
        label: 'account_access',
        wrong: 'device_setup',
      }),
      routed({
        user: 'Route: "We have had your lock for a year and love it. How thick may a steel door be? Our office has one of 42 mm, and I would put a second Latch there."',
        difficulty: 0.5,
        label: 'sales_question',
        wrong: 'device_setup',
      }),
      routed({
        user: 'Route: "Ihr Schloss ist super, aber mein Vermieter will jetzt vom Anwalt wissen lassen, wer die Zugangsprotokolle sieht. Bitte Auskunft nach Artikel 15 DSGVO."',
        difficulty: 0.35,
        label: 'privacy_legal',
        wrong: 'account_access',
      }),
    ],
  }),
  conversation({
    id: 'routing-developers',
    system: 'desk',
    task: 'classification',
    turns: [
      routed({
        user: 'Route: "Getting 401 invalid_token since 09:00 UTC on /v2/devices, nothing deployed on our side."',
        difficulty: 0.1,
        label: 'integrator_api',
        wrong: 'account_access',
      }),
      routed({
        user: 'Route: "We plan a tower with 340 flats and an own app. What would 340 locks cost, and is there an SLA for the API?"',
        difficulty: 0.45,
        label: 'sales_question',
        wrong: 'integrator_api',
      }),
      routed({
        user: 'Route: "Our integration shows three Drops offline. In your app they are offline too. They are in a lift shaft, batteries new. Something is off with them."',
        difficulty: 0.5,
        label: 'device_fault',
        wrong: 'integrator_api',
      }),
      routed({
        user: 'Route: "Export of order_lines stops at row 65,536 since the last release. SQL attached."',
        difficulty: 0.2,
        label: 'integrator_api',
        wrong: 'billing',
      }),
      routed({
        user: 'Route: "By mistake your API gave us events of a home that is not ours, names and all. We deleted them. You should know."',
        difficulty: 0.7,
        label: 'privacy_legal',
        wrong: 'integrator_api',
      }),
      routed({
        user: 'Route: "Can I cancel order NL-494002? I took Iris Indoor to test your API and meant Outdoor."',
        difficulty: 0.2,
        label: 'order_status',
        wrong: 'return_refund',
      }),
    ],
  }),
  conversation({
    id: 'urgency-night-shift',
    system: 'desk',
    task: 'classification',
    turns: [
      urgent({
        user: 'Urgency: "Good evening. Our Drop has been calling for twenty minutes and there is some water on the kitchen floor, which keeps coming. No hurry, I just wondered what you advise."',
        difficulty: 0.35,
        label: 'p1',
        wrong: 'p3',
      }),
      urgent({
        user: 'Urgency: "WHERE IS MY INVOICE??? THIS IS THE THIRD TIME I ASK. UNBELIEVABLE COMPANY!!! CALL ME NOW!!!"',
        difficulty: 0.3,
        label: 'p3',
        wrong: 'p1',
      }),
      urgent({ user: 'Urgency: "Lovely thermostat. Would you make it in green one day?"', difficulty: 0.05, label: 'p4', wrong: 'p3' }),
      urgent({
        user: 'Urgency: "Since the update this afternoon my camera shows only a black picture. The one in the hall works."',
        difficulty: 0.35,
        label: 'p2',
        wrong: 'p4',
      }),
      urgent({
        user: 'Urgency: "The lock does not close any more, neither with the app nor by hand, and I have to leave for the airport at five."',
        difficulty: 0.3,
        label: 'p1',
        wrong: 'p2',
      }),
      urgent({
        user: 'Urgency: "Hotel Seeblick here, 46 Latch 2 with you. The weekly report mail comes in Dutch since Sunday, could you look at that? It is not dramatic."',
        difficulty: 0.7,
        label: 'p2',
        wrong: 'p3',
      }),
      urgent({
        user: 'Urgency: "Hausverwaltung Brandt, 120 Ihrer Geräte. Seit heute früh antwortet die API auf alles mit 503. Wir können nichts mehr steuern, die Türen gehen mit dem Schlüssel."',
        difficulty: 0.75,
        label: 'p2',
        wrong: 'p1',
      }),
    ],
  }),
]
