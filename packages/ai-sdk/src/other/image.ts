import type { ImageModelV4, ImageModelV4CallOptions, ImageModelV4Result, JSONObject } from '@ai-sdk/provider'
import { plainReceipt, type Receipt } from '@routewise/core'
import { NoImageGeneratedError } from 'ai'
import { createModelsById, type RoutedModels, type RoutedModelsOptions } from '../fallback/models.ts'
import type { FallbackCandidate, ModelKind } from '../fallback/router.ts'
import { inOrder, smallestLimit } from './order.ts'
import { parseOtherModels, type OtherModelOptions } from './options.ts'
import { newestImageModel } from '../versions.ts'

type Candidates = readonly FallbackCandidate<ImageModelV4>[]
type Told = boolean | undefined

const kind: ModelKind<ImageModelV4, ImageModelV4CallOptions, ImageModelV4Result> = {
  name: 'image',
  ask: (model, options) => model.doGenerate(options),
  usage({ usage: { inputTokens, outputTokens } = { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined } }) {
    return inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens }
  },
  // The SDK itself asks a model again that gave nothing: only another model is of more use than that.
  fault({ images, isRetryable, response }, { isAlone }) {
    if (isAlone || images.length > 0 || isRetryable === false) return undefined
    const { headers, ...facts } = response
    return new NoImageGeneratedError({ responses: [{ ...facts, ...(headers !== undefined && { headers }) }] })
  },
  response: ({ response }) => response,
}

/**
 * Image models, asked in the order listed: the next one when one fails, gives no image, or takes longer than its share of
 * `timeouts.totalMs`. The receipt is with every image; those of one call have one receipt.
 * @throws RouterError `invalid_option`
 */
export function createImageModels(given: OtherModelOptions['imageModels'], options: RoutedModelsOptions): RoutedModels<ImageModelV4> {
  const candidates = parseOtherModels(given, {
    option: 'imageModels',
    methods: ['doGenerate'],
    example: "an image model, such as openai.image('gpt-image-2')",
    newest: newestImageModel,
    expectedMs: 15_000,
  })
  return createModelsById<ImageModelV4, ImageModelV4CallOptions, ImageModelV4Result>({
    ...inOrder(candidates, options),
    modelType: 'imageModel',
    option: 'imageModels',
    kind,
    build: (name, among, ask) => ({
      specificationVersion: 'v4',
      ...name,
      maxImagesPerCall: () => smallestLimit(among, model => model.maxImagesPerCall),
      get supportsFileInputs() {
        return supports(among, 'supportsFileInputs')
      },
      get supportsMaskInputs() {
        return supports(among, 'supportsMaskInputs')
      },
      async doGenerate(call) {
        const { result, receipt } = await ask(call, await editorsFor(call, among))
        return withImageReceipt(result, receipt)
      },
    }),
  })
}

type Ability = 'supportsFileInputs' | 'supportsMaskInputs'

const told = (candidates: Candidates, ability: Ability): Promise<Told[]> =>
  Promise.all(candidates.map(async ({ model }) => model[ability]).map(flag => flag.catch(() => undefined)))

/** One that can is enough: the router asks those that can. */
async function supports(candidates: Candidates, ability: Ability): Promise<Told> {
  const flags = await told(candidates, ability)
  if (flags.includes(true)) return true
  return flags.every(flag => flag === false) ? false : undefined
}

/** Those that say they can edit, for a call with images to edit; else those that do not say they cannot; else all. */
async function editorsFor({ files, mask }: ImageModelV4CallOptions, candidates: Candidates): Promise<Candidates> {
  const ability = mask !== undefined ? 'supportsMaskInputs' : files !== undefined && files.length > 0 ? 'supportsFileInputs' : undefined
  if (ability === undefined || candidates.length === 1) return candidates
  const flags = await told(candidates, ability)
  const can = candidates.filter((_, at) => flags[at] === true)
  const may = can.length > 0 ? can : candidates.filter((_, at) => flags[at] !== false)
  return may.length > 0 ? may : candidates
}

/** The SDK keeps of an image call's metadata what is in `images`, one for each image. */
function withImageReceipt(result: ImageModelV4Result, receipt: Receipt): ImageModelV4Result {
  // Plain data, but for TypeScript an interface is no record.
  const plain = plainReceipt(receipt) as unknown as JSONObject
  const routewise = { ...plain, images: result.images.map(() => plain) }
  return { ...result, providerMetadata: { ...result.providerMetadata, routewise } }
}
