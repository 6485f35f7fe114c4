import { askForLogprobs, isJson, jsonOf, type Json, type ModelCard } from '@routewise/core'
import { CHAT_THOUGHTS } from '../bridge/output.ts'
import { withMembers, type WireCall } from '../call.ts'
import { mendInWords } from './mending.ts'

/**
 * The call as this model can take it: no more output tokens than it can give, no thoughts that its provider knows nothing of, and a
 * request to mend a tool call in words where a call must come back with the thoughts that led to it. The same object where nothing has
 * to change, so that its text can be passed on as it is.
 */
export function fitCall(call: WireCall, card: Pick<ModelCard, 'maxOutputTokens' | 'provider' | 'wire'>): WireCall {
  const { mending } = call
  const worded = mending !== undefined && wantsThoughts(call.body, card.provider) ? mendInWords(call, mending) : call
  return withFewerTokens(withoutLostThoughts(worded, card), card)
}

/** The call, asking for log-probabilities of a model that gives them. */
export function withLogprobs(call: WireCall, { capabilities }: Pick<ModelCard, 'capabilities'>): WireCall {
  const body = jsonOf(askForLogprobs(call.body, capabilities.logprobs))
  if (body === call.body) return call
  const { logprobs, top_logprobs, include } = body
  const asked = {
    ...(logprobs !== undefined && { logprobs }),
    ...(top_logprobs !== undefined && { top_logprobs }),
    ...(include !== undefined && { include }),
  }
  return { ...withMembers(call, asked), logprobs: true }
}

const limits = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const

function withFewerTokens(call: WireCall, { maxOutputTokens: most }: Pick<ModelCard, 'maxOutputTokens'>): WireCall {
  const { body } = call
  if (most === undefined) return call
  const tooMuch = limits.find(name => typeof body[name] === 'number' && body[name] > most)
  return tooMuch === undefined ? call : withMembers(call, { [tooMuch]: most })
}

/** OpenAI looks up thoughts by their id: those that came out of a chat with another model are not found. */
function withoutLostThoughts(call: WireCall, { wire, provider }: Pick<ModelCard, 'wire' | 'provider'>): WireCall {
  const looksUp = wire === 'openai-responses' || provider === 'openai' || provider === 'azure'
  const { input } = call.body
  if (!looksUp || !Array.isArray(input) || !input.some(isOfChat)) return call
  return withMembers(call, { input: input.filter(item => !isOfChat(item)) })
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
