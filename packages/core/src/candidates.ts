import { RouterError } from './errors.ts'
import type { Consideration, Features, Needs, TargetFacts } from './types.ts'

/** Which targets a caller admits, by id or tag. `deny` wins over `allow`. */
export interface Selection {
  allow?: readonly string[] | undefined
  deny?: readonly string[] | undefined
}

interface Options extends Selection {
  /** One target that is admitted alone is able: what it cannot do, its provider says. Default `false`. */
  asksLone?: boolean
  /** Why a target cannot take the conversation. */
  unfit?: ((target: TargetFacts) => string | undefined) | undefined
  inputTokens(target: TargetFacts): number
}

/**
 * Targets that can take this call. The caller's selection and what the call needs are hard; so is a window that the prompt is well over.
 * @throws RouterError `context_overflow`, `unsupported` or `no_candidates` when none is left, before anything is sent.
 */
export function selectTargets<Chosen extends TargetFacts>(
  targets: readonly Chosen[],
  features: Features,
  options: Options,
): { able: Chosen[]; excluded: Consideration[] } {
  const isLone = options.asksLone === true && targets.filter(target => unadmitted(target, options) === undefined).length === 1
  const able: Chosen[] = []
  const excluded: Consideration[] = []
  for (const target of targets) {
    const reason = unadmitted(target, options) ?? (isLone ? undefined : inability(target, features, options))
    if (reason === undefined) able.push(target)
    else excluded.push({ target: target.id, model: target.card.id, excluded: reason })
  }
  if (able.length === 0) {
    const roomiest = nearlyFits(targets, features, options)
    if (roomiest === undefined) throw nothingLeft(excluded)
    return { able: [roomiest], excluded: excluded.filter(({ target }) => target !== roomiest.id) }
  }
  return { able, excluded }
}

/** Our count of a prompt may be this many times what it is: separators and long words are estimated at several tokens where they are one. */
const COUNT_SLACK = 2

/** A window is no wall where only our own estimate says that it is too small: then the target with most room is asked all the same. */
function nearlyFits<Chosen extends TargetFacts>(targets: readonly Chosen[], features: Features, options: Options): Chosen | undefined {
  const [roomiest] = targets
    .filter(target => unadmitted(target, options) === undefined && missing(target, features, options) === undefined)
    .map(target => ({ target, fill: options.inputTokens(target) / target.card.contextTokens }))
    .filter(({ fill }) => fill <= COUNT_SLACK)
    .toSorted((a, b) => a.fill - b.fill)
  return roomiest?.target
}

/** Why the caller's selection leaves it out. */
function unadmitted(target: TargetFacts, { allow, deny }: Selection): string | undefined {
  if (deny !== undefined && isNamed(target, deny)) return 'denied by the caller'
  if (allow !== undefined && !isNamed(target, allow)) return 'not among those allowed'
  return undefined
}

/** Why it cannot take the call. */
function inability(target: TargetFacts, features: Features, options: Options): string | undefined {
  const lack = missing(target, features, options)
  if (lack !== undefined) return `unsupported: ${lack}`
  const tokens = options.inputTokens(target)
  if (tokens > target.card.contextTokens) return `window: about ${tokens} tokens, it takes ${target.card.contextTokens}`
  return undefined
}

const missing = (target: TargetFacts, { needs }: Features, { unfit }: Options): string | undefined =>
  missingCapability(needs, target) ?? unfit?.(target)

const isNamed = ({ id, tags = [] }: TargetFacts, names: readonly string[]): boolean =>
  names.includes(id) || tags.some(tag => names.includes(tag))

function missingCapability(needs: Needs, { card: { capabilities } }: TargetFacts): string | undefined {
  if (needs.tools && !capabilities.tools) return 'tools'
  if (needs.forcedTool && !capabilities.forcedTool) return 'a forced tool choice'
  if (needs.jsonSchema && !capabilities.jsonSchema) return 'a JSON schema for the answer'
  if (needs.vision && !capabilities.vision) return 'images'
  if (needs.pdf && !capabilities.pdf) return 'PDF documents'
  if (needs.audio && !capabilities.audio) return 'audio'
  if (needs.streaming && !capabilities.streaming) return 'streaming'
  if (needs.logprobs && capabilities.logprobs === 'no') return 'log probabilities'
  return undefined
}

function nothingLeft(excluded: readonly Consideration[]): RouterError {
  const list = excluded.map(({ target, excluded: reason }) => `${target} (${reason})`).join(', ')
  const all = (start: string) => excluded.every(({ excluded: reason }) => reason?.startsWith(start))
  if (all('window')) {
    return new RouterError(
      'context_overflow',
      `The prompt is over the window of every target: ${list}. Shorten it or add a model with a larger window.`,
    )
  }
  if (all('unsupported')) {
    return new RouterError('unsupported', `No target can take this call: ${list}. Add a model that can, or change the call.`)
  }
  return new RouterError('no_candidates', `No target is left for this call: ${list}. Relax allow or deny, or add a model.`)
}
