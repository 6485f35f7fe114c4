import { expect, test } from 'vitest'
import { imageTokens, mediaTokens } from './media.ts'
import type { ImageFormula } from './media.ts'

const image = (width: number, height: number, detail: 'low' | 'high' | 'auto' = 'auto') =>
  ({ kind: 'image', width, height, detail, reference: '' }) as const

test.each<[ImageFormula, number, number, 'low' | 'high' | 'auto', number]>([
  ['claude', 1024, 1024, 'auto', 1_369],
  ['claude', 4032, 3024, 'auto', 1_568],
  ['claude-high', 4032, 3024, 'auto', 4_784],
  ['openai-patches', 1024, 1024, 'auto', 1_229],
  ['openai-patches', 1280, 720, 'auto', 1_104],
  ['openai-patches', 4032, 3024, 'auto', 14_364],
  ['openai-patches', 4032, 3024, 'high', 2_942],
  ['openai-4o', 1024, 1024, 'high', 765],
  ['openai-4o', 2048, 4096, 'high', 1_105],
  ['openai-4o', 4096, 4096, 'low', 85],
  ['openai-tiles', 1024, 1024, 'high', 630],
  ['gemini', 64, 64, 'auto', 1_101],
  ['gemini-2', 384, 384, 'auto', 258],
  ['gemini-2', 1536, 768, 'auto', 516],
])('%s counts %d × %d at detail %s as %d tokens', (formula, width, height, detail, tokens) => {
  expect(imageTokens(image(width, height, detail), formula)).toBe(tokens)
})

test('what is not known is assumed: 1024 × 1024, ten pages, one minute', () => {
  expect(mediaTokens({ kind: 'image', reference: '' })).toBe(imageTokens(image(1024, 1024)))
  expect(mediaTokens({ kind: 'pdf', reference: '' })).toBe(mediaTokens({ kind: 'pdf', pages: 10, reference: '' }))
  expect(mediaTokens({ kind: 'audio', reference: '' })).toBe(mediaTokens({ kind: 'audio', seconds: 60, reference: '' }))
})

test('very long and very small images still count', () => {
  for (const formula of ['claude', 'claude-high', 'openai-patches', 'openai-tiles', 'openai-4o', 'gemini', 'gemini-2'] as const) {
    for (const detail of ['low', 'high', 'auto'] as const) {
      for (const size of [image(1, 1, detail), image(0, 0, detail), image(100_000, 1, detail), image(1, 100_000, detail)]) {
        const tokens = imageTokens(size, formula)
        expect(Number.isFinite(tokens) && tokens > 0, `${formula} ${detail} ${size.width} × ${size.height}`).toBe(true)
      }
    }
  }
})
