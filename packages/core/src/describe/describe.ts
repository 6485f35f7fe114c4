import type { Block, Features, Needs, PrefixBlock, Task } from '../types.ts'
import { createBlockMemory } from './block-memory.ts'
import { mediaTokens } from './media.ts'
import type { ImageFormula } from './media.ts'
import { chain, EMPTY_PREFIX } from './prefix.ts'
import { chooseTask, hintTask, SYSTEM_PROMPT } from './task.ts'
import type { TaskHint } from './task.ts'
import { withShortReferences } from './short-references.ts'
import { measureText } from './tokens.ts'

export type { Block } from '../types.ts'

/** Options of {@link createDescriber}. */
export interface DescriberOptions<Item extends object> {
  /** Reads a message or a tool. Called once per object, and again when its content has changed, so it should be cheap. */
  read: (item: Item) => Block
  /**
   * What `read` mostly reads, to notice a change made in place: another reference, another length, or another text in the last part
   * means that the item is read again. Default: `item.content`, else `item.parts`.
   */
  content?: (item: Item) => unknown
  /** How images are counted. Default `openai-patches`; the calibration of each model does the rest. */
  imageFormula?: ImageFormula
  /** The framework makes new objects for every call: they are known by what they say alone. Default `false`. */
  alwaysNew?: boolean
  /** Characters of texts that are kept to know them again in other objects; the least recently seen go first. `0`: none. Default 4 million. */
  maxCharacters?: number
}

/** One call, in the dialect's own objects. Keep them from turn to turn if you can: they are known at once by identity. */
export interface DescribeInput<Item extends object> {
  tools?: readonly Item[] | undefined
  messages: readonly Item[]
  /** JSON Schema of the answer, as text. */
  schema?: string | undefined
  maxOutputTokens?: number | undefined
  /** Needs that the messages do not show: `forcedTool`, `streaming`, `logprobs`. */
  needs?: Partial<Needs>
  /** The caller's own task; wins over the hint. */
  task?: Task | undefined
  /** Whose call it is. Prefixes of two tenants never meet: every chain begins with its tenant. */
  tenant?: string | undefined
  /** The caller's own routing key of the provider's prompt cache. */
  cacheKey?: string | undefined
}

/** Turns calls into features. */
export interface Describer<Item extends object> {
  describe: (call: DescribeInput<Item>) => Features
}

// OpenAI's framing, as gpt-tokenizer counts it (functionCalling.ts); other providers' differs by as little.
const TOKENS_PER_MESSAGE = 3
const TOKENS_PER_TOOL = 9
const TOKENS_PER_TOOL_CALL = 3
const TOKENS_OF_REPLY_START = 3

/** An item as it was when it was read. */
interface Seen {
  content: unknown
  length: number
  last: unknown
  known: Known
}

/** What is known of a block, whichever items say it. */
interface Known {
  role: Block['role']
  digest: number
  tokens: number
  /** Blocks of content, as providers count them. */
  parts: number
  marked: boolean
  vision: boolean
  pdf: boolean
  audio: boolean
  /** Read when first asked for: of a long history only the last question matters, and beside tools not even that. */
  hint: TaskHint | undefined
  /** The prefix it last ended, and the one before it: in the next turn of the conversation both are the same again. */
  block: PrefixBlock | undefined
  after: number
}

const NO_HINT = hintTask('')

/** A few conversations of hundreds of pages. */
const MAX_CHARACTERS = 4_000_000

/**
 * Describes calls as numbers and flags. A turn appended to a conversation costs the turn, not the history: items are remembered by
 * identity, and by what they say where a framework makes new ones of the same texts.
 */
