/**
 * A `fetch` for the providers of the AI SDK, `createAnthropic({ fetch: fetchWithoutRedirects })`: a redirect is an error. Their own follows
 * it, and takes `x-api-key` and the prompt along to wherever it leads. Source: fetch.spec.whatwg.org, HTTP-redirect fetch, strips
 * `authorization` alone.
 */
export const fetchWithoutRedirects: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'error' })
