import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { Reader } from './reader.ts'

/** Roles in the order that this reader's wire wants them in. */
export function withTurnsInOrder(prompt: LanguageModelV4Prompt, { family }: Reader): LanguageModelV4Prompt {
  let ordered: LanguageModelV4Message[] | undefined
  let previous: LanguageModelV4Message | undefined
  let isFirst = true
  for (const [at, message] of prompt.entries()) {
    const said = message.role === 'system' && !takesSystemHere(prompt, at, family) ? saidByUser(message) : message
    const before = whatMustPrecede(said, { previous, isFirst, family })
    const joined = joins(said, previous, family) ? join(previous, said) : undefined
    if (said !== message || before !== undefined || joined !== undefined) ordered ??= prompt.slice(0, at)
    previous = joined ?? said
    isFirst &&= said.role === 'system'
    if (ordered === undefined) continue
    if (joined !== undefined) ordered[ordered.length - 1] = joined
    else ordered.push(...(before === undefined ? [] : [before]), said)
  }
  return ordered ?? prompt
}

type SystemMessage = Extract<LanguageModelV4Message, { role: 'system' }>
type AssistantMessage = Extract<LanguageModelV4Message, { role: 'assistant' }>

/** Google's and Bedrock's packages throw at a system message that follows others; Anthropic takes one between a user's and an assistant's. */
function takesSystemHere(prompt: LanguageModelV4Prompt, at: number, family: Reader['family']): boolean {
  if (prompt.slice(0, at).every(({ role }) => role === 'system')) return true
  if (family === 'google' || family === 'bedrock') return false
  if (family !== 'anthropic') return true
  // It carries more than words there, which its package reads.
  if (prompt[at]?.providerOptions?.['anthropic'] !== undefined) return true
  const [before, after] = [prompt[at - 1]?.role, prompt[at + 1]?.role]
  return (before === 'user' || before === 'tool') && (after === undefined || after === 'assistant')
}

const saidByUser = ({ content, providerOptions }: SystemMessage): LanguageModelV4Message => ({
  role: 'user',
  content: [{ type: 'text', text: content }],
  ...(providerOptions !== undefined && { providerOptions }),
})

/** After a tool's result Mistral wants the assistant to speak; a history that was cut to begin with the assistant has lost what he answers. */
function whatMustPrecede(
  message: LanguageModelV4Message,
  { previous, isFirst, family }: { previous: LanguageModelV4Message | undefined; isFirst: boolean; family: Reader['family'] },
): LanguageModelV4Message | undefined {
  if (family === 'mistral' && message.role === 'user' && previous?.role === 'tool') return words('assistant', 'I have the result.')
  return message.role === 'assistant' && isFirst && wantsUserFirst.has(family)
    ? words('user', '[Earlier messages are left out.]')
    : undefined
}

const wantsUserFirst: ReadonlySet<Reader['family']> = new Set<Reader['family']>(['google', 'anthropic', 'bedrock'])

const words = (role: 'user' | 'assistant', text: string): LanguageModelV4Message => ({ role, content: [{ type: 'text', text }] })

/** Google wants a call of a tool right behind what was said to the model. */
const joins = (
  message: LanguageModelV4Message,
  previous: LanguageModelV4Message | undefined,
  family: Reader['family'],
): previous is AssistantMessage => family === 'google' && message.role === 'assistant' && previous?.role === 'assistant'

function join(previous: AssistantMessage, message: LanguageModelV4Message): AssistantMessage {
  const content = message.role === 'assistant' ? message.content : []
  return { ...previous, content: [...previous.content, ...content] }
}
