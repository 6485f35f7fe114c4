import { createHash } from 'node:crypto'

/** Digest of a text in hexadecimal. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A signature over a model's reasoning that only the same vendor accepts. */
export function sign(vendor: string, text: string): string {
  const subject = digest(text)
  return Buffer.from(`${vendor}|${subject}|${seal(vendor, subject)}`).toString('base64')
}

/** Who signed, and what: `undefined` when the signature is none of ours. */
export function readSignature(signature: string): { vendor: string; signs(text: string): boolean } | undefined {
  const [vendor, subject, stamp] = Buffer.from(signature, 'base64').toString('latin1').split('|')
  if (vendor === undefined || subject === undefined || stamp !== seal(vendor, subject)) return undefined
  return { vendor, signs: text => digest(text) === subject }
}

const seal = (vendor: string, subject: string): string => digest(`simulated:${vendor}:${subject}`).slice(0, 16)
