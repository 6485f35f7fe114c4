import { RouterError } from './errors.ts'
import type { Consideration, Features, Needs, TargetFacts } from './types.ts'

/** Which targets a caller admits, by id or tag. `deny` wins over `allow`. */
export interface Selection {
  allow?: readonly string[] | undefined
  deny?: readonly string[] | undefined
}

interface Options extends Selection {
  inputTokens(target: TargetFacts): number
}

/**
 * Targets that can take this call: window, capabilities and the caller's selection are hard.
 * @throws RouterError `context_overflow`, `unsupported` or `no_candidates` when none is left, before anything is sent.
 */
export function selectTargets<Chosen extends TargetFacts>(
  targets: readonly Chosen[],
  features: Features,
  options: Options,
): { able: Chosen[]; excluded: Consideration[] } {
  const able: Chosen[] = []
  const excluded: Consideration[] = []
  for (const target of targets) {
    const reason = exclusion(target, features, options)
    if (reason === undefined) able.push(target)
    else excluded.push({ target: target.id, model: target.card.id, excluded: reason })
  }
  if (able.length === 0) throw nothingLeft(excluded)
  return { able, excluded }
}

function exclusion(target: TargetFacts, features: Features, { allow, deny, inputTokens }: Options): string | undefined {
  if (deny !== undefined && isNamed(target, deny)) return 'denied by the caller'
  if (allow !== undefined && !isNamed(target, allow)) return 'not among those allowed'
  const missing = missingCapability(features.needs, target)
  if (missing !== undefined) return `unsupported: ${missing}`
  const tokens = inputTokens(target)
  if (tokens > target.card.contextTokens) return `window: about ${tokens} tokens, it takes ${target.card.contextTokens}`
  return undefined
}

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
