import type { Reading, ResponseHeaders } from '@routewise/core'
import { HumanMessage } from '@langchain/core/messages'
import { createCall, type RoutedChatModelCallOptions } from '../call-options.ts'
import type { CallKind } from '../call.ts'
import { createDialect } from '../dialect.ts'
import { parseModelOptions, type CandidateModel } from '../options.ts'
import { createTarget } from '../target.ts'

/** One attempt at a model, without a router: what its pieces say, and which headers it was told of. */
export async function attempt(
  model: CandidateModel,
  { kind = 'stream', prompt = 'Hi', options = {}, logprobs = false }: AttemptOptions = {},
) {
  const target = createTarget(parseModelOptions({ models: [model] }).candidates[0]!)
  const dialect = createDialect([target])
  const headers: (ResponseHeaders | undefined)[] = []
  const readings: Reading[] = []
  const call = dialect.prepare(createCall(kind, [new HumanMessage(prompt)], options), target, { logprobs })
  let headersBeforeContent = false
  const io = { signal: new AbortController().signal, onHeaders: (given?: ResponseHeaders) => void headers.push(given) }
  for await (const piece of target.open(call, io)) {
    if (readings.length === 0) headersBeforeContent = headers.length > 0
    readings.push(dialect.read(piece, target))
  }
  return { readings, headers, headersBeforeContent, seen: headers.find(given => given !== undefined) }
}

interface AttemptOptions {
  kind?: CallKind
  prompt?: string
  options?: RoutedChatModelCallOptions
  logprobs?: boolean
}

/** A header of a response, in either of the forms that a target may give. */
export const headerOf = (headers: ResponseHeaders | undefined, name: string): unknown =>
  headers !== undefined && typeof headers.get === 'function' ? headers.get(name) : (headers as Record<string, unknown> | undefined)?.[name]
