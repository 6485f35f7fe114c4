import { createDescriber, type ModelCard } from '@routewise/core'
import { DEFAULT_STEP_TOKENS } from '../../../../packages/simulator/src/prompt-cache/prompt-cache.ts'
import type { Prefix, PromptSequence } from '../../../../packages/simulator/src/prompt-cache/sequence.ts'
import type { AgentConversation } from '../agent-conversations.ts'
import type { Prompt } from './replay.ts'

const ROLES = { s: 'system', u: 'user', a: 'assistant' } as const

export interface AgentPrompt extends Prompt {
  session: string
  tokens: number
  /** Hash of its first 2,048 tokens. */
  beginning: number
}

const BEGINNING_TOKENS = 2_048
/** Providers route by about so many. */
const HEAD_TOKENS = 256

/** All calls of all conversations in the order of their time, in this model's tokens by the router's own estimate. */
export function agentPrompts(conversations: readonly AgentConversation[], { tokenFactor, cache }: ModelCard): AgentPrompt[] {
  const stepTokens = cache.stepTokens ?? DEFAULT_STEP_TOKENS
  const start = Math.min(...conversations.flatMap(({ calls }) => calls.map(({ t }) => t)))
  const describer = createDescriber<{ role: 's' | 'u' | 'a'; content: string }>({
    read: ({ role, content }) => ({ role: ROLES[role], texts: [content] }),
  })
  const prompts = conversations.flatMap(({ id, msgs, calls }) => {
    const messages = msgs.map(([role, content]) => ({ role, content }))
    const { prefix } = describer.describe({ messages })
    const ends = prefix.map(({ hash, tokens }) => ({ hash, tokens: Math.round(tokens * tokenFactor), marker: undefined }))
    const steps = stepsOf(ends, stepTokens)
    const headHash = (ends.find(({ tokens }) => tokens >= HEAD_TOKENS) ?? ends.at(-1)!).hash
    return calls.map(({ t, i, o }): AgentPrompt => {
      const own = ends.slice(0, i)
      const { tokens, hash } = own.at(-1)!
      const ownSteps = steps.slice(0, Math.floor(tokens / stepTokens))
      return {
        at: (t - start) * 1_000,
        session: id,
        tokens,
        beginning: (own.find(end => end.tokens >= BEGINNING_TOKENS) ?? { hash }).hash,
        features: describer.describe({ messages: messages.slice(0, i) }),
        outputTokens: o,
        sequence(plan): PromptSequence {
          const blocks: PromptSequence['blocks'][number][] = [...own]
          for (const { after, ttl } of plan?.breakpoints ?? []) {
            if (after !== 'tools') blocks[after] = { ...blocks[after]!, marker: ttl === undefined ? {} : { ttl } }
          }
          return { tokens, blocks, steps: ownSteps, headHash }
        },
      }
    })
  })
  return prompts.sort((a, b) => a.at - b.at)
}

/** The prefix at every full step, known by the message in which it ends. */
function stepsOf(ends: readonly Prefix[], stepTokens: number): Prefix[] {
  const steps: Prefix[] = []
  for (const { hash, tokens } of ends) {
    for (let next = (steps.length + 1) * stepTokens; next <= tokens; next += stepTokens) {
      steps.push({ tokens: next, hash: (hash % 2 ** 40) * 4_096 + (steps.length % 4_096) })
    }
  }
  return steps
}
