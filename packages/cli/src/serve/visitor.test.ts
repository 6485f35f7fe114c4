import { expect, test } from 'vitest'
import { isForeign, isLoopback } from './visitor.ts'

test.each(['localhost', '127.0.0.1', '127.8.8.8', '::1', '[::1]', 'desk.localhost'])('%s is this machine alone', host => {
  expect(isLoopback(host)).toBe(true)
})

test.each(['0.0.0.0', '::', '192.168.1.5', 'localhost.example', '127.0.0.1.example', 'example.com'])('%s is not', host => {
  expect(isLoopback(host)).toBe(false)
})

test.each([
  ['a client of this machine', { host: 'localhost:8787' }, false],
  ['a page of this machine', { host: '127.0.0.1:8787', origin: 'http://localhost:3000' }, false],
  ["a website's page", { host: '127.0.0.1:8787', origin: 'https://example.com' }, true],
  ['a sandboxed page', { host: '127.0.0.1:8787', origin: 'null' }, true],
  ['a name that was pointed at this machine', { host: 'example.com:8787', origin: 'http://example.com:8787' }, true],
  ['nobody knows whom', {}, true],
])('%s is taken for what it is', (_, headers, foreign) => {
  expect(isForeign(headers)).toBe(foreign)
})
