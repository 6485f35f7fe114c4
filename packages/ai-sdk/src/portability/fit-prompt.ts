import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import { withShownFiles } from './files.ts'
import { withReadableParts } from './own-parts.ts'
import { withPairedCalls } from './pairing.ts'
import type { Reader } from './reader.ts'
import { withFittingIds } from './tool-ids.ts'
import { withTurnsInOrder } from './turns.ts'

/** What is known of a call beside its prompt. */
export interface FitOptions {
  /** Earlier messages are with the provider: results of tools come without their calls. */
  isContinued: boolean
  /** What does not say who made it may be taken for the reader's own. */
  trustsUnmarked: boolean
}

const fitted = new WeakMap<LanguageModelV4Prompt, Map<Reader, LanguageModelV4Prompt>>()

/**
 * A prompt as this reader can take it, whoever has answered before: the same way every time, and message by message, so that what was sent
 * in an earlier turn is what is sent now. The same object where nothing has to change.
 */
export function fitPrompt(prompt: LanguageModelV4Prompt, reader: Reader, options: FitOptions): LanguageModelV4Prompt {
  if (prompt.every(isPlain)) return prompt
  let known = fitted.get(prompt)
  if (known === undefined) fitted.set(prompt, (known = new Map()))
  let fitting = known.get(reader)
  if (fitting === undefined) known.set(reader, (fitting = fit(prompt, reader, options)))
  return fitting
}

/** Only words: of the system, before all others, or of a user. */
const isPlain = ({ role, content }: LanguageModelV4Prompt[number], at: number): boolean =>
  (role === 'system' && at === 0) || (role === 'user' && content.every(({ type }) => type === 'text'))

function fit(prompt: LanguageModelV4Prompt, reader: Reader, { isContinued, trustsUnmarked }: FitOptions): LanguageModelV4Prompt {
  const shown = withShownFiles(prompt, reader)
  const readable = withReadableParts(shown, reader, trustsUnmarked)
  const paired = isContinued ? readable : withPairedCalls(readable)
  const ordered = withTurnsInOrder(paired, reader)
  return isContinued && reader.toolIdPattern === undefined ? ordered : withFittingIds(ordered, reader.toolIdPattern)
}
