import type { Media } from '../types.ts'

export type { Media } from '../types.ts'

/**
 * How a provider counts an image. `claude`: up to 1,568 tokens; `claude-high`: Claude Opus 4.7 and later, up to 4,784; `openai-patches`: gpt-5.6
 * and later; `openai-tiles`: gpt-5; `openai-4o`: gpt-4o; `gemini`: 3.x; `gemini-2`: 2.x.
 */
export type ImageFormula = 'claude' | 'claude-high' | 'openai-patches' | 'openai-tiles' | 'openai-4o' | 'gemini' | 'gemini-2'

/** Assumed edge of an image whose size is not known, pixels. */
const UNKNOWN_EDGE = 1024
/** A page as Gemini counts it is 258 tokens; Claude bills its text and its picture, 1,500–3,000. */
const TOKENS_PER_PDF_PAGE = 1_500
const UNKNOWN_PDF_PAGES = 10
/** Gemini: https://ai.google.dev/gemini-api/docs/tokens. */
const TOKENS_PER_AUDIO_SECOND = 32
const UNKNOWN_AUDIO_SECONDS = 60

interface Size {
  width: number
  height: number
}

const imageFormulas: Readonly<Record<ImageFormula, (size: Size, detail: 'low' | 'high' | 'auto') => number>> = {
  claude: size => claudeTokens(size, 1_568, 1_568),
  'claude-high': size => claudeTokens(size, 2_576, 4_784),
  'openai-patches': (size, detail) => Math.ceil(1.2 * patches(detail === 'high' ? withinPatches(size, 2_500) : size)),
  'openai-tiles': (size, detail) => 70 + 140 * (detail === 'low' ? 0 : openaiTiles(size)),
  'openai-4o': (size, detail) => 85 + 170 * (detail === 'low' ? 0 : openaiTiles(size)),
  gemini: () => 1_101,
  'gemini-2': ({ width, height }) => 258 * (Math.max(width, height) <= 384 ? 1 : cells(width, height, 768)),
}

/** Tokens of an image by a provider's formula; 1024 × 1024 is assumed when the size is not known. Default formula `openai-patches`. */
export function imageTokens(image: Extract<Media, { kind: 'image' }>, formula: ImageFormula = 'openai-patches'): number {
  const { width = UNKNOWN_EDGE, height = UNKNOWN_EDGE, detail = 'auto' } = image
  return imageFormulas[formula]({ width: Math.max(1, width), height: Math.max(1, height) }, detail)
}

/** Tokens of any media; ten pages or one minute are assumed when the length is not known. */
export function mediaTokens(media: Media, formula?: ImageFormula): number {
  if (media.kind === 'image') return imageTokens(media, formula)
  if (media.kind === 'pdf') return (media.pages ?? UNKNOWN_PDF_PAGES) * TOKENS_PER_PDF_PAGE
  return Math.ceil((media.seconds ?? UNKNOWN_AUDIO_SECONDS) * TOKENS_PER_AUDIO_SECOND)
}

function cells(width: number, height: number, edge: number): number {
  return Math.ceil(width / edge) * Math.ceil(height / edge)
}

function patches({ width, height }: Size): number {
  return cells(width, height, 32)
}

function shrink({ width, height }: Size, factor: number): Size {
  return { width: width * Math.min(1, factor), height: height * Math.min(1, factor) }
}

function claudeTokens(size: Size, maxEdge: number, maxTokens: number): number {
  const { width, height } = shrink(size, maxEdge / Math.max(size.width, size.height))
  return Math.min(maxTokens, cells(width, height, 28))
}

/** Scales down until the patches fit, then until one edge is a whole number of them. */
function withinPatches(size: Size, max: number): Size {
  if (patches(size) <= max) return size
  const { width, height } = shrink(size, 32 * Math.sqrt(max / (size.width * size.height)))
  const [across, down] = [width / 32, height / 32]
  return shrink({ width, height }, Math.min(Math.max(1, Math.floor(across)) / across, Math.max(1, Math.floor(down)) / down))
}

/** Fits into 2048 × 2048, then to a short side of 768, then counts tiles of 512. */
function openaiTiles(size: Size): number {
  const fitted = shrink(size, 2_048 / Math.max(size.width, size.height))
  const { width, height } = shrink(fitted, 768 / Math.min(fitted.width, fitted.height))
  return cells(width, height, 512)
}
