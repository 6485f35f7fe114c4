import { createInterface } from 'node:readline/promises'
import type { AIMessage, BaseMessage } from '@langchain/core/messages'
import { type Clock, systemClock, toUsd } from '@routewise/core'
import { RoutedChatModel } from '@routewise/langchain'
import { InputError } from '../input/input-error.ts'
import { usd } from '../text/figures.ts'
import type { Io } from '../text/output.ts'
import { type DemoSettings, flagshipUsd } from './demo.ts'
import { createInFlight } from './in-flight.ts'
import { type LiveModel, liveModels } from './live-models.ts'
import { referenceMessage, toLangChain, toolMessages } from './messages.ts'
import { createReceiptPick } from './pick-receipt.ts'
import type { DemoPlan } from './plan.ts'
import { answeredByBoth, type DemoReport, ratio, taskRows } from './report-data.ts'
import { runApp } from './run.ts'
import { createTally } from './tally.ts'

export interface LiveOptions {
  io: Io
  /** Spends without asking. */
  yes: boolean
}

/**
 * The demo with real models. Says what it expects to spend, asks, then runs before and after; nobody is taken down.
 * Both runs are billed by the receipts: before, the flagship is called through a router of one, so that its raw usage is read as well.
 * @throws InputError if keys are missing, or nobody may be asked and `yes` was not given.
 */
export async function runLive(plan: DemoPlan, settings: DemoSettings, { io, yes }: LiveOptions): Promise<DemoReport> {
  const startedAt = settings.now()
  const { flagship, policy } = plan
  const { models, without } = liveModels(plan, io.env)
  const alone = models.filter(({ card }) => card.id === flagship.id)
  const router = () => routed(models, { policy })
  const expected = await expectedUsd(plan, router(), settings.signal)
  io.stderr.write(
    `This will spend about ${usd(expected.before)} before (${flagship.id} alone) and ${usd(expected.after)} after, at list prices, on ${plan.source.turns} turns each.\n` +
      (without.length > 0 ? `No key: ${without.join(', ')} left out.\n` : ''),
  )
  if (!yes) await confirm(io)

  const before = await runSide(plan, settings, 'before', routed(alone, { hedge: false }))
  const after = await runSide(plan, settings, 'after', router())
  const picked = after.pick.best()
  const [total, totalAfter] = [before.tally.total(), after.tally.total()]
  return {
    before: { model: flagship.id, ...total },
    after: {
      model: `RoutedChatModel over ${models.length} models`,
      ...totalAfter,
      models: [...after.models]
        .map(([model, sum]) => ({ model, requests: sum.requests, usd: toUsd(sum.nanoUsd) }))
        .toSorted((a, b) => b.usd - a.usd),
      receiptsUsd: toUsd(after.receiptsNanoUsd),
      billMinusReceiptsNanoUsd: 0,
    },
    usdRatio: ratio(totalAfter.usd, total.usd),
    answeredByBoth: answeredByBoth(before.tally, after.tally),
    tasks: taskRows(before.tally, after.tally),
    receipt: picked?.receipt,
    receiptFlagshipUsd: picked === undefined ? undefined : flagshipUsd(picked.receipt, flagship, plan.pool),
    seed: settings.seed,
    timeScale: 1,
    notes: [
      ...plan.notes,
      `Live: real models, real money. Expected beforehand: ${usd(expected.before)} and ${usd(expected.after)}, prompt caches not counted.`,
      'Costs are from the receipts: the usage that providers report, at list prices. Their bills are not read.',
    ],
    seconds: (settings.now() - startedAt) / 1000,
  }
}

function routed(models: readonly LiveModel[], options: { policy?: DemoPlan['policy']; hedge?: false }): RoutedChatModel {
  return new RoutedChatModel({ models: models.map(({ card, model }) => ({ model, id: card.id, card })), ...options })
}

async function runSide({ source, flagship }: DemoPlan, settings: DemoSettings, side: 'before' | 'after', model: RoutedChatModel) {
  const { concurrency, signal, progress } = settings
  const clock: Clock = systemClock
  const tally = createTally()
  const pick = createReceiptPick()
  const models = new Map<string, { requests: number; nanoUsd: number }>()
  let receiptsNanoUsd = 0
  const bar = progress.start(side, source.turns)
  await runApp({
    source,
    model,
    modelId: flagship.id,
    clock,
    concurrency,
    signal,
    inFlight: createInFlight(),
    onTurnStart() {},
    onTurnEnd(record) {
      tally.turn(record)
      pick.offer(record)
      for (const { attempts } of record.receipts) {
        for (const { model: id, usage, costNanoUsd } of attempts) {
          tally.request({ label: record.id, usage, costNanoUsd })
          receiptsNanoUsd += costNanoUsd ?? 0
          const sum = models.get(id) ?? { requests: 0, nanoUsd: 0 }
          models.set(id, { requests: sum.requests + 1, nanoUsd: sum.nanoUsd + (costNanoUsd ?? 0) })
        }
      }
      bar.step(record.failure !== undefined)
    },
  })
  bar.done()
  return { tally, pick, models, receiptsNanoUsd }
}

/** What the router itself expects each call to cost, on the flagship and on its first choice; answers are guessed where none is known. */
async function expectedUsd({ source, flagship }: DemoPlan, model: RoutedChatModel, signal: AbortSignal) {
  const sum = { before: 0, after: 0 }
  for await (const { start, turns, tools, task } of source.open(signal)) {
    const bound = tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } }))
    const transcript: BaseMessage[] = start.map(toLangChain)
    let last: AIMessage | undefined
    let calls: Parameters<typeof toolMessages>[1] = []
    for (const step of turns.flatMap(({ steps }) => steps)) {
      const { ask, reference } = step
      if (ask.type === 'messages') transcript.push(...ask.messages.map((message, at) => toLangChain(message, transcript.length + at)))
      else if (last !== undefined) transcript.push(...toolMessages(last, calls, ask.results))
      const call = {
        kind: 'stream',
        messages: transcript,
        tools: bound.length > 0 ? bound : undefined,
        structured: undefined,
        options: {},
      } as const
      const { considered } = model.router.decide(call, task === undefined ? {} : { task })
      sum.before += expectedOf(considered, ({ target }) => target === flagship.id)
      sum.after += expectedOf(considered, ({ rank }) => rank === 1)
      calls = reference?.toolCalls ?? []
      last = referenceMessage(reference ?? { text: GUESSED_ANSWER, toolCalls: [] }, transcript.length)
      transcript.push(last)
    }
  }
  return sum
}

type Considered = ReturnType<RoutedChatModel['router']['decide']>['considered']
const expectedOf = (considered: Considered, is: (one: Considered[number]) => boolean): number => considered.find(is)?.expectedCostUsd ?? 0

/** Stands for an answer in the history of the turns that follow it. */
const GUESSED_ANSWER = 'word '.repeat(200)

async function confirm({ stderr, stdin, signal }: Io): Promise<void> {
  if (!stdin.isTTY) throw new InputError('Nobody can be asked here: pass --yes to spend it.')
  const readline = createInterface({ input: stdin, output: stderr as unknown as NodeJS.WritableStream })
  try {
    const answer = await readline.question('Spend it? [y/N] ', { signal })
    if (!/^y(es)?$/i.test(answer.trim())) throw new InputError('Nothing was spent.')
  } finally {
    readline.close()
  }
}
