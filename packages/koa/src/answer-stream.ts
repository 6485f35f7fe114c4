import { Readable } from 'node:stream'

/** Koa tells the app's `error` event of a stream that ends early; of errors that are `expose`d it prints nothing by itself. */
const clientLeft = () => Object.assign(new Error('The client left.'), { status: 499, expose: true })

/** An answer's pieces as a stream that Koa pipes to the client. Destroying it, as Koa does when the client has left, cancels the provider. */
export function answerStream(pieces: AsyncIterable<Uint8Array>): Readable {
  const steps = pieces[Symbol.asyncIterator]()
  let fault: Error | undefined
  const stream = new Readable({
    read() {
      steps.next().then(
        ({ done, value }) => stream.push(done === true ? null : value),
        (error: Error) => stream.destroy((fault = error)),
      )
    },
    destroy(_error, done) {
      if (stream.readableEnded) return done(null)
      void steps.return?.()
      done(fault ?? clientLeft())
    },
  })
  // Nobody listens where another answer has taken its place, and an error that nobody hears ends the process.
  return stream.on('error', () => {})
}
