import type { CacheBreakpoint } from '@routewise/core'
import type { AIMessage } from '@langchain/core/messages'
import { HumanMessage, type BaseMessage, type ToolMessage } from '@langchain/core/messages'
import type { ChatCall } from './call.ts'
import { isMarkedMessage, isMarkedTool } from './cache-marker.ts'
import { defaultOptionsOf } from './default-options.ts'
import { withContent } from './content.ts'
import type { ChatCandidate } from './target.ts'

type Block = Readonly<Record<string, unknown>>
type Content = Exclude<BaseMessage['content'], string>
type Mark = Readonly<Record<string, unknown>>

/** Most markers that a prompt may carry. Source: docs.claude.com, prompt caching; OpenAI's has the same. */
const MAX_MARKS = 4

/** Sets markers in messages that are ready for the candidate; `places` tells where each of those described has gone. */
export type SetMarks = (call: ChatCall, breakpoints: readonly CacheBreakpoint[], places: (index: number) => number) => ChatCall

/** Sets the markers of a plan, for providers that take them; `undefined`: this candidate's does not. */
export function createMarkSetter({ model, family, card, options }: ChatCandidate): SetMarks | undefined {
  const own = { ...defaultOptionsOf(model), ...options }
  const { invocationKwargs, promptCacheOptions = own['promptCacheOptions'] } = model as {
    invocationKwargs?: Block
    promptCacheOptions?: unknown
  }
  // Whoever has Anthropic mark the end of every prompt, or has told OpenAI how to cache, has thought of it himself.
  if (own['cache_control'] != null || invocationKwargs?.['cache_control'] != null || promptCacheOptions !== undefined) return undefined
  if (card.cache.kind !== 'breakpoints') return undefined
  if (family === 'anthropic') return (call, breakpoints, places) => (marksItself(call) ? call : markForAnthropic(call, breakpoints, places))
  if (family !== 'openai') return undefined
  const mark = markOf[card.provider]
  return mark && ((call, breakpoints, places) => (marksItself(call) ? call : markWords(call, breakpoints, places, mark)))
}

/** Markers on text for servers that speak OpenAI's chat completions. Source: platform.openai.com and alibabacloud.com, prompt caching. */
const markOf: Readonly<Record<string, Mark>> = {
  openai: { prompt_cache_breakpoint: { mode: 'explicit' } },
  alibaba: { cache_control: { type: 'ephemeral' } },
}

const marksItself = ({ messages, tools, options }: ChatCall): boolean =>
  options['cache_control'] != null ||
  options['promptCacheOptions'] !== undefined ||
  messages.some(isMarkedMessage) ||
  (tools?.some(isMarkedTool) ?? false)

function markForAnthropic(call: ChatCall, breakpoints: readonly CacheBreakpoint[], places: (index: number) => number): ChatCall {
  let messages: BaseMessage[] | undefined
  let toolsMark: Mark | undefined
  let isShort = false
  for (const { after, ttl } of breakpoints.slice(-MAX_MARKS)) {
    // A longer lifetime must stand before a shorter one.
    isShort ||= ttl !== '1h'
    const mark = { cache_control: { type: 'ephemeral', ...(ttl === '1h' && !isShort && { ttl }) } }
    if (after === 'tools') {
      toolsMark = mark
      continue
    }
    const at = places(after)
    const marked = at === -1 ? undefined : markedForAnthropic((messages ?? call.messages)[at]!, mark)
    if (marked !== undefined) (messages ??= call.messages.slice())[at] = marked
  }
  if (messages === undefined && toolsMark === undefined) return call
  return { ...call, ...(messages !== undefined && { messages }), ...(toolsMark !== undefined && { toolsMark }) }
}

/** The message with a marker at its end; `undefined`: it can carry none. */
function markedForAnthropic(message: BaseMessage, mark: Mark): BaseMessage | undefined {
  switch (message.type) {
    case 'human':
    case 'system':
      return withLastMarked(message, blocksOf(message), mark)
    case 'tool':
      return markedResult(message as ToolMessage, mark)
    case 'ai': {
      const own = message as AIMessage
      // Of output v1 the integration makes blocks anew.
      if (own.response_metadata['output_version'] === 'v1') return undefined
      return withLastMarked(message, [...blocksOf(message), ...callsOutside(own)], mark)
    }
    default:
      return undefined
  }
}

const blocksOf = ({ content }: BaseMessage): readonly Block[] =>
  typeof content !== 'string' ? content : content === '' ? [] : [{ type: 'text', text: content }]

/** Tool calls that the integration would append to the blocks itself. */
function callsOutside({ content, tool_calls: calls = [] }: AIMessage): readonly Block[] {
  const within = new Set(typeof content === 'string' ? [] : content.map(block => block['id']))
  return calls
    .filter(({ id }) => id !== undefined && !within.has(id))
    .map(({ id, name, args }) => ({ type: 'tool_use', id, name, input: args }))
}

/** Blocks that are no content of their own, or hold what nobody may add to. */
const unmarkable = new Set(['thinking', 'redacted_thinking', 'input_json_delta', 'non_standard', 'reasoning'])
const takesMark = ({ type, text }: Block): boolean =>
  type === 'text' ? typeof text === 'string' && text.trim() !== '' : !unmarkable.has(String(type))

function withLastMarked(message: BaseMessage, blocks: readonly Block[], mark: Mark): BaseMessage | undefined {
  const at = blocks.findLastIndex(takesMark)
  if (at === -1) return undefined
  return withContent(message, blocks.with(at, { ...blocks[at], ...mark }) as Content)
}

/**
 * A tool's result with a marker. `ChatAnthropic` gives no marker to a result that is text, but hands on a block that is one already. It
 * adds the results that follow to the same list, so the message is made anew for each call.
 */
function markedResult(message: ToolMessage, mark: Mark): BaseMessage | undefined {
  const { content, tool_call_id: id } = message
  if (typeof content !== 'string') return withLastMarked(message, blocksOf(message), mark)
  return new HumanMessage({ content: [{ type: 'tool_result', content, tool_use_id: id, ...mark }] })
}

/** Of messages in words alone: what else there is, OpenAI's integration leaves the marker out of, or a server knows none for. */
function markWords(call: ChatCall, breakpoints: readonly CacheBreakpoint[], places: (index: number) => number, mark: Mark): ChatCall {
  let messages: BaseMessage[] | undefined
  for (const { after } of breakpoints.slice(-MAX_MARKS)) {
    const at = after === 'tools' ? -1 : places(after)
    const message = (messages ?? call.messages)[at]
    if (message === undefined || (message.type !== 'human' && message.type !== 'system')) continue
    const blocks = blocksOf(message)
    if (blocks.at(-1)?.['type'] !== 'text') continue
    const marked = withLastMarked(message, blocks, mark)
    if (marked !== undefined) (messages ??= call.messages.slice())[at] = marked
  }
  return messages === undefined ? call : { ...call, messages }
}

/** The tools that `ChatAnthropic` was bound to, with a marker on the last that may carry one. */
export function withToolsMarked(tools: unknown, mark: Mark): unknown {
  if (!Array.isArray(tools)) return tools
  const list = tools as readonly Block[]
  // What is loaded when it is asked for is no part of the prefix, and `ChatAnthropic` leaves out tools whose schema is a choice.
  const at = list.findLastIndex(tool => tool['defer_loading'] !== true && !isChoice(tool['input_schema']))
  return at === -1 ? tools : list.with(at, { ...list[at], ...mark })
}

const isChoice = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && ['anyOf', 'oneOf', 'allOf'].some(keyword => keyword in schema)
