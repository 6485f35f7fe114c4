import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider'

type Start = Extract<Part, { type: 'text-start' | 'reasoning-start' | 'tool-input-start' }>
type End = Extract<Part, { type: 'text-end' | 'reasoning-end' | 'tool-input-end' }>

/** Joins the parts of an answer that broke off with those of its continuation by another model: to one stream of whole blocks. */
export interface PartJoin {
  /** Notes a part of the answer that may break off. */
  note(part: Part): void
  /** Ends that are due before this part of a continuation, those of blocks that broke off for good. To be asked before `goOn` is. */
  endsBefore(part: Part): readonly End[]
  /** A part of a continuation, as one of the answer that it goes on with; `undefined` for what is no part of that. */
  goOn(part: Part): Part | undefined
}

/**
 * A join for one answer, which may break off more than once. A continuation is text, and its end: what else another model has to say,
 * its thoughts, its sources, its warnings, would be taken for the first one's. The text block that broke off goes on under its id.
 */
export function createPartJoin(): PartJoin {
  /** Blocks that have begun and not ended. */
  const open = new Map<string, End['type']>()
  const used = new Set<string>()
  /** The block of the joined answer that each open block of the continuation is. */
  const joined = new Map<string, string>()
  /** The text block that began last: what follows its text follows all of the text. */
  let latest: string | undefined
  /** The one that broke off, until something goes on with it. */
  let broken: string | undefined
  /** The one that something goes on with. */
  let mended: string | undefined
  let hasBegun = false

  function close(ids: readonly string[]): readonly End[] {
    const ends = ids.map(id => endOf(open.get(id) ?? 'text-end', id))
    for (const id of ids) open.delete(id)
    return ends
  }

  function begin(): readonly End[] {
    hasBegun = true
    joined.clear()
    broken = latest !== undefined && open.has(latest) ? latest : undefined
    return close([...open.keys()].filter(id => id !== broken))
  }

  function unusedId(id: string): string {
    let own = id
    for (let copy = 2; used.has(own); copy += 1) own = `${id}-${copy}`
    used.add(own)
    return own
  }

  return {
    note(part) {
      hasBegun = false
      switch (part.type) {
        case 'text-start':
        case 'reasoning-start':
        case 'tool-input-start':
          used.add(part.id)
          open.set(part.id, endTypes[part.type])
          if (part.type === 'text-start') latest = part.id
          return
        case 'text-end':
        case 'reasoning-end':
        case 'tool-input-end':
          open.delete(part.id)
          return
        default:
      }
    },
    endsBefore(part) {
      // A continuation that breaks off, too, is followed by another one, which begins like the first.
      const ends = hasBegun && part.type !== 'stream-start' ? [] : begin()
      return part.type === 'finish' ? [...ends, ...close([...open.keys()])] : ends
    },
    goOn(part) {
      if (!hasBegun) begin()
      switch (part.type) {
        case 'text-start': {
          if (broken !== undefined) {
            mended = broken
            broken = undefined
            joined.set(part.id, mended)
            return undefined
          }
          const id = unusedId(part.id)
          latest = id
          joined.set(part.id, id)
          open.set(id, 'text-end')
          return { ...part, id }
        }
        case 'text-delta': {
          const id = joined.get(part.id)
          if (id === undefined) return undefined
          return id === mended ? { type: 'text-delta', id, delta: part.delta } : { ...part, id }
        }
        case 'text-end': {
          const id = joined.get(part.id)
          if (id === undefined) return undefined
          joined.delete(part.id)
          open.delete(id)
          return id === mended ? endOf('text-end', id) : { ...part, id }
        }
        case 'finish':
        case 'error':
        case 'raw':
        case 'ping':
          return part
        default:
          return undefined
      }
    },
  }
}

const endTypes: Readonly<Record<Start['type'], End['type']>> = {
  'text-start': 'text-end',
  'reasoning-start': 'reasoning-end',
  'tool-input-start': 'tool-input-end',
}

// Empty metadata take back what the block began with: OpenAI's id of an item would stand for half of it, in the next turn's history.
const endOf = (type: End['type'], id: string): End => ({ type, id, providerMetadata: {} })
