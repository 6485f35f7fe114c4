import { isJson, jsonOf, type Json, type LintBlock, objectsOf } from '@routewise/core'

/** What a model reads of a body of Anthropic's Messages API: its tools, one each, then its messages. */
export function anthropicBlocks({ tools, system, messages }: Json): readonly LintBlock[] {
  return [
    ...objectsOf(tools).map(({ name, type, description, input_schema: schema }): LintBlock => ({
      role: 'tools',
      texts: [textOf(name ?? type), textOf(description), JSON.stringify(schema ?? {})],
    })),
    ...(system === undefined ? [] : [readContent('system', system)]),
    ...objectsOf(messages).map(({ role, content }) => readContent(role === 'assistant' ? 'assistant' : 'user', content)),
  ]
}

function readContent(role: LintBlock['role'], content: unknown): LintBlock {
  if (typeof content === 'string') return { role, texts: [content] }
  const parts = objectsOf(content)
  const texts: string[] = []
  const media: NonNullable<LintBlock['media']>[number][] = []
  const toolCalls: { name: string; arguments: string }[] = []
  const read = (part: Json): void => {
    switch (part['type']) {
      case 'text':
        return void texts.push(textOf(part['text']))
      case 'thinking':
        return void texts.push(textOf(part['thinking']))
      case 'tool_use':
        return void toolCalls.push({ name: textOf(part['name']), arguments: JSON.stringify(part['input'] ?? {}) })
      case 'tool_result':
        if (typeof part['content'] === 'string') texts.push(part['content'])
        else for (const inner of objectsOf(part['content'])) read(inner)
        return
      case 'image':
      case 'document': {
        const { data, url, file_id: id, type } = jsonOf(part['source'])
        if (type === 'text') return void texts.push(textOf(data))
        return void media.push({ kind: part['type'] === 'image' ? 'image' : 'pdf', reference: textOf(data ?? url ?? id) })
      }
      default: {
        // A cache marker says nothing to the model.
        const { cache_control: _, ...said } = part
        texts.push(JSON.stringify(said))
      }
    }
  }
  for (const part of parts) read(part)
  const isResult = role === 'user' && parts.some(({ type }) => type === 'tool_result')
  return { role: isResult ? 'tool' : role, texts, media, toolCalls }
}

/** Signs that only Anthropic's wire has. */
export const isAnthropic = ({ system, anthropic_version: version, model, tools, messages }: Json): boolean =>
  system !== undefined ||
  version !== undefined ||
  (typeof model === 'string' && /(?:^|[/.])claude/.test(model) && objectsOf(tools).every(tool => !isJson(tool['function']))) ||
  objectsOf(tools).some(tool => tool['input_schema'] !== undefined) ||
  objectsOf(messages).some(({ content }) => objectsOf(content).some(({ type }) => type === 'tool_use' || type === 'tool_result'))

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
