// A bare OpenAI-wire upstream in a process of its own: one fixed answer, so that what is measured is the client.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { body, stream } from './upstream-answer.ts'

const server = createServer((request, response) => {
  let asked = ''
  request.setEncoding('utf8')
  request.on('data', (text: string) => (asked += text))
  request.on('end', () => {
    const streams = asked.includes('"stream":true')
    const answer = streams ? stream : body
    response.writeHead(200, {
      'content-type': streams ? 'text/event-stream' : 'application/json',
      'content-length': Buffer.byteLength(answer),
    })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())
