import { isUrlSupported } from '@ai-sdk/provider-utils'
import { MockLanguageModelV4 } from 'ai/test'
import { expect, test } from 'vitest'
import { createSharedUrls } from './supported-urls.ts'

type Urls = Record<string, RegExp[]>

const model = (supportedUrls: Urls | Promise<Urls>) => new MockLanguageModelV4({ supportedUrls })
const readers = async (...urls: readonly Urls[]) => {
  const supportedUrls = await createSharedUrls(urls.map(model))()
  return (url: string, mediaType: string) => isUrlSupported({ url, mediaType, supportedUrls })
}

test('what every model reads by itself is not downloaded', async () => {
  const reads = await readers({ 'image/*': [/^https?:\/\/.*$/] }, { 'image/*': [/^https?:\/\/.*$/], 'application/pdf': [/^https:\/\/.*$/] })
  expect(reads('https://pictures.test/cat.png', 'image/png')).toBe(true)
  expect(reads('https://papers.test/a.pdf', 'application/pdf')).toBe(false)
})

test('patterns that differ must both hold', async () => {
  const reads = await readers({ 'image/*': [/^https:\/\/a\./, /^https:\/\/b\./] }, { 'image/*': [/\.png$/] })
  expect(reads('https://b.test/cat.png', 'image/png')).toBe(true)
  expect(reads('https://b.test/cat.jpg', 'image/jpeg')).toBe(false)
  expect(reads('https://c.test/cat.png', 'image/png')).toBe(false)
})

test('a wildcard of one model serves the media types of another', async () => {
  const reads = await readers({ '*/*': [/^https:\/\/files\./] }, { 'image/png': [/^https:/], 'audio/*': [/^gs:/] })
  expect(reads('https://files.test/cat', 'image/png')).toBe(true)
  expect(reads('https://files.test/cat', 'image/jpeg')).toBe(false)
  expect(reads('https://files.test/song', 'audio/mp3')).toBe(false)
})

test('patterns that cannot be joined leave the download to the SDK', async () => {
  const reads = await readers({ 'image/*': [/^https:\/\/(\w)\1\./] }, { 'image/*': [/^https:/] })
  expect(reads('https://aa.test/cat.png', 'image/png')).toBe(false)
})

test('one model alone answers for itself', async () => {
  const urls = { 'image/*': [/^https:/g] }
  expect(await createSharedUrls([model(urls)])()).toBe(urls)
  expect(await createSharedUrls([])()).toEqual({})
})

test('models that give the same urls each time are asked, and not worked out again', () => {
  const models = [{ 'image/*': [/^https:/] }, { 'image/*': [/^https:/] }].map(urls =>
    Object.assign(new MockLanguageModelV4(), {}, { urls }),
  )
  for (const each of models) Object.defineProperty(each, 'supportedUrls', { get: () => each.urls })
  const shared = createSharedUrls(models)
  const first = shared()
  expect(shared()).toBe(first)
  models[1]!.urls = { 'image/*': [/^gs:/] }
  expect(shared()).not.toBe(first)
})
