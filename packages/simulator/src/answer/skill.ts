import { seededRandom } from '../seed.ts'

// So that a model 0.3 above the difficulty is right nine times in ten.
const STEEPNESS = 8

/** Share of prompts of this difficulty that a model of this skill answers well; both from 0 to 1. */
export const rightProbability = (skill: number, difficulty: number): number => 1 / (1 + Math.exp(-STEEPNESS * (skill - difficulty)))

/** Whether a model answers a prompt well: the same in every run, in every repeat, whatever was tried before. */
export function isRight(seed: number, model: string, prompt: string, skill: number, difficulty: number): boolean {
  return seededRandom(seed, 'skill', model, prompt)() < rightProbability(skill, difficulty)
}
