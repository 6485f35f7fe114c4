import type { Clock } from '@routewise/core'

/** Bits of a double, for hashing. */
const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

/** What has happened, in order: as a hash always, as lines to read when asked for. */
export function createJournal(clock: Pick<Clock, 'now'>, { readable }: { readable: boolean }) {
  const lines: string[] = []
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  const mix = (word: number): void => {
    low = Math.imul(low ^ word, 0x01000193)
    high = Math.imul((high << 5) ^ (high >>> 27) ^ word, 0x85ebca6b)
  }
  const add = (value: string | number): void => {
    if (typeof value === 'number') {
      // To the microsecond: engines may differ in the last bit of a power or a logarithm, and that is not another run.
      double[0] = Math.round(value * 1_000)
      mix(words[0]!)
      mix(words[1]!)
    } else for (let at = 0; at < value.length; at += 1) mix(value.charCodeAt(at))
  }
  return {
    lines: lines as readonly string[],
    note(event: string, call: number, subject?: string | number, detail?: string | number): void {
      add(clock.now())
      add(event)
      add(call)
      if (subject !== undefined) add(subject)
      if (detail !== undefined) add(detail)
      if (readable) {
        const time = clock.now().toFixed(3).padStart(12)
        lines.push(`${time}  call ${String(call).padEnd(4)} ${event.padEnd(9)} ${subject ?? ''}${detail === undefined ? '' : ` ${detail}`}`)
      }
    },
    hash: (): string => [low, high].map(word => (word >>> 0).toString(16).padStart(8, '0')).join(''),
  }
}

export type Journal = ReturnType<typeof createJournal>
