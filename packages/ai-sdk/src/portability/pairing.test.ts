import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider'
import { expect, test } from 'vitest'
import { withPairedCalls } from './pairing.ts'

const user: LanguageModelV4Message = { role: 'user', content: [{ type: 'text', text: 'Hello' }] }
const calls = (...ids: readonly string[]): LanguageModelV4Message => ({
  role: 'assistant',
  content: ids.map(toolCallId => ({ type: 'tool-call', toolCallId, toolName: 'look', input: {} })),
})
const results = (...ids: readonly string[]): LanguageModelV4Message => ({
  role: 'tool',
  content: ids.map(toolCallId => ({ type: 'tool-result', toolCallId, toolName: 'look', output: { type: 'text', value: 'sunny' } })),
})
const none = (toolCallId: string) => ({
  type: 'tool-result',
  toolCallId,
  toolName: 'look',
  output: { type: 'error-text', value: 'No result provided' },
})

test('a conversation in which all is answered is the same object', () => {
  const prompt = [user, calls('1', '2'), results('1', '2'), calls('3'), results('3'), user]
  expect(withPairedCalls(prompt)).toBe(prompt)
})

test('calls that nobody answered have no result, wherever the conversation goes on or ends', () => {
  expect(withPairedCalls([user, calls('1'), user])).toEqual([user, calls('1'), { role: 'tool', content: [none('1')] }, user])
  expect(withPairedCalls([user, calls('1')])).toEqual([user, calls('1'), { role: 'tool', content: [none('1')] }])
  const [, , after] = withPairedCalls([user, calls('1', '2'), results('2'), user])
  expect(after!.content).toMatchObject([{ toolCallId: '2', output: { value: 'sunny' } }, none('1')])
})

test('results whose calls are gone are left out, and so is a message of nothing else', () => {
  expect(withPairedCalls([results('1'), user])).toEqual([user])
  expect(withPairedCalls([calls('1'), results('1', '9'), user])).toEqual([calls('1'), results('1'), user])
})

test('results of one turn are in one message', () => {
  expect(withPairedCalls([calls('1', '2'), results('1'), results('2'), user])).toEqual([calls('1', '2'), results('1', '2'), user])
})

test('what a provider’s own tool did waits for nobody', () => {
  const search: LanguageModelV4Prompt = [
    user,
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'ws_1', toolName: 'web_search', input: {}, providerExecuted: true }] },
    user,
  ]
  expect(withPairedCalls(search)).toBe(search)
})
