import type { ModelCard, Target } from '@routewise/core'
import type { BaseChatModel, BindToolsInput } from '@langchain/core/language_models/chat_models'
import type { BaseMessage } from '@langchain/core/messages'
import { toJsonSchema } from '@langchain/core/utils/json_schema'
import { withToolsMarked } from './cache-marks.ts'
import type { CandidateOptions, ChatCall, ChatPiece } from './call.ts'
import { defaultOptionsOf } from './default-options.ts'
import type { Family } from './family.ts'
import { geminiOutput, geminiTools, toGeminiSchema } from './gemini-schema.ts'
import { createObserver } from './observe.ts'
import { eventPieces, generatePieces, streamPieces, type Attempt } from './pieces.ts'
import { createRunner, unwrap, type Bound } from './runner.ts'
import { methodFor, type StructuredOutputMethod, type StructuredOutputSpec } from './structured-output.ts'
import { thoughtEchoFor } from './thought-echo.ts'
import { toolChoiceFor } from './tools.ts'

/** A model among those to route between, with what is known of it. */
export interface ChatCandidate {
  id: string
  model: BaseChatModel
  /** Call options it was given with, as `withConfig` leaves them. */
  options: CandidateOptions
  family: Family | undefined
  card: ModelCard
  /** Settings of the routed model, as fields of this one. */
  settings: CandidateOptions
  account?: string
  group?: string
  tags?: readonly string[]
}

/** A target for the core. What a candidate makes of a list of tools, or of a schema, is worked out once and kept. */
export function createTarget(candidate: ChatCandidate): Target<ChatCall, ChatPiece> & { candidate: ChatCandidate } {
  const { id, model, card, family, settings, account, group, tags } = candidate
  const runner = createRunner(model, settings)
  const asOptions = runner.observable ? {} : settings
  const plain: Bound = { runner, options: { ...defaultOptionsOf(model), ...candidate.options, ...asOptions } }
  const bind = createBinder(candidate, plain)
  const logprobs = family !== undefined && givesLogprobs.has(family) ? card.capabilities.logprobs : 'no'

  const echo = thoughtEchoFor(model, family, card.capabilities.reasoning)

  const geminiSchemas = new WeakMap<object, CandidateOptions>()
  // Agents pass JSON Schema as it is.
  const geminiSchema = (schema: unknown): CandidateOptions => {
    if (family !== 'google' || typeof schema !== 'object' || schema === null) return {}
    let options = geminiSchemas.get(schema)
    if (options === undefined) geminiSchemas.set(schema, (options = { responseSchema: toGeminiSchema(toJsonSchema(schema)) }))
    return options
  }

  return {
    id,
    card,
    candidate,
    ...(account !== undefined && { account }),
    ...(group !== undefined && { group }),
    ...(tags !== undefined && { tags }),
    // Without its provider's own bodies nobody can tell a short answer from a broken one.
    terminalEvent: runner.observable,
    open(call, io) {
      const bound = bind(call)
      const observer = createObserver()
      const { signal, onHeaders } = io
      const model = bound.runner.attempt({
        kind: call.kind,
        signal,
        onHeaders,
        see: observer.see,
        logprobs: call.logprobs === true ? logprobs : 'no',
        cacheKey: call.cacheKey,
        complete: echo && (request => echo(request, call.messages)),
      })
      const options: Record<string, unknown> = { ...bound.options, ...call.options, signal, maxRetries: 0 }
      const { tool_choice: choice, stop } = options
      if (choice !== undefined) options['tool_choice'] = toolChoiceFor(choice, family)
      Object.assign(options, geminiSchema(call.options['responseSchema']))
      if (call.toolsMark !== undefined) options['tools'] = withToolsMarked(options['tools'], call.toolsMark)
      if (stop !== undefined && family !== undefined && stopsByField.has(family)) {
        Object.assign(model, { stopSequences: stop })
        delete options['stop']
      }
      if (call.withoutThinking === true) Object.assign(model, { thinking: { type: 'disabled' } })
      const attempt: Attempt = {
        runner: bound.runner,
        model,
        messages: call.messages as BaseMessage[],
        options,
        observer,
        exact: family === 'openai' && card.provider === 'openai',
      }
      if (call.kind === 'generate') return generatePieces(attempt)
      return call.kind === 'stream' ? streamPieces(attempt) : eventPieces(attempt)
    },
  }
}

/** Families whose wire has words for log-probabilities. */
const givesLogprobs: ReadonlySet<Family> = new Set(['openai', 'deepseek', 'xai', 'groq', 'google'])

/** Classes whose own field takes a call's `stop`: Gemini's looks nowhere else, Anthropic's refuses to have both. */
const stopsByField: ReadonlySet<Family> = new Set(['google', 'anthropic'])

/** `withStructuredOutput` without its overloads. */
interface StructuringModel {
  withStructuredOutput(schema: unknown, config: Record<string, unknown>): unknown
}

function createBinder({ model, card, family }: ChatCandidate, plain: Bound): (call: ChatCall) => Bound {
  const withTools = new WeakMap<readonly BindToolsInput[], Map<unknown, Bound>>()
  const withSchema = new WeakMap<StructuredOutputSpec, Bound>()

  const bindTools = (tools: readonly BindToolsInput[], strict: unknown): Bound => {
    if (typeof model.bindTools !== 'function') throw new Error(`${model.getName()} has no bindTools().`)
    let bySpec = withTools.get(tools)
    if (bySpec === undefined) withTools.set(tools, (bySpec = new Map()))
    let bound = bySpec.get(strict)
    if (bound === undefined) {
      const given = family === 'google' ? (geminiTools(tools) as BindToolsInput[]) : [...tools]
      const made = plain.runner.model.bindTools!(given, strict === undefined ? undefined : ({ strict } as object))
      bySpec.set(strict, (bound = unwrap(made, plain.runner)))
    }
    return bound
  }

  const bindSchema = (spec: StructuredOutputSpec): Bound => {
    let bound = withSchema.get(spec)
    if (bound === undefined) withSchema.set(spec, (bound = structure(spec, methodFor(spec, family, card))))
    return bound
  }

  const structure = (spec: StructuredOutputSpec, method: StructuredOutputMethod | undefined): Bound => {
    if (family === 'google') return { runner: plain.runner, options: geminiOutput(spec, method) }
    const strict = spec.strict !== undefined && (method === 'functionCalling' || (family === 'openai' && method === 'jsonSchema'))
    const made = (plain.runner.model as StructuringModel).withStructuredOutput(spec.schema, {
      name: spec.name,
      ...(method !== undefined && { method }),
      ...(strict && { strict: spec.strict }),
    })
    return unwrap(made, plain.runner)
  }

  return ({ tools, structured, options }) => {
    if (tools === undefined && structured === undefined) return plain
    const toolsBound = tools === undefined ? plain : bindTools(tools, options['strict'])
    const schemaBound = structured === undefined ? plain : bindSchema(structured)
    return {
      runner: structured === undefined ? toolsBound.runner : schemaBound.runner,
      options: { ...plain.options, ...toolsBound.options, ...schemaBound.options },
    }
  }
}
