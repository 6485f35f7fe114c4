import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** One call of an agent, as it was made and billed. */
export interface AgentCall {
  /** Seconds since 1970. */
  t: number
  /** Messages of the prompt: the first `i` of the conversation; message `i` is the answer. */
  i: number
  /** Tokens of the prompt, of those the cached ones, and of the answer, as the provider counted them. */
  p: number
  cached: number
  o: number
}

export interface AgentConversation {
  id: string
  /** Role (`s`, `u` or `a`) and text. */
  msgs: readonly (readonly [role: 's' | 'u' | 'a', text: string])[]
  calls: readonly AgentCall[]
}

/** Conversations of mini-SWE-agent with one upstream's figures. Source: github.com/SWE-agent/mini-swe-agent, trajectories of its leaderboard run, MIT. */
export async function readAgentConversations(data: string): Promise<readonly AgentConversation[]> {
  const read = async <Row>(name: string) => {
    const text = gunzipSync(await readFile(join(data, 'conversations', name))).toString()
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as Row)
  }
  const usage = await read<{ id: string; calls: AgentCall[] }>('miniswe_gemini3pro_usage_500.jsonl.gz')
  const texts = await read<Pick<AgentConversation, 'id' | 'msgs'>>('miniswe_gemini3pro_text_500.jsonl.gz')
  const callsOf = new Map(usage.map(({ id, calls }) => [id, calls]))
  return texts.map(({ id, msgs }) => ({ id, msgs, calls: callsOf.get(id) ?? [] }))
}
