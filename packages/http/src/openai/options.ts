import { candidateShape, describeModel, type CandidateFacts, type ModelOverride } from '@routewise/catalog'
import { parseOptions, type ModelCard } from '@routewise/core'
import * as z from 'zod'
import { Secret } from '../secret.ts'
import { embeddingCard } from './embedding-card.ts'
import { FLAVOURS, flavourOf, flavourTraits, providerAt, type Flavour } from './flavour.ts'
import type { Key, Server } from './server.ts'
import { shielded, urlFault } from './shield.ts'

/** Where a model is asked, and by whom. */
interface ServerOptions {
  /** Base of its API, such as `https://api.openai.com/v1`: no key, no query. Redirects are not followed. */
  baseURL: string
  /** Key, or a function that finds it for each request. Default: none is sent. */
  apiKey?: string | (() => string | Promise<string>)
  /** Name that the provider takes. */
  model: string
  /** Whose words the server speaks. Default: found by its host, else `compatible`. */
  flavour?: Flavour
  /** Headers of every request to it. Default: none. */
  headers?: Readonly<Record<string, string>>
  /** Longest whole answer, and longest event of a stream. Default 16 MB; of embeddings 128 MB. */
  maxResponseBytes?: number
}

export interface OpenAITargetOptions extends ServerOptions, CandidateFacts {
  /** The server answers `/responses` itself; else such calls are put as chats. Default: by flavour. */
  responses?: boolean
  /** `false`: the server may end a stream without saying so. Default `true`: such an end is a failure. */
  terminalEvent?: boolean
}

export interface OpenAIEmbeddingTargetOptions extends ServerOptions, Pick<CandidateFacts, 'id' | 'account' | 'tags'> {
  /** Name of its vector space: only models of one space take over for one another. Default: the model's name. */
  space?: string
  /** Numbers in each vector, where the call asks for no other length. Default: as many as the model gives. */
  dimensions?: number
  /** USD per million input tokens. Default: the catalog's; without either, the cost is not known. */
  price?: number
}

// Texts that may hold a key come as `Secret`, so that no message repeats them.
const secret = (allowed: RegExp, expected: string) =>
  z.custom<Secret>(value => value instanceof Secret && allowed.test(value.reveal()), expected)

const serverShape = {
  baseURL: z
    .string()
    .or(z.instanceof(Secret))
    .superRefine((value, context) => {
      const fault = urlFault(typeof value === 'string' ? value : value.reveal())
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
    }),
  apiKey: z
    .union(
      [
        secret(/^[\u0021-\u007e]+$/, 'expected a key without spaces'),
        z.custom<() => string | Promise<string>>(value => typeof value === 'function'),
      ],
      {
        error: 'expected a key without spaces, or a function that finds it',
      },
    )
    .optional(),
  model: z.string().min(1, 'expected the name that the provider takes'),
  flavour: z.enum(FLAVOURS).optional(),
  headers: z
    .record(
      z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'expected the name of a header'),
      secret(/^[\t\u0020-\u007e\u0080-\u00ff]*$/, 'expected a text without line breaks'),
    )
    .default({}),
}

const bytes = z.number().int().positive()

const languageSchema = z.strictObject({
  ...serverShape,
  ...candidateShape,
  responses: z.boolean().optional(),
  terminalEvent: z.boolean().default(true),
  maxResponseBytes: bytes.default(16 * 1024 * 1024),
})

const { id, account, tags } = candidateShape
const embeddingSchema = z.strictObject({
  ...serverShape,
  id,
  account,
  tags,
  space: z.string().min(1).optional(),
  dimensions: z.number().int().positive().optional(),
  price: z.number().min(0).optional(),
  maxResponseBytes: bytes.default(128 * 1024 * 1024),
})

/** What a target says of itself before it is asked. */
interface Facts {
  id: string
  card: ModelCard
  account?: string
  group?: string
  tags?: readonly string[]
}

/** @throws RouterError `invalid_option`, naming the option, the value and what is allowed. */
export function parseTarget(options: OpenAITargetOptions): {
  server: Server
  facts: Facts
  terminalEvent: boolean
  responses: boolean
} {
  const { card: given, quality, terminalEvent, responses, ...rest } = parseOptions(languageSchema, shielded(options), 'openaiTarget')
  const asked = serverOf(rest)
  const provider = given?.provider ?? asked.provider
  const server = { ...asked, provider }
  const otherwise = { ...anything, ...(provider !== undefined && { provider }) }
  const { cache } = server.traits
  const said = cache === undefined ? given : { cache, ...given }
  const card = describeModel(rest.model, { provider, facts: said, quality, otherwise })
  return { server, facts: factsOf(rest, card), terminalEvent, responses: responses ?? server.traits.responses }
}

/** @throws RouterError `invalid_option`, naming the option, the value and what is allowed. */
export function parseEmbeddingTarget(options: OpenAIEmbeddingTargetOptions): {
  server: Server
  facts: Facts
  space: string
} {
  const { space, dimensions, price, ...rest } = parseOptions(embeddingSchema, shielded(options), 'openaiEmbeddingTarget')
  const server = { ...serverOf(rest), dimensions }
  return { server, facts: factsOf(rest, embeddingCard(rest.model, server.provider, price)), space: space ?? rest.model }
}

/** A name does not say what a model can do: what it cannot, its provider says. */
const anything: ModelOverride = {
  contextTokens: 1_000_000,
  capabilities: { tools: true, forcedTool: true, parallelTools: true, jsonSchema: true, vision: true, pdf: true, audio: true },
}

interface ParsedServer {
  baseURL: string | Secret
  apiKey?: Key | undefined
  model: string
  flavour?: Flavour | undefined
  headers: Readonly<Record<string, Secret>>
  maxResponseBytes: number
}

function serverOf({ baseURL, apiKey, model, flavour: named, headers, maxResponseBytes }: ParsedServer): Server {
  const url = new URL(baseURL instanceof Secret ? baseURL.reveal() : baseURL)
  const flavour = named ?? flavourOf(url)
  return {
    origin: url.origin,
    basePath: url.pathname.replace(/\/$/, ''),
    model,
    provider: providerAt(flavour, url),
    traits: flavourTraits[flavour],
    key: apiKey,
    headers,
    maxResponseBytes,
  }
}

interface Named {
  id?: string | undefined
  account?: string | undefined
  group?: string | undefined
  tags?: readonly string[] | undefined
}

function factsOf({ id, account, group, tags }: Named, card: ModelCard): Facts {
  return {
    id: id ?? card.id,
    card,
    ...(account !== undefined && { account }),
    ...(group !== undefined && { group }),
    ...(tags !== undefined && { tags }),
  }
}
