import { isJson, jsonOf, type Json, type LintBlock, objectsOf } from '@routewise/core'

/** What a model reads of a body of Gemini's generateContent: its tools, one each, then its contents. Both spellings of names are taken. */
export function geminiBlocks(body: Json): readonly LintBlock[] {
  const system = body['systemInstruction'] ?? body['system_instruction']
  return [
    ...objectsOf(body['tools']).flatMap(readTools),
    ...(system === undefined ? [] : [readParts('system', isJson(system) ? system['parts'] : system)]),
    ...objectsOf(body['contents']).map(({ role, parts }) => readParts(role === 'model' ? 'assistant' : 'user', parts)),
  ]
}

function readTools(tool: Json): readonly LintBlock[] {
  const declared = tool['functionDeclarations'] ?? tool['function_declarations']
  if (!Array.isArray(declared)) return [{ role: 'tools', texts: [Object.keys(tool).join(', '), '', JSON.stringify(tool)] }]
  return objectsOf(declared).map(({ name, description, parameters, parametersJsonSchema }) => ({
    role: 'tools',
    texts: [textOf(name), textOf(description), JSON.stringify(parameters ?? parametersJsonSchema ?? {})],
  }))
}

function readParts(role: LintBlock['role'], parts: unknown): LintBlock {
  if (typeof parts === 'string') return { role, texts: [parts] }
  const texts: string[] = []
  const media: NonNullable<LintBlock['media']>[number][] = []
  const toolCalls: { name: string; arguments: string }[] = []
  let isResult = false
  for (const part of Array.isArray(parts) ? objectsOf(parts) : [jsonOf(parts)]) {
    const called = part['functionCall'] ?? part['function_call']
    const result = part['functionResponse'] ?? part['function_response']
    const data = part['inlineData'] ?? part['inline_data'] ?? part['fileData'] ?? part['file_data']
    if (typeof part['text'] === 'string') texts.push(part['text'])
    else if (isJson(called)) toolCalls.push({ name: textOf(called['name']), arguments: JSON.stringify(called['args'] ?? {}) })
    else if (isJson(result)) {
      isResult = true
      texts.push(JSON.stringify(result['response'] ?? {}))
    } else if (isJson(data)) media.push(readData(data))
    else texts.push(JSON.stringify(part))
  }
  return { role: isResult ? 'tool' : role, texts, media, toolCalls }
}

function readData(data: Json): NonNullable<LintBlock['media']>[number] {
  const type = textOf(data['mimeType'] ?? data['mime_type'])
  const reference = textOf(data['data'] ?? data['fileUri'] ?? data['file_uri'])
  return { kind: type.startsWith('audio/') ? 'audio' : type.startsWith('image/') ? 'image' : 'pdf', reference }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
