const HIDDEN = '***'

/** Longest text that is looked through; what follows is cut off. */
const MAX_CHARACTERS = 8_192

// What keys look like, by their first letters. Each repeat is bounded and its characters are no part of what follows.
const keys =
  /\b(?:sk|pk|rk|gsk|xai|tgp|fw|hf|nvapi|key|token)[-_][\w*.-]{6,256}|\bAIza[\w-]{20,60}|\beyJ[\w-]{10,1024}\.[\w-]{1,4096}(?:\.[\w-]{1,1024})?/g
const bearers = /\b(?:bearer|basic) {1,4}[^\s"',;]{4,4096}/gi

/** A provider's words without keys: neither those that were sent nor what looks like one. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text.slice(0, MAX_CHARACTERS)
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, HIDDEN)
  return clean.replace(bearers, HIDDEN).replace(keys, HIDDEN)
}
