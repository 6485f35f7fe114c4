import {
  checkPrices,
  createRouter,
  currentContext,
  estimateTokens,
  RouterError,
  type Decision,
  type Receipt,
  type Router,
} from '@routewise/core'
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from '@langchain/core/language_models/base'
import { BaseChatModel, type BindToolsInput, type LangSmithParams } from '@langchain/core/language_models/chat_models'
import type { ChatModelStreamEvent } from '@langchain/core/language_models/event'
import type { ModelProfile } from '@langchain/core/language_models/profile'
import { assembleStructuredOutputPipeline } from '@langchain/core/language_models/structured_output'
import { HumanMessage, type AIMessageChunk, type BaseMessage, type MessageContent } from '@langchain/core/messages'
import type { ChatGenerationChunk, ChatResult, LLMResult } from '@langchain/core/outputs'
import type { RunnableConfig } from '@langchain/core/runnables'
import type { ChatCall, ChatPiece } from './call.ts'
import { createCall, routingOf, type RoutedChatModelCallOptions } from './call-options.ts'
import { countMessageTokens } from './describe.ts'
import { createDialect } from './dialect.ts'
import { toLangChainError } from './errors.ts'
import { identityOf, cacheKeyOf } from './identity.ts'
import { leavable } from './leaving.ts'
import { parseModelOptions, type RoutedChatModelOptions } from './options.ts'
import { langSmithParams, sharedProfile } from './profile.ts'
import { gatherChunks, releaseChunks, releaseEvents } from './release.ts'
import { settingsForTracing } from './settings.ts'
import { createStamp } from './stamp.ts'
import { createOutputParser, structuredOutputSpec, type AnyObject, type OutputSchema } from './structured-output.ts'
import type { RawAndParsed, StructuredOutput } from './structured-output.ts'
import { createTarget, type ChatCandidate } from './target.ts'
import { toolArrangerFor, type ArrangeTools } from './tool-order.ts'
import { toolsForTracing } from './tools.ts'
import { sumTokenUsage, type TokenUsage } from './usage-metadata.ts'

type CallDefaults = Readonly<Partial<RoutedChatModelCallOptions>>

/**
 * A chat model that routes every call among other chat models, and is used like any of them.
 * `response_metadata.routewise` of each answer is the receipt: what was considered, what was done, what it cost.
 */
export class RoutedChatModel extends BaseChatModel<RoutedChatModelCallOptions> {
  static override lc_name(): string {
    return 'RoutedChatModel'
  }

  /** The router within, to ask what it would do (`decide`) or to listen (`on`). Models made by `bindTools` share it. */
  readonly router: Router<ChatCall, ChatPiece>
  private readonly candidates: readonly ChatCandidate[]
  /** `maxConcurrency` was given: calls that do not stream wait for their turn. */
  private readonly limited: boolean
  /** `invoke()` streams underneath. */
  private readonly streaming: boolean
  /** What traces are told at every call, worked out once. */
  private readonly traced: Record<string, unknown>
  /** Puts tools in canonical order; `undefined`: they stay as they are given. */
  private readonly arrangeTools: ArrangeTools | undefined
  /** The same for LangSmith. */
  private readonly lsParams: LangSmithParams
  /** Call options of every call; `bindTools` and `withStructuredOutput` add to them, on copies. */
  private callDefaults: CallDefaults = {}

