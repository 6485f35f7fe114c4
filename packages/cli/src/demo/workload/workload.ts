import { devices } from './conversations-devices.ts'
import { extraction } from './conversations-extraction.ts'
import { integrators } from './conversations-integrators.ts'
import { orders } from './conversations-orders.ts'
import { programs } from './conversations-programs.ts'
import { returns } from './conversations-returns.ts'
import { routing } from './conversations-routing.ts'
import { subscriptions } from './conversations-subscriptions.ts'
import { threads } from './conversations-threads.ts'
import { translation } from './conversations-translation.ts'
import { warranty } from './conversations-warranty.ts'
import { careHandbook } from './handbook-care.ts'
import { deskHandbook } from './handbook-desk.ts'
import { productHandbook } from './handbook-products.ts'
import { schemas } from './schemas.ts'
import { tools } from './tools.ts'
import type { Workload } from './types.ts'

/** The demo's own input: days at the support desk of Northlatch, a fictional maker of connected home devices. */
export function loadWorkload(): Workload {
  return {
    systems: { care: careHandbook, products: productHandbook, desk: deskHandbook },
    tools: Object.fromEntries(tools.map(tool => [tool.name, tool])),
    schemas: Object.fromEntries(schemas.map(schema => [schema.name, schema])),
    conversations: [
      ...orders,
      ...returns,
      ...warranty,
      ...subscriptions,
      ...devices,
      ...integrators,
      ...programs,
      ...routing,
      ...extraction,
      ...translation,
      ...threads,
    ],
  }
}
