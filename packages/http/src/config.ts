import type { IncomingMessage } from 'node:http'
import { parseOptions } from '@routewise/core'
import * as z from 'zod'
import { endpointShape, type EndpointOptions } from './endpoint/options.ts'
import { routerShape, type WireRouterOptions } from './options.ts'

/** Where `routewise serve` listens. */
export interface ServerOptions {
  /** Default 8787; `0`: any free one. */
  port?: number
  /** Default `127.0.0.1`: this machine alone. */
  host?: string
  /** Path below which OpenAI's API is found. Default `/v1`. */
  path?: string
}

/** All that `routewise serve` needs to know: what `createRouter` takes, how the endpoint behaves, and where it listens. */
export interface RoutewiseConfig extends WireRouterOptions {
  endpoint?: EndpointOptions<IncomingMessage>
  server?: ServerOptions
}

const configSchema = z.strictObject({
  ...routerShape,
  endpoint: z.strictObject(endpointShape).optional(),
  server: z
    .strictObject({
      port: z.number().int().min(0).max(65_535).optional(),
      host: z.string().min(1).optional(),
      path: z.string().startsWith('/', "expected a path that begins with '/', such as '/v1'").optional(),
    })
    .optional(),
})

/**
 * The default export of a `routewise.config.ts`: checks it and gives it back.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function defineConfig(config: RoutewiseConfig): RoutewiseConfig {
  parseOptions(configSchema, config, 'defineConfig')
  return config
}
