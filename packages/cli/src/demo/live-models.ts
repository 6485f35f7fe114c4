import { InputError } from '../input/input-error.ts'
import type { ReachedModel } from './face.ts'
import type { DemoPlan } from './plan.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Where each provider's key and, if it is not the provider's own, its base URL are found. */
const VARIABLES: Readonly<Record<string, { key: string; baseUrl: string }>> = {
  openai: { key: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL' },
  anthropic: { key: 'ANTHROPIC_API_KEY', baseUrl: 'ANTHROPIC_BASE_URL' },
  google: { key: 'GOOGLE_API_KEY', baseUrl: 'GOOGLE_GEMINI_BASE_URL' },
}

/**
 * The models of the plan whose provider's key is in the environment, the flagship among them.
 * @throws InputError naming the variables, if the flagship's key or all other models' are missing.
 */
export function liveModels(
  { pool, flagship }: Pick<DemoPlan, 'pool' | 'flagship'>,
  env: Env,
): { models: ReachedModel[]; without: string[] } {
  const models = pool.flatMap(card => {
    const variables = VARIABLES[card.provider]
    const apiKey = variables === undefined ? undefined : env[variables.key]
    if (variables === undefined || apiKey === undefined || apiKey === '') return []
    return [{ card, apiKey, baseUrl: env[variables.baseUrl] || undefined }]
  })
  const needed = [...new Set(pool.map(({ provider }) => VARIABLES[provider]?.key ?? `a key of ${provider}, which --live does not support`))]
  if (!models.some(({ card }) => card.id === flagship.id)) {
    throw new InputError(
      `--live needs ${VARIABLES[flagship.provider]?.key ?? `a key of ${flagship.provider}`} for ${flagship.id}, the model before, and at least one more of ${needed.join(', ')}. Without --live the demo needs no keys.`,
    )
  }
  if (models.length < 2) throw new InputError(`--live needs two models at least: set more of ${needed.join(', ')}.`)
  return { models, without: pool.filter(({ id }) => !models.some(({ card }) => card.id === id)).map(({ id }) => id) }
}
