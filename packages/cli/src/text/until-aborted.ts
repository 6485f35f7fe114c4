/** Resolves when the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>(resolve => {
    // Signal listeners do not keep a process alive; servers do, while there are some.
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
