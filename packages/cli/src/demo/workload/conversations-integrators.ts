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
    id: 'sql-orders-and-returns',
    system: 'products',
    task: 'code',
    turns: [
      says({
        user: 'SQL on your export: number of orders placed in February 2026 (UTC) per country, most first, without cancelled ones.',
        difficulty: 0.25,
        right: code(
          'sql',
          'The end of the range is exclusive, so nothing on the last evening is lost.',
          `
SELECT country, count(*) AS orders
FROM orders
WHERE placed_at >= '2026-02-01T00:00:00Z'
  AND placed_at <  '2026-03-01T00:00:00Z'
  AND status <> 'cancelled'
GROUP BY country
ORDER BY orders DESC;`,
        ),
        wrong: code(
          'sql',
          'Orders of February by country.',
          `
SELECT country, count(*) AS orders
FROM orders
WHERE placed_at BETWEEN '2026-02-01' AND '2026-02-28'
GROUP BY country
ORDER BY orders DESC;`,
        ),
        check: matches(
          /group by\s+(country|1)/,
          /cancelled/,
          /(<\s*('|timestamptz|timestamp|date)[^;]*2026-03-01)|date_trunc|extract/,
          /desc/,
        ),
      }),
      says({
        user: 'Now revenue after refunds for the same orders: one number per country. My query, total_cents minus refund_cents with a LEFT JOIN on returns, gives too much. Why, and how is it right?',
        difficulty: 0.8,
        right: code(
          'sql',
          'An order with two returns appears twice in the join, so its total_cents is counted twice. Add up the refunds per order first, then join one row to one row; coalesce covers orders without returns.',
          `
WITH refunds AS (
  SELECT order_id, sum(refund_cents) AS refund_cents
  FROM returns
  GROUP BY order_id
)
SELECT o.country,
       sum(o.total_cents - coalesce(r.refund_cents, 0)) / 100.0 AS revenue_eur
FROM orders o
LEFT JOIN refunds r USING (order_id)
WHERE o.placed_at >= '2026-02-01T00:00:00Z'
  AND o.placed_at <  '2026-03-01T00:00:00Z'
  AND o.status <> 'cancelled'
GROUP BY o.country;`,
        ),
        wrong: code(
          'sql',
          'The LEFT JOIN keeps orders without a return. Use an inner join and DISTINCT, then nothing is counted twice.',
          `
SELECT o.country,
       sum(DISTINCT o.total_cents) - sum(r.refund_cents) AS revenue_cents
FROM orders o
JOIN returns r ON r.order_id = o.order_id
WHERE o.placed_at >= '2026-02-01'
  AND o.placed_at <  '2026-03-01'
  AND o.status <> 'cancelled'
GROUP BY o.country;`,
        ),
        check: matches(
          /group by\s+(\w+\.)?order_id|lateral|\(\s*select\s+(coalesce\()?sum\(/,
          /coalesce|ifnull|case when/,
          /left join|\(\s*select/,
        ),
      }),
      says({
        user: 'For each sku: units sold in 2025 and number of returns received for those orders, only skus with at least 50 units. One row per sku.',
        difficulty: 0.7,
        right: code(
          'sql',
          'Sold and returned are counted apart and joined per sku; joining lines and returns directly would multiply them.',
          `
WITH sold AS (
  SELECT l.sku, sum(l.quantity) AS units
  FROM order_lines l
  JOIN orders o USING (order_id)
  WHERE o.placed_at >= '2025-01-01T00:00:00Z' AND o.placed_at < '2026-01-01T00:00:00Z'
    AND o.status <> 'cancelled'
  GROUP BY l.sku
  HAVING sum(l.quantity) >= 50
), returned AS (
  SELECT r.sku, count(*) AS returns
  FROM returns r
  JOIN orders o USING (order_id)
  WHERE o.placed_at >= '2025-01-01T00:00:00Z' AND o.placed_at < '2026-01-01T00:00:00Z'
  GROUP BY r.sku
)
SELECT s.sku, s.units, coalesce(t.returns, 0) AS returns
FROM sold s
LEFT JOIN returned t USING (sku)
ORDER BY returns DESC;`,
        ),
        wrong: code(
          'sql',
          'Lines and returns are joined by order and sku and counted per sku.',
          `
SELECT l.sku, count(*) AS units, count(r.return_id) AS returns
FROM orders o
JOIN order_lines l ON l.order_id = o.order_id
JOIN returns r ON r.order_id = o.order_id AND r.sku = l.sku
WHERE extract(year FROM o.placed_at) = 2025
GROUP BY l.sku
HAVING count(*) > 50
ORDER BY returns DESC;`,
        ),
        check: matches(/sum\(\s*(\w+\.)?quantity\s*\)/, />=\s*50|>\s*49/, /left join|coalesce/, /with\b|\(\s*select/),
      }),
    ],
  }),
  conversation({
    id: 'sql-fleet-of-locks',
    system: 'products',
    task: 'code',
    turns: [
      says({
        user: 'Which of our locks still run the version that drains batteries? SQL, device_id and home_id.',
        difficulty: 0.15,
        right: code(
          'sql',
          'That is Latch 2 with firmware 4.0.3.',
          `
SELECT device_id, home_id
FROM devices
WHERE kind = 'latch' AND firmware = '4.0.3';`,
        ),
        wrong: code(
          'sql',
          'That is Latch 2 with firmware 4.1.0.',
          `
SELECT device_id, home_id
FROM devices
WHERE kind = 'latch' AND firmware = '4.1.0';`,
        ),
        check: matches(/kind\s*=\s*'latch'/, /firmware\s*=\s*'4\.0\.3'/),
      }),
      says({
        user: "And all hubs below 5.4.1? We have some on 5.10 betas, and my firmware < '5.4.1' lists those too.",
        difficulty: 0.6,
        right: code(
          'sql',
          'As text, 5.10.0 sorts before 5.4.1 because 1 comes before 4. Compare the parts as numbers; PostgreSQL compares arrays element by element.',
          `
SELECT device_id, home_id, firmware
FROM devices
WHERE kind = 'hub'
  AND string_to_array(firmware, '.')::int[] < ARRAY[5, 4, 1];`,
        ),
        wrong: code(
          'sql',
          'Cast the version to a number first, then the comparison is numeric.',
          `
SELECT device_id, home_id, firmware
FROM devices
WHERE kind = 'hub'
  AND replace(firmware, '.', '')::int < 541;`,
        ),
        check: matches(/string_to_array|split_part|regexp_split_to_array/, /::\s*int|cast\(/, /kind\s*=\s*'hub'/),
      }),
      says({
        user: 'Last event of every lock, with its type and time, please.',
        difficulty: 0.35,
        right: code(
          'sql',
          'DISTINCT ON keeps the first row per device in the given order; a lock without any event does not appear.',
          `
SELECT DISTINCT ON (e.device_id) e.device_id, e.type, e.at
FROM events e
JOIN devices d USING (device_id)
WHERE d.kind = 'latch'
ORDER BY e.device_id, e.at DESC;`,
        ),
        wrong: code(
          'sql',
          'The latest time per device comes from max().',
          `
SELECT e.device_id, e.type, max(e.at) AS at
FROM events e
JOIN devices d USING (device_id)
WHERE d.kind = 'latch'
GROUP BY e.device_id, e.type;`,
        ),
        check: matches(/distinct on|row_number\(\)|lateral|\(\s*select[^)]*max\(/, /desc|max\(/, /'latch'/),
      }),
      says({
        user: 'Now the hard one for our dashboard: every device that has been offline for more than 24 hours and has not come back.',
        difficulty: 0.75,
        right: code(
          'sql',
          'Only the last of the two kinds of event tells the state: if that is device.offline, and old enough, the device is still away.',
          `
SELECT device_id, at AS offline_since
FROM (
  SELECT DISTINCT ON (device_id) device_id, type, at
  FROM events
  WHERE type IN ('device.offline', 'device.online')
  ORDER BY device_id, at DESC
) last
WHERE type = 'device.offline'
  AND at < now() - interval '24 hours'
ORDER BY offline_since;`,
        ),
        wrong: code(
          'sql',
          'All devices that went offline more than a day ago.',
          `
SELECT DISTINCT device_id, min(at) AS offline_since
FROM events
WHERE type = 'device.offline'
  AND at < now() - interval '24 hours'
GROUP BY device_id
ORDER BY offline_since;`,
        ),
        check: matches(/device\.online/, /device\.offline/, /distinct on|row_number|not exists|max\(/, /24 hours|1 day/),
      }),
    ],
  }),
  conversation({
    id: 'python-event-log',
    system: 'products',
    task: 'code',
    turns: [
      says({
        user: 'Python: I have a file with one webhook event per line (JSON). Function jams(path) that counts lock.jammed per device_id.',
        difficulty: 0.2,
        right: code(
          'python',
          'Empty lines are skipped; everything else must be JSON.',
          `
import json
from collections import Counter

def jams(path):
    with open(path, encoding="utf-8") as lines:
        events = (json.loads(line) for line in lines if line.strip())
        return Counter(event["device_id"] for event in events if event["type"] == "lock.jammed")`,
        ),
        wrong: code(
          'python',
          'It reads the file and counts the events.',
          `
import json

def jams(path):
    counts = {}
    for event in json.load(open(path)):
        if event["type"] == "jammed":
            counts[event["device_id"]] += 1
    return counts`,
        ),
        check: matches(/json\.loads/, /lock\.jammed/, /Counter|defaultdict|\.get\(|setdefault/),
      }),
      says({
        user: 'Events arrive twice and out of order. Write current_states(events) that gives for each lock "open" or "closed" as of its newest lock.opened / lock.closed.',
        difficulty: 0.7,
        right: code(
          'python',
          'sequence rises by one per device, so the highest one seen decides; a repeated event changes nothing.',
          `
STATES = {"lock.opened": "open", "lock.closed": "closed"}

def current_states(events):
    newest = {}
    for event in events:
        state = STATES.get(event["type"])
        if state is None:
            continue
        known = newest.get(event["device_id"])
        if known is None or event["sequence"] > known[0]:
            newest[event["device_id"]] = (event["sequence"], state)
    return {device_id: state for device_id, (_, state) in newest.items()}`,
        ),
        wrong: code(
          'python',
          'The last event per lock decides; repeated ones are dropped by their id.',
          `
def current_states(events):
    seen = set()
    states = {}
    for event in events:
        if event["event_id"] in seen:
            continue
        seen.add(event["event_id"])
        if event["type"].startswith("lock."):
            states[event["device_id"]] = event["type"].split(".")[1]
    return states`,
        ),
        check: matches(/sequence/, /lock\.opened/, /lock\.closed/, /["']open["']/),
      }),
      says({
        user: 'This one keeps growing from test to test. Why?\ndef collect(event, batch=[]):\n    batch.append(event)\n    return batch',
        difficulty: 0.3,
        right: code(
          'python',
          'The default list is made once, when the function is defined, and shared by all calls. Make a new one per call:',
          `
def collect(event, batch=None):
    if batch is None:
        batch = []
    batch.append(event)
    return batch`,
        ),
        wrong: code(
          'python',
          'append changes the list in place. Return a copy instead:',
          `
def collect(event, batch=[]):
    batch.append(event)
    return list(batch)`,
        ),
        check: matches(/batch\s*=\s*None/, /is None|batch or \[\]/),
      }),
    ],
  }),
  conversation({
    id: 'js-bugs-in-a-bridge',
    system: 'products',
    task: 'code',
    turns: [
      says({
        user: 'My script says "done" before a single lock is locked. Why?\nasync function lockAll(locks) {\n  locks.forEach(async lock => { await command(lock.id, "lock") })\n  console.log("done")\n}',
        difficulty: 0.3,
        right: code(
          'js',
          'forEach does not wait for the promises that its callback returns. A plain loop does, and keeps the number of requests at a time at one:',
          `
async function lockAll(locks) {
  for (const lock of locks) {
    await command(lock.id, 'lock')
  }
  console.log('done')
}`,
        ),
        wrong: code(
          'js',
          'The callback runs later than the log. Put await before forEach, so that it finishes first:',
          `
async function lockAll(locks) {
  await locks.forEach(async lock => {
    await command(lock.id, 'lock')
  })
  console.log('done')
}`,
        ),
        check: matches(/for \((const|let) [\s\S]*await command|Promise\.all(Settled)?\(/),
      }),
      says({
        user: 'With Promise.all over 200 locks of one home most answers are 429. How do I get it done as quickly as your limits allow, and how long does it take at best?',
        task: 'reasoning',
        difficulty: 0.5,
        right:
          'A home may have 60 requests a minute, so 200 commands need four minutes’ worth of quota: 60 at once, 60 more after one minute, 60 after two and the last 20 after three. At best you are done shortly after 3 minutes. Send them in groups of 60, a minute apart, and when a 429 comes nevertheless, wait as long as Retry-After says.',
        wrong:
          'A client may have 600 requests a minute, so 200 commands fit into a single minute. Send them in groups of ten, a second apart, and you are done after 20 seconds. A 429 can then be ignored, because the command is carried out all the same.',
        check: all(contains('60', ['3 minutes', 'three minutes'], 'Retry-After')),
      }),
      says({
        user: 'In production your webhook check throws "Input buffers must have the same byte length" when somebody sends rubbish as signature. Code: return timingSafeEqual(Buffer.from(given), Buffer.from(expected))',
        difficulty: 0.35,
        right: code(
          'js',
          'timingSafeEqual throws when the lengths differ, and a signature of another length is simply wrong. Compare the lengths first; they are no secret.',
          `
const a = Buffer.from(given)
const b = Buffer.from(expected)
return a.length === b.length && timingSafeEqual(a, b)`,
        ),
        wrong: code(
          'js',
          'timingSafeEqual is meant for equal lengths only. Plain comparison of the two texts has no such limit:',
          `
return given === expected`,
        ),
        check: matches(/length\s*(===|==|!==|!=)/, /timingSafeEqual\(/),
      }),
      says({
        user: 'Write isQuiet(date) in JS: true between 22:00 and 06:00 UTC, end not included.',
        difficulty: 0.25,
        right: code(
          'js',
          'The span crosses midnight, so it is an "or", not an "and".',
          `
export function isQuiet(date) {
  const hour = date.getUTCHours()
  return hour >= 22 || hour < 6
}`,
        ),
        wrong: code(
          'js',
          'The hour has to lie between the two.',
          `
export function isQuiet(date) {
  const hour = date.getHours()
  return hour >= 22 && hour < 6
}`,
        ),
        check: matches(/getUTCHours/, /\|\|/, /< ?6/),
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
