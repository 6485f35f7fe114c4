import type { Clock } from '@routewise/core'

interface Work {
  serviceMs: number
  done: () => void
  state: 'queued' | 'served' | 'over'
  stop: () => void
}

/** Servers with one queue: first come, first served. Where it does not honour cancels, it goes on with what nobody waits for. */
export function createProvider(clock: Clock, { servers, honoursCancels }: { servers: number; honoursCancels: boolean }) {
  const queue: Work[] = []
  let head = 0
  let open = servers
  let busy = 0

  function serve(): void {
    while (busy < open && head < queue.length) {
      const work = queue[head]!
      head += 1
      if (work.state === 'over') continue
      work.state = 'served'
      busy += 1
      work.stop = clock.after(work.serviceMs, () => {
        leave(work)
        work.done()
      })
    }
    if (head > 10_000) {
      queue.splice(0, head)
      head = 0
    }
  }
  function leave(work: Work): void {
    const { state } = work
    work.state = 'over'
    if (state === 'served') busy -= 1
    serve()
  }

  return {
    /** Servers that take new work; those beyond finish what they have. */
    setServers(count: number): void {
      open = count
      serve()
    },
    /** Returns what cancels it. */
    submit(serviceMs: number, done: () => void): () => void {
      const work: Work = { serviceMs, done, state: 'queued', stop: () => {} }
      queue.push(work)
      serve()
      return () => {
        if (!honoursCancels || work.state === 'over') return
        work.stop()
        leave(work)
      }
    },
  }
}
