import { Command, Option } from 'commander'
import { type DemoSettings, runDemo } from '../demo/demo.ts'
import { type FaceName, faces } from '../demo/faces.ts'
import { runLive } from '../demo/live.ts'
import type { DemoPlan } from '../demo/plan.ts'
import { planPrompts } from '../demo/plan-prompts.ts'
import { planRecorded } from '../demo/plan-recorded.ts'
import { planWorkload } from '../demo/plan-workload.ts'
import { createProgress, silentProgress } from '../demo/progress.ts'
import { renderReport } from '../demo/report.ts'
import { scenario } from '../demo/scenario.ts'
import { loadWorkload } from '../demo/workload/workload.ts'
import { InputError } from '../input/input-error.ts'
import { scanInput } from '../input/scan.ts'
import type { Price } from '../input/solve-price.ts'
import type { Io } from '../text/output.ts'
import { createStyle } from '../text/style.ts'
import { integerOption, listOption, numberOption, priceOption, shareOption } from './option-values.ts'

interface Options {
  face: FaceName
  input?: string
  models?: string[]
  price?: Map<string, Price>
  calibrate: number
  keepQuality?: number
  skipBad?: boolean
  seed: number
  limit?: number
  concurrency: number
  timeScale?: number
  live?: boolean
  yes?: boolean
  json?: boolean
}

/** At most this fast, however long the input is: the app's own work would drown the providers' times. */
const FASTEST = 20
/** Turns of an input that run at the scenario's pace; longer inputs run faster. */
const USUAL_TURNS = 300

/** Share of the flagship's quality to keep: as good as can be told from some hundred measured rows. */
const KEEP_MEASURED = 0.98
/** The same where quality is an assumption, whose last digits mean nothing. */
const KEEP_ASSUMED = 0.95

const SHAPES = `
Input (JSONL, plain or gzip), one of these per line:
  {"prompt": "…"} or {"question": "…", "options": […]}      one prompt
  {"turns": ["…", "…"]}                                      a conversation, answered turn by turn
  {"messages": […], "tools": […]}                            the body of an OpenAI request
  {"msgs": [["system", "…"], ["user", "…"], …]}              a whole conversation
  {"prompt": "…", "out": {"model": {"s": 1, "c": 0.001, "it": 90, "ot": 40, "text": "…"}}}
                                                             recorded outcomes: score, USD, tokens, text
  With "task" or "category" the report is split by it.

Exit codes: 0 done; 1 the run failed; 2 wrong usage or input; 130 stopped by Ctrl-C.`

/** \`routewise demo\`: one app, twice over the same input: with one flagship, and routed. */
export function demoCommand(io: Io): Command {
  return new Command('demo')
    .description(
      'Run one app, on LangChain, on the AI SDK, or on the openai SDK with an Express or Koa endpoint or a routed fetch, twice over the same input, with one flagship model and routed, against simulated providers, one of which goes down for a while. No keys, no network.',
    )
    .addOption(new Option('--face <name>', 'what the app is written on').choices(Object.keys(faces)).default('langchain'))
    .option('--input <file>', 'your own prompts, conversations or recorded outcomes (default: a built-in support desk)')
    .option('--models <a,b,…>', 'the pool; the dearest is "before"', listOption)
    .option('--price <model=in,out>', 'USD per million tokens of a model; may be given again', priceOption)
    .option(
      '--calibrate <share>',
      'share of recorded rows on which quality is measured, left out of both totals',
      shareOption({ below: 0.95 }),
      0.2,
    )
    .option(
      '--keep-quality <share>',
      "share of the flagship's quality that the policy keeps (default: 0.98 where quality is measured, on recorded rows; 0.95 where it is assumed)",
      numberOption({ above: 0, max: 1 }),
    )
    .option('--skip-bad', 'leave out lines that cannot be used, instead of stopping')
    .option('--seed <n>', 'decides every draw', integerOption({ min: 0 }), 1)
    .option('--limit <n>', 'at most so many conversations or rows, drawn by the seed', integerOption({ min: 1 }))
    .option('--concurrency <n>', 'conversations at once', integerOption({ min: 1, max: 256 }), scenario.concurrency)
    .option(
      '--time-scale <x>',
      'provider milliseconds per real millisecond (default: by the length of the input)',
      numberOption({ above: 0, max: 1000 }),
    )
    .option('--live', 'ask the real providers, with OPENAI_API_KEY, ANTHROPIC_API_KEY and GOOGLE_API_KEY; says what it would spend first')
    .option('--yes', 'with --live: spend it without asking')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', SHAPES)
    .action((options: Options) => demo(options, io))
}

async function demo(options: Options, io: Io): Promise<void> {
  const { json = false, live = false } = options
  const plan = await planFor(options, io)
  const progress = json ? silentProgress : createProgress({ stream: io.stderr, now: () => performance.now() })
  const settings: DemoSettings = {
    face: options.face,
    seed: options.seed,
    concurrency: options.concurrency,
    timeScale: live ? 1 : (options.timeScale ?? paceOf(plan)),
    signal: io.signal,
    progress,
    now: () => performance.now(),
  }
  const report = live ? await runLive(plan, settings, { io, yes: options.yes ?? false }) : await runDemo(plan, settings)
  io.stdout.write(json ? `${JSON.stringify(report)}\n` : renderReport(report, createStyle({ stream: io.stdout, env: io.env })))
}

const paceOf = ({ source }: DemoPlan): number =>
  Math.min(FASTEST, Math.max(scenario.timeScale, (scenario.timeScale * source.turns) / USUAL_TURNS))

async function planFor(options: Options, { signal }: Io): Promise<DemoPlan> {
  const { input, models, price: prices = new Map(), limit = Number.POSITIVE_INFINITY, live = false, keepQuality } = options
  if (input === undefined) {
    const given = ['models', 'price', 'skipBad'].filter(name => options[name as keyof Options] !== undefined)
    if (given.length > 0) throw new InputError(`--${given[0] === 'skipBad' ? 'skip-bad' : given[0]} goes with --input.`)
    return planWorkload(loadWorkload(), { limit, seed: options.seed, live })
  }
  const scan = await scanInput(input, { seed: options.seed, skipBad: options.skipBad ?? false, signal })
  const shared = { limit, models, prices, wallMs: Date.now() }
  if (scan.recorded > 0 && !live) {
    return planRecorded(scan, { ...shared, keepQuality: keepQuality ?? KEEP_MEASURED, calibrate: options.calibrate }, signal)
  }
  return planPrompts(scan, { ...shared, keepQuality: keepQuality ?? KEEP_ASSUMED, live }, signal)
}
