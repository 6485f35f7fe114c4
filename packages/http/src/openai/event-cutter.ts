const LF = 10
const CR = 13
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** Cuts the bytes of an event stream at the ends of events. */
export interface EventCutter {
  /** All events that are whole by now, as they were written; `undefined` when none is. @throws when one is longer than the bound. */
  cut(bytes: Buffer): Buffer | undefined
}

/** Lines end with LF, CR or CRLF, in any mixture, and an event with an empty one. What is left is kept, up to `maxBytes`. */
export function createEventCutter(maxBytes: number): EventCutter {
  let kept: Buffer[] = []
  let keptBytes = 0
  let begun = false

  function join(rest: Buffer): Buffer {
    if (keptBytes === 0) return rest
    const whole = Buffer.concat([...kept, rest], keptBytes + rest.length)
    kept = []
    keptBytes = 0
    return whole
  }

  function keep(rest: Buffer): void {
    if (rest.length === 0) return
    kept.push(rest)
    keptBytes += rest.length
    if (keptBytes > maxBytes) throw new RangeError(`One event of the stream is longer than ${maxBytes} bytes.`)
  }

  /** The last bytes of what is kept, by which an empty line may begin: at most a line's end of two. */
  function keptEnd(): string {
    const last = kept.at(-1)
    if (last === undefined) return ''
    return last.length > 1 || kept.length === 1
      ? last.toString('latin1', last.length - 2)
      : kept.at(-2)!.toString('latin1', kept.at(-2)!.length - 1) + last.toString('latin1')
  }

  return {
    cut(bytes) {
      if (!begun) {
        // A byte order mark is no part of the first event; where not all of it is there yet, it is waited for.
        const start = join(bytes)
        if (start.length < BOM.length && BOM.subarray(0, start.length).equals(start)) {
          keep(start)
          return undefined
        }
        begun = true
        return this.cut(start.subarray(0, 3).equals(BOM) ? start.subarray(3) : start)
      }
      const end = lastEnd(bytes, keptBytes === 0 ? '' : keptEnd())
      if (end === 0) {
        keep(bytes)
        return undefined
      }
      const whole = join(end === bytes.length ? bytes : bytes.subarray(0, end))
      if (end < bytes.length) keep(bytes.subarray(end))
      return whole
    },
  }
}

/** Where the last event before `end` begins, of bytes that hold whole events; what it ends with is behind it. */
export function lastEventStart(bytes: Buffer, end: number): number {
  let last = end
  while (last > 0 && isLineEnd(bytes[last - 1])) last -= 1
  return lastEnd(bytes.subarray(0, last), '')
}

/** Behind the last empty line in `bytes`, which may have begun in the two bytes `before` them; 0: there is none. */
function lastEnd(bytes: Buffer, before: string): number {
  const { length } = bytes
  if (bytes[length - 1] === LF && bytes[length - 2] === LF) return length
  for (let end = lastLineEnd(bytes, length); end > 0;) {
    let start = end - 1
    while (start > 0 && isLineEnd(bytes[start - 1])) start -= 1
    const run = (start === 0 ? lineEndsOf(before) : '') + bytes.toString('latin1', start, end)
    if (endsLines(run) > 1) return end
    end = lastLineEnd(bytes, start)
  }
  return 0
}

const isLineEnd = (byte: number | undefined): boolean => byte === LF || byte === CR
const lineEndsOf = (text: string): string => /[\r\n]*$/.exec(text)![0]
const endsLines = (run: string): number => run.replaceAll('\r\n', '\n').length

/** Behind the last LF or CR before `end`; 0: there is none. */
function lastLineEnd(bytes: Buffer, end: number): number {
  if (end === 0) return 0
  return Math.max(bytes.lastIndexOf(LF, end - 1), bytes.lastIndexOf(CR, end - 1)) + 1
}
