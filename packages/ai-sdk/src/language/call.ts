import type { Answer, Reading } from '@routewise/core'
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider'

/** Which of a language model's two methods is called on the candidate that answers. */
export type CallKind = 'generate' | 'stream'

/** A call as the AI SDK makes it, on its way through the router. */
export interface LanguageCall {
  kind: CallKind
  /** As the SDK gave them, without the router's own provider options. */
  options: LanguageModelV4CallOptions
  /** What the last messages of the prompt ask for, where they ask to mend an answer. */
  mending?: Mending
  /** Log-probabilities are wanted of those who give them. */
  logprobs?: boolean
  /** Filled in as the call goes on; one for all attempts. */
  trace: CallTrace
}

/** An answer that had a fault, and the prompt it was given to. */
export interface Mending {
  prompt: LanguageModelV4CallOptions['prompt']
  answer: Answer
  fault: string
}

/** One step of an answer: what the AI SDK calls it, and what it says. */
export interface LanguagePiece {
  result?: LanguageModelV4GenerateResult
  part?: LanguageModelV4StreamPart
  reading: Reading
  /** Its attempt: an answer that broke off may go on with the pieces of another. */
  attempt: AttemptTrace
}

/** What is known of a call beside its answer. */
export interface CallTrace {
  /** The attempt that was opened last. */
  latest: AttemptTrace | undefined
  /** Only one model may answer. Default `false`. */
  alone?: boolean
  /** Called when a model has begun to respond. */
  onOpened?: () => void
}

/** What an attempt has shown that is no piece of an answer. */
export interface AttemptTrace {
  /** What `doStream` gave besides the stream, once it has. */
  opened: Pick<LanguageModelV4StreamResult, 'request' | 'response'> | undefined
  /** The parts that came before anything was said; `undefined` once something is. */
  silent: LanguageModelV4StreamPart[] | undefined
  /** Of a model of unknown make that has nobody beside it, whatever it gives is the answer, from its first part to a silent end. */
  isTakenAsItIs?: boolean
  /** What `doGenerate` gave. */
  result: LanguageModelV4GenerateResult | undefined
  /** Why its stream broke by itself, where no other model is there: the bare one's would have broken, too. */
  broken?: { error: unknown }
}
