// A release date at the end of an id: 20251001 or 2024-08-06.
const releaseDate = /[-@](?:20\d{6}|20\d{2}-\d{2}-\d{2})$/
// Version numbers, but not sizes such as 70b.
const versionNumber = /\d+(?:[.-]\d+)*(?![\db])/g

/** An id without its version, and the version: `claude-sonnet-5-5` is version 5.5 of `claude-sonnet-#`. */
export function likenessOf(id: string): { family: string; version: readonly number[] } {
  const version: number[] = []
  const family = id
    .toLowerCase()
    .replace(releaseDate, '')
    .replaceAll(versionNumber, found => {
      version.push(...found.split(/[.-]/).map(Number))
      return '#'
    })
  return { family, version }
}

/** The id of the same family with the closest version: the newest that is not newer, else the oldest. */
export function closestRelative(id: string, known: Iterable<string>): string | undefined {
  const wanted = likenessOf(id)
  if (wanted.version.length === 0) return undefined
  const relatives = [...known]
    .map(relative => ({ relative, ...likenessOf(relative) }))
    .filter(({ family }) => family === wanted.family)
    .toSorted((a, b) => compare(a.version, b.version))
  return (relatives.findLast(({ version }) => compare(version, wanted.version) <= 0) ?? relatives[0])?.relative
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
