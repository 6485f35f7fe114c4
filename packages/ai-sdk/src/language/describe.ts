import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4ReasoningFilePart,
  LanguageModelV4ToolResultOutput,
} from '@ai-sdk/provider'
import { createDescriber, type Block, type CallContext, type Features, type Media } from '@routewise/core'
import type { LanguageCall } from './call.ts'
import { cacheKeyOf, isMarked, isMarkedMessage } from './caller-marks.ts'
import { readMedia, textOfFile } from './media.ts'
import { jsonOf, readTool, textOfSchema, type Tool } from './tools.ts'

/**
 * Describes calls for the core. The SDK makes its messages and tools anew on every step: they are known by what they say, so that a
 * conversation that goes on costs what is new in it.
 */
export function createCallDescriber({ forcesTools = true } = {}): (call: LanguageCall, context: CallContext) => Features {
  const describer = createDescriber<LanguageModelV4Message | Tool>({
    read: item => ('role' in item ? readMessage(item) : readTool(item)),
    alwaysNew: true,
  })

  return ({ kind, options }, context) => {
    const { prompt, tools, toolChoice, responseFormat, maxOutputTokens } = options
    const schema = responseFormat?.type === 'json' ? responseFormat.schema : undefined
    const features = describer.describe({
      messages: prompt,
      tools,
      schema: schema === undefined ? undefined : textOfSchema(schema),
      maxOutputTokens,
      needs: { forcedTool: forcesTools && (toolChoice?.type === 'required' || toolChoice?.type === 'tool'), streaming: kind === 'stream' },
      task: context.task,
      tenant: context.tenant,
      cacheKey: cacheKeyOf(options),
    })
    const last = features.prefix.at(-1)
    // Blocks are remembered from call to call: one that is marked for this call alone is another.
    if (last !== undefined && isMarked(options)) features.prefix = [...features.prefix.slice(0, -1), { ...last, marked: true }]
    // Provider packages ask for a schema as their model can take it, by format, by a tool or in words: no capability is needed of all.
    if (schema !== undefined) features.needs.jsonSchema = false
    return features
  }
}

/** What a model reads of a call: its tools, one each, the schema of the answer as one of them, then its messages. */
export function readBlocks({ options: { prompt, tools = [], responseFormat } }: LanguageCall): readonly Block[] {
  const schema = responseFormat?.type === 'json' ? responseFormat.schema : undefined
  return [
    ...tools.map(readTool),
    ...(schema === undefined ? [] : [{ role: 'tools' as const, texts: ['answer schema', '', textOfSchema(schema)] }]),
    ...prompt.map(readMessage),
  ]
}

/** A block that is being read; lists that most messages have no use for are made when needed. */
interface Reading {
  role: Block['role']
  texts: string[]
  media?: Media[]
  toolCalls?: { name: string; arguments: string }[]
  marked?: boolean
}

/** What a model reads of a message. */
export function readMessage(message: LanguageModelV4Message): Block {
  const reading: Reading = { role: message.role, texts: [] }
  if (message.role === 'system') reading.texts.push(message.content)
  else for (const part of message.content) readPart(part, reading)
  if (isMarkedMessage(message)) reading.marked = true
  return reading
}

type Part = Exclude<LanguageModelV4Message, { role: 'system' }>['content'][number]

function readPart(part: Part, reading: Reading): void {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      reading.texts.push(part.text)
      return
    case 'file':
    case 'reasoning-file':
      readFile(part, reading)
      return
    case 'tool-call':
      ;(reading.toolCalls ??= []).push({ name: part.toolName, arguments: typeof part.input === 'string' ? part.input : jsonOf(part.input) })
      return
    case 'tool-result':
      readOutput(part.output, reading)
      return
    case 'tool-approval-response':
      reading.texts.push(part.reason ?? '')
      return
    case 'custom':
      // What it holds stands in the options of its provider. Anthropic's package notes id and usage of an answer so, and does not send them.
      if (part.kind !== 'anthropic.message_start') reading.texts.push(part.kind, jsonOf(part.providerOptions))
  }
}

function readFile(part: LanguageModelV4FilePart | LanguageModelV4ReasoningFilePart, reading: Reading): void {
  const medium = readMedia(part)
  if (medium === undefined) reading.texts.push(textOfFile(part))
  else (reading.media ??= []).push(medium)
}

function readOutput(output: LanguageModelV4ToolResultOutput, reading: Reading): void {
  switch (output.type) {
    case 'text':
    case 'error-text':
      reading.texts.push(output.value)
      return
    case 'json':
    case 'error-json':
      reading.texts.push(jsonOf(output.value))
      return
    case 'execution-denied':
      reading.texts.push(output.reason ?? '')
      return
    case 'content':
      for (const part of output.value) {
        if (part.type === 'text') reading.texts.push(part.text)
        else if (part.type === 'file') readFile(part, reading)
        else reading.texts.push(jsonOf(part.providerOptions))
      }
  }
}
