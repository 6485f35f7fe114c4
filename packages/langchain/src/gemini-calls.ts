interface Part {
  functionCall?: unknown
}
interface Response {
  candidates?: readonly { content?: { parts?: readonly Part[] } }[]
}

/**
 * Repeats earlier function calls before later ones. `ChatGoogleGenerativeAI` numbers calls anew in each chunk when it makes events of
 * them, so that of calls in separate chunks the last takes the place of the first; said again, each keeps its own.
 */
export async function* repeatingCalls(stream: AsyncIterable<unknown>): AsyncGenerator {
  const calls: Part[] = []
  for await (const response of stream) {
    const [candidate, ...others] = (response as Response).candidates ?? []
    const parts = candidate?.content?.parts ?? []
    const own = parts.filter(part => part.functionCall !== undefined)
    const again = own.length > 0 && calls.length > 0
    const content = { ...candidate?.content, parts: [...calls, ...parts] }
    yield again ? { ...(response as Response), candidates: [{ ...candidate, content }, ...others] } : response
    calls.push(...own)
  }
}
