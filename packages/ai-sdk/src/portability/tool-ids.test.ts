import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withFittingIds } from './tool-ids.ts'

const nine = /^[a-zA-Z0-9]{9}$/
const turn = (...ids: readonly string[]): LanguageModelV4Message[] => [
  { role: 'assistant', content: ids.map(toolCallId => ({ type: 'tool-call', toolCallId, toolName: 'look', input: {} })) },
  {
    role: 'tool',
    content: ids.map(toolCallId => ({ type: 'tool-result', toolCallId, toolName: 'look', output: { type: 'text', value: 'x' } })),
  },
]
const idsOf = (prompt: LanguageModelV4Prompt, role: 'assistant' | 'tool') =>
  prompt.flatMap(message => (message.role === role ? message.content.flatMap(part => ('toolCallId' in part ? [part.toolCallId] : [])) : []))

test('ids that fit stay, and the prompt is the same object', () => {
  const prompt = [...turn('a1B2c3D4e'), ...turn('abcdefghi', '123456789')]
  expect(withFittingIds(prompt, nine)).toBe(prompt)
  const any = turn('whatever it is')
  expect(withFittingIds(any, undefined)).toBe(any)
})

test('an id becomes the same one in every conversation and process', () => {
  expect(idsOf(withFittingIds(turn('toolu_01A09q90qw90lq917835lq9'), nine), 'tool')).toEqual(['6O6c2f9P1'])
})

const id = fc.oneof(fc.constantFrom('call_0', 'call_1', 'a1B2c3D4e', 'zzzzzzzzz'), fc.string({ minLength: 1, maxLength: 64 }))
const turns = fc.array(fc.uniqueArray(id, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 })

test('all fit, no two calls share one, results follow their calls, and a longer conversation begins as the shorter one did', () => {
  fc.assert(
    fc.property(turns, all => {
      const prompt = all.flatMap(ids => turn(...ids))
      const fitting = withFittingIds(prompt, nine)
      const calls = idsOf(fitting, 'assistant')
      expect(calls.every(name => nine.test(name))).toBe(true)
      expect(new Set(calls).size).toBe(calls.length)
      expect(idsOf(fitting, 'tool')).toEqual(calls)
      expect(withFittingIds(fitting, nine)).toBe(fitting)
      expect(withFittingIds(prompt.slice(0, 2), nine)).toEqual(fitting.slice(0, 2))
    }),
  )
})
