import { findModel } from '@routewise/catalog'
import type { ModelCard } from '@routewise/core'
import { hashText, seededRandom } from '../../../../packages/simulator/src/seed.ts'
import { serveJobs } from '../../../jobs.ts'
import { readAgentConversations } from '../agent-conversations.ts'
import { type AgentPrompt, agentPrompts } from './agent-prompts.ts'
import { foresight } from './foresight.ts'
import { type Replayed, replay } from './replay.ts'

export type Arm = 'routed' | 'foresight' | 'round robin' | 'random' | 'sticky by session' | 'first 2,048 tokens'

/** Equal upstreams of one model, and who chooses among them. */
export interface AgentJob {
  data: string
  /** Every so many conversations are played. */
  every: number
  model: string
  upstreams: number
  arm: Arm
}

/** A fresh chooser for each run. */
function chooserOf(arm: Arm, prompts: readonly AgentPrompt[]): ((prompt: AgentPrompt, upstreams: number) => number) | undefined {
  switch (arm) {
    case 'routed':
      return undefined
    case 'foresight':
      return foresight(prompts)
    case 'round robin': {
      let next = 0
      return (_, upstreams) => (next += 1) % upstreams
    }
    case 'random': {
      const random = seededRandom('random upstream')
      return (_, upstreams) => Math.floor(random() * upstreams)
    }
    case 'sticky by session':
      return ({ session }, upstreams) => hashText(session) % upstreams
    case 'first 2,048 tokens':
      return ({ beginning }, upstreams) => rendezvous(beginning, upstreams)
  }
}

function rendezvous(hash: number, upstreams: number): number {
  const weights = Array.from({ length: upstreams }, (_, upstream) => hashText(`${hash}/${upstream}`))
  return weights.indexOf(Math.max(...weights))
}

function cardOf(model: string): ModelCard {
  const card = findModel(model)
  if (card === undefined) throw new Error(`the catalogue has no ${model}`)
  return card
}

const known = new Map<string, Promise<readonly AgentPrompt[]>>()
function promptsOf({ data, every, model }: AgentJob): Promise<readonly AgentPrompt[]> {
  const key = `${model}/${every}`
  const made = known.get(key)
  if (made !== undefined) return made
  const making = (async () => {
    const conversations = (await readAgentConversations(data)).filter((_, at) => at % every === 0)
    return agentPrompts(conversations, cardOf(model))
  })()
  known.clear()
  known.set(key, making)
  return making
}

serveJobs(async (job: AgentJob): Promise<Replayed> => {
  const prompts = await promptsOf(job)
  return replay({ card: cardOf(job.model), upstreams: job.upstreams, prompts, choose: chooserOf(job.arm, prompts) })
})