  /**
   * @throws RouterError `invalid_option` or `duplicate_target`; `price_unknown` when the policy weighs money and a model has no price.
   */
  constructor(options: RoutedChatModelOptions) {
    const { candidates, routing, langchain, name, settings, stop, streaming } = parseModelOptions(options)
    super({ ...langchain, maxRetries: 0 })
    if (name !== undefined) this.name = name
    this.disableStreaming = langchain.disableStreaming === true || streaming === false
    this.streaming = streaming === true && !this.disableStreaming
    if (stop !== undefined) this.callDefaults = { stop }
    this.candidates = candidates
    this.limited = langchain.maxConcurrency !== undefined
    this.traced = { models: candidates.map(({ id }) => id), ...settingsForTracing(settings) }
    this.lsParams = langSmithParams(candidates, settings)
    const targets = candidates.map(createTarget)
    this.router = createRouter({ ...routing, targets, dialect: createDialect(targets, settings.maxTokens) })
    this.arrangeTools = toolArrangerFor(routing.promptCache)
    checkPrices(candidates, () => this.router.decide(createCall('generate', [new HumanMessage('')], {})))
  }

  /** What the router would do with this input, and what it expects of it, without calling anybody. Takes microseconds. */
  decide(input: BaseLanguageModelInput, options?: Partial<RoutedChatModelCallOptions>): Decision {
    const messages = BaseChatModel._convertInputToPromptValue(input).toChatMessages()
    const callOptions = { ...this.callDefaults, ...options }
    return this.router.decide(createCall('generate', messages, callOptions, this.arrangeTools), callOptions.routing)
  }

  override _llmType(): string {
    return 'routewise'
  }

  /** What every candidate can do. */
  override get profile(): ModelProfile {
    return sharedProfile(this.candidates)
  }

  override bindTools(tools: BindToolsInput[], kwargs: Partial<RoutedChatModelCallOptions> = {}): RoutedChatModel {
    return this.withDefaults({ ...kwargs, tools })
  }

  override withStructuredOutput<Output extends AnyObject = AnyObject>(
    schema: OutputSchema<Output>,
    config?: StructuredOutputMethodOptions,
  ): StructuredOutput<Output>
  override withStructuredOutput<Output extends AnyObject = AnyObject>(
    schema: OutputSchema<Output>,
    config?: StructuredOutputMethodOptions<true>,
  ): StructuredOutput<RawAndParsed<Output>>
  override withStructuredOutput<Output extends AnyObject = AnyObject>(
    schema: OutputSchema<Output>,
    config?: StructuredOutputMethodOptions<boolean>,
  ): StructuredOutput<Output> | StructuredOutput<RawAndParsed<Output>> {
    const { method, strict, includeRaw } = config ?? {}
    if (strict !== undefined && method === 'jsonMode') {
      throw new RouterError('invalid_option', 'withStructuredOutput: `strict` needs a schema, and method "jsonMode" sends none.')
    }
    const spec = structuredOutputSpec(schema, config)
    const model = this.withDefaults({
      outputVersion: 'v0',
      structuredOutput: spec,
      ls_structured_output_format: { kwargs: { method: method ?? 'functionCalling' }, schema: spec.jsonSchema },
    })
    return assembleStructuredOutputPipeline(
      model,
      createOutputParser<Output>(schema),
      includeRaw ?? false,
      'RoutedStructuredOutput',
    ) as never
  }

  override async _generate(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const { signal } = options as RoutedChatModelCallOptions
    const ask = () =>
      this.streaming ? gatherChunks(this._streamResponseChunks(messages, options, runManager)) : this.answer(messages, options)
    return this.limited ? this.caller.callWithOptions({ signal: signal as AbortSignal }, ask) : ask()
  }

  private async answer(messages: BaseMessage[], options: RoutedChatModelCallOptions): Promise<ChatResult> {
    try {
      const { chunks, receipt } = await this.router.answer(createCall('generate', messages, options, this.arrangeTools), routingOf(options))
      const result = chunks.findLast(piece => piece.result !== undefined)!.result!
      createStamp(this.candidates).onMessage(result.generations[0]!, receipt)
      return result
    } catch (error) {
      throw toLangChainError(error)
    }
  }

  override _streamIterator(input: BaseLanguageModelInput, options?: Partial<RoutedChatModelCallOptions>): AsyncGenerator<AIMessageChunk> {
    return leavable(options?.signal, signal => super._streamIterator(input, { ...options, signal }))
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    yield* releaseChunks(this.open('stream', messages, options), createStamp(this.candidates), runManager)
  }

