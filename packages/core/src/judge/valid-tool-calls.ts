import type { Check, Judge, ToolCall } from '../types.ts'
import { parseJson } from './json.ts'
import { clip, reject } from './verdict.ts'

const name = 'validToolCalls'
const MAX_NAME_CHARS = 60
const MAX_REASON_CHARS = 160

/** Accepts tool calls whose arguments are JSON that fits the tool's schema; rejects a tool that was not offered as soon as its arguments begin. No verdict without a tool call. */
export const validToolCalls = (): Judge => ({
  name,
  watch({ toolCalls }, { expected: { tools } }) {
    // Until its arguments begin, the name itself may still be coming.
    const fault = toolCalls.map(call => (call.arguments === '' ? undefined : unknownTool(call, tools))).find(said => said !== undefined)
    return fault === undefined ? undefined : rejection(fault)
  },
  judge({ toolCalls }, { expected: { tools } }) {
    if (toolCalls.length === 0) return undefined
    const faults = toolCalls.map(call => faultOf(call, tools)).filter(fault => fault !== undefined)
    return faults.length === 0 ? { accepted: true } : rejection(faults.join('; '))
  },
})

const rejection = (fault: string) =>
  reject(name, clip(fault, MAX_REASON_CHARS), { repair: `The tool call is not valid: ${clip(fault, 600)}` })

function faultOf(call: ToolCall, tools: ReadonlyMap<string, Check> | undefined): string | undefined {
  const unknown = unknownTool(call, tools)
  if (unknown !== undefined) return unknown
  // Some providers write no arguments as nothing at all.
  const parsed = parseJson(call.arguments.trim() === '' ? '{}' : call.arguments, { fence: false })
  const fault = 'fault' in parsed ? `its arguments are not JSON (${parsed.fault})` : tools?.get(call.name)?.(parsed.value)
  return fault === undefined ? undefined : `${clip(call.name, MAX_NAME_CHARS)}: ${fault}`
}

function unknownTool({ name: tool }: ToolCall, tools: ReadonlyMap<string, Check> | undefined): string | undefined {
  if (tools === undefined || tools.has(tool)) return undefined
  const offered = tools.size === 0 ? 'there are none' : `there is ${clip([...tools.keys()].join(', '), 200)}`
  return `no tool is called ${JSON.stringify(clip(tool, MAX_NAME_CHARS))}, ${offered}`
}
