import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { MockLanguageModelV4 } from 'ai/test'
import { expect } from 'vitest'
import { createRouted } from '../create-routed.ts'
import type { RoutedOptions } from '../options.ts'
import { plain } from './plain.ts'

/** A bare model, and its twin behind a router of one, under the same names. */
export const routedAlone = (model: LanguageModelV4, options: Partial<RoutedOptions> = {}): LanguageModelV4 =>
  createRouted({ models: { [model.modelId]: model }, name: model.provider, ...options })(model.modelId)

/** Expects that nobody can tell the one from the other: neither who calls, nor the model that is called. */
export async function expectSame(make: () => MockLanguageModelV4, observe: (model: LanguageModelV4) => Promise<unknown>): Promise<void> {
  const [first, second] = [make(), make()]
  const bare = await observe(first)
  const routed = await observe(routedAlone(second))
  expect(routed).toEqual(bare)
  expect(callsOf(second)).toEqual(callsOf(first))
}

/** What a model was asked. Every attempt has a signal of its own, so whether there is one is not compared. */
const callsOf = ({ doStreamCalls, doGenerateCalls }: MockLanguageModelV4): unknown =>
  plain([...doStreamCalls, ...doGenerateCalls].map(({ abortSignal: _, ...call }) => call))
