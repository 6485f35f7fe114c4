import { defaultCatalog } from '@routewise/catalog'
import type { Clock, ModelCard } from '@routewise/core'
import { parseOptions, systemClock } from '@routewise/core'
import { z } from 'zod'
import type { Recordings, Skill } from './answer/recordings.ts'
import type { LatencyLaw } from './latency.ts'
import { providers } from './providers.ts'
import type { Fault } from './fault.ts'
import type { SimRequest } from './types.ts'

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
const modelId = z.string().refine(id => {
  const card = defaultCatalog.find(id)
  return card !== undefined && card.inferred === undefined
}, 'expected the id of a model that the catalog knows; give a model card for others')
const share = z.number().min(0).max(1)

const latencyOptions = z.strictObject({
  baseMs: z.number().min(0).optional(),
  msPerInputToken: z.number().min(0).optional(),
  sigma: z.number().min(0).optional(),
  stragglerShare: share.optional(),
  stragglerFactor: z.number().positive().optional(),
  outputTokensPerSecond: z.number().positive().optional(),
})

const simulatorOptions = z.strictObject({
  /** Ids of the providers to start. Default: all. */
  providers: z
    .array(z.enum(Object.keys(providers) as [string, ...string[]]))
    .min(1)
    .optional(),
  /** Models by id or with a card of your own. They come on top of what the catalog knows. */
  models: z.array(z.union([modelId, z.custom<ModelCard>(isObject, 'expected the id of a known model, or a model card')])).default([]),
  /** Decides every draw. Default 1. */
  seed: z.number().int().default(1),
  /** Milliseconds of provider time per real millisecond. Default 1. */
  timeScale: z.number().positive().max(1_000_000).default(1),
  /** Source of time. Default: the machine's. */
  clock: z.custom<Clock>(isObject, 'a Clock').default(systemClock),
  /** Recorded answers. Default: none, all answers are drawn. */
  recordings: z.custom<Recordings>(isObject, 'a list of recordings, or { match(request) }').default([]),
  /** Script of faults. Default: none. */
  faults: z.array(z.custom<Fault>(isObject, 'a Fault')).default([]),
  /** Latency by model id; `default` holds for all. Default: the figures on the model's card. */
  latency: z.record(z.string(), latencyOptions).default({}),
  /** Skill by model id, 0 to 1, overall or by task. Default: `quality` on the model's card. */
  skills: z
    .record(
      z.string(),
      z.custom<Skill>(value => typeof value === 'number' || isObject(value), 'a number, or numbers by task'),
    )
    .default({}),
  /** Names a request on the bill, so that its cost can be told from others'. Default: no names. */
  label: z.custom<(request: SimRequest) => string | undefined>(value => typeof value === 'function', 'a function').optional(),
  /** Rows kept on the bill; totals go on. Default 100,000. */
  ledgerRows: z.number().int().min(0).default(100_000),
  /** Requests kept with their bodies. Default 1,000. */
  requestRows: z.number().int().min(0).default(1_000),
  /** Address to listen on. Default `127.0.0.1`. */
  host: z.string().default('127.0.0.1'),
  /** Port by provider id. Default: any free one. */
  ports: z.record(z.string(), z.number().int().min(0).max(65_535)).default({}),
})

/** Options of `startSimulator`. */
export type SimulatorOptions = Omit<z.input<typeof simulatorOptions>, 'latency'> & { latency?: Record<string, Partial<LatencyLaw>> }
export type SimulatorSettings = Readonly<z.output<typeof simulatorOptions>>

/** Checks the options and fills in defaults. Throws `RouterError` `invalid_option`. */
export const readOptions = (options: SimulatorOptions): SimulatorSettings =>
  Object.freeze(parseOptions(simulatorOptions, options, 'startSimulator'))
