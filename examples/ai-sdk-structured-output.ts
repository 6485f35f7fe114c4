// Structured output from a cheap model: an object that does not fit is mended, else a better model is asked, before anybody sees it.
//   npx -y pnpm@12 example ai-sdk-structured-output
import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { cheapest, createRouted, receiptOf, validOutput } from '@routewise/ai-sdk'
import { startSimulator } from '@routewise/simulator'
import { generateText, Output } from 'ai'
import * as z from 'zod'

// Gemini's API minds the types of a schema, not the lengths of its strings: a small model may well copy what stands in the mail.
const Ticket = z.object({
  category: z.enum(['delivery', 'returns', 'billing']),
  orderNumber: z.string().length(5).describe('Five digits.'),
})
const ticket = (category: string, orderNumber: string) => ({ answer: { text: JSON.stringify({ category, orderNumber }) } })

// Simulated providers, so that this runs without keys. With keys: `import { google } from '@ai-sdk/google'`, and so on.
await using sim = await startSimulator({
  providers: ['google', 'anthropic'],
  timeScale: 50,
  recordings: {
    match: ({ model, prompt, blocks }) => {
      const isStrong = model === 'claude-opus-5-5'
      const isMending = prompt.includes('corrected')
      if (blocks.some(({ text }) => text.includes('refund'))) return ticket('returns', isStrong ? '50771' : 'unknown')
      return ticket('delivery', isStrong || isMending ? '48213' : '#48213')
    },
  },
})
const google = createGoogle({ apiKey: 'offline', baseURL: `${sim.url('google')}/v1beta` })
const anthropic = createAnthropic({ apiKey: 'offline', baseURL: `${sim.url('anthropic')}/v1` })

const routed = createRouted({
  models: { small: google('gemini-3.8-flash'), strong: anthropic('claude-opus-5-5') },
  policy: cheapest(),
  judge: validOutput(),
})

for (const mail of ['Order #48213 was due on Friday!', 'About that toaster of last May (5-0-7-7-1): I want a refund.']) {
  const result = await generateText({ model: routed('auto'), prompt: mail, output: Output.object({ schema: Ticket }) })
  console.log(result.output)
  const receipt = receiptOf(result.finalStep)
  for (const { target, reason, verdict } of receipt?.attempts ?? [])
    console.log(`  ${target.padEnd(6)} ${reason.padEnd(10)} ${verdict?.accepted === false ? verdict.reason : 'accepted'}`)
  console.log(`  $${receipt?.costUsd}`)
}
