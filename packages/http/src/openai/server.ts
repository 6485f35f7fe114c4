import type { Secret } from '../secret.ts'
import type { FlavourTraits } from './flavour.ts'

/** A key as it was given; one that is looked up is so for each request. */
export type Key = Secret | (() => string | Promise<string>)

/** Where and how a model is asked. */
export interface Server {
  origin: string
  /** Path before `/chat/completions`. */
  basePath: string
  /** Name that the provider takes. */
  model: string
  /** As the catalog names it; `undefined`: not known. */
  provider: string | undefined
  traits: FlavourTraits
  key: Key | undefined
  headers: Readonly<Record<string, Secret>>
  maxResponseBytes: number
  /** Numbers in each vector, where a call asks for no other length. */
  dimensions?: number | undefined
}
