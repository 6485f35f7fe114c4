import type { CacheMarker, PromptBlock } from '../types.ts'
import { refuse } from './anthropic-rules.ts'
import { isObject, objectsOf } from './json.ts'
import type { JsonObject } from './json.ts'

/** A block of the prompt and the place in the request that it came from. */
export interface Placed {
  block: PromptBlock
  path: string
  /** May carry a marker: thinking and empty text may not. */
  cacheable: boolean
}

/** Marker of a block, or of a block nested in it. */
export function markerOf(block: JsonObject, path: string): CacheMarker | undefined {
  const nested = objectsOf(block['content']).map(inner => inner['cache_control'])
  const control = [block['cache_control'], ...nested].findLast(isObject)
  return control === undefined ? undefined : readMarker(control, path)
}

function readMarker(control: JsonObject, path: string): CacheMarker {
  if (control['type'] !== 'ephemeral') refuse(`${path}.cache_control.type: Input should be 'ephemeral'`)
  const ttl = control['ttl'] ?? '5m'
  if (ttl !== '5m' && ttl !== '1h') return refuse(`${path}.cache_control.ephemeral.ttl: Input should be '5m' or '1h'`)
  return { ttl }
}

/** Blocks with the marker of a top-level `cache_control` set on the last block that can carry one; checks number and order of all markers. */
export function placeMarkers(placed: readonly Placed[], automatic: unknown): readonly PromptBlock[] {
  for (const { block, path, cacheable } of placed) {
    if (block.cache !== undefined && !cacheable) {
      refuse(
        block.text === ''
          ? `${path}.text: cache_control cannot be set for empty text blocks`
          : `${path}.cache_control: Extra inputs are not permitted`,
      )
    }
  }
  const blocks = isObject(automatic) ? withAutomatic(placed, readMarker(automatic, 'top-level')) : placed.map(({ block }) => block)
  const marked = blocks.filter(block => block.cache !== undefined)
  if (marked.length > 4) refuse(`A maximum of 4 blocks with cache_control may be provided. Found ${marked.length}.`)
  const firstShort = blocks.findIndex(block => block.cache?.ttl === '5m')
  const lateLong = blocks.findLastIndex(block => block.cache?.ttl === '1h')
  if (firstShort !== -1 && lateLong > firstShort) {
    refuse(
      `${placed[lateLong]!.path}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. ` +
        'Note that blocks are processed in the following order: `tools`, `system`, `messages`.',
    )
  }
  return blocks
}

function withAutomatic(placed: readonly Placed[], marker: CacheMarker): readonly PromptBlock[] {
  const target = placed.findLastIndex(({ cacheable }) => cacheable)
  const explicit = placed[target]?.block.cache
  if (explicit !== undefined && explicit.ttl !== marker.ttl)
    refuse('cache_control: the last cacheable block already has a cache_control of another ttl')
  return placed.map(({ block }, index) => (index === target ? { ...block, cache: marker } : block))
}
