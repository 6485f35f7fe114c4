import { startSimulator } from '@routewise/simulator'
import { expect, onTestFinished, test } from 'vitest'
import { faultsOfChatStream } from './chat-stream.ts'
import { eventsOf, type Heard, hear, sendTo } from './hear.ts'
import { type Body, chatRequests, responsesRequests } from './requests.ts'
import { faultsOfResponseStream } from './response-stream.ts'

async function eventsOfOpenAI(path: string, requests: readonly Body[], more: Body = {}): Promise<Heard[][]> {
  const sim = await startSimulator({ providers: ['openai'], timeScale: 1_000 })
  onTestFinished(() => sim.close())
  const send = sendTo(sim.url('openai'), { authorization: 'Bearer test' })
  const answers: Heard[][] = []
  for (const body of requests) {
    answers.push(eventsOf((await hear(send, path, { ...body, model: 'gpt-4o', stream: true, ...more })).text))
  }
  return answers
}

test('what OpenAI streams is right', async () => {
  const includeUsage = true
  const chats = await eventsOfOpenAI('/chat/completions', Object.values(chatRequests), { stream_options: { include_usage: true } })
  expect(chats.flatMap(events => faultsOfChatStream(events, { includeUsage }))).toEqual([])
  const responses = await eventsOfOpenAI('/responses', Object.values(responsesRequests))
  expect(responses.flatMap(faultsOfResponseStream)).toEqual([])
})

test('a stream of a response that misses any event is wrong, and so is one in another order', async () => {
  const [text, calls] = await eventsOfOpenAI('/responses', [responsesRequests.text, responsesRequests['parallel tools']])
  for (const events of [text!, calls!]) {
    expect(events.filter((_, at) => faultsOfResponseStream(events.toSpliced(at, 1)).length === 0)).toEqual([])
    expect(
      events.filter((event, at) => at > 0 && faultsOfResponseStream(events.with(at, events[at - 1]!).with(at - 1, event)).length === 0),
    ).toEqual([])
  }
})

test('a stream of a chat has one beginning, one end, and nothing after it', async () => {
  const [events] = await eventsOfOpenAI('/chat/completions', [chatRequests.tools])
  const finish = events!.findIndex(({ data }) => JSON.stringify(data).includes('"finish_reason":"tool_calls"'))
  const change = (at: number, from: string, to: string) =>
    events!.with(at, { ...events![at]!, data: JSON.parse(JSON.stringify(events![at]!.data).replace(from, to)) as unknown })
  const wrong = {
    'no end': events!.slice(0, -1),
    'no finish': events!.toSpliced(finish, 1),
    'two finishes': events!.toSpliced(finish, 0, events![finish]!),
    'words after it': events!.toSpliced(finish + 1, 0, events![1]!),
    'no role': events!.toSpliced(0, 1),
    'no name': change(1, '"name":"weather"', '"title":"weather"'),
    'half the arguments': events!.toSpliced(finish - 1, 1),
    'another id': change(finish, '"id":"', '"id":"other'),
    'no index': change(finish, '"index":0', '"at":0'),
  }
  expect(Object.entries(wrong).filter(([, heard]) => faultsOfChatStream(heard).length === 0)).toEqual([])
  expect(faultsOfChatStream(events!, { includeUsage: true })).toContain('The last chunk is not the usage.')
})
