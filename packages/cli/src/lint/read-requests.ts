import type { Readable } from 'node:stream'
import type { LintRequest } from '@routewise/core'
import { InputError } from '../input/input-error.ts'
import { readLines } from '../input/read-lines.ts'
import { type ReadRequest, readRequest } from './read-request.ts'

/** A prompt, and the line, or the item of a JSON array, that it stands in, from 1. */
export interface NumberedRequest {
  unit: 'line' | 'item'
  number: number
  request: LintRequest
}

interface Options {
  /** Name of the source in messages. */
  name: string
  /** Leaves out what cannot be used, and tells of it, instead of stopping. */
  onBad?: ((where: string, problem: string) => void) | undefined
  signal: AbortSignal
}

/** An array is held whole; a longer one is better written as lines. */
const LONGEST_ARRAY_CHARACTERS = 256 * 1024 * 1024

/**
 * Prompts of a JSONL file or a JSON array, plain or gzip, in their order.
 * @throws InputError naming the file, the line and the reason.
 */
export async function* readRequests(
  source: string | Readable,
  { name, onBad, signal }: Options,
): AsyncGenerator<NumberedRequest, void, void> {
  const array: string[] = []
  let characters = 0
  const use = (unit: NumberedRequest['unit'], number: number, read: ReadRequest): NumberedRequest | undefined => {
    if ('request' in read) return { unit, number, request: read.request }
    const where = `${name}: ${unit} ${number}`
    if (onBad === undefined) throw new InputError(`${where}: ${read.problem}.\nPass --skip-bad to leave such lines out.`)
    onBad(where, read.problem)
    return undefined
  }
  for await (const line of readLines(source, { signal })) {
    const { number } = line
    if ('problem' in line) {
      use('line', number, line)
      continue
    }
    if (array.length > 0 || line.text.trimStart().startsWith('[')) {
      characters += line.text.length
      if (characters > LONGEST_ARRAY_CHARACTERS)
        throw new InputError(`${name}: the JSON array is too long: write one request per line (JSONL).`)
      array.push(line.text)
      continue
    }
    const found = use('line', number, readLine(line.text))
    if (found !== undefined) yield found
  }
  if (array.length === 0) return
  for (const [at, value] of parseArray(array.join('\n'), name).entries()) {
    const found = use('item', at + 1, readRequest(value))
    if (found !== undefined) yield found
  }
}

function readLine(text: string): ReadRequest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problem: `not JSON (${reasonOf(error)}); expected one request per line, or one JSON array` }
  }
  return readRequest(value)
}

function parseArray(text: string, name: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : [value]
  } catch (error) {
    throw new InputError(`${name}: not a JSON array (${reasonOf(error)}).`, { cause: error })
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
