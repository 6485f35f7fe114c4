// Simulated providers in a process of their own, so that what they see and when does not depend on how busy their client is.
import { type LedgerRow, type SimulatorOptions, startSimulator } from '@routewise/simulator'

/** Sent once, when they listen. */
export interface Started {
  origins: Readonly<Record<string, string>>
  /** When provider time began, by `wallMs`. */
  beganMs: number
}

/** Answer to any message. */
export interface Sight {
  openRequests: number
  connections: Readonly<Record<string, number>>
  /** Given when it was asked for: `bill`. */
  rows?: readonly LedgerRow[]
}

/** Milliseconds since 1970 that do not jump, for two processes of one machine. */
export const wallMs = (): number => performance.timeOrigin + performance.now()

if (process.send !== undefined && process.argv[2] !== undefined) {
  const options = JSON.parse(process.argv[2]) as SimulatorOptions
  const sim = await startSimulator({ ...options, label: ({ prompt }) => prompt, requestRows: 0 })
  const each = <Value>(of: (provider: string) => Value) => Object.fromEntries(sim.providers.map(id => [id, of(id)]))
  const tell = (message: Started | Sight) => process.send!(message)
  process.on('message', message => {
    const sight = { openRequests: sim.openRequests, connections: each(sim.connections) }
    tell(message === 'bill' ? { ...sight, rows: sim.bill.rows } : sight)
  })
  process.on('disconnect', () => process.exit())
  tell({ origins: each(sim.origin), beganMs: wallMs() - sim.nowMs() })
}
