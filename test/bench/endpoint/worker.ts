import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

/** A process of its own. */
export interface Worker {
  /** What it said first: the port of a server. */
  readonly port: number
  /** Answers one question at a time. */
  ask<Reply>(question: unknown): Promise<Reply>
  stop(): void
}

/** Which of the two cores a process runs on: what is measured has one to itself. */
export type Place = 'under-test' | 'around-it'

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0
const cores = { 'around-it': '0', 'under-test': '1' }

/** Starts a module of this folder in a process of its own, on its core where cores can be chosen. */
export async function startWorker(module: string, place: Place, settings: object = {}, flags: readonly string[] = []): Promise<Worker> {
  const args = ['--conditions=@routewise/source', ...flags]
  const child = fork(new URL(module, import.meta.url), [JSON.stringify(settings)], {
    ...(canPin ? { execPath: 'taskset', execArgv: ['-c', cores[place], process.execPath, ...args] } : { execArgv: args }),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const next = async <Reply>(): Promise<Reply> => {
    const ended = new AbortController()
    try {
      const died = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`${module} ended with ${String(code)} and no answer.`)
      })
      const [reply] = (await Promise.race([once(child, 'message', { signal: ended.signal }), died])) as [Reply]
      return reply
    } finally {
      ended.abort()
    }
  }
  return {
    port: await next<number>(),
    ask(question) {
      const reply = next<never>()
      child.send(question as object)
      return reply
    },
    stop: () => stop(child),
  }
}

function stop(child: ChildProcess): void {
  if (child.connected) child.disconnect()
}
