interface Content {
  role: string
  parts: readonly object[]
}

/**
 * Puts the results of one turn's tool calls into one content, as Gemini demands: `ChatGoogleGenerativeAI` makes one content of each,
 * and Gemini refuses that with "the number of function response parts". The request itself is left as it was.
 */
export function joinFunctionResponses(request: unknown): unknown {
  const { contents } = (request ?? {}) as { contents?: unknown }
  if (!Array.isArray(contents)) return request
  const joined: Content[] = []
  for (const content of contents as readonly Content[]) {
    const before = joined.at(-1)
    if (before === undefined || !holdsResponses(content) || !holdsResponses(before)) joined.push(content)
    else joined[joined.length - 1] = { ...before, parts: [...before.parts, ...content.parts] }
  }
  return joined.length === contents.length ? request : { ...(request as object), contents: joined }
}

const holdsResponses = ({ parts }: Content): boolean => parts.length > 0 && parts.every(part => 'functionResponse' in part)
