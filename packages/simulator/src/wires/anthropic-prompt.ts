import type { ModelCard } from '@routewise/core'
import type { PromptBlock } from '../types.ts'
import { markerOf } from './anthropic-cache.ts'
import type { Placed } from './anthropic-cache.ts'
import { generationOf } from './anthropic-rules.ts'
import type { AnthropicTurn } from './anthropic-rules.ts'
import { imageSize } from './image-size.ts'
import { canonicalJson, isObject, objectsOf, textIn, without } from './json.ts'
import type { JsonObject } from './json.ts'
import { digest } from './signature.ts'

/** Claude's own tokens of what it reads besides the caller's words. */
const TOOL_PROMPT_TOKENS = 346
const MESSAGE_TOKENS = 4
/** Estimate: the formula for PDFs is not documented, only a range of 1,500 to 3,000 per page. */
const PDF_PAGE_TOKENS = 2000

interface Medium {
  text: string
  tokens: number
  identity?: string
}

/** The prompt in cache order: tools, system, messages. */
export function placeBlocks(
  body: JsonObject,
  system: readonly JsonObject[],
  turns: readonly AnthropicTurn[],
  card: ModelCard | undefined,
): readonly Placed[] {
  const own = (tokens: number) => Math.round(tokens / (card?.tokenFactor ?? 1))
  const tools = objectsOf(body['tools']).map((tool, index) => {
    // How a call is streamed is nothing that the model reads.
    const text = canonicalJson(without(tool, 'cache_control', 'eager_input_streaming'))
    return place(
      { section: 'tools', role: 'system', text, ...(index === 0 ? { extraTokens: own(TOOL_PROMPT_TOKENS) } : {}) },
      tool,
      `tools.${index}`,
    )
  })
  const systems = system.map((block, index) =>
    place({ section: 'system', role: 'system', text: textIn(block['text']) }, block, `system.${index}`),
  )
  const messages = turns.flatMap((turn, turnIndex) =>
    turn.content.map((block, index) => {
      const { text, tokens, identity } = read(block, card?.id ?? '')
      const settings = turnIndex === 0 && index === 0 ? settingsOf(body, turns) : undefined
      const identities = [settings, identity].filter(value => value !== undefined)
      const role = block['type'] === 'tool_result' ? 'tool' : turn.role
      const extraTokens = own(tokens + (index === 0 ? MESSAGE_TOKENS : 0))
      return place(
        { section: 'messages', role, text, extraTokens, ...(identities.length === 0 ? {} : { identity: identities.join() }) },
        block,
        `messages.${turn.at}.content.${index}`,
      )
    }),
  )
  return [...tools, ...systems, ...messages]
}

function place(block: PromptBlock, source: JsonObject, path: string): Placed {
  const cache = markerOf(source, path)
  const cacheable = !THINKING.has(source['type']) && !(source['type'] === 'text' && source['text'] === '')
  return { block: cache === undefined ? block : { ...block, cache }, path, cacheable }
}

const THINKING: ReadonlySet<unknown> = new Set(['thinking', 'redacted_thinking'])

/** Settings that void the cached messages, but neither tools nor system. Source: docs.claude.com, prompt caching, "what invalidates the cache". */
function settingsOf(body: JsonObject, turns: readonly AnthropicTurn[]): string | undefined {
  const choice = isObject(body['tool_choice']) && body['tool_choice']['type'] !== 'auto' ? body['tool_choice'] : undefined
  const hasImages = turns.some(turn => turn.content.some(block => block['type'] === 'image')) || undefined
  const effort = isObject(body['output_config']) ? body['output_config']['effort'] : undefined
  const settings = { choice, hasImages, effort, thinking: body['thinking'] ?? undefined, speed: body['speed'] ?? undefined }
  const text = canonicalJson(settings)
  return text === '{}' ? undefined : text
}

function read(block: JsonObject, model: string): Medium {
  switch (block['type']) {
    case 'text':
      return { text: textIn(block['text']), tokens: 0 }
    case 'thinking':
      return { text: textIn(block['thinking']), tokens: 0 }
    case 'tool_use':
      return { text: canonicalJson({ id: block['id'], name: block['name'], input: block['input'] }), tokens: 0 }
    case 'tool_result':
      return readResult(block, model)
    case 'image':
      return readImage(block, model)
    case 'document':
      return readDocument(block, model)
    default:
      return { text: canonicalJson(without(block, 'cache_control')), tokens: 0 }
  }
}

function readResult(block: JsonObject, model: string): Medium {
  const { content } = block
  const inner = typeof content === 'string' ? [{ text: content, tokens: 0 }] : objectsOf(content).map(part => read(part, model))
  const whole = joined(inner)
  const id = canonicalJson({ tool_use_id: block['tool_use_id'], is_error: block['is_error'] || undefined })
  return { ...whole, text: `${id}\n${whole.text}` }
}

function joined(media: readonly Medium[]): Medium {
  const identity = media.flatMap(medium => medium.identity ?? []).join()
  return {
    text: media.map(medium => medium.text).join('\n'),
    tokens: media.reduce((sum, medium) => sum + medium.tokens, 0),
    ...(identity === '' ? {} : { identity }),
  }
}

/** One token per 28 × 28 pixels, after the image was fitted into the model's limits. */
function readImage(block: JsonObject, model: string): Medium {
  const source = isObject(block['source']) ? block['source'] : {}
  const sharp = generationOf(model) >= 4.7
  const [maxTokens, maxEdge] = sharp ? [4784, 2576] : [1568, 1568]
  const size = typeof source['data'] === 'string' ? imageSize(source['data']) : undefined
  const identity = digest(canonicalJson(source))
  if (size === undefined) return { text: '', tokens: 1568, identity }
  const scale = Math.min(1, maxEdge / Math.max(size.width, size.height))
  const patches = Math.ceil((size.width * scale) / 28) * Math.ceil((size.height * scale) / 28)
  return { text: '', tokens: Math.min(maxTokens, patches), identity }
}

function readDocument(block: JsonObject, model: string): Medium {
  const source = isObject(block['source']) ? block['source'] : {}
  if (source['type'] === 'text') return { text: textIn(source['data']), tokens: 0 }
  if (source['type'] === 'content') {
    const { content } = source
    return typeof content === 'string' ? { text: content, tokens: 0 } : joined(objectsOf(content).map(part => read(part, model)))
  }
  return { text: '', tokens: PDF_PAGE_TOKENS * pagesOf(source['data']), identity: digest(canonicalJson(source)) }
}

const pagesOf = (base64: unknown): number =>
  typeof base64 === 'string'
    ? Math.max(
        1,
        Buffer.from(base64, 'base64')
          .toString('latin1')
          .match(/\/Type\s*\/Page\b/g)?.length ?? 1,
      )
    : 1
