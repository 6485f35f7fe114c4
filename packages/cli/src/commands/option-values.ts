import { InvalidArgumentError } from 'commander'
import type { Price } from '../input/solve-price.ts'

/** Parsers of option values, with errors that say what is expected. */

export const integerOption =
  ({ min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number }) =>
  (value: string): number => {
    const number = Number(value)
    if (!Number.isInteger(number) || value.trim() === '' || number < min || number > max) {
      throw new InvalidArgumentError(
        `Expected a whole number ${max === Number.MAX_SAFE_INTEGER ? `from ${min} up` : `from ${min} to ${max}`}.`,
      )
    }
    return number
  }

export const numberOption =
  ({ above, max }: { above: number; max: number }) =>
  (value: string): number => {
    const number = Number(value)
    if (!Number.isFinite(number) || value.trim() === '' || number <= above || number > max) {
      throw new InvalidArgumentError(`Expected a number above ${above}, at most ${max}.`)
    }
    return number
  }

/** From 0, included, up to `below`, excluded. */
export const shareOption =
  ({ below }: { below: number }) =>
  (value: string): number => {
    const number = Number(value)
    if (!Number.isFinite(number) || value.trim() === '' || number < 0 || number >= below) {
      throw new InvalidArgumentError(`Expected a share from 0 up to, not including, ${below}, such as 0.2.`)
    }
    return number
  }

export function listOption(value: string): string[] {
  const items = value.split(',').map(item => item.trim())
  if (items.some(item => item === '')) throw new InvalidArgumentError('Expected names with commas between them.')
  return [...new Set(items)]
}

/** `model=in,out`, may be given again for further models. */
export function priceOption(value: string, before: ReadonlyMap<string, Price> = new Map()): Map<string, Price> {
  const at = value.lastIndexOf('=')
  const [input, output, ...rest] = value
    .slice(at + 1)
    .split(',')
    .map(Number)
  const bad = (number: number | undefined): number is undefined => number === undefined || !Number.isFinite(number) || number < 0
  if (at < 1 || bad(input) || bad(output) || rest.length > 0) {
    throw new InvalidArgumentError('Expected model=input,output in USD per million tokens, such as my-model=0.5,1.5.')
  }
  return new Map([...before, [value.slice(0, at), { input, output }]])
}
