// Runs of a bench in virtual time do not disturb each other, so they share out the cores.
import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

/** Runs every job by `serveJobs` of the module at `url`, in any order; the results come in the order of the jobs. */
export async function runJobs<Job, Result>(
  url: string,
  jobs: readonly Job[],
  onDone: (job: Job, result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const work = async () => {
    const worker = new Worker(new URL(url))
    try {
      while (next < jobs.length) {
        const at = next
        next += 1
        results[at] = await new Promise<Result>((resolve, reject) => {
          worker.once('message', resolve)
          worker.once('error', reject)
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
          worker.postMessage(jobs[at])
        })
        worker.removeAllListeners('error')
        onDone(jobs[at]!, results[at])
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work))
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
