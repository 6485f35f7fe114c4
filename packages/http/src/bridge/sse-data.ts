const decoder = new TextDecoder()

/** JSON payloads of whole server-sent events. What is no JSON, such as a closing `[DONE]`, is left out. */
export function readEvents(bytes: Uint8Array): unknown[] {
  const payloads: unknown[] = []
  let data = ''
  const dispatch = () => {
    if (data.startsWith('{')) payloads.push(JSON.parse(data))
    data = ''
  }
  for (const line of decoder.decode(bytes).split('\n')) {
    if (line === '' || line === '\r') dispatch()
    else if (line.startsWith('data:')) data += line.slice(5).trim()
  }
  dispatch()
  return payloads
}
