import type { Conversation } from './conversation.ts'

/**
 * OpenAI wants a key with every prompt that is to be found in its cache, and at most some 15 requests a minute under one:
 * one key for each beginning that prompts share, spread over a few; a long conversation has its own.
 */
export function promptCacheKeyOf({ id, start, tools, turns }: Conversation): string {
  if (turns.length > LONG_CONVERSATION_TURNS) return `desk-${hash(id)}`
  const beginning = [...start.map(({ text }) => text), ...tools.map(({ name }) => name)].join(' ')
  return `desk-${hash(beginning)}-${hash(id) % KEYS_PER_BEGINNING}`
}

const KEYS_PER_BEGINNING = 3
const LONG_CONVERSATION_TURNS = 10
const hash = (text: string): number => {
  let sum = 7
  for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) % 65_521
  return sum
}
