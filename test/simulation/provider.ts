import type { Target } from '@routewise/core'
import type { SimulatedClock } from './clock.ts'
import type { SimulatedCall, SimulatedChunk } from './dialect.ts'
import { type Fault, isRefusal, refusalError } from './faults.ts'
import type { Journal } from './journal.ts'
import type { Entry, Ledger } from './ledger.ts'
import type { ProviderPlan } from './provider-plan.ts'
import type { SeededRandom } from './random.ts'
import { drawScript, type Law, type Script } from './script.ts'
import { createStream, type Stream } from './stream.ts'

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

const HEALED: Law = {
  baseMs: 10,
  msPerInputToken: 0,
  sigma: 0,
  stragglerShare: 0,
  stragglerFactor: 1,
  msPerToken: 1,
  headersShare: 1,
  chunks: [8, 16],
}
/** A hung call that nobody can stop is given up by the provider itself. */
const HUNG_MS = 120_000

/** A provider on simulated time: a law of latency, a queue, faults by a script, and a book of what it charges. */
export function createProvider(plan: ProviderPlan, { clock, random, ledger, journal }: ProviderOptions): Provider {
  const { facts, rates, law, honoursCancel, manners } = plan
  const queue: (() => void)[] = []
  let busy = 0
  let healed = false

  const faultNow = (): Fault | undefined => {
    if (healed) return undefined
    const now = clock.now()
    for (const { fromMs, toMs, fault, flapping } of plan.outages) {
      if (now >= fromMs && now < toMs && (flapping === undefined || (now - fromMs) % flapping.periodMs < flapping.downMs)) return fault
    }
    if (plan.faultShare > 0 && random.chance(plan.faultShare)) return random.pick(plan.faults)
    return busy >= plan.servers && queue.length >= plan.queueLimit ? 'overloaded' : undefined
  }

  const release = (): void => {
    busy -= 1
    queue.shift()?.()
  }

  return {
    ...facts,
    heal() {
      healed = true
    },
    open(call, { signal, onHeaders }) {
      const fault = faultNow()
      const usageMode = healed ? 'end' : random.pick(plan.usageModes)
      const script = isRefusal(fault) ? refused(fault, random) : drawScript(healed ? HEALED : law, call, fault, usageMode, random)
      const inputTokens = Math.round(call.inputTokens * facts.card.tokenFactor * plan.tokenBias)
      const cacheReadTokens = plan.cachedShare === 0 ? 0 : Math.floor(inputTokens * plan.cachedShare * random.next())
      const usageAfter = (outputTokens: number) => ({ inputTokens, cacheReadTokens, cacheWriteTokens: 0, outputTokens, reasoningTokens: 0 })
      let servedAt: number | undefined
      /** When the work was stopped, where it can be. */
      let stoppedAt: number | undefined
      const entry: Entry = {
        name: `${facts.id}.a${ledger.entries.length}`,
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
        longestWaitMs: 0,
        reported: undefined,
        honest: usageMode !== 'wrong',
        rates,
        charged: () =>
          isRefusal(fault) || servedAt === undefined
            ? { ...usageAfter(0), inputTokens: 0, cacheReadTokens: 0 }
            : usageAfter(generated(script, call.streaming, (stoppedAt ?? Number.POSITIVE_INFINITY) - servedAt)),
      }
      ledger.add(entry)
      journal.note('open', call.id, entry.name, fault)
      if (fault === 'throws') {
        entry.ended = 'failed'
        entry.endedAt = clock.now()
        throw script.end
      }

      let leave: (() => void) | undefined
      const stream: Stream = createStream({
        entry,
        script,
        manners,
        streaming: call.streaming,
        clock,
        signal,
        onHeaders,
        whole: usageAfter(script.textChunks * script.tokensEach),
        onStopped() {
          journal.note('stopped', call.id, entry.name)
          // A whole answer is made to its end, whoever listens.
          if (!honoursCancel || !call.streaming) return
          stoppedAt ??= clock.now()
          leave?.()
        },
      })
      const serve = (): void => {
        if (stoppedAt !== undefined) {
          release()
          return
        }
        servedAt = clock.now()
        if (Number.isFinite(plan.servers))
          leave = once(
            release,
            clock.after(worksFor(script), () => leave?.()),
          )
        stream.serve()
      }
      if (isRefusal(fault) || healed || plan.servers === Number.POSITIVE_INFINITY) {
        servedAt = clock.now()
        stream.serve()
      } else if (busy < plan.servers) {
        busy += 1
        serve()
      } else {
        queue.push(() => {
          busy += 1
          serve()
        })
      }
      return stream
    },
  }
}

/** Runs `fn` the first time, and cancels the timer that would have. */
function once(fn: () => void, cancel: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    cancel()
    fn()
  }
}

function refused(fault: Extract<Fault, Parameters<typeof refusalError>[0]>, random: SeededRandom): Script {
  const afterMs = random.integer(0, 200)
  const end = refusalError(fault, random)
  const headersMs = end.failure.status === undefined ? Number.POSITIVE_INFINITY : afterMs
  return { headersMs, offsets: [afterMs], textChunks: 0, tokensEach: 0, usageMode: 'missing', finish: 'stop', cutAt: 0, end }
}

/** Output tokens that were made within so many milliseconds. */
function generated({ offsets, textChunks, tokensEach, cutAt }: Script, streaming: boolean, withinMs: number): number {
  if (!streaming) return cutAt > 0 && offsets[0]! <= withinMs ? textChunks * tokensEach : 0
  let chunks = 0
  while (chunks < textChunks && chunks + 1 < cutAt && offsets[chunks + 1]! <= withinMs) chunks += 1
  return chunks * tokensEach
}

const worksFor = ({ offsets, cutAt, end }: Script): number =>
  end === 'hang' ? HUNG_MS : (offsets[Math.min(cutAt, offsets.length - 1)] ?? 0)
