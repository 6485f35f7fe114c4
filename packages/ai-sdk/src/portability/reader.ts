import type { Family } from '../family.ts'
import type { LanguageCandidate } from '../language/target.ts'
import { makerOf, type Maker } from './maker.ts'

/** The model that is to read a transcript, and by which package. */
export interface Reader extends Maker {
  family: Family
  /** Names under which its package reads what only its own models have written. */
  names: readonly string[]
  /** The package speaks OpenAI's Responses API, or xAI's: items have ids, and tools of the provider are among them. */
  responses: boolean
  /** Ids of tool calls that its provider takes. */
  toolIdPattern: RegExp | undefined
}

/** Names of all packages, so that what stands under another's is known to be foreign. */
const namesByFamily: Readonly<Record<Family, readonly string[]>> = {
  openai: ['openai'],
  anthropic: ['anthropic'],
  google: ['google', 'vertex', 'googleVertex'],
  mistral: ['mistral'],
  deepseek: ['deepseek'],
  xai: ['xai'],
  groq: ['groq'],
  bedrock: ['bedrock', 'amazonBedrock'],
  'openai-compatible': ['openaiCompatible'],
  openrouter: ['openrouter'],
  gateway: [],
}
const allNames: ReadonlySet<string> = new Set([...Object.values(namesByFamily).flat(), 'azure'])

export const isName = (name: string): boolean => allNames.has(name)

/** Behind the gateway stand the packages of the models' makers. */
const familyBehind: Readonly<Record<string, Family>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  mistral: 'mistral',
  deepseek: 'deepseek',
  xai: 'xai',
  groq: 'groq',
}

const readers = new WeakMap<object, Reader | null>()

/** `undefined` for a model of unknown make, which gets a transcript as it is. */
export function readerOf(candidate: Pick<LanguageCandidate, 'model' | 'family' | 'card' | 'account'>): Reader | undefined {
  let reader = readers.get(candidate)
  if (reader === undefined) readers.set(candidate, (reader = newReader(candidate)))
  return reader ?? undefined
}

function newReader(candidate: Pick<LanguageCandidate, 'model' | 'family' | 'card' | 'account'>): Reader | null {
  const { model, card } = candidate
  const family = candidate.family === 'gateway' ? familyBehind[card.provider] : candidate.family
  if (family === undefined) return null
  const [first = ''] = model.provider.split('.', 1)
  const isAzure = family === 'openai' && model.provider.includes('azure')
  return {
    ...makerOf(candidate),
    family,
    names: isAzure ? ['azure'] : [...namesByFamily[family], ...(family === 'openai-compatible' ? [first] : [])],
    responses: model.provider.endsWith('.responses') || (candidate.family === 'gateway' && (family === 'openai' || family === 'xai')),
    toolIdPattern: card.toolIdPattern === undefined ? undefined : new RegExp(card.toolIdPattern),
  }
}
