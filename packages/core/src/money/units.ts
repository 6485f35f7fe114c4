import type { NanoUsd } from '../types.ts'

/** Dollars of an amount in nano-dollars. */
export const toUsd = (nanoUsd: NanoUsd): number => nanoUsd / 1e9

/** Nano-dollars of an amount in dollars, rounded once. */
export const toNanoUsd = (usd: number): NanoUsd => Math.round(usd * 1e9)
