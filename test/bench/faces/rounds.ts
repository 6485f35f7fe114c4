import { type BenchOptions, median, quantile } from '../figures.ts'

interface RoundOptions extends Pick<BenchOptions, 'quick' | 'log'> {
  /** Measured rounds. Default 4000, after 3000 in which code that only one contender runs gets warm, too. */
  rounds?: number
}

/** Milliseconds of each contender, by round: each round calls all of them, in an order that changes, so that drift of the machine falls on all alike. */
export async function playRounds<Name extends string>(
  contenders: Readonly<Record<Name, () => Promise<number>>>,
  { quick, log, rounds = 4_000 }: RoundOptions,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[]
  const times = Object.fromEntries(names.map(name => [name, []])) as unknown as Record<Name, number[]>
  const warmUp = quick ? 20 : 3_000
  const measured = quick ? 50 : rounds
  for (let round = -warmUp; round < measured; round += 1) {
    for (let at = 0; at < names.length; at += 1) {
      const name = names[(at + Math.abs(round)) % names.length]!
      const ms = await contenders[name]()
      if (round >= 0) times[name].push(ms)
    }
    if (round % 1_000 === 0) log(`round ${round} of ${measured}`)
  }
  for (const name of names)
    log(`${name.padEnd(14)} median ${median(times[name]).toFixed(3)} ms, p99 ${quantile(times[name], 0.99).toFixed(3)} ms`)
  return times
}

/** What one took for each millisecond of the other, round by round. */
export const ratios = (some: readonly number[], others: readonly number[]): number[] => some.map((ms, at) => ms / others[at]!)
