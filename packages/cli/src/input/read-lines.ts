import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InputError } from './input-error.ts'

/** One line of a file, or why it cannot be had; lines count from 1, blank ones are skipped. */
export type Line = { number: number; text: string } | { number: number; problem: string }

const NEWLINE = 10
/** Longer lines are reported instead of being held in memory. */
const LONGEST_LINE_BYTES = 32 * 1024 * 1024

/**
 * Reads a text file, or a stream as it is, line by line; a file is gunzipped if it is gzip whatever its name. Never more than one line is held.
 * @throws InputError if the file cannot be read, or its compression is broken.
 */
export async function* readLines(
  source: string | Readable,
  { longestLineBytes = LONGEST_LINE_BYTES, signal }: { longestLineBytes?: number; signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Line, void, void> {
  const path = typeof source === 'string' ? source : 'standard input'
  const bytes = typeof source === 'string' ? await openBytes(source) : source
  let number = 0
  let parts: Buffer[] = []
  let size = 0
  const take = (): Line | undefined => {
    number += 1
    const line = size > longestLineBytes ? tooLong(number, size, longestLineBytes) : decode(number, parts)
    parts = []
    size = 0
    return 'text' in line && line.text.trim() === '' ? undefined : line
  }
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      signal?.throwIfAborted()
      let from = 0
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        size += at - from
        if (size <= longestLineBytes) parts.push(chunk.subarray(from, at))
        from = at + 1
        const line = take()
        if (line !== undefined) yield line
      }
      size += chunk.length - from
      if (size <= longestLineBytes) parts.push(chunk.subarray(from))
      else parts = []
    }
  } catch (error) {
    if (signal?.aborted) throw error
    throw new InputError(`${path}: ${reasonOf(error)}`, { cause: error })
  } finally {
    bytes.destroy()
  }
  if (size > 0) {
    const line = take()
    if (line !== undefined) yield line
  }
}

async function openBytes(path: string): Promise<Readable> {
  try {
    if ((await stat(path)).isDirectory()) throw new InputError(`${path} is a directory: give a JSONL file, plain or gzip.`)
    const gzip = await startsWithGzipMagic(path)
    const file = createReadStream(path)
    if (!gzip) return file
    const gunzip = createGunzip()
    // `pipe` does not carry errors or the early end of the reader on.
    file.on('error', error => gunzip.destroy(error))
    gunzip.on('close', () => file.destroy())
    return file.pipe(gunzip)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`${path}: ${reasonOf(error)}`, { cause: error })
  }
}

async function startsWithGzipMagic(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

function decode(number: number, parts: readonly Buffer[]): Line {
  try {
    return { number, text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)) }
  } catch {
    return { number, problem: 'not UTF-8' }
  }
}

const tooLong = (number: number, size: number, longest: number): Line => ({
  number,
  problem: `${Math.round(size / 1e6)} MB long, more than the ${Math.round(longest / 1e6)} MB a line may have`,
})

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EACCES') return 'no permission to read it'
  if (typeof code === 'string' && code.startsWith('Z_')) return `its gzip data is broken (${(error as Error).message})`
  return error instanceof Error ? error.message : String(error)
}
