import type { LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider'
import { untakenFile } from './files.ts'
import type { Reader } from './reader.ts'

/** Why this reader cannot take the call at all; `undefined`: it can, once its prompt is fitted. */
export function unfitness(options: LanguageModelV4CallOptions, reader: Reader): string | undefined {
  const { asked, hasFiles, hasCompaction } = traitsOf(options)
  if (asked.length > 0 && !asked.some(maker => servesTools(maker, reader))) return `tools that ${asked.join(' and ')} runs`
  if (isContinued(options.providerOptions) && !reader.responses) return 'a conversation that another provider keeps'
  if (hasCompaction && reader.family !== 'openai') return 'history that only OpenAI can read'
  const type = hasFiles ? untakenFile(options.prompt, reader) : undefined
  return type === undefined ? undefined : `a file of type ${type}`
}

/** The prompt goes on with messages that a provider has kept. */
export const isContinued = (options: SharedV4ProviderOptions | undefined): boolean =>
  options !== undefined && Object.values(options).some(own => isText(own?.['previousResponseId']) || isText(own?.['conversation']))

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** What the calls that few models can take have in them; looked for once, and not for each model. */
interface Traits {
  /** Makers of the tools that only their own servers run. */
  asked: readonly string[]
  hasFiles: boolean
  hasCompaction: boolean
}

const known = new WeakMap<LanguageModelV4CallOptions, Traits>()

function traitsOf(options: LanguageModelV4CallOptions): Traits {
  let traits = known.get(options)
  if (traits !== undefined) return traits
  const { prompt, tools = [] } = options
  const makers = tools.flatMap(tool => (tool.type === 'provider' ? [tool.id.split('.', 1)[0]!] : []))
  const last = prompt.at(-1)
  traits = {
    asked: [...new Set(makers)],
    hasFiles: last?.role === 'user' && prompt.some(({ role, content }) => role === 'user' && content.some(({ type }) => type === 'file')),
    hasCompaction: prompt.some(
      ({ role, content }) => role === 'assistant' && content.some(part => part.type === 'custom' && part.kind === 'openai.compaction'),
    ),
  }
  known.set(options, traits)
  return traits
}

/** Azure serves OpenAI's tools, Bedrock Anthropic's; those of the gateway say nothing of the model. */
const servesTools = (maker: string, { family, names }: Reader): boolean =>
  names.includes(maker) || maker === family || maker === 'gateway' || (family === 'bedrock' && maker === 'anthropic')
