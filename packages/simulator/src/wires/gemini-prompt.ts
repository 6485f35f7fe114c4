import type { ModelCard } from '@routewise/core'
import type { PromptBlock } from '../types.ts'
import { generationOf } from './gemini-rules.ts'
import type { GeminiTurn } from './gemini-rules.ts'
import { imageSize } from './image-size.ts'
import { canonicalJson, isObject, textIn, without } from './json.ts'
import type { JsonObject } from './json.ts'
import { digest } from './signature.ts'

const MESSAGE_TOKENS = 2
const AUDIO_TOKENS_PER_SECOND = 32
const VIDEO_TOKENS_PER_SECOND = 263
const PDF_PAGE_TOKENS = 258
/** Of Gemini 3: every image costs about the same. Source: measured vectors, 1,065 to 1,101. */
const IMAGE_TOKENS = 1089

/** The prompt in cache order: tools, system, contents. */
export function blocksOf(
  tools: readonly JsonObject[],
  system: readonly JsonObject[],
  turns: readonly GeminiTurn[],
  card: ModelCard | undefined,
): readonly PromptBlock[] {
  const block = (section: PromptBlock['section'], role: PromptBlock['role'], part: JsonObject, framing: number): PromptBlock => {
    const { text, tokens, identity } = read(part, card?.id ?? '')
    const extraTokens = Math.round((tokens + framing) / (card?.tokenFactor ?? 1))
    return { section, role, text, ...(extraTokens > 0 ? { extraTokens } : {}), ...(identity === undefined ? {} : { identity }) }
  }
  return [
    ...tools.map((tool): PromptBlock => ({ section: 'tools', role: 'system', text: canonicalJson(tool) })),
    ...system.map(part => block('system', 'system', part, 0)),
    ...turns.flatMap(turn =>
      turn.parts.map((part, index) => block('messages', roleOf(turn, part), part, index === 0 ? MESSAGE_TOKENS : 0)),
    ),
  ]
}

function roleOf(turn: GeminiTurn, part: JsonObject): PromptBlock['role'] {
  if (turn.role === 'model') return 'assistant'
  return isObject(part['functionResponse']) ? 'tool' : 'user'
}

function read(part: JsonObject, model: string): { text: string; tokens: number; identity?: string } {
  if (typeof part['text'] === 'string') return { text: part['text'], tokens: 0 }
  const medium = isObject(part['inlineData']) ? part['inlineData'] : part['fileData']
  if (!isObject(medium)) return { text: canonicalJson(without(part, 'thoughtSignature')), tokens: 0 }
  return {
    text: '',
    tokens: mediumTokens(textIn(medium['mimeType']), textIn(medium['data']), model),
    identity: digest(canonicalJson(medium)),
  }
}

function mediumTokens(mimeType: string, base64: string, model: string): number {
  const bytes = base64.length * 0.75
  // The length of a recording is guessed from its size, at usual bit rates: 128 kbit/s of sound, 2 Mbit/s of film.
  if (mimeType.startsWith('audio/')) return Math.ceil(bytes / 16_000) * AUDIO_TOKENS_PER_SECOND
  if (mimeType.startsWith('video/')) return Math.ceil(bytes / 250_000) * VIDEO_TOKENS_PER_SECOND
  if (mimeType === 'application/pdf') {
    return (
      PDF_PAGE_TOKENS *
      Math.max(
        1,
        Buffer.from(base64, 'base64')
          .toString('latin1')
          .match(/\/Type\s*\/Page\b/g)?.length ?? 1,
      )
    )
  }
  if (generationOf(model) >= 3) return IMAGE_TOKENS
  const size = imageSize(base64)
  if (size === undefined || (size.width <= 384 && size.height <= 384)) return 258
  return 258 * Math.ceil(size.width / 768) * Math.ceil(size.height / 768)
}
