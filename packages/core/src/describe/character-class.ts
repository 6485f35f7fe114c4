/** Classes of ASCII characters, by how a byte-pair tokenizer treats them. */
export const asciiClasses = [
  'vowel',
  'consonant',
  'rare',
  'upper',
  'digit',
  'space',
  'newline',
  'tab',
  'quote',
  'open',
  'close',
  'stop',
  'joiner',
  'symbol',
  'slash',
] as const

/** Classes of everything else, by script. */
const scriptClasses = [
  'latin',
  'latinExtended',
  'greek',
  'cyrillic',
  'arabic',
  'hebrew',
  'indic',
  'indicSign',
  'thai',
  'han',
  'kana',
  'katakana',
  'hangul',
  'wide',
  'typographic',
  'emoji',
  'other',
] as const

export type AsciiClass = (typeof asciiClasses)[number]
export type ScriptClass = (typeof scriptClasses)[number]

/** All classes; there are 32, so that a pair of them fits in ten bits. */
export const classNames: readonly (AsciiClass | ScriptClass)[] = [...asciiClasses, ...scriptClasses]

/** The number of a class. */
export function classNumber(name: AsciiClass | ScriptClass): number {
  return classNames.indexOf(name)
}

const ascii: Readonly<Record<AsciiClass, string>> = {
  vowel: 'aeiou',
  consonant: 'bcdfghlmnprst',
  // Letters after which, or before which, a merge is seldom in the vocabulary.
  rare: 'jkqvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digit: '0123456789',
  space: ' ',
  newline: '\n\r',
  tab: '\t',
  quote: '"\'`',
  open: '([{<',
  close: ')]}>',
  stop: '.,;:!?',
  joiner: '-_',
  symbol: '#$%&*+=@^|~',
  slash: '/\\',
}

/** First UTF-16 unit of each range; a range ends where the next one starts. Half a surrogate pair counts as half an emoji. */
const ranges: readonly (readonly [first: number, name: ScriptClass | 'symbol'])[] = [
  [0x0000, 'other'],
  [0x00a0, 'typographic'],
  [0x00c0, 'latin'],
  [0x0100, 'latinExtended'],
  [0x0250, 'other'],
  [0x0370, 'greek'],
  [0x0400, 'cyrillic'],
  [0x0530, 'other'],
  [0x0590, 'hebrew'],
  [0x0600, 'arabic'],
  [0x0780, 'other'],
  [0x0900, 'indic'],
  [0x0e00, 'thai'],
  [0x0e80, 'other'],
  [0x1100, 'hangul'],
  [0x1200, 'other'],
  [0x1e00, 'latinExtended'],
  [0x1f00, 'greek'],
  [0x2000, 'typographic'],
  [0x2070, 'other'],
  [0x3000, 'wide'],
  [0x3040, 'kana'],
  [0x30a0, 'katakana'],
  [0x3100, 'other'],
  [0x3400, 'han'],
  [0xa000, 'other'],
  [0xac00, 'hangul'],
  [0xd7b0, 'other'],
  [0xd800, 'emoji'],
  [0xe000, 'other'],
  [0xf900, 'han'],
  [0xfb00, 'other'],
  [0xff00, 'wide'],
  [0xfff0, 'other'],
  [0x10000, 'other'],
]

/** Vowel signs and viramas; every Indic block of 128 lays them out alike. */
function isIndicSign(unit: number): boolean {
  const offset = unit & 0x7f
  return offset < 4 || (offset >= 0x3a && offset <= 0x57 && offset !== 0x3d && offset !== 0x50) || offset === 0x62 || offset === 0x63
}

/** Class of every UTF-16 unit. */
export const classOfUnit: Uint8Array = classify()

function classify(): Uint8Array {
  const classes = new Uint8Array(0x10000)
  for (let index = 1; index < ranges.length; index++) {
    const [first, name] = ranges[index - 1]!
    classes.fill(classNumber(name), first, ranges[index]![0])
  }
  const indicSign = classNumber('indicSign')
  for (let unit = 0x0900; unit < 0x0e00; unit++) if (isIndicSign(unit)) classes[unit] = indicSign
  for (const name of asciiClasses) for (const character of ascii[name]) classes[character.charCodeAt(0)] = classNumber(name)
  classes[0x00d7] = classes[0x00f7] = classNumber('symbol')
  return classes
}
