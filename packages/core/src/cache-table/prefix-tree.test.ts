import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chain, EMPTY_PREFIX } from '../describe/prefix.ts'
import { scriptedBlock } from '../testing/index.ts'
import type { PrefixBlock } from '../types.ts'
import { createPrefixTree } from './prefix-tree.ts'

const NONE = -1
const ignore = { parted() {}, dropped() {} }

/** A prompt of these messages; equal beginnings have equal hashes. */
function prompt(messages: readonly number[]): PrefixBlock[] {
  let hash = EMPTY_PREFIX
  return messages.map((message, at) => scriptedBlock((hash = chain(hash, message + 1)), (at + 1) * 10))
}
const starts = (whole: readonly number[], beginning: readonly number[]) => beginning.every((message, at) => whole[at] === message)

/** Of a prompt, the messages that it shares with the one among others that it shares most with. */
const common = (messages: readonly number[], others: readonly (readonly number[])[]): number =>
  Math.max(0, ...messages.map((_, at) => (others.some(other => starts(other, messages.slice(0, at + 1))) ? at + 1 : 0)))

const messages = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 12 })

test('the longest prefix that was seen is found, whatever the prompts and their order', () => {
  fc.assert(
    fc.property(fc.array(messages, { maxLength: 20 }), messages, (seen, asked) => {
      const tree = createPrefixTree(10_000, ignore)
      for (const one of seen) tree.add(prompt(one))
      const block = tree.find(prompt(asked))
      expect(block === NONE ? 0 : tree.depthOf(block) + 1).toBe(common(asked, seen))
      const blocks = new Set(seen.flatMap(one => prompt(one).map(({ hash }) => hash)))
      expect(tree.size()).toBe(blocks.size)
    }),
  )
})

test('where prompts part a run ends', () => {
  fc.assert(
    fc.property(fc.array(messages, { minLength: 1, maxLength: 20 }), seen => {
      const tree = createPrefixTree(10_000, ignore)
      for (const one of seen) tree.add(prompt(one))
      for (const one of seen) {
        for (const other of seen) {
          const shared = common(one, [other])
          if (shared === 0 || shared === one.length || shared === other.length) continue
          const block = tree.find(prompt(one.slice(0, shared)))
          expect(tree.endOf(tree.runOf(block))).toBe(shared - 1)
        }
      }
    }),
  )
})

test('it stays within its bound, forgets what was not asked for the longest, and never a block before those after it', () => {
  fc.assert(
    fc.property(fc.array(messages, { minLength: 2, maxLength: 60 }), seen => {
      const tree = createPrefixTree(24, ignore)
      const depthOf = (one: readonly PrefixBlock[]) => {
        const block = tree.find(one)
        return block === NONE ? NONE : tree.depthOf(block)
      }
      let before = seen[0]!
      for (const one of seen) {
        tree.add(prompt(one))
        expect(tree.size()).toBeLessThanOrEqual(24)
        // Two prompts fit: the last and the one before it are there.
        expect(depthOf(prompt(one))).toBe(one.length - 1)
        expect(depthOf(prompt(before))).toBe(before.length - 1)
        before = one
      }
      for (const one of seen) {
        const known = prompt(one)
        const found = known.map((_, depth) => depthOf(known.slice(0, depth + 1)))
        expect(found).toEqual(found.map((_, depth) => Math.min(depth, found.at(-1)!)))
      }
    }),
  )
})

test('what hangs on a run is told when it parts, and when it goes', () => {
  const told: string[] = []
  const tree = createPrefixTree(8, {
    parted: (run, rest, depth, tokens) => told.push(`run ${run} parts from ${rest} after ${depth}, at ${tokens} tokens`),
    dropped: run => told.push(`run ${run} goes`),
  })
  tree.add(prompt([0, 1, 2, 3]))
  tree.add(prompt([0, 1, 5]))
  expect(told).toEqual(['run 0 parts from 1 after 1, at 20 tokens'])
  tree.add(prompt([0, 1, 5, 6, 7, 8]))
  expect(told).toHaveLength(1)
  tree.add(prompt([0, 1, 5, 6, 7, 8, 9]))
  expect(told.slice(1)).toEqual(['run 1 goes'])
})

test('thousands of prompts come and go', () => {
  const tree = createPrefixTree(500, ignore)
  for (let round = 0; round < 5_000; round += 1) {
    tree.add(prompt([1, round % 7, round, round * 3, round * 7]))
    expect(tree.size()).toBeLessThanOrEqual(500)
  }
  expect(tree.depthOf(tree.find(prompt([1, 4_999 % 7, 4_999, 4_999 * 3, 1])))).toBe(3)
  expect(tree.find(prompt([2]))).toBe(NONE)
})
