export type { WireApi, WireCall, WireChunk, WireTarget } from './call.ts'
export { createRouter } from './router.ts'
export type { WireRouter } from './router.ts'
export type { WireRouterOptions } from './options.ts'
