import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Judge, JudgeContext } from '../types.ts'
import { describeIssues, type SchemaIssue } from './faults.ts'
import { cannotBecomeJson, parseJson } from './json.ts'
import { clip, reject } from './verdict.ts'

/** A schema of any library that keeps to Standard Schema v1: zod, Valibot, ArkType. */
export interface StandardSchema {
  readonly '~standard': { validate(value: unknown): SchemaResult | Promise<SchemaResult> }
}
interface SchemaResult {
  readonly issues?: readonly SchemaIssue[] | undefined
}

const options = z.strictObject({
  /** Tolerates one fence of Markdown, with or without `json`, around all of the text. */
  fence: z.boolean().default(true),
})
type JsonOptions = z.input<typeof options>

const schemaOption = z.custom<StandardSchema>(value => {
  const holdsKeys = (typeof value === 'object' && value !== null) || typeof value === 'function'
  const standard: unknown = holdsKeys ? Reflect.get(value, '~standard') : undefined
  return typeof standard === 'object' && standard !== null && 'validate' in standard && typeof standard.validate === 'function'
}, 'expected a schema of zod or of another library that keeps to Standard Schema')

const MAX_REASON_CHARS = 160

/** Accepts text that is JSON; rejects prose at its first letter, unless the call offers tools. No verdict on an answer with tool calls. */
export const validJson = (given: JsonOptions = {}): Judge =>
  jsonJudge('validJson', parseOptions(options, given, 'validJson'), () => undefined)

/** Accepts JSON that fits a zod or other Standard Schema, async ones included; otherwise as `validJson`. */
export function matches(schema: StandardSchema, given: JsonOptions = {}): Judge {
  const { '~standard': standard } = parseOptions(schemaOption, schema, 'matches')
  return jsonJudge('matches', parseOptions(options, given, 'matches'), async value => {
    const { issues = [] } = await standard.validate(value)
    return issues.length > 0 ? describeIssues(issues) : undefined
  })
}

/** Accepts JSON that is what the call itself asks for, as far as its dialect can tell; no verdict on a call that asks for nothing. Otherwise as `validJson`. */
export const validOutput = (given: JsonOptions = {}): Judge =>
  jsonJudge(
    'validOutput',
    parseOptions(options, given, 'validOutput'),
    (value, { expected }) => expected.output?.(value),
    ({ expected }) => expected.output !== undefined,
  )

function jsonJudge(
  name: string,
  { fence }: z.output<typeof options>,
  faultOf: (value: unknown, context: JudgeContext) => string | undefined | Promise<string | undefined>,
  applies: (context: JudgeContext) => boolean = () => true,
): Judge {
  const notJson = (fault: string) => reject(name, 'not JSON', { repair: `The answer must be JSON and nothing else. ${fault}`.trimEnd() })
  return {
    name,
    watch({ text, toolCalls }, context) {
      // Prose may lead up to a tool call, and is then no output yet.
      const mayCallTools = context.features.needs.tools || toolCalls.length > 0
      return !mayCallTools && applies(context) && cannotBecomeJson(text, { fence }) ? notJson('') : undefined
    },
    async judge({ text, toolCalls }, context) {
      if (toolCalls.length > 0 || !applies(context)) return undefined
      const parsed = parseJson(text, { fence })
      if ('fault' in parsed) return notJson(parsed.fault)
      const fault = await faultOf(parsed.value, context)
      if (fault === undefined) return { accepted: true }
      return reject(name, clip(fault, MAX_REASON_CHARS), { repair: `The JSON is not what was asked for: ${fault}` })
    },
  }
}
