import type { ModelCard } from '@routewise/core'
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from '@langchain/core/language_models/base'
import { createContentParser, createFunctionCallingParser } from '@langchain/core/language_models/structured_output'
import type { AIMessageChunk, BaseMessage } from '@langchain/core/messages'
import { RunnableLambda, type Runnable, type RunnableConfig } from '@langchain/core/runnables'
import { toJsonSchema } from '@langchain/core/utils/json_schema'
import { isInteropZodSchema, type InteropZodType } from '@langchain/core/utils/types'
import type { SerializableSchema } from '@langchain/core/utils/standard_schema'
import type { Family } from './family.ts'
import { canBeStrict } from './strict-schema.ts'

export type StructuredOutputMethod = NonNullable<StructuredOutputMethodOptions['method']>
export type OutputSchema<Output extends Record<string, unknown> = Record<string, unknown>> =
  | InteropZodType<Output>
  | SerializableSchema<Output>
  | Record<string, unknown>

export type StructuredOutput<Output> = Runnable<BaseLanguageModelInput, Output>
export type RawAndParsed<Output> = { raw: BaseMessage; parsed: Output }
// As LangChain declares it: an interface is no `Record<string, unknown>`.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyObject = Record<string, any>

/** Structured output as asked for; which method carries it is each candidate's own matter. */
export interface StructuredOutputSpec {
  schema: OutputSchema
  name: string
  method: StructuredOutputMethod | undefined
  strict: boolean | undefined
  /** What the schema comes to, for token counts and traces. */
  jsonSchema: Record<string, unknown>
  /** A schema of zod, which `ChatOpenAI` always sends as a strict one, that OpenAI's strict mode has no words for. */
  beyondStrict: boolean
}

export function structuredOutputSpec(
  schema: OutputSchema,
  { name, method, strict }: StructuredOutputMethodOptions<boolean> = {},
): StructuredOutputSpec {
  const named = schema as { name?: unknown; title?: unknown; parameters?: unknown }
  const ownName = typeof named.parameters === 'object' ? named.name : named.title
  const jsonSchema = toJsonSchema(schema as InteropZodType)
  return {
    schema,
    name: name ?? (typeof ownName === 'string' ? ownName : 'extract'),
    method,
    strict,
    jsonSchema,
    beyondStrict: isInteropZodSchema(schema) && !canBeStrict(jsonSchema),
  }
}

/** The schema within a definition of a function in OpenAI's notation, or the schema itself. */
export function bareSchema(schema: unknown): unknown {
  const { name, parameters } = (schema ?? {}) as { name?: unknown; parameters?: unknown }
  return typeof name === 'string' && typeof parameters === 'object' && parameters !== null ? parameters : schema
}

/** Methods that an integration's `withStructuredOutput` knows, the one it prefers first. */
const methodsOf: Readonly<Record<Family, readonly StructuredOutputMethod[]>> = {
  openai: ['jsonSchema', 'functionCalling', 'jsonMode'],
  anthropic: ['functionCalling', 'jsonSchema'],
  google: ['jsonSchema', 'functionCalling'],
  mistral: ['functionCalling', 'jsonMode'],
  deepseek: ['functionCalling', 'jsonMode'],
  xai: ['jsonSchema', 'functionCalling', 'jsonMode'],
  groq: ['functionCalling', 'jsonSchema', 'jsonMode'],
}

/** Families whose integration is, or inherits from, `ChatOpenAI`'s. */
const sendsStrictSchemas = new Set<Family>(['openai', 'xai'])

/** The method by which this candidate gives what was asked for: the caller's where it can, else the nearest that it can. */
export function methodFor(spec: StructuredOutputSpec, family: Family | undefined, card: ModelCard): StructuredOutputMethod | undefined {
  if (family === undefined) return spec.method
  const can = methodsOf[family].filter(method => {
    if (method === 'jsonSchema') return card.capabilities.jsonSchema && !(spec.beyondStrict && sendsStrictSchemas.has(family))
    return method === 'jsonMode' || card.capabilities.forcedTool
  })
  if (spec.method !== undefined && can.includes(spec.method)) return spec.method
  // JSON mode promises no shape: asked for, it may be given as more; it is never given as less.
  return can[0]
}

/** One parser for every candidate: reads the answer from a tool call where there is one, else from the text, and validates it. */
export function createOutputParser<Output extends Record<string, unknown>>(
  schema: OutputSchema<Output>,
): RunnableLambda<AIMessageChunk, Output> {
  const text = createContentParser<Output>(schema)
  return RunnableLambda.from(async (message: AIMessageChunk, config?: RunnableConfig) => {
    const call = message.tool_calls?.[0] ?? message.invalid_tool_calls?.[0]
    if (call?.name === undefined) return text.invoke(message.text, quiet(config))
    return createFunctionCallingParser<Output>(schema, call.name).invoke(message, quiet(config))
  }).withConfig({ runName: 'RoutedOutputParser' }) as unknown as RunnableLambda<AIMessageChunk, Output>
}

/** The parser within is no step of its own in traces. */
const quiet = (config: RunnableConfig | undefined): RunnableConfig => ({ ...config, callbacks: [] })
