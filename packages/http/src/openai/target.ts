import type { WireCall, WireChunk, WireTarget } from '../call.ts'
import { bridgeResponses } from '../bridge/bridge-responses.ts'
import { failureOf } from './provider-error.ts'
import { parseEmbeddingTarget, parseTarget, type OpenAIEmbeddingTargetOptions, type OpenAITargetOptions } from './options.ts'
import { createSecrets } from './secrets.ts'
import { openAnswer, type Model } from './open.ts'
import { createHeaders } from './headers.ts'
import { createThoughtFilter } from './refused-thoughts.ts'
import type { Server } from './server.ts'
import type { ModelCard, TargetIo } from '@routewise/core'

/**
 * A language model at a server that speaks OpenAI's API: OpenAI itself, DeepSeek, Mistral, xAI, Groq, Together, Fireworks, OpenRouter,
 * Azure, vLLM, Ollama, llama.cpp and their like. What needs no change is passed on byte for byte, both ways.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function openaiTarget(options: OpenAITargetOptions): WireTarget {
  const { server, facts, terminalEvent, responses } = parseTarget(options)
  const model = modelOf(server, facts)
  const filtered = createThoughtFilter(server.provider)
  const open = (call: WireCall, io: TargetIo): AsyncIterable<WireChunk> => filtered(call, asked => openAnswer(model, asked, io))
  return {
    kind: 'language',
    model: server.model,
    ...facts,
    terminalEvent,
    open: (call, io) => (call.api === 'responses' && !responses ? bridgeResponses(call, chat => open(chat, io)) : open(call, io)),
    failure: error => failureOf(error, model.secrets.known()),
  }
}

/**
 * An embedding model at a server that speaks OpenAI's API.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function openaiEmbeddingTarget(options: OpenAIEmbeddingTargetOptions): WireTarget {
  const { server, facts, space } = parseEmbeddingTarget(options)
  const model = modelOf(server, facts)
  return {
    kind: 'embedding',
    model: server.model,
    space,
    ...facts,
    open: (call, io) => openAnswer(model, call, io),
    failure: error => failureOf(error, model.secrets.known()),
  }
}

function modelOf(server: Server, { id, card }: { id: string; card: ModelCard }): Model {
  const secrets = createSecrets(server)
  return { target: id, card, server, secrets, headersOf: createHeaders(server, secrets) }
}
