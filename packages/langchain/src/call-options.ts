import { currentContext, RouterError, type CallOptions } from '@routewise/core'
import type { BaseChatModelCallOptions, BindToolsInput } from '@langchain/core/language_models/chat_models'
import type { BaseMessage } from '@langchain/core/messages'
import type { CallKind, ChatCall } from './call.ts'
import type { StructuredOutputSpec } from './structured-output.ts'
import type { ArrangeTools } from './tool-order.ts'
import { plainToolChoice } from './tools.ts'

/** What one call may set for the router itself; it wins over the router's own options. */
export type CallRouting = Omit<CallOptions, 'signal'>

/** Call options of a routed model: LangChain's, the router's, and any that a candidate's class knows, which are handed on. */
export interface RoutedChatModelCallOptions extends BaseChatModelCallOptions {
  /** Policy, `allow`, `deny`, `maxUsd`, tenant, session and task for this call. Default session: LangGraph's `thread_id`. */
  routing?: CallRouting
  /** Tools for this call, in any of LangChain's notations; `bindTools` sets them for all. */
  tools?: readonly BindToolsInput[]
  /** Set by `withStructuredOutput`. */
  structuredOutput?: StructuredOutputSpec
  [providerOption: string]: unknown
}

const routingKeys: ReadonlySet<string> = new Set<keyof CallRouting>(['policy', 'allow', 'deny', 'maxUsd', 'tenant', 'session', 'task'])

/** Options that end here: ours, and those that the router replaces. */
const ours: ReadonlySet<string> = new Set(['tools', 'structuredOutput', 'routing', 'signal', 'timeout', 'maxRetries', 'tool_choice'])

/** @throws RouterError `invalid_option` for an unknown field of `routing`. */
export function createCall(
  kind: CallKind,
  messages: readonly BaseMessage[],
  options: RoutedChatModelCallOptions,
  arrangeTools?: ArrangeTools,
): ChatCall {
  checkRouting(options.routing)
  const forCandidate: Record<string, unknown> = {}
  for (const key in options) if (!ours.has(key) && options[key] !== undefined) forCandidate[key] = options[key]
  const choice = plainToolChoice(options.tool_choice)
  if (choice !== undefined && choice !== null) forCandidate['tool_choice'] = choice
  const { tools: given, structuredOutput, routing } = options
  const tools = given?.length ? (arrangeTools?.(given, routing?.tenant ?? currentContext().tenant) ?? given) : undefined
  return { kind, messages, tools, structured: structuredOutput, options: forCandidate }
}

/** What the router itself is told of a call. */
export const routingOf = ({ routing, signal }: RoutedChatModelCallOptions): CallOptions => ({ ...routing, signal })

function checkRouting(routing: CallRouting | undefined): void {
  for (const key in routing) {
    if (routingKeys.has(key)) continue
    const allowed = [...routingKeys].join(', ')
    throw new RouterError('invalid_option', `call options: unknown option \`routing.${key}\` (allowed: ${allowed})`)
  }
}
