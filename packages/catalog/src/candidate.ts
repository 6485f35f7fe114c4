import type { ModelCard } from '@routewise/core'
import * as z from 'zod'
import type { ModelOverride } from './definition.ts'

/** What a user may say of a model among those to route between, whatever framework it is of. */
export interface CandidateFacts {
  /** Name in receipts, `allow` and `deny`. Default: the model's own name. */
  id?: string
  /** Facts that the catalog does not know, or has otherwise: a price, a window, what the model can do. Or a whole card. */
  card?: ModelCard | ModelOverride
  /** Expected share of good answers, 0 to 1: one number, or by task. */
  quality?: ModelOverride['quality']
  /** Account or key that is billed: prompt caches and rate limits are per account. Default: the provider. */
  account?: string
  /** Same model on several keys, regions or providers: targets of one group share its calls, so that prompts find their caches. Default: those of one model that name different accounts. */
  group?: string
  /** Labels that `allow` and `deny` select by. */
  tags?: readonly string[]
}

/** `CandidateFacts` as fields of an adapter's own schema, which adds the model. */
export const candidateShape = {
  id: z.string().min(1).optional(),
  card: z
    .custom<ModelCard | ModelOverride>(value => typeof value === 'object' && value !== null, 'expected facts about the model')
    .optional(),
  quality: z.union([z.number().min(0).max(1), z.record(z.string(), z.number().min(0).max(1))]).optional(),
  account: z.string().min(1).optional(),
  group: z.string().min(1).optional(),
  tags: z.array(z.string().min(1)).readonly().optional(),
}
