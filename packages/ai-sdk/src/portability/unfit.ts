import type { LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider'
import { untakenFile } from './files.ts'
import type { Reader } from './reader.ts'

/** Says why a reader cannot take a call at all; `undefined`: it can, once its prompt is fitted. */
export type Unfitness = (options: LanguageModelV4CallOptions, reader: Reader) => string | undefined

/** A call is looked through once, and then asked about for each of its targets: most have nothing in them that anybody could not take. */
export function createUnfitness(): Unfitness {
  let latest: WeakRef<LanguageModelV4CallOptions> | undefined
  let traits: Traits | undefined
  return (options, reader) => {
    if (latest?.deref() !== options) {
      latest = new WeakRef(options)
      traits = traitsOf(options)
    }
    return traits === undefined ? undefined : reasonFor(traits, options, reader)
  }
}

/** What the calls that few models can take have in them. */
interface Traits {
  /** Makers of the tools that only their own servers run. */
  makers: readonly string[]
  hasFiles: boolean
  hasCompaction: boolean
  isContinued: boolean
}

/** `undefined`: there is nothing of the kind. */
function traitsOf({ prompt, tools = [], providerOptions }: LanguageModelV4CallOptions): Traits | undefined {
  let makers: string[] | undefined
  for (const tool of tools) if (tool.type === 'provider') (makers ??= []).push(tool.id.split('.', 1)[0]!)
  let hasFiles = false
  let hasCompaction = false
  let isThisTurn = true
  for (let at = prompt.length - 1; at >= 0; at -= 1) {
    const message = prompt[at]!
    if (message.role === 'assistant') {
      isThisTurn = false
      for (const part of message.content) hasCompaction ||= part.type === 'custom' && part.kind === 'openai.compaction'
    } else if (isThisTurn && message.role === 'user') {
      for (const { type } of message.content) hasFiles ||= type === 'file'
    }
  }
  const continued = isContinued(providerOptions)
  if (makers === undefined && !hasFiles && !hasCompaction && !continued) return undefined
  return { makers: [...new Set(makers)], hasFiles, hasCompaction, isContinued: continued }
}

/** The prompt goes on with messages that a provider has kept. */
export function isContinued(options: SharedV4ProviderOptions | undefined): boolean {
  for (const name in options) {
    const { previousResponseId, conversation } = options[name] ?? {}
    if (isText(previousResponseId) || isText(conversation)) return true
  }
  return false
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

function reasonFor(traits: Traits, options: LanguageModelV4CallOptions, reader: Reader): string | undefined {
  const { makers, hasFiles, hasCompaction } = traits
  if (makers.length > 0 && !makers.some(maker => servesTools(maker, reader))) return `tools that ${makers.join(' and ')} runs`
  if (traits.isContinued && !reader.responses) return 'a conversation that another provider keeps'
  if (hasCompaction && reader.family !== 'openai') return 'history that only OpenAI can read'
  const type = hasFiles ? untakenFile(options.prompt, reader) : undefined
  return type === undefined ? undefined : `a file of type ${type}`
}

/** Azure serves OpenAI's tools, Bedrock Anthropic's; those of the gateway say nothing of the model. */
const servesTools = (maker: string, { family, names }: Reader): boolean =>
  names.includes(maker) || maker === family || maker === 'gateway' || (family === 'bedrock' && maker === 'anthropic')
