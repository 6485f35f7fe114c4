import type { Provider } from './types.ts'

/** Vendors that are simulated, by id. */
export const providers: Readonly<Record<string, Provider>> = {}
