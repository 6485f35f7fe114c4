import type { Provider } from './types.ts'
import { anthropicWire } from './wires/anthropic.ts'
import { geminiWire } from './wires/gemini.ts'
import { chatWire } from './wires/openai-chat.ts'
import { openaiFlavour } from './wires/openai-flavour.ts'
import { responsesWire } from './wires/openai-responses.ts'
import { alibaba, deepseek, groq, mistral, moonshot, xai } from './wires/vendor-flavours.ts'

/** Vendors that are simulated, by the id that the catalog has for them. `basePath` is what each vendor's own SDK expects in a base URL. */
export const providers: Readonly<Record<string, Provider>> = {
  openai: { id: 'openai', basePath: '/v1', wires: [chatWire(openaiFlavour), responsesWire(openaiFlavour)] },
  anthropic: { id: 'anthropic', basePath: '', wires: [anthropicWire] },
  google: { id: 'google', basePath: '', wires: [geminiWire] },
  deepseek: { id: 'deepseek', basePath: '', wires: [chatWire(deepseek)] },
  mistral: { id: 'mistral', basePath: '', wires: [chatWire(mistral)] },
  xai: { id: 'xai', basePath: '/v1', wires: [chatWire(xai), responsesWire(xai)] },
  groq: { id: 'groq', basePath: '', wires: [chatWire(groq)] },
  moonshotai: { id: 'moonshotai', basePath: '/v1', wires: [chatWire(moonshot)] },
  alibaba: { id: 'alibaba', basePath: '/compatible-mode/v1', wires: [chatWire(alibaba)] },
}
