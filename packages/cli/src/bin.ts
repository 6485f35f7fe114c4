#!/usr/bin/env node
import process from 'node:process'
import { EXIT, runCli } from './cli.ts'

const controller = new AbortController()
process.on('SIGINT', () => {
  // A second Ctrl-C does not wait.
  if (controller.signal.aborted) process.exit(EXIT.interrupted)
  controller.abort(new DOMException('Stopped by Ctrl-C.', 'AbortError'))
})
process.on('SIGTERM', () => controller.abort(new DOMException('Stopped.', 'AbortError')))
// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(EXIT.done)
})

// The AI SDK's advice on calls would break into the progress line.
globalThis.AI_SDK_LOG_WARNINGS = false

const { stdout, stderr, stdin, env } = process
process.exitCode = await runCli(process.argv.slice(2), { stdout, stderr, stdin, env, signal: controller.signal })
