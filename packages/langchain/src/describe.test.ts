import { AIMessage, HumanMessage } from '@langchain/core/messages'
import { expect, test } from 'vitest'
import { createCallDescriber } from './describe.ts'

const tokensOf = (content: AIMessage['content']): number => {
  const messages = [new HumanMessage('Why?'), new AIMessage({ content }), new HumanMessage('And then?')]
  const call = { kind: 'stream', messages, tools: undefined, structured: undefined, options: {} } as const
  return createCallDescriber(undefined)(call, {}).inputTokens
}

test('the signature of a hidden thought is not counted, thoughts that can be read are', () => {
  const said = { type: 'text', text: 'Because.' }
  const signature = 'c2lnbmF0dXJl'.repeat(40)
  const plain = tokensOf([said])
  expect(tokensOf([{ type: 'thinking', signature }, said])).toBe(plain)
  expect(tokensOf([{ type: 'thinking', thinking: '', signature }, said])).toBe(plain)
  expect(tokensOf([{ type: 'redacted_thinking', data: signature }, said])).toBe(plain)
  expect(tokensOf([{ type: 'thinking', thinking: 'They ask why, so there must be a reason.', signature }, said])).toBeGreaterThan(plain)
})

test('a call of tools has the same prefix, whether its lack of words is an empty text or none', () => {
  const prefixOf = (content: AIMessage['content']) => {
    const toolCalls = [{ id: 'call_1', name: 'weather', args: { city: 'Rome' } }]
    const messages = [new HumanMessage('Rain?'), new AIMessage({ content, tool_calls: toolCalls })]
    return createCallDescriber(undefined)({ kind: 'stream', messages, tools: undefined, structured: undefined, options: {} }, {}).prefix
  }
  expect(prefixOf('')).toEqual(prefixOf([]))
})
