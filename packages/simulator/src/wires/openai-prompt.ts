import { createHash } from 'node:crypto'
import { toolCallText } from '../answer/assemble.ts'
import type { CacheMarker, PromptBlock } from '../types.ts'
import { ProblemError } from '../types.ts'
import { imageSize } from './image-size.ts'
import type { JsonObject } from './json.ts'
import { isObject, objectsOf, textIn } from './json.ts'

// Framing as OpenAI counts it: 3 tokens per message, 1 for a name, 3 per call, 9 per function definition.
const MESSAGE_TOKENS = 3
const CALL_TOKENS = 3
const FUNCTION_TOKENS = 9
// An image costs 1.2 tokens per patch of 32 pixels; of unknown size it is taken for 1024 × 1024.
const PATCH_PIXELS = 32
const TOKENS_PER_PATCH = 1.2
const UNKNOWN_IMAGE = { width: 1024, height: 1024 }
const BASE64_PER_TOKEN = 60

type Role = PromptBlock['role']

/** Blocks of function definitions, in the order they were sent. */
export const functionBlocks = (functions: readonly JsonObject[]): PromptBlock[] =>
  functions.map(definition => ({ section: 'tools', role: 'system', text: JSON.stringify(definition), extraTokens: FUNCTION_TOKENS }))

/** The schema of an answer is a prefix of the system message. */
export const schemaBlocks = (schema: unknown): PromptBlock[] =>
  isObject(schema) ? [{ section: 'tools', role: 'system', text: JSON.stringify(schema) }] : []

/** Blocks of one message: a block per content part, and its framing on the first. */
export function messageBlocks(section: PromptBlock['section'], role: Role, content: unknown, name?: unknown): PromptBlock[] {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : objectsOf(content)
  const blocks = parts.map(part => partBlock(section, role, part))
  const framing = MESSAGE_TOKENS + (typeof name === 'string' ? 1 : 0)
  const [first = { section, role, text: '' }, ...rest] = blocks
  return [{ ...first, extraTokens: (first.extraTokens ?? 0) + framing }, ...rest]
}

export const callBlock = (name: string, json: string): PromptBlock => ({
  section: 'messages',
  role: 'assistant',
  text: toolCallText(name, json),
  extraTokens: CALL_TOKENS,
})

function partBlock(section: PromptBlock['section'], role: Role, part: JsonObject): PromptBlock {
  const marker = markerOf(part)
  const block = { section, role, ...(marker !== undefined && { cache: marker }) }
  switch (part['type']) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'refusal':
      return { ...block, text: textIn(part['text'] ?? part['refusal']) }
    case 'image_url':
    case 'input_image': {
      const url = textIn(isObject(part['image_url']) ? part['image_url']['url'] : part['image_url'])
      return { ...block, text: '', identity: digest(url), extraTokens: imageTokens(url) }
    }
    case 'input_audio':
    case 'file':
    case 'input_file': {
      const data = JSON.stringify(part)
      return { ...block, text: '', identity: digest(data), extraTokens: Math.ceil(data.length / BASE64_PER_TOKEN) }
    }
    case 'thinking':
    case 'reasoning':
      return { ...block, text: '' }
    default:
      throw new ProblemError({
        kind: 'bad-request',
        message: `Invalid value: '${String(part['type'])}'.`,
        param: 'messages',
        code: 'invalid_value',
      })
  }
}

function markerOf(part: JsonObject): CacheMarker | undefined {
  const given = part['prompt_cache_breakpoint'] ?? part['cache_control']
  if (!isObject(given)) return undefined
  return typeof given['ttl'] === 'string' ? { ttl: given['ttl'] } : {}
}

function imageTokens(url: string): number {
  const base64 = /^data:[^,]*;base64,(.*)$/su.exec(url)?.[1]
  const { width, height } = (base64 === undefined ? undefined : imageSize(base64)) ?? UNKNOWN_IMAGE
  return Math.ceil(Math.ceil(width / PATCH_PIXELS) * Math.ceil(height / PATCH_PIXELS) * TOKENS_PER_PATCH)
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Text of a message, for recordings to be found by. */
export const plainText = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : objectsOf(content)
        .map(part => textIn(part['text']))
        .filter(text => text !== '')
        .join('\n')
