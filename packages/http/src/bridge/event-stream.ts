import type { Json } from '@routewise/core'

/** Tells the client one step of the answer. */
export type Emit = (type: string, fields: Json) => void

/** Collects events, numbered from 0 on. */
export interface EventStream {
  emit: Emit
  /** The events since it was last asked, as they go over the wire; a comment where there are none, so that no write is empty. */
  take(): Uint8Array
}

const encoder = new TextEncoder()
const NOTHING = ':\n\n'

export function createEventStream(): EventStream {
  let frames = ''
  let sequence = 0
  return {
    emit(type, fields) {
      frames += `event: ${type}\ndata: ${JSON.stringify({ type, ...fields, sequence_number: sequence })}\n\n`
      sequence += 1
    },
    take() {
      const bytes = encoder.encode(frames === '' ? NOTHING : frames)
      frames = ''
      return bytes
    },
  }
}
