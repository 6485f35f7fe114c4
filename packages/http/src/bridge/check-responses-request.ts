import { isJson, objectsOf, type Json } from '@routewise/core'

/** What is wrong with a request: the field, and what to do. */
export interface RequestFault {
  /** Path of the field, such as `input[2].type`. */
  param: string
  message: string
}

const KEEPS_NOTHING = 'This endpoint keeps no responses'

const messageTypes: ReadonlySet<unknown> = new Set([undefined, 'message'])
const inputTypes: ReadonlySet<unknown> = new Set([
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'reasoning',
])

/** Fields that ask for something to be kept, and what to send instead. */
const stateful: Readonly<Record<string, string>> = {
  previous_response_id: 'send the earlier turns in `input`',
  conversation: 'send the earlier turns in `input`',
  prompt: 'send what the prompt says in `instructions` and `input`',
  background: 'leave `background` out, and read the answer as it comes',
  context_management: 'leave it out, and shorten `input` yourself',
}

/** The first thing in a Responses request that no target can do behind an endpoint that keeps nothing; `undefined`: it is fine. */
export function checkResponsesRequest(body: Json): RequestFault | undefined {
  for (const param in stateful) {
    const value = body[param]
    if (value != null && value !== false)
      return { param, message: `${KEEPS_NOTHING}, so \`${param}\` means nothing to it: ${stateful[param]!}.` }
  }
  if (body['store'] === true)
    return { param: 'store', message: `${KEEPS_NOTHING}, so \`store: true\` cannot be kept: send \`store: false\`, or leave it out.` }
  return checkInput(body['input']) ?? checkTools(body)
}

function checkInput(input: unknown): RequestFault | undefined {
  if (typeof input === 'string') return undefined
  if (!Array.isArray(input)) return { param: 'input', message: `\`input\` is ${nameOf(input)}: send a string or a list of items.` }
  for (const [at, item] of input.entries()) {
    const param = `input[${at}]`
    if (!isJson(item)) return { param, message: `\`${param}\` is ${nameOf(item)}: send an object.` }
    const { type, role } = item
    if (type === 'item_reference' || (type === undefined && role === undefined && 'id' in item)) {
      const message = `${KEEPS_NOTHING}, so \`${param}\` refers to nothing: send the item itself (the AI SDK does with \`providerOptions.openai.store: false\`).`
      return { param, message }
    }
    if (messageTypes.has(type)) {
      if (role !== 'user' && role !== 'assistant' && role !== 'system' && role !== 'developer')
        return { param: `${param}.role`, message: `\`${param}.role\` is ${nameOf(role)}: send user, assistant, system or developer.` }
    } else if (!inputTypes.has(type)) {
      const message = `\`${param}.type\` is ${nameOf(type)}, which this endpoint does not take: send messages, function calls, their outputs and reasoning.`
      return { param: `${param}.type`, message }
    }
  }
  return undefined
}

function checkTools({ tools, tool_choice: choice }: Json): RequestFault | undefined {
  for (const [at, { type }] of objectsOf(tools).entries()) {
    if (type === 'function' || type === 'custom') continue
    const param = `tools[${at}].type`
    return { param, message: `\`${param}\` is ${nameOf(type)}, a tool of one provider's own: offer functions, and run them yourself.` }
  }
  if (!isJson(choice) || ['function', 'custom', 'allowed_tools'].includes(String(choice['type']))) return undefined
  const message = `\`tool_choice.type\` is ${nameOf(choice['type'])}: choose a function, or send auto, required or none.`
  return { param: 'tool_choice.type', message }
}

const MAX_SHOWN = 100

/** What was sent, in a few characters. */
function nameOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return JSON.stringify(typeof value === 'string' ? value.slice(0, MAX_SHOWN) : value)
}
