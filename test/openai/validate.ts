import { Ajv, type ErrorObject } from 'ajv'
import addFormats from 'ajv-formats'
import { createDefinitions, type Schema } from './schema.ts'

/** Says what is wrong with a body, one line each; nothing where all is right. */
export type Validate = (body: unknown) => string[]

const definitions = createDefinitions()
const chat = definitions.add('chat/completions/completions', 'ChatCompletion')
const chatChunk = definitions.add('chat/completions/completions', 'ChatCompletionChunk')
const response = definitions.add('responses/responses', 'Response')
const responseEvent = definitions.add('responses/responses', 'ResponseStreamEvent')
const embeddings = definitions.add('embeddings', 'CreateEmbeddingResponse')
const usage = definitions.add('responses/responses', 'ResponseUsage')
const embedding = definitions.add('embeddings', 'Embedding')
const model = definitions.add('models', 'Model')
const error = definitions.add('shared', 'ErrorObject')

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` })
const objectWith = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties, required: Object.keys(properties) })

const changed = (name: string, members: Record<string, Schema>): Record<string, Schema> => {
  const { properties, ...rest } = definitions.$defs[name]!
  return { [name]: { ...rest, properties: { ...properties, ...members } } }
}
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })

/** Everything that is checked: OpenAI's types by name, and the few envelopes that have none. */
export const $defs: Readonly<Record<string, Schema>> = {
  ...definitions.$defs,
  Models: objectWith({ object: { const: 'list' }, data: { type: 'array', items: ref(model) } }),
  Error: objectWith({ error: ref(error) }),
  // With `encoding_format: 'base64'`, which the `openai` package asks for, a vector is a string.
  ...changed(embedding, { embedding: { anyOf: [{ type: 'array', items: { type: 'number' } }, { type: 'string' }] } }),
  // OpenAI says null where its types say nothing: before the answer there is no usage, and not every request names a user.
  ...changed(response, { usage: orNull(ref(usage)), user: orNull({ type: 'string' }) }),
}

const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'openai', $defs })

/** Checks a body against one of the definitions. */
export function validateAs(name: string): Validate {
  const validate = ajv.getSchema(`openai#/$defs/${name}`)
  if (validate === undefined) throw new Error(`There is no definition of ${name}.`)
  return body => (validate(body) === true ? [] : causes(validate.errors ?? []).map(lineOf))
}

/** An answer of `POST /chat/completions`. */
export const validateChat = validateAs(chat)
/** An event of its stream. */
export const validateChatChunk = validateAs(chatChunk)
/** An answer of `POST /responses`. */
export const validateResponse = validateAs(response)
/** An event of its stream. */
export const validateResponseEvent = validateAs(responseEvent)
/** An answer of `POST /embeddings`. */
export const validateEmbeddings = validateAs(embeddings)
/** An answer of `GET /models`. */
export const validateModels = validateAs('Models')
/** An answer of `GET /models/{id}`. */
export const validateModel = validateAs(model)
/** The body of an answer that is an error. */
export const validateError = validateAs('Error')

/** Without what only repeats that something within is wrong, and without that null was possible, too. */
function causes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const own = errors.filter(({ keyword }) => keyword !== 'if' && keyword !== 'anyOf')
  const telling = own.filter(({ params }) => params['type'] !== 'null')
  return telling.length > 0 ? telling : errors
}

const lineOf = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath === '' ? 'the body' : instancePath} ${message ?? 'is wrong'}${'allowedValues' in params ? `: ${JSON.stringify(params['allowedValues']).slice(0, 200)}` : ''}`
