import { isJson, type Json } from '@routewise/core'

/** A detail of `reasoning_details`, which is OpenRouter's convention; `provider` names the AI SDK's package, which reads it again. */
type Detail = Record<string, unknown>

/** Collects what must come back with an answer in the next turn, beside its words. */
export interface Keepsakes {
  /** A whole block of thoughts. */
  addThought(text: string, metadata: unknown): void
  /** A tool call of the caller's; gives what the call itself is to carry. */
  addCall(id: string, metadata: unknown): Json | undefined
  /** A block of text. */
  addText(metadata: unknown): void
  /** As members of the message. Thoughts without a signature are in `reasoning_content` alone. */
  members(): Json
}

export function createKeepsakes(): Keepsakes {
  const details: Detail[] = []
  let texts = 0
  let ofText: Json | undefined

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
      if (found === undefined) return isJson(metadata) ? metadata : undefined
      add({ type: 'reasoning.encrypted', data: found.fields['thoughtSignature'], id }, found.provider)
      return undefined
    },
    addText(metadata) {
      texts += 1
      const found = firstOf(metadata, ['thoughtSignature'])
      if (found !== undefined) add({ type: 'reasoning.encrypted', data: found.fields['thoughtSignature'] }, found.provider)
      else if (isJson(metadata)) ofText = metadata
    },
    members() {
      const provider = details.find(detail => detail['provider'] !== undefined)?.['provider']
      return {
        // A thought among signed ones that is not signed itself is of the same make.
        ...(provider !== undefined && { reasoning_details: details.map(detail => ({ ...detail, provider })) }),
        // What is said of one text, such as its id, would not hold for several that have become one.
        ...(texts === 1 && ofText !== undefined && { provider_metadata: ofText }),
      }
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
