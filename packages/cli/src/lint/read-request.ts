import { isJson, type Json, type LintBlock, type LintRequest } from '@routewise/core'
import { readBlocks } from '@routewise/http'
import { anthropicBlocks, isAnthropic } from './anthropic-blocks.ts'
import { geminiBlocks } from './gemini-blocks.ts'

/** A line of a log, or of bodies alone: the prompt, or why it is none. */
export type ReadRequest = { request: LintRequest } | { problem: string }

const SHAPES = 'expected a request body (`messages`, `input` or `contents`), or a log line that holds one in `body` or `request`'

/** Reads a request body of OpenAI's, Anthropic's or Gemini's API, or a log line `{ time, session, tenant, model, body }` around one. */
export function readRequest(value: unknown): ReadRequest {
  if (!isJson(value)) return { problem: `not a JSON object; ${SHAPES}` }
  const inner = value['body'] ?? value['request']
  const body = inner === undefined ? value : bodyOf(inner)
  if (body === undefined) return { problem: '`body` is neither an object nor the JSON of one' }
  const blocks = blocksOf(body)
  if (blocks === undefined) return { problem: SHAPES }
  if (blocks.length === 0) return { problem: 'a request without tools and messages' }
  const time = timeOf(value)
  if (typeof time === 'string') return { problem: time }
  return {
    request: {
      blocks,
      model: nameOf(value, ['model']) ?? nameOf(body, ['model']),
      tenant: nameOf(value, ['tenant', 'tenant_id', 'tenantId']),
      session: nameOf(value, ['session', 'session_id', 'sessionId', 'conversation_id', 'thread_id']),
      atMs: time,
    },
  }
}

function bodyOf(value: unknown): Json | undefined {
  if (typeof value !== 'string') return isJson(value) ? value : undefined
  try {
    const parsed: unknown = JSON.parse(value)
    return isJson(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function blocksOf(body: Json): readonly LintBlock[] | undefined {
  if (Array.isArray(body['contents'])) return geminiBlocks(body)
  if (Array.isArray(body['messages'])) return isAnthropic(body) ? anthropicBlocks(body) : readBlocks({ api: 'chat', body })
  if (body['input'] !== undefined || body['instructions'] !== undefined) return readBlocks({ api: 'responses', body })
  return undefined
}

function nameOf(value: Json, names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = value[name]
    if (typeof found === 'string' && found !== '') return found
    if (typeof found === 'number') return String(found)
  }
  return undefined
}

/** Numbers below this are seconds: as milliseconds they are in 1973. */
const SECONDS_BELOW = 1e11

/** Milliseconds of whatever says when; in words, what is wrong with it. */
function timeOf(value: Json): number | string | undefined {
  const name = ['time', 'timestamp', 'at', 'ts', 'created_at'].find(key => value[key] !== undefined && value[key] !== null)
  if (name === undefined) return undefined
  const said = value[name]
  const number = typeof said === 'number' ? said : typeof said === 'string' && /^\d+(?:\.\d+)?$/.test(said) ? Number(said) : undefined
  if (number !== undefined) return number < SECONDS_BELOW ? number * 1_000 : number
  const parsed = typeof said === 'string' ? Date.parse(said) : Number.NaN
  return Number.isNaN(parsed)
    ? `\`${name}\` is ${JSON.stringify(said).slice(0, 40)}: expected ISO 8601, or Unix seconds or milliseconds`
    : parsed
}
