import { expect, test } from 'vitest'
import { sealed } from '../bridge/sealed-thoughts.ts'
import { itemsFor } from './items.ts'

const user = { role: 'user', content: 'Hi' }
const thoughts = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAx' }
const said = { type: 'message', id: 'msg_1', role: 'assistant', content: 'So' }
const call = { type: 'function_call', id: 'fc_1', call_id: 'a', name: 'f', arguments: '{}' }
const output = { type: 'function_call_output', call_id: 'a', output: 'done' }
const openai = { provider: 'openai' }

test('what is the provider’s own stays as it is', () => {
  expect(itemsFor([user, thoughts, call, output, thoughts, said, user], openai)).toBeUndefined()
  expect(itemsFor('Hi', openai)).toBeUndefined()
})

test('thoughts of others stay away, and what they led to comes without the id that would be looked up', () => {
  const { id: _, ...words } = said
  expect(itemsFor([user, thoughts, said, user, said], { provider: 'xai' })).toEqual([user, words, user, said])
  for (const foreign of [
    { ...thoughts, encrypted_content: sealed([{ text: 'Hm' }]) },
    { ...thoughts, encrypted_content: 'xai-1' },
  ])
    expect(itemsFor([user, foreign, said, user], openai)).toEqual([user, words, user])
})

test('thoughts of another account stay away, which could not be verified', () => {
  const { id: _, ...asked } = call
  expect(itemsFor([user, thoughts, call, output], { ...openai, knows: id => (id === 'rs_1' ? false : undefined) })).toEqual([
    user,
    asked,
    output,
  ])
})

test('thoughts that led to nothing, as in an answer that broke off, are left out', () => {
  expect(itemsFor([user, thoughts, user], openai)).toEqual([user, user])
})

test('a call without a result has one that says so; a result without its call is said by the user', () => {
  expect(itemsFor([user, call, user], openai)).toEqual([user, call, { ...output, output: 'No result provided' }, user])
  expect(itemsFor([output, call, user], openai)).toEqual([
    { role: 'user', content: 'Result of an earlier call of a tool:\ndone' },
    call,
    { ...output, output: 'No result provided' },
    user,
  ])
})
