import type { LanguageModelV4ReasoningPart, SharedV4ProviderOptions } from '@ai-sdk/provider'
import { objectsOf, type Json } from '@routewise/core'
import type { Family } from '@routewise/ai-sdk/target'

/** Thoughts of an earlier turn on their way back to the model. */
export interface Thoughts {
  parts: readonly LanguageModelV4ReasoningPart[]
  /** Signatures of tool calls, by id. */
  ofCalls: ReadonlyMap<string, SharedV4ProviderOptions>
  /** Signature of the text. */
  ofText: SharedV4ProviderOptions | undefined
}

/** Their wires take thoughts back that nobody has signed; to others they are noise, or wrong. */
const takesPlainThoughts: ReadonlySet<Family | undefined> = new Set<Family>(['deepseek', 'groq', 'openai-compatible', 'openrouter'])

/** Packages that keep signatures under names of their own; what an answer here carries names the package itself. */
const providersByFormat: readonly (readonly [format: string, provider: string])[] = [
  ['anthropic', 'anthropic'],
  ['google', 'google'],
  ['openai', 'openai'],
  ['xai', 'xai'],
]

/** What an assistant's message holds of thoughts: in `reasoning_details`, or in words alone, for models that take those. */
export function thoughtsOf(message: Json, family: Family | undefined): Thoughts {
  const details = objectsOf(message['reasoning_details'])
  if (details.length > 0) return signedThoughts(details, family)
  const words = message['reasoning_content'] ?? message['reasoning']
  const isSent = typeof words === 'string' && words !== '' && takesPlainThoughts.has(family)
  return { parts: isSent ? [{ type: 'reasoning', text: words }] : [], ofCalls: new Map(), ofText: undefined }
}

function signedThoughts(details: readonly Json[], family: Family | undefined): Thoughts {
  const parts: LanguageModelV4ReasoningPart[] = []
  const ofCalls = new Map<string, SharedV4ProviderOptions>()
  let ofText: SharedV4ProviderOptions | undefined
  /** Ids of OpenAI's and xAI's items whose summary has come. */
  const open = new Map<string, LanguageModelV4ReasoningPart>()
  for (const detail of details) {
    const { type, id, text, summary, data, signature } = detail
    const provider = providerOf(detail)
    const isGoogle = provider !== undefined && /google|vertex/.test(provider)
    if (type === 'reasoning.text') {
      const words = typeof text === 'string' ? text : ''
      const signed = provider !== undefined && typeof signature === 'string' && signature !== ''
      if (signed)
        parts.push({
          type: 'reasoning',
          text: words,
          providerOptions: { [provider]: isGoogle ? { thoughtSignature: signature } : { signature } },
        })
      else if ((isGoogle && family === 'google') || takesPlainThoughts.has(family)) parts.push({ type: 'reasoning', text: words })
    } else if (type === 'reasoning.summary' && provider !== undefined) {
      const itemId = typeof id === 'string' ? { itemId: id } : {}
      const part: LanguageModelV4ReasoningPart = {
        type: 'reasoning',
        text: typeof summary === 'string' ? summary : '',
        providerOptions: { [provider]: itemId },
      }
      parts.push(part)
      if (typeof id === 'string') open.set(id, part)
    } else if (type === 'reasoning.encrypted' && provider !== undefined && typeof data === 'string') {
      if (isGoogle) {
        const options = { [provider]: { thoughtSignature: data } }
        if (typeof id === 'string') ofCalls.set(id, options)
        else ofText = options
      } else if (provider === 'openai' || provider === 'azure' || provider === 'xai') {
        const itemId = typeof id === 'string' ? { itemId: id } : {}
        const providerOptions = { [provider]: { ...itemId, reasoningEncryptedContent: data } }
        const part = typeof id === 'string' ? open.get(id) : undefined
        if (part === undefined) parts.push({ type: 'reasoning', text: '', providerOptions })
        else part.providerOptions = providerOptions
      } else parts.push({ type: 'reasoning', text: '', providerOptions: { [provider]: { redactedData: data } } })
    }
  }
  return { parts, ofCalls, ofText }
}

function providerOf({ provider, format }: Json): string | undefined {
  if (typeof provider === 'string') return provider
  return typeof format === 'string' ? providersByFormat.find(([prefix]) => format.startsWith(prefix))?.[1] : undefined
}
