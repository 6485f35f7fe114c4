import { asciiClasses, classNames, classNumber } from './character-class.ts'
import type { AsciiClass, ScriptClass } from './character-class.ts'

// Thousandths of an o200k token that a character adds, given the class of the one before it. Least relative error over prose in
// 26 languages, code in 6, JSON, markup, logs, numbers and random ids; a cell with little evidence stays near a hand-set prior.
// A zero is right where the tokenizer merges: `](`, `()`, a newline after an opening bracket, `."` before a newline.

/** Rows: the class before. Columns: the class of the character, in the order of `asciiClasses`. */
const afterAscii: Readonly<Record<AsciiClass, readonly number[]>> = {
  // vowel, consonant, rare, upper, digit, space, newline, tab, quote, open, close, stop, joiner, symbol, slash
  vowel: [40, 40, 332, 338, 890, 317, 1320, 600, 323, 162, 560, 455, 0, 684, 399],
  consonant: [226, 40, 404, 399, 1023, 239, 1532, 901, 542, 317, 772, 549, 281, 788, 257],
  rare: [375, 228, 1505, 1389, 1353, 192, 1151, 662, 672, 160, 334, 430, 132, 604, 659],
  upper: [212, 40, 1032, 266, 1591, 0, 858, 787, 833, 904, 1092, 1459, 150, 858, 932],
  digit: [945, 837, 1223, 1678, 329, 140, 535, 586, 958, 511, 1102, 554, 940, 804, 709],
  space: [419, 180, 765, 520, 1834, 25, 793, 705, 809, 777, 456, 790, 952, 401, 754],
  newline: [640, 669, 1024, 919, 1162, 1092, 290, 936, 478, 457, 318, 809, 384, 349, 0],
  tab: [784, 640, 627, 642, 1137, 150, 509, 95, 1081, 869, 751, 668, 614, 669, 542],
  quote: [1043, 520, 1054, 558, 1215, 460, 311, 608, 20, 608, 559, 0, 603, 517, 301],
  open: [761, 707, 737, 737, 1210, 0, 0, 600, 0, 357, 351, 577, 1319, 920, 596],
  close: [955, 1266, 1031, 868, 1033, 233, 246, 698, 124, 37, 290, 0, 671, 607, 946],
  stop: [27, 435, 253, 546, 1161, 505, 119, 750, 293, 428, 636, 115, 424, 729, 0],
  joiner: [515, 678, 580, 237, 984, 328, 215, 600, 865, 543, 683, 530, 20, 655, 618],
  symbol: [742, 1189, 981, 1116, 1346, 196, 0, 604, 0, 183, 404, 848, 655, 101, 10],
  slash: [801, 1037, 448, 881, 1575, 37, 0, 600, 1093, 615, 608, 0, 644, 0, 338],
}

/** Columns: after the same class, after a space, after an ASCII letter, after other ASCII, after another script. */
const inScript: Readonly<Record<ScriptClass, readonly [same: number, space: number, letter: number, ascii: number, script: number]>> = {
  latin: [100, 1976, 998, 723, 1176],
  latinExtended: [100, 0, 761, 817, 1540],
  greek: [335, 609, 886, 1157, 941],
  cyrillic: [144, 904, 911, 1494, 1020],
  arabic: [462, 0, 931, 0, 455],
  hebrew: [335, 874, 900, 1522, 590],
  indic: [329, 677, 845, 947, 707],
  indicSign: [100, 922, 900, 637, 0],
  thai: [406, 195, 900, 856, 900],
  han: [771, 1532, 568, 120, 1176],
  kana: [586, 779, 893, 947, 478],
  katakana: [563, 1018, 814, 756, 1039],
  hangul: [488, 1082, 875, 1058, 1073],
  wide: [800, 1400, 1284, 991, 840],
  typographic: [393, 722, 1575, 1089, 428],
  emoji: [860, 948, 855, 767, 1001],
  other: [774, 1377, 864, 618, 1041],
}

/** An ASCII character after one of another script. */
const asciiAfterScript = (name: AsciiClass) => (isLetter(name) || name === 'space' ? 0 : 900)

const isLetter = (name: string) => name === 'vowel' || name === 'consonant' || name === 'rare' || name === 'upper'
const isAscii = (name: string): name is AsciiClass => asciiClasses.some(ascii => ascii === name)

function weight(before: AsciiClass | ScriptClass, name: AsciiClass | ScriptClass): number {
  if (isAscii(name)) return isAscii(before) ? (afterAscii[before][classNumber(name)] ?? 0) : asciiAfterScript(name)
  const [same, space, letter, ascii, script] = inScript[name]
  if (before === name) return same
  if (before === 'space') return space
  if (isLetter(before)) return letter
  return isAscii(before) ? ascii : script
}

/** Thousandths of a token, at `class before << 5 | class`. */
export const tokenWeights = Int32Array.from({ length: 32 * 32 }, (_, at) => weight(classNames[at >> 5]!, classNames[at & 31]!))
