import { parseOptions, type RoutingOptions, routingShape } from '@routewise/core'
import * as z from 'zod'
import type { Scenario } from '../scenario.ts'

const schema = z.strictObject(routingShape)

/** A scenario's options with the core's own defaults filled in. */
export function settingsOf({ options, judge }: Scenario) {
  const settings = parseOptions(schema, options satisfies RoutingOptions, 'scenario')
  return { ...settings, release: settings.release ?? (judge === undefined ? ('first-token' as const) : ('judged' as const)) }
}

export type Settings = ReturnType<typeof settingsOf>
