/** One run on its way. */
export interface ProgressBar {
  step(failed: boolean): void
  done(): void
}

/** Tells on standard error how far the demo is. */
export interface Progress {
  start(label: string, total: number): ProgressBar
}

interface ProgressOptions {
  stream: { write(text: string): unknown; isTTY?: boolean }
  now(): number
}

const LABEL_CELLS = 23
const BAR_CELLS = 30
/** Redraws a terminal line at most this often. */
const REDRAW_MS = 80
/** Where there is no terminal: a line for every so much of the whole. */
const LINE_SHARE = 0.25

/** A line that is redrawn on a terminal; elsewhere a plain line now and then. */
export function createProgress({ stream, now }: ProgressOptions): Progress {
  const live = stream.isTTY === true
  return {
    start(label, total) {
      let count = 0
      let failed = 0
      let drawnAt = Number.NEGATIVE_INFINITY
      let nextLine = LINE_SHARE
      const figures = () => `${count}/${total} turns${failed > 0 ? `, ${failed} without an answer` : ''}`
      const draw = () => {
        const full = Math.round((BAR_CELLS * count) / Math.max(1, total))
        stream.write(`\r\u001B[2K${label.padEnd(LABEL_CELLS)}${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${figures()}`)
        drawnAt = now()
      }
      if (live) draw()
      return {
        step(turnFailed) {
          count += 1
          if (turnFailed) failed += 1
          if (live) {
            if (now() - drawnAt >= REDRAW_MS) draw()
          } else if (count / total >= nextLine && count < total) {
            stream.write(`${label.padEnd(LABEL_CELLS)}${figures()}\n`)
            nextLine += LINE_SHARE
          }
        },
        done() {
          if (live) draw()
          stream.write(live ? '\n' : `${label.padEnd(LABEL_CELLS)}${figures()}\n`)
        },
      }
    },
  }
}

/** Says nothing. */
export const silentProgress: Progress = { start: () => ({ step() {}, done() {} }) }
