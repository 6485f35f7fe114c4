import { parseOptions, RouterError } from '@routewise/core'
import * as z from 'zod'

/** What may be said of any model beside itself. */
export interface ModelEntry<Model> {
  model: Model
  /** Account or key that is billed: rate limits are per account. Default: the provider. */
  account?: string
  /** Labels that `allow` and `deny` select by. */
  tags?: readonly string[]
}

/** Models by the ids that receipts, `allow` and `deny` name them by. */
export type ModelRecord<Model, Entry extends ModelEntry<Model> = ModelEntry<Model>> = Readonly<Record<string, Model | Entry>>

/** Fields of an entry that every kind of model has. */
export const entryShape = {
  account: z.string().min(1).exactOptional(),
  tags: z.array(z.string().min(1)).readonly().exactOptional(),
}

/** A record of models, as an option; what is in it is checked where it is used. */
export const modelRecord = <Given>(what: string) =>
  z.custom<Given>(value => typeof value === 'object' && value !== null && !Array.isArray(value), `expected ${what} by id`).optional()

/** A model, told by its version and one of its methods. */
export const modelSchema = <Model>(methods: readonly string[], example: string) =>
  z.custom<Model>(
    value => isModel(value) && methods.some(method => typeof Reflect.get(value, method) === 'function'),
    `expected ${example}`,
  )

/**
 * Entries of a record of models, in the order of the record; a model alone is an entry, too.
 * @throws RouterError `invalid_option`, naming the model's id, the value and what is allowed.
 */
export function parseEntries<Schema extends z.ZodType>(
  given: Readonly<Record<string, unknown>> | undefined,
  option: string,
  schema: Schema,
): { id: string; entry: z.output<Schema> }[] {
  return Object.entries(given ?? {}).map(([id, value]) => {
    if (id === '' || id === 'auto') {
      const message = `createRouted: option \`${option}\` has the id ${JSON.stringify(id)}, which is no model's own: give it another`
      throw new RouterError('invalid_option', message)
    }
    const where = `createRouted: ${option}.${id}`
    if (typeof value === 'string') {
      throw new RouterError('invalid_option', `${where} is ${JSON.stringify(value)}: expected a model, not its name`)
    }
    return { id, entry: parseOptions(schema, isModel(value) ? { model: value } : value, where) }
  })
}

const isModel = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'specificationVersion') === 'string'
