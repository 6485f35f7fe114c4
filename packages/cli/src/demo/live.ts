import { createInterface } from 'node:readline/promises'
import { type Consideration, systemClock, toUsd, withContext } from '@routewise/core'
import { InputError } from '../input/input-error.ts'
import { usd } from '../text/figures.ts'
import type { Io } from '../text/output.ts'
import type { Answer } from './conversation.ts'
import { type DemoSettings, flagshipUsd, type SideName } from './demo.ts'
import type { App } from './face.ts'
import { faces } from './faces.ts'
import { createInFlight } from './in-flight.ts'
import { liveModels } from './live-models.ts'
import { createReceiptPick } from './pick-receipt.ts'
import type { DemoPlan } from './plan.ts'
import { answeredByBoth, type DemoReport, ratio, taskRows } from './report-data.ts'
import { runApp } from './run.ts'
import { createTally } from './tally.ts'
import { toolResults } from './tool-results.ts'

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
  const face = await faces[settings.face].load()
  const routed = () => face.routed(models, { policy })
  const expected = await expectedUsd(plan, routed(), settings.signal)
  io.stderr.write(
    `This will spend about ${usd(expected.before)} before (${flagship.id} alone) and ${usd(expected.after)} after, at list prices, on ${plan.source.turns} turns each.\n` +
      (without.length > 0 ? `No key: ${without.join(', ')} left out.\n` : ''),
  )
  if (!yes) await confirm(io)

  const before = await runSide(plan, settings, 'before', face.routed(alone, { hedge: false }))
  const after = await runSide(plan, settings, 'after', routed())
  const picked = after.pick.best()
  const [total, totalAfter] = [before.tally.total(), after.tally.total()]
  return {
    face: settings.face,
    before: { model: flagship.id, ...total },
    after: {
      model: `${face.router} over ${models.length} models`,
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

async function runSide({ source, flagship }: DemoPlan, settings: DemoSettings, side: SideName, app: App) {
  const { face, concurrency, signal, progress, onTurn } = settings
  const tally = createTally()
  const pick = createReceiptPick()
  const models = new Map<string, { requests: number; nanoUsd: number }>()
  let receiptsNanoUsd = 0
  const bar = progress.start(`${side} on ${faces[face].framework}`, source.turns)
  try {
    await runApp({
      source,
      app,
      modelId: flagship.id,
      clock: systemClock,
      concurrency,
      signal,
      inFlight: createInFlight(),
      onTurnStart() {},
      onTurnEnd(record) {
        tally.turn(record)
        pick.offer(record)
        onTurn?.(record, side)
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
  } finally {
    await app.close()
  }
  bar.done()
  return { tally, pick, models, receiptsNanoUsd }
}

/** What the router itself expects each call to cost, on the flagship and on its first choice; answers are guessed where none is known. */
async function expectedUsd({ source, flagship }: DemoPlan, app: App, signal: AbortSignal) {
  const sum = { before: 0, after: 0 }
  for await (const conversation of source.open(signal)) {
    const { task, turns } = conversation
    let thread = app.begin(conversation, systemClock)
    let expected: Answer['toolCalls'] = []
    for (const { ask, reference } of turns.flatMap(({ steps }) => steps)) {
      const asked = ask.type === 'messages' ? ask.messages : toolResults(thread.said, expected, ask.results)
      thread = thread.with(asked)
      const considered = await withContext(task === undefined ? {} : { task }, thread.consider)
      sum.before += expectedOf(considered, ({ target }) => target === flagship.id)
      sum.after += expectedOf(considered, ({ rank }) => rank === 1)
      expected = reference?.toolCalls ?? []
      thread = thread.withAnswer(reference ?? { text: GUESSED_ANSWER, toolCalls: [] })
    }
  }
  return sum
}

const expectedOf = (considered: readonly Consideration[], is: (one: Consideration) => boolean): number =>
  considered.find(is)?.expectedCostUsd ?? 0

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
