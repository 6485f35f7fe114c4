import type { ModelCard } from '@routewise/core'
import { ProblemError } from '../types.ts'
import type { HttpRequest, JsonSchema, OperationContext, PromptBlock, SimRequest, SimTool, ToolChoice } from '../types.ts'
import { blocksOf } from './gemini-prompt.ts'
import { checkSignatures, checkTurns, generationOf, refuse } from './gemini-rules.ts'
import type { GeminiTurn } from './gemini-rules.ts'
import { fromGeminiSchema } from './gemini-schema.ts'
import { findCachedContent, type CachedContent } from './gemini-cached-content.ts'
import { isObject, objectsOf, textIn } from './json.ts'
import type { JsonObject } from './json.ts'

const REQUEST_FIELDS = new Set(
  'model contents systemInstruction tools toolConfig safetySettings generationConfig cachedContent serviceTier labels store continuationToken'.split(
    ' ',
  ),
)
const CONFIG_FIELDS = new Set(
  (
    'stopSequences responseMimeType responseModalities candidateCount maxOutputTokens temperature topP topK presencePenalty frequencyPenalty seed ' +
    'responseSchema responseJsonSchema responseFormat _responseJsonSchema responseLogprobs logprobs enableEnhancedCivicAnswers speechConfig ' +
    'thinkingConfig imageConfig mediaResolution audioTimestamp routingConfig modelSelectionConfig serviceTier'
  ).split(' '),
)

/** Reads a request of `:generateContent` and its kin. Throws `ProblemError` as the API would refuse. */
export function parseGeminiRequest(http: HttpRequest, model: string, stream: boolean, context: OperationContext): SimRequest {
  const apiKey = apiKeyOf(http)
  const body = isObject(http.body)
    ? camelCased(http.body)
    : refuse('Invalid JSON payload received. Unexpected end of string. Expected a value.')
  checkNames(body, REQUEST_FIELDS)
  const config = isObject(body['generationConfig']) ? camelCased(body['generationConfig']) : {}
  checkNames(config, CONFIG_FIELDS, 'generation_config')
  const card = context.findModel(model)
  const cached = cachedContentOf(body, model, apiKey, context)
  const { blocks, turns: own, tools: offered } = readGeminiPrompt(body, card)
  if (own.length === 0) refuse('* GenerateContentRequest.contents: contents is not specified\n')
  const turns = [...(cached?.turns ?? []), ...own]
  checkTurns(turns, model)
  checkSignatures(turns, model)
  const choice = choiceOf(body['toolConfig'])
  const tools = cached?.tools ?? offered
  const schema = responseSchema(config, tools.length > 0, model)
  const reasoning = thinkingOf(config, model, card)
  const topLogprobs = logprobsOf(config, card)
  return {
    model,
    apiKey,
    blocks: [...(cached?.blocks ?? []), ...blocks],
    prompt: promptOf(turns),
    turn: turns.at(-1)?.parts.some(part => isObject(part['functionResponse'])) ? 'tool' : 'user',
    stream,
    ...(typeof config['maxOutputTokens'] === 'number' ? { maxOutputTokens: config['maxOutputTokens'] } : {}),
    tools: choice.allowed === undefined ? tools : tools.filter(tool => choice.allowed?.includes(tool.name)),
    toolChoice: choice.choice,
    parallelTools: true,
    ...(schema === undefined ? {} : { responseSchema: schema }),
    stop: stopOf(config['stopSequences']),
    showReasoning: isObject(config['thinkingConfig']) && camelCased(config['thinkingConfig'])['includeThoughts'] === true,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(topLogprobs === undefined ? {} : { topLogprobs }),
    promptCache: { mode: 'automatic', ...(cached !== undefined && { heldBlocks: cached.blocks.length }) },
    ...serviceTierOf(body['serviceTier']),
  }
}

/** What a request, or a content to be cached, says of the prompt. */
export function readGeminiPrompt(
  given: JsonObject,
  card: ModelCard | undefined,
): { blocks: readonly PromptBlock[]; turns: readonly GeminiTurn[]; tools: readonly SimTool[] } {
  const { contents, tools, systemInstruction } = camelCased(given)
  const turns = contents === undefined ? [] : turnsOf(contents)
  const declarations = objectsOf(tools)
    .flatMap(tool => objectsOf(camelCased(tool)['functionDeclarations']))
    .map(camelCased)
  return { blocks: blocksOf(declarations, partsOf(systemInstruction), turns, card), turns, tools: toolsOf(declarations) }
}

/** The cached content that a request goes on from: its own system instruction and tools would be others. */
function cachedContentOf(body: JsonObject, model: string, apiKey: string, { store, wallMs }: OperationContext): CachedContent | undefined {
  const { cachedContent: name } = body
  if (name === undefined) return undefined
  if (['systemInstruction', 'tools', 'toolConfig'].some(field => body[field] !== undefined)) {
    refuse(
      'CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.\n\n' +
        'Proposed fix: move those values to CachedContent from GenerateContent request.',
    )
  }
  return findCachedContent(textIn(name), model, apiKey, store, wallMs)
}

/** Key of the caller. Throws as the API does when there is none. */
export function apiKeyOf({ headers, query }: HttpRequest): string {
  const key = headers['x-goog-api-key'] ?? query.get('key') ?? headers['authorization']?.replace(/^Bearer\s+/i, '')
  if (key) return key
  throw new ProblemError({
    kind: 'permission',
    message:
      "Method doesn't allow unregistered callers (callers without established identity). " +
      'Please use API Key or other form of API consumer identity to call this API.',
  })
}

/** The API takes every name in camel case and in snake case. */
const camelCased = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name.replaceAll(/(?<=\w)_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )

