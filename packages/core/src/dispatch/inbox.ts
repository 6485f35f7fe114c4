/** What happens, in the order it happens, for one reader. */
export function createInbox<Item>() {
  const waiting: Item[] = []
  let wake: ((item: Item) => void) | undefined
  return {
    put(item: Item): void {
      if (wake === undefined) waiting.push(item)
      else wake(item)
      wake = undefined
    },
    take(): Promise<Item> | Item {
      return waiting.shift() ?? new Promise(resolve => (wake = resolve))
    },
  }
}
