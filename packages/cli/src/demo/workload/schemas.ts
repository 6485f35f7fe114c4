import type { AnswerSchema, JsonSchema } from './types.ts'

const text: JsonSchema = { type: ['string', 'null'] }
const date: JsonSchema = { type: ['string', 'null'], pattern: '^\\d{4}-\\d{2}-\\d{2}$' }
const cents: JsonSchema = { type: ['integer', 'null'] }
const orderId: JsonSchema = { type: ['string', 'null'], pattern: '^NL-\\d{6}$' }
const serial: JsonSchema = { type: ['string', 'null'], pattern: '^[A-Z]{2}\\d{8}$' }

function object(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}

function schema(name: string, properties: Record<string, JsonSchema>): AnswerSchema {
  return { name, schema: object(properties) }
}

/** What answers of the extraction conversations look like. */
export const schemas = [
  schema('return_request', {
    order_id: orderId,
    items: {
      type: 'array',
      description: 'What goes back',
      items: object({ product: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } }),
    },
    reason: { type: 'string', enum: ['changed_mind', 'faulty', 'wrong_item', 'transit_damage', 'unknown'] },
    delivered_on: date,
    wants: { type: 'string', enum: ['refund', 'replacement', 'unknown'] },
    phone: { type: ['string', 'null'], pattern: '^\\+\\d{7,15}$' },
  }),
  schema('supplier_invoice', {
    invoice_number: text,
    supplier: text,
    country: { type: ['string', 'null'], pattern: '^[A-Z]{2}$' },
    issued_on: date,
    due_on: date,
    currency: { type: ['string', 'null'], pattern: '^[A-Z]{3}$' },
    lines: {
      type: 'array',
      items: object({
        description: { type: 'string' },
        quantity: { type: 'integer', description: '1 when none is named' },
        unit_cents: { type: 'integer' },
      }),
    },
    discount_cents: cents,
    tax_cents: cents,
    total_cents: cents,
  }),
  schema('device_log', {
    serial,
    firmware: text,
    battery: { type: ['integer', 'null'], minimum: 0, maximum: 100 },
    errors: { type: 'array', description: 'Codes in the order of the text, repeats included', items: { type: 'string' } },
    first_error_at: { type: ['string', 'null'], description: 'Instant, ISO 8601' },
    restarts: { type: ['integer', 'null'], description: 'Boots and power cycles in a log' },
  }),
  schema('visit_request', {
    serial,
    date,
    earliest_time: { type: ['string', 'null'], pattern: '^\\d{2}:\\d{2}$' },
    postal_code: text,
    city: text,
    contact_name: text,
    phone: { type: ['string', 'null'], pattern: '^\\+\\d{7,15}$' },
    pets: { type: ['boolean', 'null'] },
  }),
  schema('contact_change', {
    customer_name: text,
    order_ids: { type: 'array', description: 'Orders that go to the new address', items: { type: 'string', pattern: '^NL-\\d{6}$' } },
    new_street: text,
    new_postal_code: text,
    new_city: text,
    new_country: { type: ['string', 'null'], pattern: '^[A-Z]{2}$' },
    new_email: text,
    valid_from: date,
  }),
] as const satisfies readonly AnswerSchema[]
