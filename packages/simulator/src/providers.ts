import type { Provider } from './types.ts'
import { anthropicWire } from './wires/anthropic.ts'
import { geminiWire } from './wires/gemini.ts'

/** Vendors that are simulated, by id. */
export const providers: Readonly<Record<string, Provider>> = {
  anthropic: { id: 'anthropic', basePath: '', wires: [anthropicWire] },
  google: { id: 'google', basePath: '', wires: [geminiWire] },
}
