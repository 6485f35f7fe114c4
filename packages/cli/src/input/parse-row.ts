import * as z from 'zod'
import { type ChatMessage, chatMessages, readMessages } from './chat-messages.ts'
import type { Message, Outcome, Row, RowTurn } from './row.ts'
import { toolDefinitions, toolList } from './tool-definitions.ts'

const text = z.string()
const count = z.number().min(0)

const outcome = z
  .looseObject({
    s: z.union([z.number().min(0).max(1), z.boolean().transform(Number), z.null()]).optional(),
    c: count.nullish(),
    it: count.nullish(),
    ot: count.nullish(),
    lat: count.nullish(),
    text: text.nullish(),
    ans: z.union([text, z.number()]).nullish(),
  })
  .transform(({ s, c, it, ot, lat, text: said, ans }): Outcome => ({
    score: s ?? undefined,
    costUsd: c ?? undefined,
    // A count of 0 stands for one that was not taken.
    inputTokens: it || undefined,
    outputTokens: ot || undefined,
    latencyMs: lat ? lat * 1000 : undefined,
    text: said || (ans === undefined || ans === null ? undefined : String(ans)),
  }))

const transcript = z.array(z.tuple([z.enum(['s', 'u', 'a', 't', 'system', 'user', 'assistant', 'tool']), text], text))

const rowSchema = z.looseObject({
  id: z.union([text, z.number()]).optional(),
  task: text.nullish(),
  category: text.nullish(),
  cat: text.nullish(),
  prompt: text.optional(),
  question: text.optional(),
  options: z.array(text).optional(),
  turns: z.array(text).min(1).optional(),
  messages: z.union([z.array(chatMessages).min(1), chatMessages]).optional(),
  msgs: transcript.min(1).optional(),
  tools: toolList.optional(),
  functions: toolList.optional(),
  it: count.nullish(),
  out: z.record(z.string(), outcome).optional(),
})
type ParsedRow = z.output<typeof rowSchema>

/** Shapes a row may have, in the words of the error for one that has none. */
const SHAPES = 'expected `prompt`, `question`, `turns`, `messages` or `msgs`'
/** Recorded answers to keep; `undefined` keeps all. */
export type Models = ReadonlySet<string> | undefined

/** Reads one line of input. The problem, in words, where it is none of the shapes. */
export function parseRow(line: number, json: string, models?: Models): Row | { problem: string } {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return { problem: `not JSON (${error instanceof Error ? error.message : String(error)})` }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: `not a JSON object; ${SHAPES}` }
  const parsed = rowSchema.safeParse(value)
  if (!parsed.success) return { problem: describe(parsed.error) }
  const row = parsed.data
  const content = contentOf(row)
  if (typeof content === 'string') return { problem: content }
  return {
    line,
    id: String(row.id ?? `line-${line}`),
    task: row.task ?? row.category ?? row.cat ?? 'all',
    ...content,
    tools: toolDefinitions(row.tools ?? row.functions ?? []),
    ...(row.out === undefined ? {} : { outcomes: outcomesOf(row.out, row.it ?? undefined, models) }),
  }
}

type Content = Pick<Row, 'start' | 'turns'>

function contentOf(row: ParsedRow): Content | string {
  if (row.msgs !== undefined) return fromTranscript(row.msgs)
  if (row.messages !== undefined) return fromMessages(row.messages)
  const single = row.prompt ?? row.question
  // A recorded outcome is the answer to all turns of its row together.
  const prompts = single !== undefined ? [single] : row.out === undefined ? (row.turns ?? []) : row.turns && [row.turns.join('\n\n')]
  if (prompts === undefined || prompts.length === 0) return SHAPES
  if (prompts.some(prompt => prompt.trim() === '')) return 'an empty prompt'
  const choices = (row.options ?? []).map((option, at) => `${String.fromCodePoint(65 + at)}. ${option}`)
  const withChoices = (prompt: string) => (choices.length === 0 || row.prompt !== undefined ? prompt : [prompt, ...choices].join('\n'))
  return { start: [], turns: prompts.map(prompt => ({ messages: [{ role: 'user', text: withChoices(prompt) }] })) }
}

const ROLES = {
  s: 'system',
  u: 'user',
  a: 'assistant',
  t: 'user',
  system: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'user',
} as const

/** A whole conversation: every user's message is a turn, and the transcript's own answers carry it on. */
function fromTranscript(pairs: z.output<typeof transcript>): Content | string {
  return inTurns(
    pairs.map(([mark, content]): Message => {
      const role = ROLES[mark]
      return role === 'assistant' ? { role, text: content, toolCalls: [] } : { role, text: content }
    }),
  )
}

/** The body of one request: one call. Lists of lists, as tool-call collections have them, are several turns. */
function fromMessages(messages: NonNullable<ParsedRow['messages']>): Content | string {
  const lists = (Array.isArray(messages[0]) ? messages : [messages]) as readonly (readonly ChatMessage[])[]
  if (lists.length > 1) return inTurns(lists.flatMap(readMessages))
  const all = readMessages(lists[0] ?? [])
  const last = all.at(-1)
  const reply = last?.role === 'assistant' && all.length > 1 ? last : undefined
  const asked = reply === undefined ? all : all.slice(0, -1)
  const final = asked.at(-1)
  if (final === undefined || final.role === 'system' || final.role === 'assistant') return 'no message of a user to answer'
  // Results of parallel tool calls belong together: none may be asked about without the others.
  const from = final.role === 'tool' ? asked.findLastIndex(({ role }) => role !== 'tool') + 1 : asked.length - 1
  return { start: asked.slice(0, from), turns: [{ messages: asked.slice(from), ...(reply === undefined ? {} : { reply }) }] }
}

function inTurns(messages: readonly Message[]): Content | string {
  const first = messages.findIndex(({ role }) => role === 'user')
  if (first < 0) return 'no message of a user to answer'
  const turns: RowTurn[] = []
  let open: Message[] = []
  for (const message of messages.slice(first)) {
    if (message.role === 'assistant' && open.length > 0) {
      turns.push({ messages: open, reply: message })
      open = []
    } else open.push(message)
  }
  // What nobody answered ended the conversation, unless it is all there is.
  if (turns.length === 0) turns.push({ messages: open })
  return { start: messages.slice(0, first), turns }
}

function outcomesOf(out: NonNullable<ParsedRow['out']>, rowInputTokens: number | undefined, models: Models): Map<string, Outcome> {
  const kept = Object.entries(out).filter(([model]) => models === undefined || models.has(model))
  return new Map(
    kept.map(([model, recorded]) => [model, { ...recorded, inputTokens: recorded.inputTokens ?? (rowInputTokens || undefined) }]),
  )
}

function describe({ issues }: z.ZodError): string {
  const issue = issues[0]
  if (issue === undefined) return SHAPES
  return `${issue.path.length > 0 ? `\`${issue.path.join('.')}\`: ` : ''}${issue.message}`
}