export function createDescriber<Item extends object>(options: DescriberOptions<Item>): Describer<Item> {
  const { read, content = contentOf, imageFormula, alwaysNew = false, maxCharacters = MAX_CHARACTERS } = options
  const items = new WeakMap<Item, Seen>()
  const memory = createBlockMemory<Known>(maxCharacters)
  const find = (block: Block): Known => measure(block, imageFormula)

  function know(item: Item): Known {
    if (alwaysNew) return memory.recall(withShortReferences(read(item)), find)
    const now = content(item)
    const seen = items.get(item)
    if (seen !== undefined && seen.content === now && seen.length === lengthOf(now) && seen.last === lastOf(now)) return seen.known
    const known = memory.recall(withShortReferences(read(item)), find)
    items.set(item, { content: now, length: lengthOf(now), last: lastOf(now), known })
    return known
  }

  function hintOf(item: Item | undefined, known: Known | undefined): TaskHint {
    if (item === undefined || known === undefined) return NO_HINT
    return (known.hint ??= hintTask(textOf(read(item)), known.role === 'system' ? SYSTEM_PROMPT : undefined))
  }

  return {
    describe({ tools = [], messages, schema, maxOutputTokens, needs, task, tenant, cacheKey }) {
      const prefix: PrefixBlock[] = []
      let hash = tenant === undefined ? EMPTY_PREFIX : chain(EMPTY_PREFIX, measureText(tenant).hash)
      let tokens = 0
      let parts = 0
      if (tools.length > 0 || schema !== undefined) {
        let digest = EMPTY_PREFIX
        let marked = false
        for (const tool of tools) {
          const known = know(tool)
          digest = chain(digest, known.digest)
          tokens += known.tokens + TOKENS_PER_TOOL
          marked ||= known.marked
        }
        if (schema !== undefined) {
          const measured = measureText(schema)
          digest = chain(digest, measured.hash)
          tokens += measured.tokens
        }
        hash = chain(hash, digest)
        parts = tools.length
        prefix.push({ hash, digest, tokens: Math.round(tokens), parts, role: 'tools', marked })
      }
      let vision = false
      let pdf = false
      let audio = false
      let system: Item | undefined
      let systemKnown: Known | undefined
      let user: Item | undefined
      let userKnown: Known | undefined
      let lastRole: Block['role'] | undefined
      for (const message of messages) {
        const known = know(message)
        const { digest, role, marked } = known
        tokens += known.tokens
        parts += known.parts
        if (known.block === undefined || known.after !== hash) {
          known.after = hash
          known.block = { hash: chain(hash, digest), digest, tokens: Math.round(tokens), parts, role, marked }
        }
        hash = known.block.hash
        prefix.push(known.block)
        vision ||= known.vision
        pdf ||= known.pdf
        audio ||= known.audio
        if (role === 'user') {
          user = message
          userKnown = known
        } else if (role === 'system' && system === undefined) {
          system = message
          systemKnown = known
        }
        lastRole = role
      }
      return {
        inputTokens: Math.ceil(tokens) + TOKENS_OF_REPLY_START,
        maxOutputTokens,
        needs: {
          tools: tools.length > 0 || needs?.tools === true,
          forcedTool: needs?.forcedTool ?? false,
          jsonSchema: schema !== undefined || needs?.jsonSchema === true,
          vision: vision || needs?.vision === true,
          pdf: pdf || needs?.pdf === true,
          audio: audio || needs?.audio === true,
          streaming: needs?.streaming ?? false,
          logprobs: needs?.logprobs ?? false,
        },
        prefix,
        task:
          task ??
          (tools.length > 0
            ? 'agent'
            : chooseTask({ user: hintOf(user, userKnown), system: () => hintOf(system, systemKnown), schema: schema !== undefined })),
        turn: lastRole === 'tool' ? 'tool' : 'user',
        cacheKey,
      }
    },
  }
}

function measure(block: Block, imageFormula: ImageFormula | undefined): Known {
  const { role, texts, media = [], toolCalls = [], marked = false } = block
  let digest = ROLE_DIGESTS[role]
  let tokens = role === 'tools' ? 0 : TOKENS_PER_MESSAGE
  const add = (text: string) => {
    const measured = measureText(text)
    digest = chain(digest, measured.hash)
    tokens += measured.tokens
  }
  for (const text of texts) add(text)
  for (const call of toolCalls) {
    add(call.name)
    add(call.arguments)
    tokens += TOKENS_PER_TOOL_CALL
  }
  for (const part of media) {
    digest = chain(digest, measureText(part.reference).hash)
    tokens += mediaTokens(part, imageFormula)
  }
  return {
    role,
    digest,
    tokens,
    parts: Math.max(1, texts.length + toolCalls.length + media.length),
    marked,
    vision: media.some(({ kind }) => kind === 'image'),
    pdf: media.some(({ kind }) => kind === 'pdf'),
    audio: media.some(({ kind }) => kind === 'audio'),
    hint: undefined,
    block: undefined,
    after: EMPTY_PREFIX,
  }
}

const textOf = ({ texts }: Block): string => (texts.length === 1 ? texts[0]! : texts.join('\n'))

const ROLE_DIGESTS: Readonly<Record<Block['role'], number>> = { tools: 1, system: 2, user: 3, assistant: 4, tool: 5 }

function contentOf(item: object): unknown {
  return 'content' in item ? item.content : 'parts' in item ? item.parts : undefined
}

function lengthOf(content: unknown): number {
  return Array.isArray(content) ? content.length : 0
}

/** Text of the last part: a stream that is gathered in place grows there. */
function lastOf(content: unknown): unknown {
  if (!Array.isArray(content)) return undefined
  const last: unknown = content.at(-1)
  return typeof last === 'object' && last !== null && 'text' in last ? last.text : last
}
