import { describe } from 'vitest'
import { testAnswers } from './http-adapter-answers.ts'
import { testLeaving } from './http-adapter-leaving.ts'
import { testRefusals } from './http-adapter-refusals.ts'
import { testStreams } from './http-adapter-streams.ts'
import type { HttpAdapter } from './http-adapter-world.ts'

/** What every way to put the endpoint on a server must do, seen by the openai SDK and by raw sockets. */
export function testHttpAdapter(name: string, adapter: HttpAdapter): void {
  describe(`http adapter: ${name}`, () => {
    describe('answers', () => {
      testAnswers(adapter)
    })
    describe('refuses', () => {
      testRefusals(adapter)
    })
    describe('streams', () => {
      testStreams(adapter)
    })
    describe('hears a client that leaves', () => {
      testLeaving(adapter)
    })
  })
}
