/** Where a command reads and writes; tests give their own. */
export interface Io {
  stdout: Stream
  stderr: Stream
  stdin: NodeJS.ReadStream
  env: Readonly<Record<string, string | undefined>>
  /** Aborts on Ctrl-C. */
  signal: AbortSignal
}

export interface Stream {
  write(text: string): unknown
  isTTY?: boolean
}
