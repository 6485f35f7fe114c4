import type { Policy, Task } from '@routewise/core'
import type { WireApi, WireTarget } from '../call.ts'
import type { WireRouter } from '../router.ts'
import { quoted, RequestError } from './request-error.ts'

/** Whom a request's `model` asks for. */
export interface ModelChoice {
  /** Ids of those alone; absent: any. */
  allow?: readonly string[]
  policy?: Policy
  task?: Task
}

export interface ModelNames {
  /** Targets that clients may ask for, by id. */
  readonly targets: ReadonlyMap<string, WireTarget>
  /** Names that leave the choice to the router. */
  readonly auto: readonly string[]
  /** @throws RequestError 404 for a name that is none, naming what there is. */
  choose(api: WireApi, name: string): ModelChoice
}

const ANY: ModelChoice = {}
const MAX_TASK_CHARS = 64

/** What may stand in a request's `model`. What the router's own options leave out is not there for anybody. */
export function createModelNames(router: WireRouter, policies: Readonly<Record<string, Policy>>): ModelNames {
  const { allow, deny } = router.selection
  const language = router.targets.filter(target => isAdmitted(target, allow, deny))
  const embeddings = router.embeddings.filter(target => isAdmitted(target, undefined, deny))
  const auto = language.length === 0 ? [] : ['auto', ...Object.keys(policies).map(name => `auto:${name}`)]
  const chosen = choicesOf(language)
  const spaces = [...new Set(embeddings.map(spaceOf))]
  const vectors = choicesOf(embeddings)
  // A space comes before a model of its name: whoever asks for the model is as well served by another of the space.
  for (const space of spaces) vectors.set(space, within(embeddings, space))
  for (const name of auto) chosen.set(name, name === 'auto' ? ANY : { policy: policies[name.slice('auto:'.length)]! })

  function chooseVectors(name: string): ModelChoice {
    const known = vectors.get(name)
    if (known !== undefined) return known
    if (name === 'auto' && spaces.length === 1) return ANY
    if (name !== 'auto' || spaces.length === 0) throw unknownModel(name, [...(spaces.length === 1 ? ['auto'] : []), ...vectors.keys()])
    throw new RequestError(
      `The model \`auto\` could be any of ${spaces.join(', ')}, whose vectors cannot be compared with one another. Name one of them.`,
      { status: 400, param: 'model', code: 'ambiguous_model' },
    )
  }

  return {
    targets: new Map([...language, ...embeddings].map(target => [target.id, target])),
    auto,
    choose(api, name) {
      if (api === 'embeddings') return chooseVectors(name)
      const known = chosen.get(name)
      if (known !== undefined) return known
      const task = name.startsWith('auto:') ? name.slice('auto:'.length) : ''
      if (language.length > 0 && task !== '' && task.length <= MAX_TASK_CHARS) return { task }
      throw unknownModel(name, [...auto, ...language.map(({ id }) => id)])
    },
  }
}

/** By id, and by the name that the provider takes: that may be served by several. */
function choicesOf(targets: readonly WireTarget[]): Map<string, ModelChoice> {
  const choices = new Map<string, ModelChoice>()
  for (const { model } of targets) choices.set(model, { allow: targets.filter(each => each.model === model).map(({ id }) => id) })
  for (const { id } of targets) choices.set(id, { allow: [id] })
  return choices
}

const within = (embeddings: readonly WireTarget[], space: string): ModelChoice => ({
  allow: embeddings.filter(target => spaceOf(target) === space).map(({ id }) => id),
})

/** Vectors that say nothing of their space are comparable with those of the same model alone. */
const spaceOf = ({ space, model }: WireTarget): string => space ?? model

function isAdmitted({ id, tags = [] }: WireTarget, allow: readonly string[] | undefined, deny: readonly string[] | undefined): boolean {
  const isNamed = (names: readonly string[]) => names.includes(id) || tags.some(tag => names.includes(tag))
  return (allow === undefined || isNamed(allow)) && (deny === undefined || !isNamed(deny))
}

/** How many names an error tells; `GET /models` tells all. */
const MAX_NAMES = 30

export function unknownModel(name: string, names: readonly string[]): RequestError {
  const listed = names.length > MAX_NAMES ? `${names.slice(0, MAX_NAMES).join(', ')} and others` : names.join(', ')
  const there = names.length === 0 ? 'There is none of this kind.' : `There are ${listed}.`
  return new RequestError(`The model ${quoted(name)} does not exist or you do not have access to it. ${there}`, {
    status: 404,
    param: 'model',
    code: 'model_not_found',
  })
}