function checkNames(object: JsonObject, known: ReadonlySet<string>, path?: string): void {
  for (const name of Object.keys(object)) {
    if (known.has(name)) continue
    refuse(`Invalid JSON payload received. Unknown name "${name}"${path === undefined ? '' : ` at '${path}'`}: Cannot find field.`)
  }
}

function turnsOf(contents: unknown): readonly GeminiTurn[] {
  // A single content is taken for a list of one.
  const messages = objectsOf(Array.isArray(contents) ? contents : [contents])
  if (messages.length === 0) refuse('* GenerateContentRequest.contents: contents is not specified\n')
  return messages.map((content, index) => {
    const { role = 'user' } = content
    if (role !== 'user' && role !== 'model' && role !== 'function') refuse('Please use a valid role: user, model.')
    const parts = partsOf(content)
    if (parts.length === 0) refuse(`* GenerateContentRequest.contents[${index}].parts: contents.parts must not be empty.\n`)
    return { role: role === 'model' ? 'model' : 'user', parts }
  })
}

function partsOf(content: unknown): readonly JsonObject[] {
  if (typeof content === 'string') return [{ text: content }]
  if (!isObject(content)) return []
  return objectsOf(Array.isArray(content['parts']) ? content['parts'] : [content['parts']]).map(camelCased)
}

function toolsOf(declarations: readonly JsonObject[]): readonly SimTool[] {
  const names = new Set<string>()
  return declarations.map((declaration, index) => {
    const path = `tools[0].function_declarations[${index}]`
    const name = textIn(declaration['name'])
    if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/.test(name)) {
      refuse(`* GenerateContentRequest.${path}.name: Invalid function name. Must start with a letter or an underscore.`)
    }
    if (names.has(name)) refuse(`Duplicate function declaration found: ${name}`)
    names.add(name)
    const { parameters, parametersJsonSchema } = declaration
    if (parameters !== undefined && parametersJsonSchema !== undefined)
      refuse(`${path}: parameters and parameters_json_schema must not both be set.`)
    if (isObject(parametersJsonSchema)) return { name, schema: parametersJsonSchema }
    return { name, schema: parameters === undefined ? { type: 'object' } : fromGeminiSchema(parameters, `${path}.parameters`) }
  })
}

function choiceOf(toolConfig: unknown): { choice: ToolChoice; allowed?: readonly unknown[] } {
  const outer = isObject(toolConfig) ? camelCased(toolConfig)['functionCallingConfig'] : undefined
  const { mode = 'AUTO', allowedFunctionNames } = isObject(outer) ? camelCased(outer) : {}
  const allowed = Array.isArray(allowedFunctionNames) && allowedFunctionNames.length > 0 ? allowedFunctionNames : undefined
  if (mode === 'ANY') {
    const [only] = allowed ?? []
    if (allowed?.length === 1) return { choice: { type: 'tool', name: String(only) } }
    return { choice: { type: 'required' }, ...(allowed === undefined ? {} : { allowed }) }
  }
  if (allowed !== undefined && mode !== 'VALIDATED')
    refuse('Function calling config: allowed_function_names should only be set when mode is ANY.')
  return { choice: { type: mode === 'NONE' ? 'none' : 'auto' }, ...(allowed === undefined ? {} : { allowed }) }
}

function responseSchema(config: JsonObject, withTools: boolean, model: string): JsonSchema | undefined {
  const { responseMimeType, responseSchema: own } = config
  const standard = config['responseJsonSchema'] ?? config['_responseJsonSchema']
  if (responseMimeType !== 'application/json') {
    if (own !== undefined || standard !== undefined) {
      refuse('* GenerateContentRequest.generation_config.response_schema: only allowed when response_mime_type is application/json\n')
    }
    return undefined
  }
  if (withTools && generationOf(model) < 3) refuse("Function calling with a response mime type: 'application/json' is unsupported")
  if (isObject(standard)) return standard
  return own === undefined ? true : fromGeminiSchema(own, 'generation_config.response_schema')
}

function thinkingOf(config: JsonObject, model: string, card: ModelCard | undefined): boolean | undefined {
  const thinking = isObject(config['thinkingConfig']) ? camelCased(config['thinkingConfig']) : {}
  const { thinkingBudget, thinkingLevel } = thinking
  if (thinkingBudget !== undefined && thinkingLevel !== undefined)
    refuse('You can only set only one of thinking budget and thinking level.')
  if (card !== undefined && !card.capabilities.reasoning && Object.keys(thinking).length > 0)
    refuse('Thinking is not enabled for this model')
  if (thinkingBudget !== 0) return undefined
  if (model.includes('-pro')) refuse('Budget 0 is invalid. This model only works in thinking mode.')
  return false
}

function logprobsOf(config: JsonObject, card: ModelCard | undefined): number | undefined {
  if (config['responseLogprobs'] !== true) return undefined
  if (card?.capabilities.logprobs === 'no') refuse('Logprobs is not supported for the current model.')
  return typeof config['logprobs'] === 'number' ? config['logprobs'] : 0
}

function stopOf(stop: unknown): readonly string[] {
  if (!Array.isArray(stop)) return []
  if (stop.length > 5) refuse('* GenerateContentRequest.generation_config.stop_sequences: at most 5 stop sequences are allowed\n')
  return stop.filter(sequence => typeof sequence === 'string')
}

const serviceTierOf = (tier: unknown): { serviceTier?: string } => (tier === 'flex' || tier === 'priority' ? { serviceTier: tier } : {})

const promptOf = (turns: readonly GeminiTurn[]): string =>
  turns
    .filter(turn => turn.role === 'user')
    .map(turn => turn.parts.flatMap(part => (typeof part['text'] === 'string' ? part['text'] : [])).join('\n'))
    .findLast(text => text !== '') ?? ''
