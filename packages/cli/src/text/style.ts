import { styleText } from 'node:util'

/** Puts emphasis on text, or leaves it plain. */
export interface Style {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
}

/** Emphasis for a terminal that wants it. Source: no-color.org. */
export function createStyle({ stream, env }: { stream: { isTTY?: boolean }; env: Readonly<Record<string, string | undefined>> }): Style {
  const colour = (env['FORCE_COLOR'] ?? '') !== '' || (stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb')
  const as = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text
  return { bold: as('bold'), dim: as('dim'), good: as('green'), bad: as('red') }
}

export const plainStyle: Style = { bold: text => text, dim: text => text, good: text => text, bad: text => text }
