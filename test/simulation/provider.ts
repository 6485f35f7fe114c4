import type { Target, TargetIo } from '@routewise/core'
import type { SimulatedClock } from './clock.ts'
import type { SimulatedCall, SimulatedChunk } from './dialect.ts'
import { type Fault, isRefusal, type Refusal, refusalError } from './faults.ts'
import type { Journal } from './journal.ts'
import type { Entry, Ledger } from './ledger.ts'
import type { ProviderPlan } from './provider-plan.ts'
import type { SeededRandom } from './random.ts'
import { createRateLimit } from './rate-limit.ts'
import { drawScript, type Script } from './script.ts'
import { createServers } from './servers.ts'
import { createStream } from './stream.ts'

export interface Provider extends Target<SimulatedCall, SimulatedChunk> {
  /** From now on it has no faults, and serves everybody at once. */
  heal(): void
}

interface ProviderOptions {
  clock: SimulatedClock
  random: SeededRandom
  ledger: Ledger
  journal: Journal
}

const HEALED: Pick<ProviderPlan, 'law' | 'faultShare' | 'outages' | 'usageModes' | 'servers' | 'requestsPerMinute'> = {
  law: { baseMs: 10, msPerInputToken: 0, sigma: 0, stragglerShare: 0, stragglerFactor: 1, msPerToken: 1, headersShare: 1, chunks: [8, 16] },
  faultShare: 0,
  outages: [],
  usageModes: ['end'],
  servers: Number.POSITIVE_INFINITY,
  requestsPerMinute: undefined,
}
/** A hung call that nobody can stop is given up by the provider itself. */
const HUNG_MS = 120_000

