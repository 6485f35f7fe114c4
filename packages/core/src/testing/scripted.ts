import type { Clock } from '../clock.ts'
import { NO_NEEDS } from '../describe/needs.ts'
import type {
  AttemptReceipt,
  Candidate,
  Dialect,
  Failure,
  Features,
  FinishReason,
  ModelCard,
  Needs,
  PrefixBlock,
  Target,
  TargetFacts,
  Usage,
} from '../types.ts'

/** A step of a scripted answer; `afterMs` counts from the step before. */
export type ScriptStep =
  | { afterMs?: number; text: string }
  | { afterMs?: number; role: true }
  | { afterMs?: number; tool: { name: string; arguments: string } }
  | { afterMs?: number; headers: Readonly<Record<string, string>> }
  | { afterMs?: number; usage: Partial<Usage> }
  | { afterMs?: number; finish: FinishReason }
  | { afterMs?: number; fail: Omit<Failure, 'cause'> & { cause?: unknown } }
  /** A chunk that says what went wrong, instead of a throw. */
  | { afterMs?: number; failure: Failure }
  | { hang: true }

export interface ScriptedCall {
  prompt: string
  features?: Partial<Omit<Features, 'needs'>> & { needs?: Partial<Needs> }
}

/** A target that plays a script, and remembers the calls and signals it was opened with. */
export interface ScriptedTarget extends Target<ScriptedCall, ScriptStep> {
  signals: AbortSignal[]
  calls: ScriptedCall[]
}

const NEEDS: Needs = { ...NO_NEEDS, streaming: true }

/** A card with everything on, $1 and $2 per million tokens, and a first token after 100 ms. */
export const scriptedCard = (id: string, overrides: Partial<ModelCard> = {}): ModelCard => ({
  id,
  provider: 'scripted',
  wire: 'openai-chat',
  contextTokens: 100_000,
  tokenFactor: 1,
  prices: [{ rates: { input: 1, output: 2 } }],
  cache: { kind: 'none', minTokens: 0, ttls: [], readableAfter: 'first-token', scope: 'org', guaranteed: false },
  capabilities: {
    tools: true,
    forcedTool: true,
    parallelTools: true,
    jsonSchema: true,
    vision: true,
    pdf: true,
    audio: true,
    streaming: true,
    reasoning: false,
    sampling: true,
    logprobs: 'yes',
  },
  quality: { default: 0.9 },
  firstToken: { baseMs: 100, msPerInputToken: 0 },
  outputTokensPerSecond: 100,
  cancelStopsBilling: true,
  source: 'scripted',
  verifiedAt: '2026-11-21',
  ...overrides,
})

/** A target that plays its script on the given clock; a list of scripts is played one per call, the last one for ever. */
export function scriptedTarget(
  id: string,
  clock: Clock,
  scripts: readonly ScriptStep[] | readonly (readonly ScriptStep[])[],
  { card, ...facts }: Partial<Omit<TargetFacts, 'card'>> & { card?: Partial<ModelCard> } = {},
): ScriptedTarget {
  const queue = (Array.isArray(scripts[0]) ? [...scripts] : [scripts]) as (readonly ScriptStep[])[]
  const signals: AbortSignal[] = []
  const calls: ScriptedCall[] = []
  return {
    id,
    card: scriptedCard(id, card),
    ...facts,
    signals,
    calls,
    async *open(call, { signal, onHeaders }) {
      signals.push(signal)
      calls.push(call)
      const script = queue.length > 1 ? queue.shift()! : queue[0]!
      for (const step of script) {
        if ('hang' in step) await wait(clock, Number.POSITIVE_INFINITY, signal)
        else if (step.afterMs !== undefined) await wait(clock, step.afterMs, signal)
        if ('fail' in step) throw new ScriptedFailure(step.fail)
        if ('headers' in step) onHeaders(step.headers)
        else yield step
      }
    },
  }
}

class ScriptedFailure extends Error {
  readonly failure: Failure
  constructor(failure: Omit<Failure, 'cause'> & { cause?: unknown }) {
    super(failure.message)
    this.failure = { cause: this, ...failure }
  }
}

function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = Number.isFinite(ms) ? clock.after(ms, resolve) : () => {}
    signal.addEventListener(
      'abort',
      () => {
        cancel()
        reject(signal.reason)
      },
      { once: true },
    )
  })
}

/** A step of a prompt: `tokens` are those up to its end. */
export const scriptedBlock = (hash: number, tokens: number, facts: Partial<PrefixBlock> = {}): PrefixBlock => ({
  hash,
  digest: hash,
  tokens,
  parts: 1,
  role: 'user',
  marked: false,
  ...facts,
})

/** A candidate of which nothing is expected but what is said. */
export const scriptedCandidate = ({ id, card }: TargetFacts, facts: Partial<Candidate> = {}): Candidate => ({
  id,
  model: card.id,
  provider: card.provider,
  tags: [],
  card,
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  expectedCostNanoUsd: undefined,
  expectedCostUsd: Number.POSITIVE_INFINITY,
  conversationCostUsd: Number.POSITIVE_INFINITY,
  expectedFirstTokenMs: 0,
  expectedQuality: 1,
  cachePlan: undefined,
  ...facts,
})

/** An attempt that answered, with the provider's own usage. */
export const scriptedAttempt = (usage: Usage, facts: Partial<AttemptReceipt> = {}): AttemptReceipt => ({
  target: 'scripted',
  model: 'scripted',
  reason: 'first',
  end: { type: 'answered', finish: 'stop' },
  startedMs: 0,
  totalMs: 0,
  usage,
  usageSource: 'provider',
  expectedCostNanoUsd: 0,
  expectedCacheReadTokens: 0,
  costNanoUsd: 0,
  ...facts,
})

/** The dialect of scripted calls: a token is four characters, the whole prompt is one block. */
export const scriptedDialect: Dialect<ScriptedCall, ScriptStep> = {
  describe({ prompt, features = {} }) {
    const inputTokens = Math.ceil(prompt.length / 4)
    const hash = Array.from(prompt).reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 2 ** 31, 7)
    return {
      inputTokens,
      maxOutputTokens: undefined,
      prefix: [scriptedBlock(hash, inputTokens)],
      task: 'chat',
      turn: 'user',
      ...features,
      needs: { ...NEEDS, ...features.needs },
    }
  },
  prepare: call => call,
  read(step) {
    if ('text' in step) return { meaningful: true, contentChars: step.text.length, text: step.text }
    if ('tool' in step) return { meaningful: true, contentChars: step.tool.arguments.length, toolCalls: [{ index: 0, ...step.tool }] }
    if ('usage' in step) return { meaningful: false, usage: step.usage }
    if ('finish' in step) return { meaningful: false, finish: step.finish }
    if ('failure' in step) return { meaningful: false, failure: step.failure }
    return { meaningful: false }
  },
  failure: error => (error instanceof ScriptedFailure ? error.failure : { kind: 'unknown', message: String(error), cause: error }),
  repair: ({ prompt, ...call }, { text }, fault) => ({ ...call, prompt: `${prompt} | ${text} | ${fault}` }),
  resume: ({ prompt, ...call }, text) => ({ ...call, prompt: `${prompt} | ${text}` }),
}

/** An answer in words, with usage and an honest end. */
export const answer = (text: string, { afterMs = 0, usage = {} }: { afterMs?: number; usage?: Partial<Usage> } = {}): ScriptStep[] => [
  { afterMs, role: true },
  ...text.split(/(?<= )/).map(word => ({ text: word })),
  { usage: { inputTokens: 10, outputTokens: 5, ...usage } },
  { finish: 'stop' },
]
