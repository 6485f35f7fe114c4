import type { IncomingHttpHeaders } from 'node:http'

/** Only this machine can reach such an address. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)

/**
 * Whether a request to a server on loopback is some website's, made by a browser on this machine: of another origin, or for a name that
 * somebody has pointed at this machine. Without keys nothing else would keep a website from spending the user's money.
 */
export function isForeign({ host, origin }: IncomingHttpHeaders): boolean {
  return !isLocal(`http://${host ?? ''}`) || (origin !== undefined && !isLocal(origin))
}

const isLocal = (origin: string): boolean => URL.canParse(origin) && isLoopback(new URL(origin).hostname)
