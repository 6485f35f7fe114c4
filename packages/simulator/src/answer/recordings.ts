import type { ModelCard } from '@routewise/core'
import type { RecordedAnswer, Recording } from '../recording.ts'
import type { SimRequest } from '../types.ts'
import { isRight } from './skill.ts'

/** Recorded answers: a list keyed by the last user message, or a function that finds one. */
export type Recordings = readonly (Recording & { prompt: string })[] | { match(request: SimRequest): Recording | undefined }

/** How good a model is, 0 to 1, overall or by task (`default` serves the rest). */
export type Skill = number | Readonly<{ default: number } & Record<string, number>>

export interface FoundAnswer {
  answer: RecordedAnswer
  /** Whether it is the right one, where the recording tells right from wrong. */
  right?: boolean
}

/** Finds what a model said to a prompt; `undefined` when nothing is recorded. */
export type FindAnswer = (request: SimRequest, card: ModelCard) => FoundAnswer | undefined

export function createFindAnswer({
  recordings,
  skills,
  seed,
}: {
  recordings: Recordings
  skills: Readonly<Record<string, Skill>>
  seed: number
}): FindAnswer {
  const find = 'match' in recordings ? (request: SimRequest) => recordings.match(request) : byPrompt(recordings)
  return (request, card) => {
    const recording = find(request)
    if (recording === undefined) return undefined
    const own = recording.models?.[card.id]
    if (own !== undefined) return { answer: own }
    if (recording.right !== undefined && recording.wrong !== undefined) {
      const skill = skillFor(skills[card.id] ?? card.quality, recording.task)
      const right = isRight(seed, card.id, request.prompt, skill, recording.difficulty ?? 0.5)
      return { answer: right ? recording.right : recording.wrong, right }
    }
    return recording.answer === undefined ? undefined : { answer: recording.answer }
  }
}

function byPrompt(list: readonly (Recording & { prompt: string })[]): (request: SimRequest) => Recording | undefined {
  const known = new Map(list.map(recording => [recording.prompt.trim(), recording]))
  return request => known.get(request.prompt.trim())
}

const skillFor = (skill: Skill, task: string | undefined): number =>
  typeof skill === 'number' ? skill : ((task === undefined ? undefined : skill[task]) ?? skill.default)
