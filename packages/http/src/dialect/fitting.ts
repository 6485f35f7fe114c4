import { askForLogprobs, isJson, jsonOf, type Json, type ModelCard } from '@routewise/core'
import { CHAT_THOUGHTS } from '../bridge/output.ts'
import type { WireCall } from '../call.ts'
import { mendInWords } from './mending.ts'

/**
 * The call as this model can take it: no more output tokens than it can give, no thoughts that its provider knows nothing of, and a
 * request to mend a tool call in words where a call must come back with the thoughts that led to it. The same object where nothing has
 * to change, so that its text can be passed on as it is.
 */
export function fitCall(call: WireCall, card: Pick<ModelCard, 'maxOutputTokens' | 'provider' | 'wire'>): WireCall {
  const { mending } = call
  const worded = mending !== undefined && wantsThoughts(call.body, card.provider) ? mendInWords(call, mending) : call
  const body = withFewerTokens(withoutLostThoughts(worded.body, card), card)
  return body === worded.body ? worded : { ...worded, body, text: undefined }
}

/** The call, asking for log-probabilities of a model that gives them. */
export function withLogprobs(call: WireCall, { capabilities }: Pick<ModelCard, 'capabilities'>): WireCall {
  const body = jsonOf(askForLogprobs(call.body, capabilities.logprobs))
  return body === call.body ? call : { ...call, body, text: undefined, logprobs: true }
}

const limits = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const

function withFewerTokens(body: Json, { maxOutputTokens: most }: Pick<ModelCard, 'maxOutputTokens'>): Json {
  if (most === undefined) return body
  const tooMuch = limits.find(name => typeof body[name] === 'number' && body[name] > most)
  return tooMuch === undefined ? body : { ...body, [tooMuch]: most }
}

/** OpenAI looks up thoughts by their id: those that came out of a chat with another model are not found. */
function withoutLostThoughts(body: Json, { wire, provider }: Pick<ModelCard, 'wire' | 'provider'>): Json {
  const looksUp = wire === 'openai-responses' || provider === 'openai' || provider === 'azure'
  const { input } = body
  if (!looksUp || !Array.isArray(input) || !input.some(isOfChat)) return body
  return { ...body, input: input.filter(item => !isOfChat(item)) }
}

const isOfChat = (item: unknown): boolean =>
  isJson(item) && item['type'] === 'reasoning' && typeof item['id'] === 'string' && item['id'].startsWith(CHAT_THOUGHTS)

/**
 * Tool calls of the current turn must come back with the thoughts that led to them, or their signatures, which a router's own turns have
 * not. Source: docs.claude.com, extended thinking with tool use; api-docs.deepseek.com, thinking mode, tool calls;
 * ai.google.dev/gemini-api/docs/thought-signatures.
 */
function wantsThoughts(body: Json, provider: string): boolean {
  return provider === 'deepseek' || provider === 'google' || (provider === 'anthropic' && asksForThoughts(body))
}

function asksForThoughts({ reasoning_effort: effort, reasoning, thinking }: Json): boolean {
  if (isJson(thinking)) return thinking['type'] !== 'disabled'
  const asked = effort ?? jsonOf(reasoning)['effort']
  return typeof asked === 'string' && asked !== 'none'
}
