import type { LanguageModelV4 } from '@ai-sdk/provider'

type Urls = Record<string, RegExp[]>

/**
 * URLs, by media type, that every model reads by itself: the SDK downloads the others before it calls. Nobody knows yet who will answer,
 * so what one of them cannot read is downloaded for all. Models mostly give the same object each time, and it is worked out once.
 */
export function createSharedUrls(models: readonly LanguageModelV4[]): () => LanguageModelV4['supportedUrls'] {
  const [only, ...others] = models
  if (only === undefined) return () => ({})
  if (others.length === 0) return () => only.supportedUrls
  let given: readonly LanguageModelV4['supportedUrls'][] = []
  let shared: LanguageModelV4['supportedUrls'] = {}
  return () => {
    if (given.length === models.length && models.every((model, at) => model.supportedUrls === given[at])) return shared
    given = models.map(({ supportedUrls }) => supportedUrls)
    shared = given.some(isPromise) ? allOf(given).then(intersection) : intersection(given as readonly Urls[])
    return shared
  }
}

const isPromise = (urls: LanguageModelV4['supportedUrls']): urls is PromiseLike<Urls> =>
  typeof (urls as { then?: unknown }).then === 'function'

/** Some may be promises. */
const allOf = (given: readonly LanguageModelV4['supportedUrls'][]): Promise<Urls[]> => Promise.all(given.map(async urls => urls))

function intersection(all: readonly Urls[]): Urls {
  const shared: Urls = {}
  for (const mediaType of new Set(all.flatMap(urls => Object.keys(urls)))) {
    const patterns = both(all.map(urls => patternsFor(urls, mediaType)))
    if (patterns.length > 0) shared[mediaType] = patterns
  }
  return shared
}

/** Patterns that hold for all of a media type: those of the type itself, and of the wildcards around it. */
function patternsFor(urls: Urls, mediaType: string): readonly RegExp[] {
  return Object.entries(urls).flatMap(([type, patterns]) => (covers(type, mediaType) ? patterns : []))
}

const covers = (type: string, mediaType: string): boolean =>
  type === '*' || type === '*/*' || type === mediaType || (type.endsWith('/*') && mediaType.startsWith(type.slice(0, -1)))

/** Patterns that match what each of the lists has a match for. */
function both(lists: readonly (readonly RegExp[])[]): RegExp[] {
  const distinct = [...new Map(lists.map(list => [list.map(String).join('\n'), list])).values()]
  if (distinct.some(list => list.length === 0)) return []
  const [only, ...others] = distinct
  if (others.length === 0) return [...only!]
  // Flags, and references to groups by number, do not survive being joined: such URLs are downloaded.
  if (distinct.flat().some(({ flags, source }) => flags !== '' || /\\[1-9k]/.test(source))) return []
  const ahead = distinct.map(list => `(?=[^]*?(?:${list.map(({ source }) => source).join('|')}))`)
  return [new RegExp(`^${ahead.join('')}`)]
}
