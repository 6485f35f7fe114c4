import { RouterError } from '@routewise/core'
import { expect, test } from 'vitest'
import type { WireTarget } from './call.ts'
import { defineConfig, type RoutewiseConfig } from './config.ts'

const target = { id: 'small', kind: 'language', open() {}, failure() {} } as unknown as WireTarget

test('gives a config back as it was written', () => {
  const config: RoutewiseConfig = {
    targets: [target],
    hedge: false,
    endpoint: { maxBodyBytes: 4_000_000 },
    server: { port: 0, host: 'localhost', path: '/openai' },
  }
  expect(defineConfig(config)).toBe(config)
})

test.each([
  [{ servers: {} }, /unknown option `servers` \(allowed: .*targets.*endpoint.*server/],
  [{ server: { port: 70_000 } }, /option `server\.port` is 70000/],
  [{ server: { ports: 1 } }, /unknown option `server\.ports` \(allowed: port, host, path\)/],
  [{ server: { path: 'v1' } }, /option `server\.path` is "v1": expected a path that begins with '\/'/],
  [{ hedge: { delay: 1 } }, /unknown option `hedge\.delay`/],
  [{ targets: [{ id: 'small' }] }, /option `targets\.0` is .*expected targets for language models, such as openaiTarget/],
  [{ embeddings: [target] }, /option `embeddings\.0` is .*embedding models/],
  [{ endpoint: { maxBody: 1 } }, /unknown option `endpoint\.maxBody` \(allowed: .*maxBodyBytes/],
  [{ endpoint: { apiKeys: [undefined] } }, /option `endpoint\.apiKeys\.0` is undefined/],
])('names the field of a wrong config: %j', (wrong, message) => {
  const define = () => defineConfig({ targets: [target], ...wrong } as unknown as RoutewiseConfig)
  expect(define).toThrow(RouterError)
  expect(define).toThrow(message)
})
