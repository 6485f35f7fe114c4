import type {
  Experimental_VideoModelV4 as VideoModelV4,
  Experimental_VideoModelV4CallOptions as VideoModelV4CallOptions,
  Experimental_VideoModelV4OperationStartResult as StartResult,
  Experimental_VideoModelV4Result as VideoModelV4Result,
  JSONValue,
} from '@ai-sdk/provider'
import { parseOptions, RouterError } from '@routewise/core'
import { NoVideoGeneratedError } from 'ai'
import * as z from 'zod'
import { askRouter } from '../fallback/call.ts'
import { listenToAll, noSuchModel, type RoutedModels, type RoutedModelsOptions } from '../fallback/models.ts'
import { createFallbackRouter, type FallbackCandidate, type FallbackRouter, type ModelKind } from '../fallback/router.ts'
import { inOrder, smallestLimit } from './order.ts'
import { parseOtherModels, type OtherModelOptions } from './options.ts'
import { withReceipt } from '../receipt.ts'
import { newestVideoModel } from '../versions.ts'

type Candidates = readonly FallbackCandidate<VideoModelV4>[]
type StartOptions = Parameters<NonNullable<VideoModelV4['doStart']>>[0]

const generating: ModelKind<VideoModelV4, VideoModelV4CallOptions, VideoModelV4Result> = {
  name: 'video',
  ask: (model, options) => model.doGenerate!(options),
  fault({ videos, response: { timestamp, modelId } }, { isAlone }) {
    return videos.length === 0 && !isAlone ? new NoVideoGeneratedError({ responses: [{ timestamp, modelId }] }) : undefined
  },
  response: ({ response }) => response,
}

const starting: ModelKind<VideoModelV4, StartOptions, StartResult> = {
  name: 'video',
  ask: (model, options) => model.doStart!(options),
  response: ({ response }) => response,
}

/**
 * Video models, asked in the order listed: the next one when one fails, gives no video, or takes longer than its share of
 * `timeouts.totalMs`. Where videos are started and then asked for, that holds for the start: what was started stays with its model.
 * @throws RouterError `invalid_option`
 */
export function createVideoModels(given: OtherModelOptions['videoModels'], options: RoutedModelsOptions): RoutedModels<VideoModelV4> {
  const all = parseOtherModels(given, {
    option: 'videoModels',
    methods: ['doGenerate', 'doStart'],
    example: "a video model, such as google.video('veo-3.1-generate-preview')",
    newest: newestVideoModel,
    expectedMs: 60_000,
  })
  const shared = inOrder(all, options)
  const generators = all.length === 0 ? undefined : createFallbackRouter({ ...shared, kind: generating })
  const starters = all.length === 0 ? undefined : createFallbackRouter({ ...shared, kind: starting })
  const { allow } = options.routing

  function model(modelId: string): VideoModelV4 {
    const candidates = modelId === 'auto' ? all : all.filter(({ id }) => id === modelId)
    if (generators === undefined || starters === undefined || candidates.length === 0) {
      const names = all.length === 0 ? [] : ['auto', ...all.map(({ id }) => id)]
      throw noSuchModel({ modelId, modelType: 'videoModel', option: 'videoModels', names })
    }
    const methods = { ...generate(candidates, generators, allow), ...startAndStatus(candidates, starters, allow) }
    if (Object.keys(methods).length === 0) {
      const message = 'createRouted: some of `videoModels` can only be started and asked for, and others only generate. Name one by its id.'
      throw new RouterError('unsupported', message)
    }
    const [only] = candidates
    const webhook = candidates.length === 1 ? only?.model.handleWebhookOption : undefined
    return {
      specificationVersion: 'v4',
      provider: options.provider,
      modelId,
      maxVideosPerCall: () => smallestLimit(candidates, one => one.maxVideosPerCall),
      // A webhook is set up before anybody knows which model will start.
      ...(webhook !== undefined && { handleWebhookOption: webhook.bind(only?.model) }),
      ...methods,
    }
  }

  return { model, on: listenToAll(generators === undefined || starters === undefined ? [] : [generators, starters]) }
}

function generate(
  candidates: Candidates,
  router: FallbackRouter<VideoModelV4CallOptions, VideoModelV4Result>,
  allow: readonly string[] | undefined,
): Pick<VideoModelV4, 'doGenerate'> {
  if (candidates.some(({ model }) => model.doGenerate === undefined)) return {}
  return {
    async doGenerate(options) {
      const { result, receipt } = await askRouter(router, options, { candidates, allow })
      return withReceipt(result, receipt)
    },
  }
}

/** An operation says whose it is, so that it can be asked for in another process, too. */
const operationSchema = z.strictObject({ target: z.string(), operation: z.custom<JSONValue>(value => value !== undefined) })

function startAndStatus(
  candidates: Candidates,
  router: FallbackRouter<StartOptions, StartResult>,
  allow: readonly string[] | undefined,
): Pick<VideoModelV4, 'doStart' | 'doStatus'> {
  if (candidates.some(({ model }) => model.doStart === undefined || model.doStatus === undefined)) return {}
  return {
    async doStart(options) {
      const { result, receipt } = await askRouter(router, options, { candidates, allow })
      return withReceipt({ ...result, operation: { target: receipt.target ?? '', operation: result.operation } }, receipt)
    },
    async doStatus(options) {
      const { target, operation } = parseOptions(operationSchema, options.operation, 'doStatus: operation')
      const owner = candidates.find(({ id }) => id === target)?.model
      if (owner?.doStatus !== undefined) return owner.doStatus({ ...options, operation })
      const message = `doStatus: option \`operation\` is of "${target}": expected one of ${candidates.map(({ id }) => `"${id}"`).join(', ')}`
      throw new RouterError('invalid_option', message)
    },
  }
}
