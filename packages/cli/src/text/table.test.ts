import { expect, test } from 'vitest'
import { renderTable, wrap } from './table.ts'

test('columns keep their width, and cut what is too long', () => {
  const { head, body } = renderTable(
    [
      { heading: 'name', width: 8, align: 'left' },
      { heading: 'value', width: 7 },
    ],
    [['a-long-name', '1,234,567']],
  )
  expect(head).toBe('name      value')
  expect(body).toEqual(['a-long-… 1,234…'])
})

test('wraps between words and keeps the indent of the first line', () => {
  expect(wrap('    one two three', 11, '      ')).toEqual(['    one two', '      three'])
  expect(wrap('a-word-that-is-longer-than-the-line', 10)).toEqual(['a-word-that-is-longer-than-the-line'])
  expect(wrap('first\nsecond', 20, '  ')).toEqual(['first', '  second'])
})
