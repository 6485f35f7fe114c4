import type { LanguageModelV4Content, LanguageModelV4StreamPart, SharedV4ProviderMetadata, SharedV4ProviderOptions } from '@ai-sdk/provider'
import { type ModelCard, stableHash } from '@routewise/core'

/** Whose words a part of an answer is, as the part itself says in the next turn: some of it can be read by its maker alone. */
export interface Maker {
  provider: string
  model: string
  /** Tells one account from another, and nothing else of it. */
  key: string
}

export function makerOf({ card, account }: { card: Pick<ModelCard, 'provider' | 'id'>; account?: string | undefined }): Maker {
  return { provider: card.provider, model: card.id, key: stableHash(account ?? card.provider).toString(36) }
}

/** What stands among a part's provider options: its maker, and that it was never finished. */
interface Mark extends Maker {
  unfinished?: true
}

/** Beside the options of providers, none of whom reads it. */
const NAME = 'routewise'

/** Who made the part, where it says so. */
export function readMaker(options: SharedV4ProviderOptions | undefined): Mark | undefined {
  const made = options?.[NAME]?.['madeBy']
  // Ours, if it has these; a transcript may come from anywhere.
  const mark = made as Partial<Mark> | undefined
  return typeof mark?.provider === 'string' && typeof mark.model === 'string' && typeof mark.key === 'string' ? (mark as Mark) : undefined
}

function marked(metadata: SharedV4ProviderMetadata | undefined, mark: Mark): SharedV4ProviderMetadata {
  return { ...metadata, [NAME]: { ...metadata?.[NAME], madeBy: { ...mark } } }
}

/** Parts that other models cannot do with as they are: thoughts, what has an id or a signature, and what a provider's own tools did. */
const isBound = (part: { type: string; providerMetadata?: SharedV4ProviderMetadata; providerExecuted?: boolean }): boolean =>
  part.providerMetadata !== undefined || part.type.startsWith('reasoning') || part.providerExecuted === true

/** The content of a whole answer, with its maker on what is bound to it. */
export const markContent = (content: readonly LanguageModelV4Content[], maker: Maker): LanguageModelV4Content[] =>
  content.map(part =>
    part.type !== 'custom' && part.type !== 'source' && isBound(part)
      ? { ...part, providerMetadata: marked(part.providerMetadata, maker) }
      : part,
  )

/** Marks the parts of one stream. The SDK keeps the metadata that came last: a block that has only begun says that it is unfinished. */
export function createPartMarker(maker: Maker): (part: LanguageModelV4StreamPart) => LanguageModelV4StreamPart {
  const latest = new Map<string, SharedV4ProviderMetadata | undefined>()
  const unfinished = { ...maker, unfinished: true as const }
  return part => {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
        if (!isBound(part)) return part
        latest.set(part.id, part.providerMetadata)
        return { ...part, providerMetadata: marked(part.providerMetadata, unfinished) }
      case 'text-delta':
      case 'reasoning-delta':
        if (part.providerMetadata === undefined) return part
        latest.set(part.id, part.providerMetadata)
        return { ...part, providerMetadata: marked(part.providerMetadata, unfinished) }
      case 'text-end':
      case 'reasoning-end': {
        if (!latest.has(part.id) && part.providerMetadata === undefined) return part
        const metadata = part.providerMetadata ?? latest.get(part.id)
        latest.delete(part.id)
        return { ...part, providerMetadata: marked(metadata, maker) }
      }
      case 'tool-call':
      case 'tool-result':
      case 'reasoning-file':
      case 'file':
        return isBound(part) ? { ...part, providerMetadata: marked(part.providerMetadata, maker) } : part
      default:
        return part
    }
  }
}
