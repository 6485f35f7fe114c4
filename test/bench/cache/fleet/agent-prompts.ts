import { createDescriber, type ModelCard } from '@routewise/core'
import { type PromptSequence, sequenceOf } from '../../../../packages/simulator/src/prompt-cache/sequence.ts'
import { DEFAULT_STEP_TOKENS } from '../../../../packages/simulator/src/prompt-cache/prompt-cache.ts'
import type { Tokenizer } from '../../../../packages/simulator/src/tokenizer.ts'
import type { AgentConversation } from '../agent-conversations.ts'
import type { Prompt } from './replay.ts'

const ROLES = { s: 'system', u: 'user', a: 'assistant' } as const

export interface AgentPrompt extends Prompt {
  session: string
  /** Hash of its first 2,048 tokens. */
  beginning: number
}

const BEGINNING_TOKENS = 2_048

/** All calls of all conversations in the order of their time, as this model counts them. */
export function agentPrompts(
  conversations: readonly AgentConversation[],
  { tokenFactor, cache }: ModelCard,
  tokenizer: Tokenizer,
): AgentPrompt[] {
  const stepTokens = cache.stepTokens ?? DEFAULT_STEP_TOKENS
  const start = Math.min(...conversations.flatMap(({ calls }) => calls.map(({ t }) => t)))
  const describer = createDescriber<{ role: 's' | 'u' | 'a'; content: string }>({
    read: ({ role, content }) => ({ role: ROLES[role], texts: [content] }),
  })
  const prompts = conversations.flatMap(({ id, msgs, calls }) => {
    const messages = msgs.map(([role, content]) => ({ role, content }))
    const blocks = messages.map(({ role, content }) => ({
      section: role === 's' ? ('system' as const) : ('messages' as const),
      role: ROLES[role],
      text: content,
    }))
    const whole = sequenceOf(blocks, tokenizer, tokenFactor, stepTokens)
    return calls.map(({ t, i, o }): AgentPrompt => {
      const { tokens } = whole.blocks[i - 1]!
      const steps = whole.steps.slice(0, Math.floor(tokens / stepTokens))
      const ends = whole.blocks.slice(0, i)
      return {
        at: (t - start) * 1_000,
        session: id,
        beginning: (steps.find(step => step.tokens >= BEGINNING_TOKENS) ?? ends.at(-1)!).hash,
        features: describer.describe({ messages: messages.slice(0, i) }),
        outputTokens: o,
        sequence(plan): PromptSequence {
          const marked = [...ends]
          for (const { after, ttl } of plan?.breakpoints ?? []) {
            if (after !== 'tools') marked[after] = { ...marked[after]!, marker: ttl === undefined ? {} : { ttl } }
          }
          return { tokens, blocks: marked, steps, headHash: whole.headHash }
        },
      }
    })
  })
  return prompts.sort((a, b) => a.at - b.at)
}
