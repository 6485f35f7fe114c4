import { all, code, contains, conversation, matches, says } from './draft.ts'

/** Queries on the data export, and integrators' own programs, to write and to mend. */
export const programs = [
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
        user: "And all hubs below 5.4.1? A few are still on 4.12. Some in the beta ring are on 5.10, which is newer, yet firmware < '5.4.1' lists them.",
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
]
