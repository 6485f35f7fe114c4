import { all, code, contains, conversation, excludes, matches, number, says } from './draft.ts'

/** Developers who build on the Connect API. */
export const integrators = [
  conversation({
    id: 'api-webhook-signature',
    system: 'products',
    task: 'code',
    turns: [
      says({
        user: 'Please write a Node function verify(header, rawBody, secret, nowSeconds) that returns true only for a genuine, fresh webhook of yours.',
        difficulty: 0.7,
        right: code(
          'js',
          'It checks the age first, then the signature in constant time; anything malformed is simply not genuine.',
          `
import { createHmac, timingSafeEqual } from 'node:crypto'

export function verify(header, rawBody, secret, nowSeconds) {
  const parts = Object.fromEntries(header.split(',').map(part => part.trim().split('=')))
  const sentAt = Number(parts.t)
  if (!parts.v1 || !Number.isFinite(sentAt)) return false
  if (Math.abs(nowSeconds - sentAt) > 300) return false

  const expected = createHmac('sha256', secret).update(parts.t + '.' + rawBody).digest()
  const given = Buffer.from(parts.v1, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}`,
        ),
        wrong: code(
          'js',
          'It computes the signature again and compares it with the one you got.',
          `
import { createHash } from 'node:crypto'

export function verify(header, rawBody, secret, nowSeconds) {
  const [t, v1] = header.split(',').map(part => part.split('=')[1])
  if (nowSeconds - t > 3600) return false
  const expected = createHash('sha256').update(secret + rawBody).digest('hex')
  return expected === v1
}`,
        ),
        check: matches(/createHmac\(\s*['"]sha256['"]/, /timingSafeEqual/, /\b300\b/, /\.length/, /['"`}]\.['"`$]/),
      }),
      says({
        user: 'It returns false for every call. I use app.use(express.json()) and pass JSON.stringify(req.body). What is wrong?',
        task: 'chat',
        difficulty: 0.35,
        right:
          'The signature covers the raw body, byte for byte, and JSON.stringify(req.body) is a new text: spacing, the order of keys and escapes may differ from what we sent. Take the raw bytes instead: mount express.raw({ type: "application/json" }) on the route of the webhook, before express.json(), pass req.body.toString("utf8") to verify, and call JSON.parse only after it returned true.',
        wrong:
          'express.json() changes the header. Read the signature with req.get("x-northlatch-signature") in lower case, and make sure that your secret has no line break at its end. JSON.stringify(req.body) is fine, because it gives back the body as it was sent.',
        check: all(
          contains('raw', ['express.raw', 'verify:', 'raw-body', 'rawBody', 'bodyParser.raw']),
          excludes('JSON.stringify(req.body) is fine'),
        ),
      }),
      says({
        user: 'Works. If my server is down, for how long do you keep trying after the first failure? Minutes, please.',
        task: 'reasoning',
        difficulty: 0.5,
        right:
          '42.5 minutes. We try again up to 8 times, after 10, 20, 40, 80, 160, 320, 640 and 1,280 s, which adds up to 2,550 s. After that, fetch what you missed with GET /events.',
        wrong:
          '10.5 minutes. We try again up to 6 times, after 10, 20, 40, 80, 160 and 320 s, which adds up to 630 s. After that, fetch what you missed with GET /events.',
        check: number(42.5),
      }),
      says({
        user: 'Now the Express route around verify: it must answer in time, ignore repeats, and hand the event to an async function handle(event) afterwards. In memory is fine.',
        difficulty: 0.5,
        right: code(
          'js',
          'It answers before the work starts, and remembers the ids of events it has seen; in production keep them where they survive a restart.',
          `
const seen = new Set()

app.post('/northlatch', express.raw({ type: 'application/json' }), (req, res) => {
  const rawBody = req.body.toString('utf8')
  const header = req.get('X-Northlatch-Signature') ?? ''
  if (!verify(header, rawBody, process.env.NORTHLATCH_SECRET, Date.now() / 1000)) {
    return res.sendStatus(401)
  }
  res.sendStatus(204)

  const event = JSON.parse(rawBody)
  if (seen.has(event.event_id)) return
  seen.add(event.event_id)
  handle(event).catch(error => {
    seen.delete(event.event_id)
    console.error('event failed', event.event_id, error)
  })
})`,
        ),
        wrong: code(
          'js',
          'The event is handled first, so that you only confirm what has really been processed.',
          `
app.post('/northlatch', express.json(), async (req, res) => {
  const header = req.get('X-Northlatch-Signature')
  if (!verify(header, JSON.stringify(req.body), process.env.NORTHLATCH_SECRET, Date.now() / 1000)) {
    return res.sendStatus(401)
  }
  await handle(req.body)
  res.sendStatus(204)
})`,
        ),
        check: matches(/event_id/, /(raw|rawBody)/, /(sendStatus|status|end|send)\([\s\S]*handle\(/, /new (Set|Map)|lru/),
      }),
    ],
  }),
  conversation({
    id: 'api-all-pages',
    system: 'products',
    task: 'code',
    turns: [
      says({
        user: 'How many requests do I need at least to list 730 devices?',
        task: 'chat',
        difficulty: 0.15,
        right:
          '8 requests. With limit=100, the largest page there is, seven pages hold 700 devices and the eighth the remaining 30. With the default limit of 50 it would be 15.',
        wrong: '4 requests. With limit=200, the largest page there is, three pages hold 600 devices and the fourth the remaining 130.',
        check: all(number(8), contains('100'), excludes('limit=200')),
      }),
      says({
        user: 'Write an async generator in JavaScript that yields every device, given get(path) which returns the parsed JSON.',
        difficulty: 0.35,
        right: code(
          'js',
          'The cursor must be encoded, and null marks the last page; an empty page in between is no reason to stop.',
          `
export async function* allDevices(get) {
  let cursor = null
  do {
    const query = new URLSearchParams({ limit: '100' })
    if (cursor !== null) query.set('cursor', cursor)
    const page = await get('/devices?' + query)
    yield* page.items
    cursor = page.next_cursor
  } while (cursor !== null)
}`,
        ),
        wrong: code(
          'js',
          'It asks for one page after the other until a page is not full.',
          `
export async function* allDevices(get) {
  let page = 1
  while (true) {
    const { items } = await get('/devices?limit=100&page=' + page)
    yield* items
    if (items.length < 100) return
    page += 1
  }
}`,
        ),
        check: matches(/async\s*(function\s*)?\*/, /cursor/, /next_cursor/, /yield/),
      }),
      says({
        user: 'My colleague needs the same in Python, as a generator over requests.Session, base URL and session given.',
        difficulty: 0.35,
        right: code(
          'python',
          'raise_for_status() makes a refused page an error instead of a silent end.',
          `
def all_devices(session, base_url):
    params = {"limit": 100}
    while True:
        response = session.get(f"{base_url}/devices", params=params, timeout=10)
        response.raise_for_status()
        page = response.json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        params["cursor"] = page["next_cursor"]`,
        ),
        wrong: code(
          'python',
          'It follows the cursor until there are no more devices.',
          `
def all_devices(session, base_url):
    devices = []
    page = session.get(f"{base_url}/devices?limit=100").json()
    devices.extend(page["items"])
    if page["next_cursor"]:
        page = session.get(f"{base_url}/devices?limit=100&cursor={page['next_cursor']}").json()
        devices.extend(page["items"])
    return devices`,
        ),
        check: matches(/while\b/, /yield/, /next_cursor/, /limit/),
      }),
    ],
  }),
  conversation({
    id: 'api-retries',
    system: 'products',
    task: 'code',
    turns: [
      says({
        user: 'I need request(url, init, { tries = 4, wait }) in JavaScript around fetch that retries what your docs allow, nothing else. wait(ms) is given and returns a promise.',
        difficulty: 0.7,
        right: code(
          'js',
          'Only 429, 503 and network errors are tried again; Retry-After wins over the growing pause, and the last answer is handed to you as it is.',
          `
const RETRIED = new Set([429, 503])

export async function request(url, init, { tries = 4, wait }) {
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt >= tries
    let pauseMs = 500 * 2 ** (attempt - 1)
    try {
      const response = await fetch(url, init)
      if (last || !RETRIED.has(response.status)) return response
      const seconds = Number(response.headers.get('retry-after'))
      if (seconds > 0) pauseMs = seconds * 1000
      await response.body?.cancel()
    } catch (error) {
      if (last || init?.signal?.aborted) throw error
    }
    await wait(pauseMs)
  }
}`,
        ),
        wrong: code(
          'js',
          'Every answer that is not ok is tried again after a growing pause.',
          `
export async function request(url, init, { tries = 4, wait }) {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const response = await fetch(url, init)
    if (response.ok) return response
    await wait(500 * attempt)
  }
  throw new Error('request failed')
}`,
        ),
        check: matches(/\b429\b/, /\b503\b/, /retry-after/, /catch/, /\* ?1_?000|1e3/),
      }),
      says({
        user: 'Is it safe to use that for POST /devices/{id}/commands? Nobody wants a door unlocked twice.',
        task: 'chat',
        difficulty: 0.35,
        right:
          'Yes, if all tries of one command carry the same Idempotency-Key. Create the key once, outside request, for example with crypto.randomUUID(), and put it into init.headers. Within 24 hours we answer the same key and the same body with the first answer again and do not run the command a second time. A new key for every try would defeat that.',
        wrong:
          'Yes, commands are safe to repeat, because unlocking an unlocked door changes nothing. Create a new Idempotency-Key for every try, so that our servers do not take the second one for a mistake and refuse it.',
        check: all(
          contains('Idempotency-Key', ['same Idempotency-Key', 'same key', 'once']),
          excludes('new Idempotency-Key for every try'),
        ),
      }),
      says({
        user: 'Now I get 409 key_reused from time to time. Retry it?',
        task: 'chat',
        difficulty: 0.3,
        right:
          'No. key_reused says that the key was used within 24 hours with another body, so a retry gets the same answer. Look for a key that is derived from something too coarse, such as the device id or the minute, or for a body that changes between tries, such as a time stamp in it. One command: one key, one body.',
        wrong:
          'Yes, 409 means that the device is busy with an earlier command. Wait for a few seconds and send it again with the same key; after three or four tries it goes through.',
        check: all(
          contains(
            ['another body', 'different body', 'body differs', 'other body', 'body that changes'],
            ['no.', 'no,', 'do not retry', "don't retry", 'not retry'],
          ),
          excludes('goes through'),
        ),
      }),
    ],
  }),
  conversation({
    id: 'api-tenths-of-a-degree',
    system: 'products',
    task: 'code',
    turns: [
      says({
        user: 'What do I send as temperature_dc for 21.5 °C, and what does 198 mean?',
        task: 'chat',
        difficulty: 0.05,
        right: 'Send 215: temperature_dc counts tenths of a degree Celsius. 198 means 19.8 °C.',
        wrong: 'Send 2150: temperature_dc counts hundredths of a degree Celsius. 198 means 1.98 °C.',
        check: all(number(215), number(19.8)),
      }),
      says({
        user: 'Our American customers set Fahrenheit. setTarget(70) fails with 400 invalid_request, setTarget(68) works. Why?\nconst setTarget = f => command("set_target", { temperature_dc: ((f - 32) / 1.8) * 10 })',
        difficulty: 0.35,
        right: code(
          'js',
          '68 °F is exactly 20 °C, but 70 °F gives 211.11…, and temperature_dc must be an integer. Round it:',
          `
const setTarget = fahrenheit => command('set_target', { temperature_dc: Math.round(((fahrenheit - 32) / 1.8) * 10) })`,
        ),
        wrong: code(
          'js',
          '70 °F is above what the Therm allows in one step. Keep the value within the limit that the command has:',
          `
const setTarget = fahrenheit => command('set_target', { temperature_dc: Math.min(((fahrenheit - 32) / 1.8) * 10, 200) })`,
        ),
        check: all(matches(/Math\.(round|trunc|floor)\(|toFixed/), contains(['integer', 'whole number', 'fraction'])),
      }),
      says({
        user: 'Add a check so that what your API would refuse never leaves my server.',
        difficulty: 0.3,
        right: code(
          'js',
          'set_target takes 50 to 300 tenths, which is 41 to 86 °F; NaN is caught as well.',
          `
function setTarget(fahrenheit) {
  const tenths = Math.round(((fahrenheit - 32) / 1.8) * 10)
  if (!(tenths >= 50 && tenths <= 300)) {
    throw new RangeError('Target must be 41 to 86 °F, got ' + fahrenheit)
  }
  return command('set_target', { temperature_dc: tenths })
}`,
        ),
        wrong: code(
          'js',
          'Values outside of what the Therm can do are refused.',
          `
function setTarget(fahrenheit) {
  if (fahrenheit < 32 || fahrenheit > 104) {
    throw new RangeError('Target must be 32 to 104 °F')
  }
  return command('set_target', { temperature_dc: Math.round(((fahrenheit - 32) / 1.8) * 10) })
}`,
        ),
        check: matches(/throw|return (false|null|undefined)|reject/, /\b50\b|\b5(\.0)?\b|\b41\b/, /\b300\b|\b30(\.0)?\b|\b86\b/),
      }),
      says({
        user: 'Locks now: every unlock gives 403 scope_missing, reading works. Customer is on Pro.',
        task: 'chat',
        difficulty: 0.15,
        right:
          'Your token lacks the scope locks:operate, which lock and unlock need; devices:read is enough for reading only. Have the scope added to your client, then fetch a new token from POST /token, because the old one keeps its scopes until it expires.',
        wrong:
          'Your token lacks the scope devices:write, which all commands need. Have it added to your client, then fetch a new token from POST /token, because the old one keeps its scopes until it expires.',
        check: all(contains('locks:operate')),
      }),
    ],
  }),
  conversation({
    id: 'api-token-cache',
    system: 'products',
    task: 'code',
    turns: [
      says({
        user: 'We fetch a token for every request, which doubles our traffic. Give me a small JS cache: createTokens({ fetchToken, now }) with get(). fetchToken() resolves to access_token; now() is in ms.',
        difficulty: 0.35,
        right: code(
          'js',
          'A token lives 3,600 s; this one is renewed a minute earlier, so that it does not expire on the way.',
          `
const LIFETIME_MS = 3_600_000
const MARGIN_MS = 60_000

export function createTokens({ fetchToken, now }) {
  let token
  let renewAt = 0
  return {
    async get() {
      if (now() >= renewAt) {
        const askedAt = now()
        token = await fetchToken()
        renewAt = askedAt + LIFETIME_MS - MARGIN_MS
      }
      return token
    },
  }
}`,
        ),
        wrong: code(
          'js',
          'The token is kept until it expires.',
          `
export function createTokens({ fetchToken, now }) {
  let token
  let expiresAt = 0
  return {
    async get() {
      if (now() > expiresAt) {
        token = await fetchToken()
        expiresAt = now() + 3600
      }
      return token
    },
  }
}`,
        ),
        check: matches(
          /createTokens/,
          /3_?600_?000|3_?600 ?\* ?1_?000|60 ?\* ?60 ?\* ?1_?000|3_?540_?000|3_?540 ?\* ?1_?000|59 ?\* ?60/,
          /now\(\)/,
          /await fetchToken|fetchToken\(\)\.then/,
        ),
      }),
      says({
        user: 'At the start of every hour forty requests call get() at once and I see forty token calls. Fix it.',
        difficulty: 0.7,
        right: code(
          'js',
          'All callers now wait for one and the same promise. It is kept instead of the token, and dropped when it fails, so that the next caller tries again.',
          `
export function createTokens({ fetchToken, now }) {
  let pending
  let renewAt = 0
  return {
    get() {
      if (!pending || now() >= renewAt) {
        renewAt = now() + LIFETIME_MS - MARGIN_MS
        const mine = fetchToken()
        pending = mine
        mine.catch(() => {
          if (pending === mine) pending = undefined
        })
      }
      return pending
    },
  }
}`,
        ),
        wrong: code(
          'js',
          'A flag keeps the other callers out while one of them fetches the token.',
          `
export function createTokens({ fetchToken, now }) {
  let token
  let renewAt = 0
  let busy = false
  return {
    async get() {
      if (now() >= renewAt && !busy) {
        busy = true
        token = await fetchToken()
        renewAt = now() + LIFETIME_MS - MARGIN_MS
        busy = false
      }
      return token
    },
  }
}`,
        ),
        check: matches(
          /(\w+)\s*(\?\?=|=)\s*[\s\S]*?fetchToken\(\)[\s\S]*return (await )?\w+/,
          /catch|finally|then\([^)]*,/,
          /pending|inflight|inFlight|promise|current/,
        ),
      }),
      says({
        user: 'And what should we do on 401 token_expired, compared with 403 plan_required?',
        task: 'chat',
        difficulty: 0.2,
        right:
          'On 401 token_expired drop the cached token, fetch a new one and repeat the request once. 403 plan_required has nothing to do with the token: the home is not on Pro, which API access needs. Repeating does not help; tell the customer.',
        wrong:
          'Treat both alike: drop the cached token, fetch a new one and repeat the request. After the third failure wait for a minute. Both happen when a token is older than an hour.',
        check: all(contains('Pro', ['new token', 'fetch a new one', 'new one', 'refresh']), excludes('treat both alike')),
      }),
    ],
  }),
  conversation({
    id: 'api-first-questions',
    system: 'products',
    task: 'chat',
    turns: [
      says({
        user: 'Hi, do I need a special plan to use the API with my own home?',
        difficulty: 0.05,
        right: 'Yes: only homes on Pro have API access. With another plan the API answers 403 plan_required.',
        wrong: 'No, the API is open to every home, with Basic as well; only the limits are lower than with Pro.',
        check: all(contains(['on Pro', 'Pro plan', 'need Pro', 'requires Pro']), excludes('open to every home')),
      }),
      says({
        user: 'Which scope for reading temperatures history, which for a siren test?',
        difficulty: 0.2,
        right:
          'For the history, events:read: temperatures come as temperature.changed in GET /events. For siren_test, devices:write, because it is a command; locks:operate is needed for lock and unlock only.',
        wrong:
          'For both, devices:read: temperatures are part of the device, and a siren test changes nothing in its settings. locks:operate is needed for lock and unlock only.',
        check: contains('events:read', 'devices:write'),
      }),
      says({
        user: 'In which time zone is "at"?',
        difficulty: 0.05,
        right: 'UTC, as ISO 8601. Convert it to local time only where you show it.',
        wrong: 'In the local time of the home, as ISO 8601 without an offset.',
        check: contains('UTC'),
      }),
      says({
        user: 'JS one-liner: from the array of devices, an object from kind to number of devices.',
        task: 'code',
        difficulty: 0.15,
        right: code(
          'js',
          'One pass over the array is enough.',
          `
const countByKind = devices.reduce((counts, { kind }) => ({ ...counts, [kind]: (counts[kind] ?? 0) + 1 }), {})`,
        ),
        wrong: code(
          'js',
          'One pass over the array is enough.',
          `
const countByKind = devices.reduce((counts, { kind }) => ({ ...counts, [kind]: counts[kind] + 1 }), {})`,
        ),
        check: matches(/reduce|groupBy|for \(/, /\?\? ?0|\|\| ?0|\.length|groupBy/),
      }),
      says({
        user: 'And a regular expression for your serial numbers, anchored.',
        task: 'code',
        difficulty: 0.15,
        right: code(
          'js',
          'Two capital letters and eight digits, nothing before or after.',
          `
const SERIAL = /^[A-Z]{2}[0-9]{8}$/`,
        ),
        wrong: code(
          'js',
          'Two letters and some digits.',
          `
const SERIAL = /[A-Z]{2}[0-9]+/`,
        ),
        check: matches(/\^\[A-Z\]\{2\}(\[0-9\]|\\d)\{8\}\$/),
      }),
    ],
  }),
]
