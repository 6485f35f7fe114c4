/** A column: its heading, and how wide it is, the space before it included. */
export interface Column {
  heading: string
  width: number
  /** Default: numbers stand to the right. */
  align?: 'left' | 'right'
}

/** Lines of a table in plain text; what is too long for its column is cut. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): { head: string; body: string[] } {
  const line = (cells: readonly string[]) =>
    columns
      .map(({ width, align = 'right' }, at) => {
        const cell = fit(cells[at] ?? '', at === 0 ? width : width - 1)
        return align === 'left' ? (at === 0 ? cell.padEnd(width) : ` ${cell.padEnd(width - 1)}`) : cell.padStart(width)
      })
      .join('')
      .trimEnd()
  return { head: line(columns.map(({ heading }) => heading)), body: rows.map(line) }
}

const fit = (text: string, width: number): string => (text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text)

/** Breaks text into lines of at most `width` characters, its own indent kept; lines after the first start with `indent`. Words are not broken. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    const own = lines.length === 0 ? (/^ */.exec(paragraph)?.[0] ?? '') : indent
    let line = own
    let empty = true
    for (const word of paragraph.trim().split(' ')) {
      if (!empty && line.length + 1 + word.length > width) {
        lines.push(line)
        line = indent
        empty = true
      }
      line += empty ? word : ` ${word}`
      empty = false
    }
    lines.push(line)
  }
  return lines
}
