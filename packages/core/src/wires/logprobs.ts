import type { Capabilities, TokenLogprob } from '../types.ts'
import { isJson, jsonOf, objectsOf, type Json } from './json.ts'

/** Likeliest tokens asked for at each place: enough for a margin, and no provider gives fewer. */
const TOP_LOGPROBS = 5
const RESPONSES_LOGPROBS = 'message.output_text.logprobs'

/**
 * A request that asks for log-probabilities in its wire's own words. It stays the same object where its sender has set them, or where
 * the model gives them only `without-reasoning` and the request does not say that it shall not reason.
 */
export function askForLogprobs(request: unknown, given: Capabilities['logprobs'], geminiDefaults?: unknown): unknown {
  if (!isJson(request) || given === 'no' || (given === 'without-reasoning' && mayReason(request))) return request
  if (Array.isArray(request['contents'])) return forGemini(request, geminiDefaults)
  if ('input' in request) return forResponses(request)
  if ('messages' in request && request['logprobs'] == null) return { ...request, logprobs: true, top_logprobs: TOP_LOGPROBS }
  return request
}

function mayReason({ reasoning_effort: effort, reasoning, thinking }: Json): boolean {
  return (
    effort !== 'none' && !(isJson(reasoning) && reasoning['effort'] === 'none') && !(isJson(thinking) && thinking['type'] === 'disabled')
  )
}

function forResponses(request: Json): Json {
  const include = Array.isArray(request['include']) ? (request['include'] as unknown[]) : []
  if (include.includes(RESPONSES_LOGPROBS)) return request
  return { ...request, include: [...include, RESPONSES_LOGPROBS], top_logprobs: request['top_logprobs'] ?? TOP_LOGPROBS }
}

/** A request's own config replaces that of Google's client as a whole. */
function forGemini(request: Json, defaults: unknown): Json {
  const config = { ...jsonOf(defaults), ...jsonOf(request['generationConfig']) }
  if (config['responseLogprobs'] !== undefined) return request
  return { ...request, generationConfig: { ...config, responseLogprobs: true, logprobs: TOP_LOGPROBS } }
}

/** Log-probabilities as OpenAI's two APIs write them; `undefined` when there are none. */
export function readLogprobs(items: unknown): readonly TokenLogprob[] | undefined {
  if (!Array.isArray(items) || items.length === 0) return undefined
  return (items as readonly Json[]).map(item => withTop(item['token'], item['logprob'], objectsOf(item['top_logprobs']), 'logprob'))
}

/** Log-probabilities as Gemini writes them; `undefined` when there are none. */
export function readGeminiLogprobs(result: unknown): readonly TokenLogprob[] | undefined {
  const { chosenCandidates, topCandidates } = jsonOf(result)
  const chosen = objectsOf(chosenCandidates)
  if (chosen.length === 0) return undefined
  const tops: readonly unknown[] = Array.isArray(topCandidates) ? topCandidates : []
  return chosen.map(({ token, logProbability }, at) =>
    withTop(token, logProbability, objectsOf(jsonOf(tops[at])['candidates']), 'logProbability'),
  )
}

function withTop(token: unknown, logprob: unknown, top: readonly Json[], name: string): TokenLogprob {
  const said = { token: String(token), logprob: Number(logprob) }
  return top.length === 0 ? said : { ...said, top: top.map(item => ({ token: String(item['token']), logprob: Number(item[name]) })) }
}
