// Runs in virtual time do not disturb each other, so they share out the cores.
import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

/** Runs every job by `serveJobs` of the module at `url`, in any order; the results come in the order of the jobs, which are made as they are needed. */
export async function runJobs<Job, Result>(
  url: string,
  jobs: Iterable<Job>,
  onDone: (job: Job, result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = []
  const source = jobs[Symbol.iterator]()
  let next = 0
  const work = async () => {
    const worker = new Worker(new URL(url))
    try {
      for (;;) {
        const step = source.next()
        if (step.done === true) break
        const at = next
        next += 1
        results[at] = await new Promise<Result>((resolve, reject) => {
          worker.once('message', resolve)
          worker.once('error', reject)
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
          worker.postMessage(step.value)
        })
        worker.removeAllListeners('error')
        onDone(step.value, results[at])
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return results
}

/** Makes a module one that `runJobs` can run. */
export function serveJobs(run: (job: never) => Promise<unknown>): void {
  if (isMainThread) return
  parentPort?.on('message', job => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    void run(job as never).then(result => parentPort?.postMessage(result))
  })
}
