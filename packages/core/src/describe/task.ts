import type { Task } from '../types.ts'
import { hintedTasks, taskCues } from './task-cues.ts'

/** How much a text hints at each of `hintedTasks`, in their order: plain numbers, kept instead of the text. */
export type TaskHint = readonly number[]

/** Characters looked at. */
interface Window {
  head: number
  tail: number
}

/** What is asked stands at the start of a text or at its end, and material lies between. */
const ASKED: Window = { head: 320, tail: 128 }
/** Enough of a system prompt, which says in its first lines what it is for. */
export const SYSTEM_PROMPT: Window = { head: 192, tail: 64 }
const STRONG = 3
const WEAK = 1
/** Words this near to either end are mostly the request itself, and count twice. */
const EDGE_CHARACTERS = 120
/** A word said often says little more than the word. */
const MAX_REPEATS = 2
/** Hints weaker than this are small talk. */
const ENOUGH = 4
/** What the system prompt says counts less than what is asked. */
const SYSTEM_WEIGHT = 0.5
/** Share of braces, square and angle brackets, semicolons, underscores. Prose stays below 1 %, code is mostly above 3 %. */
const CODE_SHARE = 0.02
/** Share of backslashes, carets, equals and plus signs: formulas, where there are no code marks beside them. */
const FORMULA_SHARE = 0.01

interface Cue {
  /** Index into `hintedTasks`, or `QUANTITY`. */
  task: number
  weight: number
}

const NOTHING: TaskHint = hintedTasks.map(() => 0)
const CODE = hintedTasks.indexOf('code')
const CLASSIFICATION = hintedTasks.indexOf('classification')
const EXTRACTION = hintedTasks.indexOf('extraction')
const REASONING = hintedTasks.indexOf('reasoning')
/** Weak cues of reasoning are words of quantity: everyday speech, unless figures stand beside them. */
const QUANTITY = hintedTasks.length

const DIGIT = 1
const CODE_MARK = 2
const FORMULA_MARK = 3
const BACKTICK = 4
const FIRST_LETTER = 0x61
/** Scripts that put spaces between words are below this. */
const SIGNS = 0x2000
const signs = readSigns()
const cues = readCues()
/** Most words are no cue: one byte settles that, at the top bits of the hash. */
const maybe = new Uint8Array(0x2000)
for (const hash of cues.keys()) maybe[hash >>> 19] = 1

/** What the words and marks of a text hint at. Looks at the head and the tail of a long text, once, without backtracking. */
export function hintTask(text: string, { head, tail: tailCharacters }: Window = ASKED): TaskHint {
  if (text === '') return NOTHING
  const hint = [...NOTHING, 0]
  const seen: number[] = []
  const skipsMiddle = text.length > head + tailCharacters
  const tail = text.length - EDGE_CHARACTERS
  let word = 0
  let before = 0
  let figures = 0
  let codeMarks = 0
  let formulaMarks = 0
  let fences = 0
  for (let index = 0; index < text.length; index++) {
    if (index === head && skipsMiddle) index = text.length - tailCharacters
    const unit = text.charCodeAt(index)
    const sign = unit < SIGNS ? signs[unit]! : 0
    if (sign >= FIRST_LETTER) {
      word = hashUnit(word, sign)
    } else {
      if (word !== 0) {
        count(hint, seen, word, index <= EDGE_CHARACTERS || index >= tail)
        word = 0
      }
      if (unit >= SIGNS) {
        if (isIdeograph(unit) && isIdeograph(before))
          count(hint, seen, hashUnit(hashUnit(0, before), unit), index <= EDGE_CHARACTERS || index >= tail)
      } else if (sign === DIGIT) {
        if (signs[before] !== DIGIT) figures += 1
      } else if (sign === CODE_MARK) codeMarks += 1
      else if (sign === FORMULA_MARK) formulaMarks += 1
      else if (sign === BACKTICK && text.startsWith('```', index)) fences += 1
    }
    before = unit
  }
  if (word !== 0) count(hint, seen, word, true)

  const looked = skipsMiddle ? head + tailCharacters : text.length
  if (fences > 0) hint[CODE]! += STRONG
  if (formulaMarks > FORMULA_SHARE * looked && codeMarks <= formulaMarks) hint[REASONING]! += STRONG
  else if (codeMarks > CODE_SHARE * looked) hint[CODE]! += STRONG
  const quantity = hint.pop()!
  hint[REASONING]! += figures < 2 ? quantity / 2 : quantity + WEAK
  return hint
}

