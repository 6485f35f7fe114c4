import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { runCli } from '../cli.ts'

// As the command itself does, so that the SDK's advice does not fill the tests' output.
globalThis.AI_SDK_LOG_WARNINGS = false

/** A directory for one test, gone with it. */
export async function temporaryDirectory(): Promise<{ write(name: string, content: string | Buffer): Promise<string> } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'routewise-cli-'))
  return {
    async write(name, content) {
      const file = join(path, name)
      await writeFile(file, content)
      return file
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

export const jsonl = (...rows: readonly unknown[]): string => rows.map(row => `${JSON.stringify(row)}\n`).join('')
export const gzipped = (text: string): Buffer => gzipSync(text)

interface CliOptions {
  env?: Record<string, string>
  /** What stands on standard input. */
  stdin?: string
  signal?: AbortSignal
}

/** Runs one command line in this process, with nobody at a terminal. */
export async function cli(args: readonly string[], options: CliOptions = {}) {
  const { done } = startCli(args, options)
  return await done
}

/** Starts one command line in this process, with nobody at a terminal: its output so far, and how it ended. */
export function startCli(args: readonly string[], { env = {}, stdin, signal = new AbortController().signal }: CliOptions = {}) {
  let stdout = ''
  let stderr = ''
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    stdin: (stdin === undefined ? { isTTY: false } : Readable.from([Buffer.from(stdin)])) as NodeJS.ReadStream,
    env,
    signal,
  }
  const done = runCli(args, io).then(code => ({ code, stdout, stderr }))
  return { stdout: () => stdout, done }
}

/** All items of an async iterable. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
