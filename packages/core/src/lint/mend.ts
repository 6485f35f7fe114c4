import type { LintPlace, LintReason } from './finding.ts'

/** What to do about a change, in a sentence. */
export function mendOf(reason: LintReason, place: LintPlace): string {
  const where = WHERE[place.type]
  switch (reason.type) {
    case 'timestamp':
      return place.type === 'message'
        ? 'Write the time into a message once, when the message is made, and send it as it was from then on.'
        : `Move the time out of ${where} to the end of the last user message; where the day will do, write the date alone.`
    case 'random-id':
      return `Take the id out of ${where}, or move it to the end of the last user message: a prompt is cached up to it, and no further.`
    case 'counter':
      return `Move the number out of ${where} to the end of the last user message.`
    case 'caller-name':
      return `Keep ${where} the same for all callers, and say who is calling in the first user message, or at the very end of the system prompt.`
    case 'tool-order':
      return 'Give the tools in one order; a router does this for you (promptCache.sortTools, on by default).'
    case 'tool-set':
      return 'Give the same tools on every turn, and limit the choice by tool_choice or in the last message: tools stand before all else.'
    case 'key-order':
      return place.type === 'tools'
        ? 'Write schemas with their keys in one order; a router does this for you (promptCache.sortTools, on by default).'
        : 'Sort the keys before JSON.stringify, or keep the text that was sent first.'
    case 'document-order':
      return 'Sort the documents by id, and put new ones after those that are there already.'
    case 'sliding-window':
      return 'Trim in large steps, so that the cut stays where it is for many turns: trimHistory(messages, { maxTokens, stepTokens }).'
    case 'rolling-summary':
      return 'Sum up seldom and keep each summary as it was written: compactHistory does so when it pays.'
    case 'history-edited':
      return 'Leave what was sent as it was, and append: put what changes with each turn into the last message, and keep it there.'
    case 'media-address':
      return 'Send the same address or the bytes each time: with a new signature in its URL it is another file to the cache.'
    case 'whitespace':
      return 'Build the text in one way (line ends, indents, template), or build it once and keep it.'
    case 'text-changed':
      return `Put what changes after what stays: out of ${where}, to the end of the last user message.`
  }
}

const WHERE: Readonly<Record<LintPlace['type'], string>> = { tools: 'the tools', system: 'the system prompt', message: 'earlier messages' }