  override async *_streamChatModelEvents(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    _runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatModelStreamEvent> {
    yield* releaseEvents(this.open('events', messages, options), createStamp(this.candidates))
  }

  override getLsParams(options: this['ParsedCallOptions']): LangSmithParams {
    const { stop = this.callDefaults.stop } = options as RoutedChatModelCallOptions
    return { ...this.lsParams, ls_stop: stop! }
  }

  override invocationParams(options?: this['ParsedCallOptions']): Record<string, unknown> {
    const { tools, tool_choice, stop = this.callDefaults.stop } = (options ?? {}) as RoutedChatModelCallOptions
    return {
      ...this.traced,
      ...(tools !== undefined && { tools: toolsForTracing(tools) }),
      ...(tool_choice !== undefined && { tool_choice }),
      ...(stop !== undefined && { stop }),
    }
  }

  protected override _getCallOptionsForTracing(options: this['ParsedCallOptions']): this['ParsedCallOptions'] {
    const { structuredOutput: _structuredOutput, routing: _routing, tools, ...rest } = options as RoutedChatModelCallOptions
    return { ...rest, ...(tools !== undefined && { tools: toolsForTracing(tools) }) }
  }

  /** Tells one routed model from another in response caches: its name, and every candidate with its own settings. */
  override _identifyingParams(): Record<string, unknown> {
    return identityOf(this.getName(), this.candidates)
  }

  override _getSerializedCacheKeyParametersForCall(options: RoutedChatModelCallOptions & { config?: RunnableConfig }): string {
    return super._getSerializedCacheKeyParametersForCall(cacheKeyOf(options, currentContext().tenant))
  }

  override _combineLLMOutput(...outputs: LLMResult['llmOutput'][]): LLMResult['llmOutput'] {
    return { tokenUsage: sumTokenUsage(outputs.map(output => output?.['tokenUsage'] as TokenUsage | undefined)) }
  }

  /** Estimated tokens (`o200k`), without a tokenizer and without a download. */
  override async getNumTokens(content: MessageContent): Promise<number> {
    return typeof content === 'string' ? Math.ceil(estimateTokens(content)) : countMessageTokens(new HumanMessage({ content }))
  }

  /** Estimated tokens of messages, as `contextEditingMiddleware` asks for them. */
  async getNumTokensFromMessages(messages: BaseMessage[]): Promise<{ totalCount: number; countPerMessage: number[] }> {
    const countPerMessage = messages.map(countMessageTokens)
    return { totalCount: countPerMessage.reduce((sum, tokens) => sum + tokens, 0), countPerMessage }
  }

  protected override _separateRunnableConfigFromCallOptionsCompat(
    options?: Partial<RoutedChatModelCallOptions>,
  ): [RunnableConfig, this['ParsedCallOptions']] {
    const [config, given] = super._separateRunnableConfigFromCallOptionsCompat(options)
    const callOptions = { ...this.callDefaults, ...given }
    const stop = (given as RoutedChatModelCallOptions).stop ?? this.callDefaults.stop
    if (stop !== undefined) callOptions.stop = stop
    const thread: unknown = options?.configurable?.['thread_id']
    if (typeof thread === 'string') callOptions.routing = { session: thread, ...callOptions.routing }
    return [config, callOptions]
  }

  private open(
    kind: ChatCall['kind'],
    messages: BaseMessage[],
    options: RoutedChatModelCallOptions,
  ): AsyncGenerator<ChatPiece, Receipt, void> {
    return this.router.run(createCall(kind, messages, options, this.arrangeTools), routingOf(options))
  }

  /** A copy that shares router and learning. */
  private withDefaults(defaults: CallDefaults): RoutedChatModel {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(this) as object) as RoutedChatModel, this)
    copy.callDefaults = { ...this.callDefaults, ...defaults }
    return copy
  }
}
