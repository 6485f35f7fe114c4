import { Secret } from '../secret.ts'

/** Options with every text that may hold a key as a `Secret`: what is wrong with it is said without repeating it. */
export function shielded(options: object): object {
  if (typeof options !== 'object' || options === null) return options
  const { baseURL, apiKey, headers, ...rest } = options as { baseURL?: unknown; apiKey?: unknown; headers?: unknown }
  return {
    ...rest,
    ...('baseURL' in options && { baseURL: typeof baseURL === 'string' && /[@?#]/.test(baseURL) ? new Secret(baseURL) : baseURL }),
    ...('apiKey' in options && { apiKey: hide(apiKey) }),
    ...('headers' in options && { headers: isRecord(headers) ? mapped(headers) : headers }),
  }
}

const hide = (value: unknown): unknown => (typeof value === 'string' ? new Secret(value) : value)

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const mapped = (headers: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, hide(value)]))

/** What is wrong with a base URL; `undefined`: nothing. */
export function urlFault(text: string): string | undefined {
  if (!URL.canParse(text)) return 'expected a URL, such as https://api.openai.com/v1'
  const { protocol, username, password, search, hash } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:') return 'expected a URL of https or http'
  if (username !== '' || password !== '') return 'expected a URL without a name or password in it: give the key as `apiKey`'
  if (search !== '' || hash !== '' || /[?#]/.test(text)) return 'expected a URL without a query or a fragment'
  return undefined
}
