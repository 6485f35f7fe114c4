// Where prompts of real agents go among equal upstreams: what is read from their caches and what the input costs, against one upstream
// that gets everything, and against the usual ways of choosing.
import type { AgentJob, Arm } from './fleet/agent-job.ts'
import type { Replayed } from './fleet/replay.ts'
import { atLeast, atMost, type BenchOptions, type Figure, measured } from '../figures.ts'
import { runJobs } from '../../jobs.ts'

/** Caches that match any prefix, that give each key a machine of its own, that end where a marker is, and both of the latter. */
const MODELS = ['gemini-3.1-pro-preview', 'gpt-5.4', 'claude-sonnet-5', 'gpt-5.6-sol']
const UPSTREAMS = [2, 3, 4]
const OTHER_ARMS: readonly Arm[] = ['round robin', 'random', 'sticky by session', 'first 2,048 tokens']

export async function run({ data, quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  if (data === undefined) {
    log('agents: left out; the conversations are mini-SWE-agent’s (github.com/SWE-agent/mini-swe-agent), read with --data DIR')
    return {}
  }
  const every = quick ? 12 : 1
  const jobs = (quick ? MODELS.slice(0, 2) : MODELS).flatMap((model): AgentJob[] => {
    const job = (upstreams: number, arm: Arm): AgentJob => ({ data, every, model, upstreams, arm })
    const routed = [1, ...UPSTREAMS].map(upstreams => job(upstreams, 'routed'))
    // What others would do is shown for one cache.
    return quick || model !== MODELS[0] ? routed : [...routed, job(4, 'foresight'), ...OTHER_ARMS.map(arm => job(4, arm))]
  })
  const results = await runJobs<AgentJob, Replayed>(import.meta.resolve('./fleet/agent-job.ts'), jobs, ({ model, upstreams, arm }) =>
    log(`agents: done ${model}, ${upstreams} upstreams, ${arm}`),
  )
  const boundOf = (job: AgentJob) => results[jobs.findIndex(({ model, upstreams }) => model === job.model && upstreams === 1)]!

  log(`\n${'agents'.padEnd(56)}${['cached', 'of bound', 'bill', 'load', 'excesses'].map(head => head.padStart(10)).join('')}`)
  for (const [at, job] of jobs.entries()) {
    const { cacheReadTokens, inputTokens, inputUsd, worstLoad, excesses } = results[at]!
    const bound = boundOf(job)
    const numbers = [cacheReadTokens / inputTokens, cacheReadTokens / bound.cacheReadTokens, inputUsd / bound.inputUsd, worstLoad]
    const cells = [...numbers.map(number => number.toFixed(3)), String(excesses)]
    log(`${`${job.model}, ${job.upstreams} upstreams, ${job.arm}`.padEnd(56)}${cells.map(cell => cell.padStart(10)).join('')}`)
  }
  log('bill: of the input, as a share of the bound’s; load: of any minute, as a share of 1.3 × its fair share and 100,000 tokens\n')

  const ratios = (arm: Arm, ratio: (result: Replayed, bound: Replayed) => number) =>
    jobs.flatMap((job, at) => (job.arm === arm && job.upstreams > 1 ? [ratio(results[at]!, boundOf(job))] : []))
  const share = (result: Replayed, bound: Replayed) => result.cacheReadTokens / bound.cacheReadTokens
  const bill = (result: Replayed, bound: Replayed) => result.inputUsd / bound.inputUsd
  const wholeBill = (result: Replayed, bound: Replayed) => result.usd / bound.usd
  const figures: Record<string, Figure> = {
    agent_share_of_bound: atLeast(Math.min(...ratios('routed', share)), 0.97, ''),
    agent_bill_of_bound: atMost(Math.max(...ratios('routed', bill)), 1.02, '×'),
    agent_load_of_fair: atMost(Math.max(...ratios('routed', ({ worstLoad }) => worstLoad)), 1, ''),
    agent_excesses: atMost(
      ratios('routed', ({ excesses }) => excesses).reduce((sum, count) => sum + count, 0),
      0,
      '',
    ),
  }
  figures['agent_whole_bill_of_bound'] = measured(Math.max(...ratios('routed', wholeBill)), '×')
  if (quick) return figures
  figures['agent_bill_foresight'] = measured(Math.max(...ratios('foresight', bill)), '×')
  for (const arm of OTHER_ARMS) {
    const key = arm.replaceAll(/[ ,]+/gu, '_')
    figures[`agent_share_${key}`] = measured(Math.min(...ratios(arm, share)), '')
    figures[`agent_bill_${key}`] = measured(Math.max(...ratios(arm, bill)), '×')
    figures[`agent_load_${key}`] = measured(Math.max(...ratios(arm, ({ worstLoad }) => worstLoad)), '')
  }
  return figures
}
