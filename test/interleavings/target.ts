import type { Target } from '@routewise/core'
import { cardOf } from './card.ts'
import { type Call, type Chunk, ProviderError } from './dialect.ts'
import type { Entry } from './journal.ts'
import type { TargetPlan } from './scenario.ts'
import { createStream } from './stream.ts'
import type { World } from './world.ts'

/** A target whose every step comes when the scheduler says so. */
export function createTarget(id: string, { rank, scripts, manners, terminalEvent }: TargetPlan, world: World): Target<Call, Chunk> {
  const { clock, journal, witnesses } = world
  let opened = 0
  return {
    id,
    card: cardOf(id, rank),
    terminalEvent,
    open(call, { signal, onHeaders }) {
      const script = scripts[Math.min(opened, scripts.length - 1)]!
      opened += 1
      const entry: Entry = {
        name: `${id}${opened}`,
        target: id,
        call: call.id,
        openedAt: clock.now(),
        signal,
        given: [],
        ended: false,
        spoke: false,
        anotherSpoke: false,
        resumedFrom: call.delivered,
      }
      journal.entries.push(entry)
      if (journal.gone.has(call.id)) journal.faults.push(`${entry.name} was opened for a caller that has gone away`)
      signal.addEventListener(
        'abort',
        () => (entry.anotherSpoke = journal.entries.some(other => other.call === entry.call && other !== entry && other.spoke)),
        { once: true },
      )
      witnesses.get(call.id)?.('opening')
      if (script.throws === 'open') {
        entry.ended = true
        throw new ProviderError('server', undefined)
      }
      // An answer that is not streamed is one chunk, with everything in it.
      const said = call.streaming ? script : { ...script, role: false, pieces: script.pieces.slice(0, 1) }
      return { [Symbol.asyncIterator]: () => createStream(said, manners, { entry, signal, onHeaders, ...world }) }
    },
  }
}
