import { findModel } from '@routewise/catalog'
import { createPrefixLint, type LintReport, type ModelCard } from '@routewise/core'
import { Command, InvalidArgumentError } from 'commander'
import { InputError } from '../input/input-error.ts'
import { readRequests } from '../lint/read-requests.ts'
import { renderLint } from '../lint/render-lint.ts'
import { integer, usd } from '../text/figures.ts'
import type { Io } from '../text/output.ts'
import { createStyle } from '../text/style.ts'
import { integerOption, numberOption } from './option-values.ts'

interface Options {
  model?: string
  requestsPerDay?: number
  failOn?: number | 'any'
  top: number
  skipBad?: boolean
  json?: boolean
}

/** Requests between two words on how far it is. */
const PROGRESS_EVERY = 5_000

const HELP = `
FILE is JSONL or a JSON array, plain or gzip; - reads standard input. Each request is
  {"model": …, "messages": […], "tools": […]}     the body of a request: OpenAI Chat Completions, OpenAI Responses (\`input\`),
                                                  Anthropic Messages, Gemini generateContent (\`contents\`)
  {"time": …, "session": …, "tenant": …, "model": …, "body": {…}}
                                                  a log line around one (\`timestamp\`, \`request\` work too; \`body\` may be JSON text);
                                                  time: ISO 8601, Unix seconds or milliseconds
Requests stand in the order in which they were sent. Without \`session\` a conversation is known by what it goes on with.
Texts are quoted by 80 characters at most, and keys are masked.

Examples:
  routewise lint-prefix requests.jsonl --model gpt-6-sol
  routewise lint-prefix log.jsonl.gz --fail-on 5          a gate: exit code 1 from $5 a day on
  jq -c .request log.json | routewise lint-prefix - --json

Exit codes: 0 done; 1 more is lost than --fail-on allows; 2 wrong usage or input; 130 stopped by Ctrl-C.`

/** \`routewise lint-prefix\`: what keeps prompts from being read from their provider's cache. */
export function lintPrefixCommand(io: Io): Command {
  return new Command('lint-prefix')
    .description(
      "Find what keeps prompts from being read from their provider's cache: what differs first between successive prompts of a conversation, why, what it costs a day, and the mend. Nothing is sent anywhere.",
    )
    .argument('<file>', 'requests as they were sent: JSONL or a JSON array; - for standard input')
    .option('--model <id>', 'whose prices and cache hold for requests that name no model, or one that the catalog does not know')
    .option(
      '--requests-per-day <n>',
      'how many a day there are, where these are a sample (default: by their times)',
      numberOption({ above: 0, max: 1e12 }),
    )
    .option('--fail-on <usd>', 'exit code 1 if this much or more is lost a day, in dollars; `any`: on any finding', failOnOption)
    .option('--top <n>', 'findings to show, dearest first', integerOption({ min: 1 }), 10)
    .option('--skip-bad', 'leave out lines that cannot be used, instead of stopping')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', HELP)
    .action((file: string, options: Options) => lintFile(file, options, io))
}

function failOnOption(value: string): number | 'any' {
  if (value === 'any') return value
  const number = Number(value)
  if (!Number.isFinite(number) || value.trim() === '' || number < 0)
    throw new InvalidArgumentError('Expected dollars a day, such as 5, or `any`.')
  return number
}

async function lintFile(
  file: string,
  { model, requestsPerDay, failOn, top, skipBad = false, json = false }: Options,
  io: Io,
): Promise<void> {
  const cards = createCards(model)
  const lint = createPrefixLint({ card: cards.find, requestsPerDay, wallMs: Date.now() })
  const name = file === '-' ? 'standard input' : file
  const numbers: number[] = []
  let unit: 'line' | 'item' = 'line'
  let bad = 0
  const onBad = (where: string, problem: string): void => {
    bad += 1
    if (bad <= 5) io.stderr.write(`${where}: ${problem}; left out\n`)
  }
  const source = file === '-' ? io.stdin : file
  for await (const found of readRequests(source, { name, onBad: skipBad ? onBad : undefined, signal: io.signal })) {
    lint.add(found.request)
    numbers.push(found.number)
    unit = found.unit
    if (!json && numbers.length % PROGRESS_EVERY === 0) io.stderr.write(`${integer(numbers.length)} requests read\n`)
  }
  io.signal.throwIfAborted()
  if (numbers.length === 0) throw new InputError(bad > 0 ? `${name}: no good line is left.` : `${name} holds no requests.`)
  if (bad > 5) io.stderr.write(`${name}: ${integer(bad)} lines left out in all\n`)
  const report = lint.report()
  const unknownModels = cards.unknown()
  if (json)
    io.stdout.write(
      `${JSON.stringify({ ...report, findings: report.findings.map(finding => ({ ...finding, line: numbers[finding.request] })), unknownModels })}\n`,
    )
  else io.stdout.write(renderLint(report, { name, numbers, unit, unknownModels, top }, createStyle({ stream: io.stdout, env: io.env })))
  if (failOn !== undefined) gate(report, failOn)
}

/** @throws where more is lost than is allowed, which ends the command with code 1; InputError where that cannot be told. */
function gate({ findings, usdPerDay }: LintReport, failOn: number | 'any'): void {
  if (findings.length === 0) return
  if (failOn === 'any')
    throw new Error(`${findings.length === 1 ? 'one finding' : `${findings.length} findings`}, and --fail-on any allows none.`)
  if (usdPerDay === undefined) throw new InputError('--fail-on needs prices: give --model, or `--fail-on any`.')
  if (usdPerDay >= failOn) throw new Error(`${usd(usdPerDay)} a day is lost, and --fail-on allows less than ${usd(failOn)}.`)
}

/** Cards by the model a request names, else by `--model`. */
function createCards(model: string | undefined) {
  const fallback = model === undefined ? undefined : findModel(model)
  if (model !== undefined && fallback === undefined) {
    throw new InputError(`The catalog knows no model "${model}", nor one like it. \`routewise prices\` lists all.`)
  }
  const known = new Map<string, ModelCard | undefined>()
  const unknown = new Set<string>()
  return {
    find(name: string | undefined): ModelCard | undefined {
      if (name === undefined) return fallback
      if (!known.has(name)) known.set(name, findModel(name))
      const card = known.get(name) ?? fallback
      if (card === undefined) unknown.add(name)
      return card
    },
    unknown: () => [...unknown],
  }
}
