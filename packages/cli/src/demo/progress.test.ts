import { expect, test } from 'vitest'
import { createProgress } from './progress.ts'

function run(isTTY: boolean, turns: number, failures: number): string {
  let text = ''
  let time = 0
  const progress = createProgress({ stream: { write: (part: string) => (text += part), isTTY }, now: () => (time += 10) })
  const bar = progress.start('before on LangChain', turns)
  for (let turn = 0; turn < turns; turn += 1) bar.step(turn < failures)
  bar.done()
  return text
}

test('a terminal gets one line, redrawn now and then', () => {
  const text = run(true, 100, 2)
  expect(text.match(/\n/g)).toHaveLength(1)
  expect(text.split('\r').length).toBeLessThan(20)
  expect(text).toContain('100/100 turns, 2 without an answer\n')
})

test('elsewhere there are a few plain lines', () => {
  const text = run(false, 100, 0)
  expect(text.trimEnd().split('\n')).toEqual([25, 50, 75, 100].map(count => `before on LangChain    ${count}/100 turns`))
})
