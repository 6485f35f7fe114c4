import type { Random } from '@routewise/core'

const WORDS =
  'about account after again answer around because before between both change check clear close could customer date detail each early either every example first follow found from general given group have help here issue keep know large last later level likely line list made make many match matter measure message more most need next note number often only open order other over part past place plan point price question rather reason record request result same second service share short should side since small some start state step still such system take team than that their then there these they thing this those three through time today under until update used user value version want week well what when where which while will with within without work would year'.split(
    ' ',
  )

/** Plain sentences of about so many tokens. */
export function drawText(random: Random, tokens: number): string {
  const words: string[] = []
  let left = tokens
  while (left > 0) {
    // A sentence costs its words and a full stop.
    const length = Math.max(1, Math.min(left - 1, 6 + Math.floor(random() * 12)))
    const sentence = Array.from({ length }, () => drawWord(random))
    sentence[0] = capitalised(sentence[0] ?? '')
    words.push(`${sentence.join(' ')}.`)
    left -= length + 1
  }
  return words.join(' ')
}

export const drawWord = (random: Random): string => WORDS[Math.floor(random() * WORDS.length)] ?? 'answer'

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
