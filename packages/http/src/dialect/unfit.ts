import { isJson, objectsOf, type Json } from '@routewise/core'
import type { WireCall, WireTarget } from '../call.ts'

/** What few targets can take; looked for once in each body, and not for each target. */
interface Traits {
  /** What only OpenAI itself holds: files, items, conversations; `undefined`: nothing. */
  kept: string | undefined
  /** Tools that only their maker runs, or that are no functions. */
  tools: string | undefined
  /** A call of this turn has come without the thoughts that led to it. */
  lacksThoughts: boolean
}

/** Those who answer `/responses` themselves run tools of their own there; a tool whose input is any text is OpenAI's alone. */
const RUN_TOOLS: ReadonlySet<string> = new Set(['xai', 'groq', 'openrouter'])
const CUSTOM = 'tools of type custom'

const known = new WeakMap<Json, Traits>()

/** Why this target cannot take the call, whatever is done to its messages; `undefined`: it can. */
export function unfitness({ api, body }: WireCall, { card }: Pick<WireTarget, 'card'>): string | undefined {
  if (api === 'embeddings') return undefined
  let traits = known.get(body)
  if (traits === undefined) known.set(body, (traits = traitsOf(body)))
  const { provider, capabilities } = card
  const isOpenai = provider === 'openai' || provider === 'azure'
  if (traits.kept !== undefined && !isOpenai) return traits.kept
  if (traits.tools !== undefined && !isOpenai && !(RUN_TOOLS.has(provider) && traits.tools !== CUSTOM)) return traits.tools
  if (traits.lacksThoughts && provider === 'deepseek' && capabilities.reasoning && thinks(body))
    return 'a tool call without the thoughts that led to it'
  return undefined
}

/** DeepSeek thinks unless told otherwise, and then wants its `reasoning_content` back. Source: api-docs.deepseek.com, thinking mode. */
const thinks = ({ thinking }: Json): boolean => !isJson(thinking) || thinking['type'] !== 'disabled'

function traitsOf(body: Json): Traits {
  const { messages, input, tools, previous_response_id: previous, conversation, prompt } = body
  const items = objectsOf(input)
  const turns = objectsOf(messages)
  const offered = objectsOf(tools).find(({ type = 'function' }) => type !== 'function')
  return {
    kept:
      previous != null || conversation != null || prompt != null || items.some(({ type }) => type === 'item_reference')
        ? 'a conversation that OpenAI keeps'
        : [...turns, ...items].some(({ content, output }) => hasFileId(content) || hasFileId(output))
          ? 'a file that was uploaded to OpenAI'
          : undefined,
    tools: offered === undefined ? undefined : `tools of type ${String(offered['type'])}`,
    lacksThoughts: turns.at(-1)?.['role'] === 'tool' && currentTurn(turns).some(isThoughtless),
  }
}

function hasFileId(content: unknown): boolean {
  if (!Array.isArray(content)) return false
  return content.some(part => isJson(part) && ((isJson(part['file']) && part['file']['file_id'] != null) || part['file_id'] != null))
}

const currentTurn = (messages: readonly Json[]): readonly Json[] =>
  messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1)

const isThoughtless = ({ tool_calls: calls, reasoning_content: thoughts }: Json): boolean =>
  Array.isArray(calls) && calls.length > 0 && (typeof thoughts !== 'string' || thoughts === '')
