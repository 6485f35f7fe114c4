import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRateLimits } from './rate-limits.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

test('reads the limits that OpenAI and Groq write, with resets as durations', () => {
  const headers = {
    'x-ratelimit-limit-requests': '14400',
    'x-ratelimit-remaining-requests': '14370',
    'x-ratelimit-reset-requests': '2m59.56s',
    'x-ratelimit-limit-tokens': '30000',
    'x-ratelimit-remaining-tokens': '29962',
    'x-ratelimit-reset-tokens': '76ms',
  }
  const limits = {
    requests: { limit: 14_400, remaining: 14_370, resetMs: 179_560 },
    tokens: { limit: 30_000, remaining: 29_962, resetMs: 76 },
  }
  expect(readRateLimits(headers, now)).toEqual(limits)
  expect(readRateLimits(new Headers(headers), now)).toEqual(limits)
})

test.each([
  ['6m0s', 360_000],
  ['120ms', 120],
  ['1.5s', 1_500],
  ['0s', 0],
  ['1h0m0.5s', 3_600_500],
  ['1d', 86_400_000],
])('a reset of %s is %d ms away', (reset, resetMs) => {
  const headers = { 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': reset }
  expect(readRateLimits(headers, now)).toEqual({ requests: { remaining: 1, resetMs } })
})

const anthropic = (what: string, limit: string, remaining: string, reset: string) => ({
  [`Anthropic-RateLimit-${what}-Limit`]: limit,
  [`Anthropic-RateLimit-${what}-Remaining`]: remaining,
  [`Anthropic-RateLimit-${what}-Reset`]: reset,
})

test('reads Anthropic’s, with resets as dates, and its input tokens before its tokens', () => {
  const headers = {
    ...anthropic('requests', '50', '49', '2026-11-21T12:00:02Z'),
    ...anthropic('tokens', '60000', '60000', '2026-11-21T12:00:00Z'),
  }
  expect(readRateLimits(headers, now)).toEqual({
    requests: { limit: 50, remaining: 49, resetMs: 2_000 },
    tokens: { limit: 60_000, remaining: 60_000, resetMs: 0 },
  })
  const withInput = { ...headers, ...anthropic('input-tokens', '50000', '10000', '2026-11-21T12:00:48+00:00') }
  expect(readRateLimits(withInput, now)?.tokens).toEqual({ limit: 50_000, remaining: 10_000, resetMs: 48_000 })
})

test('a date is held against the provider’s clock where it tells the time, and one that has passed is now', () => {
  const headers = anthropic('requests', '50', '0', '2026-11-21T13:00:30Z')
  expect(readRateLimits({ ...headers, date: 'Sat, 21 Nov 2026 13:00:00 GMT' }, now)?.requests?.resetMs).toBe(30_000)
  expect(readRateLimits(headers, now + 7_200_000)?.requests?.resetMs).toBe(0)
})

test('headers without limits tell of none', () => {
  expect(readRateLimits({ 'content-type': 'text/event-stream' }, now)).toBeUndefined()
  expect(readRateLimits(new Headers(), now)).toBeUndefined()
})

const hostile = [
  '-1',
  'NaN',
  'Infinity',
  '1e99',
  '0x10',
  '',
  ' ',
  '9'.repeat(13),
  '9'.repeat(65_536),
  '1s'.repeat(32_768),
  'P1D',
  '1x',
  's',
  '-5s',
  '999d',
]

test.each(hostile.map(value => [value.slice(0, 20), value]))('ignores a limit whose figures are %j', (_, value) => {
  const good = { 'x-ratelimit-limit-tokens': '10', 'x-ratelimit-remaining-tokens': '5', 'x-ratelimit-reset-tokens': '1s' }
  expect(readRateLimits({ ...good, 'x-ratelimit-remaining-tokens': value }, now)).toBeUndefined()
  expect(readRateLimits({ ...good, 'x-ratelimit-reset-tokens': value }, now)).toBeUndefined()
  expect(readRateLimits({ ...good, 'x-ratelimit-limit-tokens': value }, now)).toEqual({ tokens: { remaining: 5, resetMs: 1_000 } })
  expect(readRateLimits(anthropic('requests', '10', '5', value), now)?.requests?.resetMs ?? 0).toBeLessThanOrEqual(86_400_000)
})

test('whatever the headers hold, figures are finite and not negative', () => {
  const value = fc.oneof(
    fc.string({ maxLength: 50 }),
    fc.stringMatching(/^-?\d{1,14}(\.\d{1,3})?(ms|s|m|h|d)?$/),
    fc.constantFrom(...hostile),
  )
  fc.assert(
    fc.property(value, value, value, (limit, remaining, reset) => {
      const openai = { 'x-ratelimit-limit-tokens': limit, 'x-ratelimit-remaining-tokens': remaining, 'x-ratelimit-reset-tokens': reset }
      for (const headers of [openai, anthropic('tokens', limit, remaining, reset)]) {
        for (const figure of Object.values(readRateLimits(headers, now)?.tokens ?? {})) {
          expect(figure).toBeGreaterThanOrEqual(0)
          expect(figure).toBeLessThan(1e12)
        }
      }
    }),
  )
})
