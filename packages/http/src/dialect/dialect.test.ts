import { describeModel } from '@routewise/catalog'
import { sound, type Failure, type Json, type Receipt } from '@routewise/core'
import { expect, test } from 'vitest'
import { bridgeResponses } from '../bridge/bridge-responses.ts'
import type { WireCall, WireChunk, WireTarget } from '../call.ts'
import { createRouter, type WireRouter } from '../router.ts'
import { chatWhole, responsesCall } from '../testing/chat-script.ts'

type Open = (call: WireCall) => AsyncIterable<WireChunk>

const card = describeModel('gpt-6-luna', { provider: 'openai' })
const target = (id: string, open: Open): WireTarget => ({
  id,
  kind: 'language',
  model: 'gpt-6-luna',
  card,
  open,
  failure: (cause): Failure => ({ kind: 'server', message: String(cause), cause }),
})

/** Answers with texts, one after another, and notes what it was asked. */
function talking(...texts: readonly string[]) {
  const asked: Json[] = []
  const open: Open = async function* ({ body }) {
    asked.push(body)
    const content = texts[asked.length - 1]!
    const { bytes, reading } = chatWhole({ content })
    yield { target: 't', bytes, reading: { ...reading, text: content, contentChars: content.length } }
  }
  return { asked, open }
}

async function receiptOf(router: WireRouter, call: WireCall): Promise<Receipt> {
  const answer = router.run(call)
  for (;;) {
    const step = await answer.next()
    if (step.done === true) return step.value
  }
}

test('what chats have no words for goes to a target that needs none, and blames nobody', async () => {
  const chat = talking('Hello')
  const own = talking('Hello')
  const bridged = target('chat', call => bridgeResponses(call, chat.open))
  const router = createRouter({ targets: [bridged, target('own', own.open)], policy: candidates => candidates, promptCache: false })
  const file = { type: 'input_file', file_url: 'https://files.test/a.pdf' }
  const receipt = await receiptOf(router, responsesCall({ model: 'auto', input: [{ role: 'user', content: [file] }] }))
  expect(receipt.attempts).toMatchObject([
    { target: 'chat', end: { type: 'failed', failure: { kind: 'bad_request', status: 400, code: 'unsupported_value' } } },
    { target: 'own', end: { type: 'answered' } },
  ])
  expect([chat.asked, own.asked.length]).toEqual([[], 1])
})

test('an answer that does not fit the schema is mended, through the bridge, too', async () => {
  const chat = talking('{"city":7}', '{"city":"Kiel"}')
  const router = createRouter({ targets: [target('chat', call => bridgeResponses(call, chat.open))], judge: sound() })
  const schema = { type: 'object', properties: { city: { type: 'string' } } }
  const format = { type: 'json_schema', name: 'place', schema }
  const receipt = await receiptOf(router, responsesCall({ model: 'auto', input: 'Where?', text: { format } }))
  expect(receipt.attempts).toMatchObject([{ end: { type: 'rejected' } }, { reason: 'repair', end: { type: 'answered' } }])
  expect((chat.asked[1]!['messages'] as readonly Json[]).map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
})
