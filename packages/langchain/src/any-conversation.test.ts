import { AIMessage, HumanMessage, SystemMessage, type BaseMessage, type ToolMessage } from '@langchain/core/messages'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCall } from './call-options.ts'
import { createDialect } from './dialect.ts'
import { parseModelOptions } from './options.ts'
import { RoutedChatModel } from './routed-chat-model.ts'
import { createTarget } from './target.ts'
import { simulated, type Simulated } from './testing/simulated.ts'
import { groupsOf, modelTurns, tools, vendors } from './testing/spoken-turns.ts'

let world: Simulated
let groups: readonly (readonly BaseMessage[])[]
let model: RoutedChatModel
beforeAll(async () => {
  world = await simulated({ timeScale: 20_000 })
  groups = groupsOf(await modelTurns(world))
  model = new RoutedChatModel({
    models: Object.fromEntries(vendors.map(vendor => [vendor, world[vendor]()])),
    hedge: false,
    retry: false,
    breaker: false,
  })
})
afterAll(() => world.sim.close())

/** A conversation of any turns, each with or without a question after it. */
const conversations = () =>
  fc
    .record({
      system: fc.boolean(),
      turns: fc.array(fc.tuple(fc.nat({ max: 10_000 }), fc.boolean()), { minLength: 1, maxLength: 6 }),
    })
    .map(({ system, turns }) => [
      ...(system ? [new SystemMessage('Be kind.')] : []),
      ...turns.flatMap(([at, asks]) => [...groups[at % groups.length]!, ...(asks ? [new HumanMessage('And then?')] : [])]),
    ])

test('of turns of any models, whole or broken, in any order, is answered by every candidate that is not unfit for it', async () => {
  await fc.assert(
    fc.asyncProperty(conversations(), async messages => {
      const { plan } = model.bindTools(tools).decide(messages)
      expect(plan.length).toBeGreaterThanOrEqual(6)
      for (const { id } of plan) {
        const answer = await model.bindTools(tools).invoke(messages, { routing: { allow: [id] } })
        expect({ id, hasAnswered: answer.text !== '' || answer.tool_calls!.length > 0 }).toEqual({ id, hasAnswered: true })
      }
    }),
    { numRuns: 25 },
  )
}, 120_000)

test('keeps its beginning as it grows, for every candidate', () => {
  const targets = vendors.map(vendor => createTarget({ ...parseModelOptions({ models: [world[vendor]()] }).candidates[0]!, id: vendor }))
  const dialect = createDialect(targets)
  const said = (message: BaseMessage) => ({
    type: message.type,
    content: message.content,
    calls: (message as AIMessage).tool_calls,
    id: (message as ToolMessage).tool_call_id,
  })
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 10_000 }), { minLength: 2, maxLength: 8 }), turns => {
      for (const target of targets) {
        let messages: BaseMessage[] = [new SystemMessage('Be kind.'), new HumanMessage('Hi')]
        let before: unknown[] = []
        for (const at of turns) {
          messages = [...messages, new AIMessage('Fine.'), ...groups[at % groups.length]!, new HumanMessage('And then?')]
          const prepared = dialect.prepare(createCall('generate', messages, {}), target).messages.map(said)
          expect(prepared.slice(0, before.length)).toEqual(before)
          before = prepared
        }
      }
    }),
    { numRuns: 60 },
  )
})
