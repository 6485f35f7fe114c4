import { askForLogprobs, type Capabilities, type TargetIo } from '@routewise/core'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { Runnable } from '@langchain/core/runnables'
import type { CallKind, CandidateOptions } from './call.ts'
import { isChatModel } from './family.ts'
import { repeatingCalls } from './gemini-calls.ts'
import { joinFunctionResponses } from './gemini-request.ts'
import { abortable, type HttpClient } from './mistral-http.ts'
import { HEADERS, inFrontOf } from './sdk-client.ts'

/** A candidate as the router runs it. The user's own instance is never written to. */
export interface Runner {
  readonly model: BaseChatModel
  /** Its provider's raw bodies can be seen. */
  readonly observable: boolean
  /** Fields that stand in for those of the user's instance. */
  readonly settings: CandidateOptions
  /** The class streams by itself, and streaming is not switched off. */
  readonly streams: boolean
  /** The model for one attempt. */
  attempt(io: AttemptIo): BaseChatModel
}

export interface AttemptIo extends TargetIo {
  kind: CallKind
  /** Takes every body of the provider, and every event of a stream. */
  see(body: unknown): void
  /** Log-probabilities are asked for as the model gives them. */
  logprobs: Capabilities['logprobs']
  /** Adds to a request what the class leaves out of it. */
  complete?: ((request: unknown) => unknown) | undefined
  /** Routing key of the provider's prompt cache, where the class has no option for it. */
  cacheKey?: string | undefined
}

type Loose = Record<string, unknown>
type RequestMethod = (request: unknown, options?: unknown) => Promise<unknown>

/** Methods of LangChain's integrations that send a request by their SDK and return its answer, or the stream of it. */
const requestMethods = ['completionWithRetry', 'createStreamWithRetry'] as const
/** Where integrations keep their SDK's client, once they have made it. */
const clientFields = ['client', 'streamingClient', 'batchClient'] as const
/** Models inside a model: `ChatOpenAI` has one for each of OpenAI's two APIs. */
const innerModels = ['completions', 'responses'] as const

/**
 * Wraps a model so that its own retries are off and its provider's bodies can be seen: an object that inherits from the user's
 * instance and overrides only that, and `settings`. Classes of unknown make run as they are, with both among their call options.
 */
export function createRunner(model: BaseChatModel, settings: CandidateOptions): Runner {
  const observable = canObserve(model)
  const quiet = observable ? withoutRetries(model, settings) : model
  const plan = planFor(quiet)
  return {
    model: quiet,
    observable,
    settings,
    streams: streamsByItself(model) && !model.disableStreaming,
    attempt: observable ? io => observed(plan, io) : () => model,
  }
}

function canObserve(model: BaseChatModel): boolean {
  const loose = model as unknown as Loose
  return (
    requestMethods.some(name => typeof loose[name] === 'function') ||
    innerModels.some(name => isChatModel(loose[name]) && canObserve(loose[name]))
  )
}

function withoutRetries(model: BaseChatModel, settings: CandidateOptions): BaseChatModel {
  const quiet: Loose = Object.assign(Object.create(model), settings)
  // The queue, and with it `maxConcurrency`, stays the user's.
  quiet['caller'] = Object.assign(Object.create(model.caller), { maxRetries: 0 })
  quiet['maxRetries'] = 0
  // Who asked the router decides whether to stream.
  quiet['streaming'] = false
  for (const name of innerModels) {
    const inner = (model as unknown as Loose)[name]
    if (isChatModel(inner)) quiet[name] = withoutRetries(inner, settings)
  }
  for (const name of clientFields) if (name in model) putClientInFront(quiet, model as unknown as Loose, name)
  return quiet as unknown as BaseChatModel
}

/** The client that the quiet model makes, or finds on the user's instance, is seen through its front. */
function putClientInFront(quiet: Loose, model: Loose, name: string): void {
  let own: unknown
  Object.defineProperty(quiet, name, {
    get: () => inFrontOf(own ?? model[name]),
    set(client: unknown) {
      own = client
    },
  })
}

/** What of a model is to be overridden for an attempt, looked up once. */
interface Plan {
  quiet: BaseChatModel
  requests: readonly (readonly [name: string, send: RequestMethod])[]
  inner: readonly (readonly [name: string, plan: Plan])[]
  gemini: GeminiClient | undefined
  /** The class makes a client for each request, of what it finds in its field `httpClient`. */
  clientPerRequest: boolean
}

function planFor(quiet: BaseChatModel): Plan {
  const source = quiet as unknown as Loose
  const { client } = source
  return {
    quiet,
    requests: requestMethods.flatMap(name => (typeof source[name] === 'function' ? [[name, source[name] as RequestMethod] as const] : [])),
    inner: innerModels.flatMap(name => {
      const model = source[name]
      return isChatModel(model) ? [[name, planFor(model)] as const] : []
    }),
    gemini: isGeminiClient(client) ? client : undefined,
    clientPerRequest: 'httpClient' in quiet,
  }
}

