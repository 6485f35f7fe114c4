import { isJson, type Json } from '@routewise/core'

/** A detail of `reasoning_details`, which is OpenRouter's convention; `provider` names the AI SDK's package, which reads it again. */
type Detail = Record<string, unknown>

/** Collects what must come back with an answer in the next turn: its thoughts, signed or encrypted. */
export interface DetailCollector {
  /** A whole block of thoughts. */
  addThought(text: string, metadata: unknown): void
  /** A tool call of the caller's. */
  addCall(id: string, metadata: unknown): void
  addText(metadata: unknown): void
  /** `undefined` where nothing is signed or encrypted: the words alone are in `reasoning_content`. */
  details(): readonly Json[] | undefined
}

export function createDetailCollector(): DetailCollector {
  const details: Detail[] = []

  const add = (detail: Detail, provider?: string) => {
    details.push({ ...detail, ...(provider !== undefined && { format: formatOf(provider), provider }), index: details.length })
  }

  return {
    addThought(text, metadata) {
      const found = firstOf(metadata, ['signature', 'redactedData', 'thoughtSignature', 'itemId'])
      if (found === undefined) {
        if (text !== '') add({ type: 'reasoning.text', text })
        return
      }
      const { provider, fields } = found
      const { signature = fields['thoughtSignature'], redactedData, itemId, reasoningEncryptedContent: encrypted } = fields
      if (typeof signature === 'string') add({ type: 'reasoning.text', text, signature }, provider)
      else if (typeof redactedData === 'string') add({ type: 'reasoning.encrypted', data: redactedData }, provider)
      else {
        add({ type: 'reasoning.summary', summary: text, id: itemId }, provider)
        if (typeof encrypted === 'string') add({ type: 'reasoning.encrypted', data: encrypted, id: itemId }, provider)
      }
    },
    addCall(id, metadata) {
      const found = firstOf(metadata, ['thoughtSignature'])
      if (found !== undefined) add({ type: 'reasoning.encrypted', data: found.fields['thoughtSignature'], id }, found.provider)
    },
    addText(metadata) {
      const found = firstOf(metadata, ['thoughtSignature'])
      if (found !== undefined) add({ type: 'reasoning.encrypted', data: found.fields['thoughtSignature'] }, found.provider)
    },
    details() {
      const provider = details.find(detail => detail['provider'] !== undefined)?.['provider']
      // A thought among signed ones that is not signed itself is of the same make.
      return provider === undefined ? undefined : details.map(detail => ({ ...detail, provider }))
    },
  }
}

/** The first provider that says one of these. */
function firstOf(metadata: unknown, names: readonly string[]): { provider: string; fields: Json } | undefined {
  if (!isJson(metadata)) return undefined
  for (const [provider, fields] of Object.entries(metadata)) {
    if (isJson(fields) && names.some(name => typeof fields[name] === 'string')) return { provider, fields }
  }
  return undefined
}

function formatOf(provider: string): string {
  if (provider === 'anthropic' || provider === 'bedrock') return 'anthropic-claude-v1'
  if (/google|vertex/.test(provider)) return 'google-gemini-v1'
  if (provider === 'openai' || provider === 'azure') return 'openai-responses-v1'
  return provider === 'xai' ? 'xai-responses-v1' : 'unknown'
}
