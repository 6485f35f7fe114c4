// Measures one face in a process of its own, as its users have it: code that several faces share is slower where they do.
import { aiSdk } from './ai-sdk.ts'
import { langchain } from './langchain.ts'

const faces = { langchain, 'ai-sdk': aiSdk }

export type Face = keyof typeof faces

process.once('message', ({ face, baseURL, quick }: { face: Face; baseURL: string; quick: boolean }) => {
  void faces[face](baseURL, { quick, data: undefined, log: line => console.error(line) }).then(figures => {
    process.send?.(figures)
    process.disconnect()
  })
})
