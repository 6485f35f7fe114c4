import type { ModelCard } from '@routewise/core'
import { type Simulator, type Skill, startSimulator } from '@routewise/simulator'
import type { ReachedModel } from './face.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import type { OutagePlan } from './outage.ts'

export interface SimulationOptions {
  cards: readonly ModelCard[]
  skills?: Readonly<Record<string, Skill>>
  seed: number
  timeScale: number
}

/** Simulated providers with an account of their own, and what connects the app to them. */
export interface Simulation {
  simulator: Simulator
  inFlight: InFlight
  reach(card: ModelCard): ReachedModel
}

/** Rows of the bill that are kept until they are read: more than one run can make. */
const LEDGER_ROWS = 1_000_000
const API_KEY = 'sk-simulated'

/** Starts fresh providers, with empty prompt caches and an empty bill: each run has its own, so that neither profits from the other. */
export async function startSimulation({ cards, skills = {}, seed, timeScale }: SimulationOptions): Promise<Simulation> {
  const inFlight = createInFlight()
  const simulator = await startSimulator({
    providers: [...new Set(cards.map(({ provider }) => provider))],
    models: [...cards],
    skills,
    seed,
    timeScale,
    recordings: inFlight,
    label: inFlight.label,
    ledgerRows: LEDGER_ROWS,
    requestRows: 0,
  })
  return {
    simulator,
    inFlight,
    reach: card => ({ card, baseUrl: simulator.url(card.provider), apiKey: API_KEY }),
  }
}

/** What goes down: the provider of `flagship`, or that one model where no other provider could take over. */
export function outageOf(flagship: ModelCard, cards: readonly ModelCard[]): OutagePlan['where'] {
  const others = cards.some(({ provider }) => provider !== flagship.provider)
  return others ? { provider: flagship.provider } : { model: flagship.id }
}
