import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Tape } from './tape.ts'

/** A provider that never stops talking, as fast as its reader takes it. */
export interface Endless {
  origin: string
  /** Bytes that have been handed to the sockets so far. */
  sentBytes(): number
}

/** Says the word that `said` is in the tape again and again, once a stream is under way, up to `limitBytes` for each reader. */
export async function startEndless({ contentType, bytes }: Tape, said: string, limitBytes: number): Promise<Endless> {
  const frames = bytes.toString().split(/(?<=\n\n)/)
  const from = frames.findIndex(frame => frame.includes(said))
  const opening = frames.slice(0, from).join('')
  const words = frames[from]!.replace(said, said.padEnd(16_384, ' and so on'))
  let sentBytes = 0
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': contentType })
    let saidBytes = 0
    const say = (text: string): void => {
      sentBytes += text.length
      saidBytes += text.length
      const goesOn = response.write(text)
      if (goesOn && saidBytes < limitBytes) setImmediate(say, words)
    }
    response.on('drain', () => say(words))
    say(opening)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sentBytes: () => sentBytes }
}
