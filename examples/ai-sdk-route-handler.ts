// A chat route as a Next.js app has it, and what its browser sees: the answer as it comes, and what it cost.
//   npx -y pnpm@12 example ai-sdk-route-handler
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { cheapest, createRouted, receiptOf } from '@routewise/ai-sdk'
import { startSimulator } from '@routewise/simulator'
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  DefaultChatTransport,
  readUIMessageStream,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from 'ai'

// Simulated providers, so that this runs without keys. With keys: `import { openai } from '@ai-sdk/openai'`, and so on.
const question = 'How do I reset the thermostat?'
const answer = { text: 'Hold the wheel for ten seconds, until the display goes dark. Then let go, and it starts afresh.' }
await using sim = await startSimulator({ providers: ['openai', 'anthropic'], timeScale: 50, recordings: [{ prompt: question, answer }] })
const openai = createOpenAI({ apiKey: 'offline', baseURL: sim.url('openai') })
const anthropic = createAnthropic({ apiKey: 'offline', baseURL: `${sim.url('anthropic')}/v1` })

/** One for the whole server: it learns from every call. */
const routed = createRouted({
  models: [openai('gpt-6-luna'), anthropic('claude-opus-5-5')],
  policy: cheapest({ quality: 0.8, firstTokenMs: 2_000 }),
})

type ChatMessage = UIMessage<{ model?: string | undefined; costUsd: number }>

/** `app/api/chat/route.ts` */
export async function POST(request: Request): Promise<Response> {
  const { id, messages } = (await request.json()) as { id: string; messages: ChatMessage[] }
  const { stream } = streamText({
    model: routed('auto'),
    messages: await convertToModelMessages(messages),
    // Tenants share no prompt cache; the conversation is on the receipt.
    providerOptions: { routewise: { tenant: request.headers.get('x-tenant') ?? 'nobody', session: id } },
    // When the browser leaves, the provider stops writing, and billing.
    abortSignal: request.signal,
  })
  let costUsd = 0
  return createUIMessageStreamResponse({
    stream: toUIMessageStream({
      stream,
      originalMessages: messages,
      // Each step, of which there are several where tools are called, has a receipt of its own.
      messageMetadata({ part }) {
        if (part.type !== 'finish-step') return undefined
        const receipt = receiptOf(part)
        costUsd += receipt?.costUsd ?? 0
        return { model: receipt?.model, costUsd }
      },
    }),
  })
}

// The browser's side, as `useChat` does it; its requests go straight to the handler.
const transport = new DefaultChatTransport<ChatMessage>({
  api: 'http://localhost/api/chat',
  headers: { 'x-tenant': 'acme' },
  fetch: (url, init) => POST(new Request(url, init)),
})
const stream = await transport.sendMessages({
  chatId: 'chat-1',
  trigger: 'submit-message',
  messageId: undefined,
  messages: [{ id: 'message-1', role: 'user', parts: [{ type: 'text', text: question }] }],
  abortSignal: undefined,
})
let message: ChatMessage | undefined
let updates = 0
for await (message of readUIMessageStream<ChatMessage>({ stream })) updates += 1

const text = message?.parts.map(part => (part.type === 'text' ? part.text : '')).join('')
console.log(text)
console.log(`seen growing in ${updates} steps; answered by ${message?.metadata?.model} for $${message?.metadata?.costUsd}`)
