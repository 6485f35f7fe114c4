import type { JsonSchema, Tool } from './types.ts'

const orderId = { type: 'string', pattern: '^NL-\\d{6}$', description: 'NL- and six digits' } as const
const serial = { type: 'string', pattern: '^[A-Z]{2}\\d{8}$', description: 'Two capital letters and eight digits' } as const
const postalCode = { type: 'string', description: 'Postal code as the customer writes it' } as const
const sku = { type: 'string', enum: ['LATCH-2', 'DIAL', 'THERM', 'IRIS-IN', 'IRIS-OUT', 'DROP', 'HUB'] } as const
const device = { type: 'string', enum: ['latch', 'dial', 'therm', 'iris', 'drop', 'hub'] } as const

function tool(name: string, description: string, properties: Record<string, JsonSchema>, optional: readonly string[] = []): Tool {
  const required = Object.keys(properties).filter(key => !optional.includes(key))
  return { name, description, parameters: { type: 'object', properties, required, additionalProperties: false } }
}

/** What the desk's assistant may call. */
export const tools = [
  tool('look_up_order', 'Status, dates, items and amounts of one order.', { order_id: orderId, postal_code: postalCode }),
  tool('cancel_order', 'Cancels an order that is not packed yet.', { order_id: orderId, postal_code: postalCode }),
  tool('open_trace', 'Asks the carrier to search for a parcel.', { order_id: orderId }),
  tool('issue_refund', 'Pays money back to the original means of payment.', {
    order_id: orderId,
    amount_cents: { type: 'integer', minimum: 1, maximum: 15_000 },
    reason: { type: 'string', enum: ['return', 'lost', 'late_express', 'transit_damage', 'price_error', 'subscription'] },
  }),
  tool('create_return', 'Announces a return and mails the label to the customer.', {
    order_id: orderId,
    skus: { type: 'array', items: sku, description: 'One entry per item' },
    reason: { type: 'string', enum: ['changed_mind', 'faulty', 'wrong_item'] },
  }),
  tool('send_replacement', 'Ships one item again, free of charge.', {
    order_id: orderId,
    sku,
    reason: { type: 'string', enum: ['transit_damage', 'warranty', 'lost'] },
  }),
  tool('check_warranty', 'Device, delivery date, registration and last day of warranty.', { serial }),
  tool('schedule_visit', 'Books a technician.', {
    serial,
    date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
    slot: { type: 'string', enum: ['morning', 'afternoon', 'evening'] },
    postal_code: postalCode,
  }),
  tool('get_subscription', 'Plan, term and next payment of one home.', { home_id: { type: 'string', pattern: '^H-\\d{5}$' } }),
  tool('change_plan', 'Changes the plan of one home, under the rules of section 4.', {
    home_id: { type: 'string', pattern: '^H-\\d{5}$' },
    plan: { type: 'string', enum: ['basic', 'plus', 'pro'] },
    term: { type: 'string', enum: ['none', 'monthly', 'annual'], description: 'none for basic' },
  }),
  tool(
    'escalate',
    'Hands the conversation to a person.',
    { reason: { type: 'string', enum: ['refund_over_limit', 'safety', 'legal'] }, order_id: orderId },
    ['order_id'],
  ),
  tool('device_status', 'What a device last reported: firmware, battery, signal, errors.', { serial }),
  tool('search_manual', 'The page of the manual on one subject.', {
    device,
    subject: { type: 'string', enum: ['fitting', 'pairing', 'power', 'network', 'lights', 'reset', 'firmware', 'automation', 'codes'] },
  }),
  tool('start_update', 'Starts a firmware update now.', { serial, version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' } }),
] as const satisfies readonly Tool[]
