import type { FinishReason, Usage } from '@routewise/core'
import type { Answer, AnswerHead, AnswerPart, TokenLogprob } from '../types.ts'
import { generationOf } from './gemini-rules.ts'
import { sign } from './signature.ts'

/** Usage as the API reports it: cached tokens are inside the prompt's, thoughts are beside the candidate's. */
export function geminiUsage(usage: Usage): Record<string, unknown> {
  const spoken = usage.outputTokens - usage.reasoningTokens
  const audio = usage.audioInputTokens ?? 0
  return {
    promptTokenCount: usage.inputTokens,
    ...(spoken > 0 ? { candidatesTokenCount: spoken } : {}),
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    ...(usage.cacheReadTokens > 0
      ? { cachedContentTokenCount: usage.cacheReadTokens, cacheTokensDetails: [{ modality: 'TEXT', tokenCount: usage.cacheReadTokens }] }
      : {}),
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: usage.inputTokens - audio },
      ...(audio > 0 ? [{ modality: 'AUDIO', tokenCount: audio }] : []),
    ],
    ...(usage.reasoningTokens > 0 ? { thoughtsTokenCount: usage.reasoningTokens } : {}),
    ...(usage.serviceTier === undefined ? {} : { serviceTier: usage.serviceTier }),
  }
}

/** One response object, of a whole answer or of a chunk. */
export function responseOf(head: AnswerHead, usage: Usage, content: object): Record<string, unknown> {
  return { ...content, usageMetadata: geminiUsage(usage), modelVersion: head.card.id, responseId: head.id }
}

/** Body of a call that does not stream. */
export function geminiBody(head: AnswerHead, answer: Answer): unknown {
  const calls = answer.parts.filter(part => part.type === 'tool-call')
  const malformed = calls.some(call => argsOf(call.json) === undefined)
  const parts = malformed ? [] : partsOf(head, answer.parts)
  const logprobs = answer.parts.flatMap(part => (part.type === 'text' ? (part.logprobs ?? []) : []))
  return responseOf(head, answer.usage, endOf(malformed ? 'malformed' : answer.reason, parts, logprobs))
}

function partsOf(head: AnswerHead, parts: readonly AnswerPart[]): object[] {
  let calls = 0
  const written = parts.flatMap((part): object[] => {
    if (part.type === 'text') return [{ text: part.text }]
    if (part.type === 'reasoning') return [{ text: part.text, thought: true }]
    if (part.type === 'refusal') return []
    calls += 1
    return [callPart(head, part, calls === 1)]
  })
  return calls === 0 ? signLast(head, written) : written
}

// Gemini 3 signs the last part of a text answer too; nothing demands that it comes back.
function signLast(head: AnswerHead, parts: object[]): object[] {
  const last = parts.at(-1)
  if (last === undefined || generationOf(head.card.id) < 3) return parts
  return [...parts.slice(0, -1), { ...last, thoughtSignature: sign('gemini', head.id) }]
}

/** A function call; the first of an answer carries the signature, and ids came with Gemini 3. */
export function callPart(head: AnswerHead, call: { id: string; name: string; json: string }, isFirst: boolean): object {
  const current = generationOf(head.card.id) >= 3
  const functionCall = { name: call.name, args: argsOf(call.json) ?? {}, ...(current ? { id: call.id } : {}) }
  return { functionCall, ...(current && isFirst ? { thoughtSignature: sign('gemini', call.id) } : {}) }
}

/** Arguments of a call; `undefined` when they are no JSON, which the API calls a malformed function call. */
export function argsOf(json: string): unknown {
  try {
    return JSON.parse(json === '' ? '{}' : json)
  } catch {
    return undefined
  }
}

const FINISH_REASONS: Readonly<Record<FinishReason | 'malformed', string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'PROHIBITED_CONTENT',
  refusal: 'SAFETY',
  error: 'OTHER',
  other: 'OTHER',
  malformed: 'MALFORMED_FUNCTION_CALL',
}

/** Candidate or prompt feedback that ends an answer. A filter that struck before any content blocks the prompt itself. */
export function endOf(reason: FinishReason | 'malformed', parts: readonly object[], logprobs: readonly TokenLogprob[] = []): object {
  if (reason === 'content-filter' && parts.length === 0) return { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }
  const safety = reason === 'refusal' ? [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true }] : undefined
  return {
    candidates: [
      {
        ...(parts.length === 0 ? {} : { content: { parts, role: 'model' } }),
        finishReason: FINISH_REASONS[reason],
        ...(reason === 'malformed' ? { finishMessage: 'Malformed function call' } : {}),
        index: 0,
        ...(safety === undefined ? {} : { safetyRatings: safety }),
        ...logprobsOf(logprobs),
      },
    ],
  }
}

function logprobsOf(logprobs: readonly TokenLogprob[]): object {
  if (logprobs.length === 0) return {}
  const chosenCandidates = logprobs.map(({ token, logprob }) => ({ token, logProbability: logprob }))
  return {
    avgLogprobs: logprobs.reduce((sum, { logprob }) => sum + logprob, 0) / logprobs.length,
    logprobsResult: { chosenCandidates, topCandidates: chosenCandidates.map(candidate => ({ candidates: [candidate] })) },
  }
}
