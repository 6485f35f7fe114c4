import { isJson, jsonOf, objectsOf, type Json } from '@routewise/core'
import { chatMessages, type InputOptions } from './chat-messages.ts'
import { noWords } from './no-words.ts'

/** Fields of a Responses request that are translated, or that mean nothing to a chat; all others go along as they are. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'access_programs',
  'background',
  'context_management',
  'conversation',
  'image',
  'include',
  'input',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  // OpenAI takes it with stored chats alone, and others do not know it. The response repeats it.
  'metadata',
  'moderation',
  'previous_response_id',
  'prompt',
  'reasoning',
  'store',
  'stream',
  'stream_options',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'truncation',
])

/**
 * The chat request that asks the same as a Responses request.
 * @throws RouterError `unsupported` for what a chat has no words for; it names the field.
 */
export function chatRequest(request: Json, options: InputOptions): Json {
  // Made of entries: to set a field by the name that a stranger gave could set its prototype.
  const chat: Record<string, unknown> = Object.fromEntries(
    Object.entries(request).filter(([field, value]) => !OWN_FIELDS.has(field) && value !== null),
  )
  chat['messages'] = chatMessages(request, options)
  setTools(chat, request)
  const { reasoning, text, include, max_output_tokens: maxTokens, top_logprobs: topLogprobs } = request
  const { effort } = jsonOf(reasoning)
  const { format, verbosity } = jsonOf(text)
  const responseFormat = chatFormat(format)
  if (effort != null) chat['reasoning_effort'] = effort
  if (verbosity != null) chat['verbosity'] = verbosity
  if (responseFormat !== undefined) chat['response_format'] = responseFormat
  if (maxTokens != null) chat['max_completion_tokens'] = maxTokens
  if (Array.isArray(include) && include.includes('message.output_text.logprobs')) {
    chat['logprobs'] = true
    if (topLogprobs != null) chat['top_logprobs'] = topLogprobs
  }
  if (request['stream'] === true) {
    chat['stream'] = true
    chat['stream_options'] = { include_usage: true }
  }
  return chat
}

function chatFormat(format: unknown): Json | undefined {
  const { type, ...schema } = jsonOf(format)
  if (type === 'json_object') return { type }
  return type === 'json_schema' ? { type, json_schema: schema } : undefined
}

function setTools(chat: Record<string, unknown>, { tools, tool_choice: choice }: Json): void {
  const offered = objectsOf(tools)
  if (offered.length === 0) return
  const { type, name, mode, tools: allowed } = jsonOf(choice)
  // Hardly any vendor can be told which of its tools it may call, and all of them call only what they are offered.
  const names = type === 'allowed_tools' ? new Set(objectsOf(allowed).map(tool => tool['name'])) : undefined
  chat['tools'] = offered.filter(tool => names?.has(tool['name']) ?? true).map(chatTool)
  if (names !== undefined) chat['tool_choice'] = mode
  else if (type === 'function' || type === 'custom') chat['tool_choice'] = { type, [type]: { name } }
  else if (typeof choice === 'string') chat['tool_choice'] = choice
}

function chatTool(tool: Json, at: number): Json {
  const { type, name, description, parameters, strict, format } = tool
  const told = { name, ...(description != null && { description }) }
  if (type === 'function')
    return { type, function: { ...told, ...(parameters != null && { parameters }), ...(strict != null && { strict }) } }
  if (type === 'custom') return { type, custom: { ...told, ...(isJson(format) && { format: customFormat(format) }) } }
  throw noWords(`tools[${at}].type`, type)
}

const customFormat = ({ type, ...grammar }: Json): Json => (type === 'grammar' ? { type, grammar } : { type })
