import { OpenTelemetry } from '@ai-sdk/otel'
import { generateText, streamText } from 'ai'
import { expect, test } from 'vitest'
import { createRouted, type Receipt, receiptOf } from './index.ts'
import { silentModel, talkingModel } from './testing/talking-model.ts'

const prompt = 'Hello?'
const model = createRouted({
  models: { down: silentModel('a'), up: talkingModel('b', 'Hello') },
  policy: candidates => candidates,
})('auto')

test('integrations see the routed model, the model that answered, and the receipt', async () => {
  const seen: { provider: string; modelId: string; receipt: Receipt | undefined }[] = []
  const integrations = {
    onLanguageModelCallEnd: (event: { provider: string; modelId: string; providerMetadata?: unknown }) =>
      void seen.push({ provider: event.provider, modelId: event.modelId, receipt: receiptOf(event) }),
  }
  await generateText({ model, prompt, telemetry: { integrations } })
  await streamText({ model, prompt, telemetry: { integrations } }).text
  const expected = { provider: 'routewise', modelId: 'b', receipt: { target: 'up' } }
  expect(seen).toMatchObject([expected, expected])
})

test('OpenTelemetry’s spans name them, too', async () => {
  const spans: { name: string; attributes: Record<string, unknown> }[] = []
  const tracer = {
    startSpan: (name: string, { attributes = {} }: { attributes?: Record<string, unknown> } = {}) => {
      const span = { name, attributes: { ...attributes } }
      spans.push(span)
      return {
        spanContext: () => ({ traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1 }),
        setAttribute: (key: string, value: unknown) => void (span.attributes[key] = value),
        setAttributes: (more: Record<string, unknown>) => void Object.assign(span.attributes, more),
        addEvent: () => undefined,
        recordException: () => undefined,
        setStatus: () => undefined,
        updateName: () => undefined,
        isRecording: () => true,
        end: () => undefined,
      }
    },
  }
  type OtelOptions = NonNullable<ConstructorParameters<typeof OpenTelemetry>[0]>
  const otel = new OpenTelemetry({ tracer: tracer as unknown as NonNullable<OtelOptions['tracer']> })
  await generateText({ model, prompt, telemetry: { isEnabled: true, integrations: otel } })
  const attributes = Object.assign({}, ...spans.map(span => span.attributes)) as Record<string, unknown>
  expect(attributes).toMatchObject({ 'gen_ai.request.model': 'auto', 'gen_ai.response.model': 'b', 'gen_ai.usage.input_tokens': 7 })
})
