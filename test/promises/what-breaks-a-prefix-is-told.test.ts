import { createOpenAI } from '@ai-sdk/openai'
import { HumanMessage, SystemMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { createRouted } from '@routewise/ai-sdk'
import type { LintNotice } from '@routewise/core'
import { createRouter, openaiTarget, routedFetch } from '@routewise/http'
import { RoutedChatModel } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'
import { generateText } from 'ai'
import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'

const RULES = Array.from({ length: 300 }, (_, at) => `Rule ${at}: be exact, be kind, and say where a figure comes from.`).join('\n')
const systemAt = (turn: number) => `Now: 2026-11-22T03:1${turn}:07Z.\n${RULES}`
const TURNS = [0, 1, 2]

interface Face {
  /** Asks one question on each turn, the system prompt being what the turn makes of it. */
  ask(turns: readonly number[], system: (turn: number) => string): Promise<void>
  on(name: 'lint', listener: (notice: LintNotice) => void): unknown
}

const faces: Record<string, (url: string, promptCache: { lint: boolean }) => Face> = {
  LangChain(url, promptCache) {
    const model = new RoutedChatModel({
      models: [new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'test', configuration: { baseURL: url } })],
      promptCache,
    })
    return {
      async ask(turns, system) {
        for (const turn of turns) {
          const questions = turns.slice(0, turn + 1).map(at => new HumanMessage(`Question ${at}?`))
          await model.invoke([new SystemMessage(system(turn)), ...questions])
        }
      },
      on: (name, listener) => model.router.on(name, listener),
    }
  },
  'AI SDK'(url, promptCache) {
    const routed = createRouted({ models: [createOpenAI({ apiKey: 'test', baseURL: url }).chat('gpt-6-luna')], promptCache })
    return {
      async ask(turns, system) {
        for (const turn of turns) {
          const messages = turns.slice(0, turn + 1).map(at => ({ role: 'user' as const, content: `Question ${at}?` }))
          await generateText({ model: routed('auto'), system: system(turn), messages })
        }
      },
      on: (name, listener) => routed.on(name, listener),
    }
  },
  'the openai SDK'(url, promptCache) {
    const router = createRouter({ targets: [openaiTarget({ baseURL: url, apiKey: 'test', model: 'gpt-6-luna' })], promptCache })
    const client = new OpenAI({ apiKey: 'routed', fetch: routedFetch(router), maxRetries: 0 })
    return {
      async ask(turns, system) {
        for (const turn of turns) {
          const questions = turns.slice(0, turn + 1).map(at => ({ role: 'user' as const, content: `Question ${at}?` }))
          await client.chat.completions.create({ model: 'auto', messages: [{ role: 'system', content: system(turn) }, ...questions] })
        }
      },
      on: (name, listener) => router.on(name, listener),
    }
  },
}

async function setUp(make: (typeof faces)[string], promptCache: { lint: boolean }) {
  const sim = await startSimulator({ providers: ['openai'], timeScale: 200 })
  onTestFinished(() => sim.close())
  const face = make(sim.url('openai'), promptCache)
  const notices: LintNotice[] = []
  face.on('lint', notice => notices.push(notice))
  return { face, notices }
}

test.each(Object.entries(faces))('%s: what keeps the next prompt from being read from the cache is told as it is sent', async (_, make) => {
  const { face, notices } = await setUp(make, { lint: true })
  await face.ask(TURNS, systemAt)
  expect(notices).toHaveLength(2)
  expect(notices[1]).toMatchObject({
    reason: { type: 'timestamp' },
    place: { type: 'system', index: 0 },
    between: 'turns',
    model: 'gpt-6-luna',
    before: expect.stringContaining('03:11'),
    after: expect.stringContaining('03:12'),
    mend: expect.stringContaining('the last user message'),
  })
  expect(notices[1]!.lostTokens).toBeGreaterThan(3_000)
  expect(notices[1]!.costUsd).toBeGreaterThan(0)
})

test.each(Object.entries(faces))(
  '%s: prompts that only grow are not spoken of, and nothing is where it is not asked for',
  async (_, make) => {
    const steady = await setUp(make, { lint: true })
    await steady.face.ask(TURNS, () => RULES)
    expect(steady.notices).toEqual([])
    const off = await setUp(make, { lint: false })
    await off.face.ask(TURNS, systemAt)
    expect(off.notices).toEqual([])
  },
)
