import {
  AIMessage,
  ChatMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type AIMessageChunk,
  type BaseMessage,
} from '@langchain/core/messages'
import * as z from 'zod'
import type { Simulated } from './simulated.ts'

const schema = z.object({ city: z.string() })
export const tools = ['weather', 'clock'].map(name => ({ name, description: `The ${name} of a city.`, schema }))
export const vendors = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq'] as const
export type Vendor = (typeof vendors)[number]

/** One pixel, red. */
export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=='
/** The same image in the notations of LangChain's integrations. */
export const imageNotations = {
  image_url: { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
  'source_type base64': { type: 'image', source_type: 'base64', mime_type: 'image/png', data: PIXEL },
  'a standard block': { type: 'image', mimeType: 'image/png', data: PIXEL },
  "Anthropic's": { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
  "Gemini's": { type: 'media', mimeType: 'image/png', data: PIXEL },
  "the Responses API's": { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}` },
}

const resultsOf = (turn: AIMessage): ToolMessage[] =>
  (turn.tool_calls ?? []).map(({ id, name }) => new ToolMessage({ tool_call_id: id!, name, content: `sunny, says ${name}` }))

/** What each vendor's class really makes of an answer: whole and streamed, in both versions of content, in words and by two calls of tools. */
export async function modelTurns(world: Simulated): Promise<readonly AIMessage[]> {
  const turns: AIMessage[] = []
  for (const vendor of vendors) {
    for (const outputVersion of ['v0', 'v1'] as const) {
      const model = world[vendor]()
      Object.assign(model, { outputVersion })
      turns.push(await model.invoke('Tell me.'))
      turns.push(await model.bindTools(tools).invoke('Weather and time?'))
    }
    let streamed: AIMessageChunk | undefined
    for await (const chunk of await world[vendor]().bindTools(tools).stream('Weather and time?'))
      streamed = streamed?.concat(chunk) ?? chunk
    turns.push(streamed!)
  }
  return turns
}

/** What happens in conversations: whole turns with their results, in order or not, and all that failures and apps leave behind. */
export function groupsOf(turns: readonly AIMessage[]): readonly (readonly BaseMessage[])[] {
  const groups: (readonly BaseMessage[])[] = []
  for (const turn of turns) {
    const results = resultsOf(turn)
    groups.push([turn, ...results])
    if (results.length < 2) continue
    groups.push([turn, ...results.toReversed()], [turn, results[0]!], [turn, ...results, results[0]!], [results[0]!], [turn])
    const [photo] = results
    groups.push([
      turn,
      new ToolMessage({ tool_call_id: photo!.tool_call_id, name: 'weather', content: [imageNotations.image_url] }),
      results[1]!,
    ])
  }
  const broken = { type: 'invalid_tool_call' as const, id: 'call_broken', name: 'weather', args: '{"city":', error: 'no JSON' }
  groups.push(
    [new AIMessage('')],
    [new AIMessage({ content: [] })],
    [new AIMessage({ content: '', invalid_tool_calls: [broken] })],
    [
      new AIMessage({ content: 'Let me see.', invalid_tool_calls: [broken] }),
      new ToolMessage({ tool_call_id: 'call_broken', name: 'weather', content: 'No JSON.' }),
    ],
    [new AIMessage('In words.'), new AIMessage('And again.')],
    [new SystemMessage('Be brief.')],
    [new ChatMessage('Be kind.', 'system'), new ChatMessage('Hello?', 'user'), new ChatMessage('Hello.', 'assistant')],
    [new HumanMessage('')],
    [new HumanMessage({ content: [{ type: 'text', text: ' ' }] })],
    ...Object.values(imageNotations).map(block => [new HumanMessage({ content: [{ type: 'text', text: 'What is this?' }, block] })]),
  )
  return groups
}