/** Adds what a word hints at, if it is a cue that was not repeated too often. `seen` holds the cues found so far. */
function count(hint: number[], seen: number[], hash: number, atEdge: boolean): void {
  if (maybe[hash >>> 19] === 0) return
  const found = cues.get(hash)
  if (found === undefined) return
  let repeats = 0
  for (const other of seen) if (other === hash) repeats += 1
  if (repeats >= MAX_REPEATS) return
  seen.push(hash)
  for (const { task, weight } of found) hint[task]! += atEdge ? 2 * weight : weight
}

/**
 * The likeliest task of a call without tools. The system prompt is asked only where the question itself does not tell. A schema for
 * the answer leaves `classification` or `extraction`; hints too weak to tell leave `chat`.
 */
export function chooseTask({ user, system, schema }: { user: TaskHint; system: () => TaskHint; schema: boolean }): Task {
  const asked = strongest(user)
  if (!schema && user[asked]! >= ENOUGH) return hintedTasks[asked]!
  const setting = system()
  const both = user.map((score, task) => score + SYSTEM_WEIGHT * setting[task]!)
  if (schema) return both[CLASSIFICATION]! > both[EXTRACTION]! ? 'classification' : 'extraction'
  const likeliest = strongest(both)
  return both[likeliest]! >= ENOUGH ? hintedTasks[likeliest]! : 'chat'
}

function strongest(hint: TaskHint): number {
  let best = 0
  for (let task = 1; task < hintedTasks.length; task++) if (hint[task]! > hint[best]!) best = task
  return best
}

/** Lower case of each letter, a number below `FIRST_LETTER` for marks that count, 0 of all else. */
function readSigns(): Uint16Array {
  const read = new Uint16Array(SIGNS)
  for (let unit = FIRST_LETTER; unit <= 0x7a; unit++) read[unit] = read[unit - 0x20] = unit
  for (let unit = 0xc0; unit < SIGNS; unit++) read[unit] = String.fromCharCode(unit).toLowerCase().charCodeAt(0)
  const put = (marks: string, sign: number) => {
    for (const mark of marks) read[mark.charCodeAt(0)] = sign
  }
  put('0123456789', DIGIT)
  put(';<>[]_{|}', CODE_MARK)
  put('+=\\^', FORMULA_MARK)
  put('`', BACKTICK)
  return read
}

function isIdeograph(unit: number): boolean {
  return unit >= 0x3040 && unit < 0xd7b0
}

function hashUnit(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x9e3779b1)
}

function readCues(): ReadonlyMap<number, readonly Cue[]> {
  const read = new Map<number, Cue[]>()
  const add = (task: number, words: string, weight: number) => {
    for (const word of words.split(/\s+/)) {
      if (word === '') continue
      let hash = 0
      for (let index = 0; index < word.length; index++) hash = hashUnit(hash, word.charCodeAt(index))
      const known = read.get(hash)
      const cue = { task, weight }
      if (known === undefined) read.set(hash, [cue])
      else known.push(cue)
    }
  }
  for (const [task, name] of hintedTasks.entries()) {
    add(task, taskCues[name].strong, STRONG)
    add(task === REASONING ? QUANTITY : task, taskCues[name].weak, WEAK)
  }
  return read
}