/** A provider on simulated time: a law of latency, a queue, faults by a script, and a book of what it charges. */
export function createProvider(initial: ProviderPlan, { clock, random, ledger, journal }: ProviderOptions): Provider {
  const { facts, rates, honoursCancel, manners, queueLimit } = initial
  let plan = initial
  let servers = createServers(clock, { count: plan.servers, queueLimit })
  let limit = createRateLimit(clock, plan.requestsPerMinute)

  const faultNow = (): { fault: Fault | undefined; retryAfterMs?: number } => {
    const now = clock.now()
    for (const { fromMs, toMs, fault, flapping } of plan.outages) {
      if (now >= fromMs && now < toMs && (flapping === undefined || (now - fromMs) % flapping.periodMs < flapping.downMs)) return { fault }
    }
    const retryAfterMs = limit.take()
    if (retryAfterMs !== undefined) return { fault: 'rate-limit-with-retry-after', retryAfterMs }
    if (plan.faultShare > 0 && random.chance(plan.faultShare)) return { fault: random.pick(plan.faults) }
    return { fault: servers.isFull() ? 'overloaded' : undefined }
  }

  function open(call: SimulatedCall, { signal, onHeaders }: TargetIo): AsyncIterable<SimulatedChunk> {
    const { fault, retryAfterMs } = faultNow()
    const refusal = isRefusal(fault) ? fault : undefined
    const usageMode = random.pick(plan.usageModes)
    const script = refusal === undefined ? drawScript(plan.law, call, fault, usageMode, random) : refused(refusal, retryAfterMs, random)
    const inputTokens = Math.round(call.inputTokens * facts.card.tokenFactor * plan.tokenBias)
    const cacheReadTokens = plan.cachedShare === 0 ? 0 : Math.floor(inputTokens * plan.cachedShare * random.next())
    let servedAt: number | undefined
    /** When the work was stopped, where it can be. */
    let stoppedAt = Number.POSITIVE_INFINITY
    let leave = () => {}
    const entry = createEntry(call, fault, usageMode !== 'wrong', () =>
      refusal !== undefined || servedAt === undefined ? NOTHING : usageAfter(generated(script, call.streaming, servedAt, stoppedAt)),
    )
    const usageAfter = (outputTokens: number) => ({ inputTokens, cacheReadTokens, cacheWriteTokens: 0, outputTokens, reasoningTokens: 0 })
    ledger.add(entry)
    journal.note('open', call.id, entry.name, fault)
    if (refusal === 'throws') return broken(entry, random.pick(['open', 'iterate', 'next']), script.end)

    const stream = createStream({
      entry,
      script,
      manners,
      streaming: call.streaming,
      clock,
      signal,
      onHeaders: () => onHeaders(limit.headers()),
      whole: usageAfter(script.textChunks * script.tokensEach),
      onStopped() {
        journal.note('stopped', call.id, entry.name)
        // A whole answer is made to its end, whoever listens.
        if (!honoursCancel || !call.streaming) return
        stoppedAt = Math.min(stoppedAt, clock.now())
        leave()
      },
    })
    const serve = (): number => {
      servedAt = clock.now()
      stream.serve()
      return worksFor(script)
    }
    if (refusal === undefined) leave = servers.enter(serve)
    else serve()
    return stream
  }

  function createEntry(call: SimulatedCall, fault: Fault | undefined, honest: boolean, charged: Entry['charged']): Entry {
    return {
      name: `${facts.id}.a${ledger.entries.length}`,
      number: ledger.entries.length,
      target: facts.id,
      call: call.id,
      streaming: call.streaming,
      openedAt: clock.now(),
      fault,
      headersAt: undefined,
      firstTokenAt: undefined,
      abortedAt: undefined,
      ended: undefined,
      endedAt: undefined,
      chunks: 0,
      tokens: 0,
      finish: undefined,
      finishAt: undefined,
      longestWaitMs: 0,
      reported: undefined,
      honest,
      charged,
      rates,
    }
  }

  /** A target with a fault in its own code: it throws where nobody would. */
  function broken(entry: Entry, where: 'open' | 'iterate' | 'next', error: Script['end']): AsyncIterable<SimulatedChunk> {
    const fail = (): never => {
      entry.ended = 'failed'
      entry.endedAt = clock.now()
      throw error
    }
    if (where === 'open') fail()
    return { [Symbol.asyncIterator]: where === 'iterate' ? fail : () => ({ next: fail }) }
  }

  return {
    ...facts,
    open,
    heal() {
      plan = { ...plan, ...HEALED }
      servers = createServers(clock, { count: plan.servers, queueLimit })
      limit = createRateLimit(clock, undefined)
    },
  }
}

const NOTHING = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }

function refused(fault: Refusal, retryAfterMs: number | undefined, random: SeededRandom): Script {
  const afterMs = random.integer(0, 200)
  const end = refusalError(fault, retryAfterMs ?? random.pick([0, 50, 1_000, 4_000, 60_000]))
  return {
    headersMs: end.failure.status === undefined ? Number.POSITIVE_INFINITY : afterMs,
    offsets: [afterMs],
    textChunks: 0,
    tokensEach: 0,
    usageMode: 'missing',
    finish: 'stop',
    isTool: false,
    unreadableAt: -1,
    cutAt: 0,
    end,
  }
}

/** Output tokens that were made before it was stopped: what the stream has given by then, by the same sum, for a difference of times rounds otherwise. */
function generated({ offsets, textChunks, tokensEach, cutAt }: Script, streaming: boolean, servedAt: number, stoppedAt: number): number {
  if (!streaming) return cutAt > 0 && servedAt + offsets[0]! <= stoppedAt ? textChunks * tokensEach : 0
  let chunks = 0
  while (chunks < textChunks && chunks + 1 < cutAt && servedAt + offsets[chunks + 1]! <= stoppedAt) chunks += 1
  return chunks * tokensEach
}

const worksFor = ({ offsets, cutAt, end }: Script): number =>
  end === 'hang' ? HUNG_MS : (offsets[Math.min(cutAt, offsets.length - 1)] ?? 0)