function observed({ quiet, requests, inner, gemini, clientPerRequest }: Plan, io: AttemptIo): BaseChatModel {
  const model = Object.create(quiet) as Loose
  // `ChatOpenAI` leaves sending to its inner models.
  for (const [name, plan] of inner) model[name] = observed(plan, io)
  if (inner.length > 0) return model as unknown as BaseChatModel
  const completed = (request: unknown): unknown => {
    const joined = gemini === undefined ? request : joinFunctionResponses(request)
    const whole = io.complete === undefined ? joined : io.complete(joined)
    return io.logprobs === 'no' ? whole : askForLogprobs(whole, io.logprobs, gemini?.generationConfig)
  }
  if (clientPerRequest) model['httpClient'] = abortable(model['httpClient'] as HttpClient | undefined, io)
  for (const [name, send] of requests) {
    // ChatGoogleGenerativeAI leaves the signal out.
    model[name] = async (request: unknown, options: unknown = { signal: io.signal }) => {
      // ChatMistralAI has no options here, but a flag.
      const told = typeof options === 'object' ? { ...options, [HEADERS]: io.onHeaders } : options
      // Called on the quiet model, so that the SDK client it makes on first use is kept.
      const answer = await send.call(clientPerRequest ? model : quiet, completed(request), told)
      // Of SDKs that do not show them, Google's, the headers are here without being seen.
      io.onHeaders()
      return watch(answer, io.see)
    }
  }
  if (gemini !== undefined) {
    const generateContentStream: GeminiClient['generateContentStream'] = async (request, ...options) => {
      const answer = await gemini.generateContentStream(completed(request), ...options)
      io.onHeaders()
      // The SDK also gathers the stream into a promise that nobody waits for; when the stream breaks, that ends the process.
      answer.response?.catch(() => undefined)
      const stream = io.kind === 'events' ? repeatingCalls(answer.stream) : answer.stream
      return { ...answer, stream: watch(stream, io.see) as AsyncIterable<unknown> }
    }
    // An assignment would reach the quiet model, which all attempts share.
    Object.defineProperty(model, 'client', { value: Object.assign(Object.create(gemini) as object, { generateContentStream }) })
  }
  return model as unknown as BaseChatModel
}

/** Shows a body, or each event of a stream on its way, to `see`. */
function watch(answer: unknown, see: (body: unknown) => void): unknown {
  if (!isAsyncIterable(answer)) {
    see(answer)
    return answer
  }
  return {
    // Anthropic's integration aborts by it.
    controller: (answer as { controller?: AbortController }).controller,
    [Symbol.asyncIterator](): AsyncIterator<unknown> {
      const iterator = answer[Symbol.asyncIterator]()
      return {
        async next() {
          const step = await iterator.next()
          if (step.done !== true) see(step.value)
          return step
        },
        async return(value) {
          await iterator.return?.(value)
          return { done: true, value }
        },
      }
    },
  }
}

interface GeminiClient {
  generationConfig?: unknown
  generateContentStream(...request: readonly unknown[]): Promise<{ stream: AsyncIterable<unknown>; response?: Promise<unknown> }>
}

const isGeminiClient = (client: unknown): client is GeminiClient =>
  typeof client === 'object' && client !== null && 'generateContentStream' in client && typeof client.generateContentStream === 'function'

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

/** A second copy of `@langchain/core` has a base class of its own: it is known by its name. */
function streamsByItself(model: BaseChatModel): boolean {
  let owner: object | null = model
  while (owner !== null && !Object.hasOwn(owner, '_streamResponseChunks')) owner = Object.getPrototypeOf(owner) as object | null
  return owner !== null && owner.constructor.name !== 'BaseChatModel'
}

/** What `bindTools` or `withStructuredOutput` of a candidate comes to: call options for its raw methods. */
export interface Bound {
  runner: Runner
  options: CandidateOptions
}

/**
 * The call options within what a candidate's own `bindTools` or `withStructuredOutput` returned: a `RunnableBinding` (Anthropic,
 * Google), a new instance with default options (OpenAI), or a sequence whose first step is one of these.
 */
export function unwrap(bound: unknown, runner: Runner): Bound {
  let options: CandidateOptions = {}
  let current = bound
  for (;;) {
    const { bound: inner, config, kwargs, first } = current as { bound?: Runnable; config?: Loose; kwargs?: Loose; first?: Runnable }
    if (inner !== undefined) options = { ...config, ...kwargs, ...options }
    const next = inner ?? first
    if (next === undefined) break
    current = next
  }
  if (current === runner.model) return { runner, options }
  const { defaultOptions } = current as { defaultOptions?: Loose }
  if (defaultOptions !== undefined && Object.getPrototypeOf(current) === userPrototype(runner.model)) {
    return { runner, options: { ...defaultOptions, ...options } }
  }
  return { runner: createRunner(current as BaseChatModel, runner.settings), options: { ...defaultOptions, ...options } }
}

/** Class of the user's instance, seen through the object that inherits from it. */
function userPrototype(model: BaseChatModel): unknown {
  let prototype: unknown = Object.getPrototypeOf(model)
  while (prototype !== null && !Object.hasOwn(prototype as object, 'constructor')) prototype = Object.getPrototypeOf(prototype)
  return prototype
}
