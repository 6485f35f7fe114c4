/** Milliseconds of one slot, and slots that are looked back: a minute, to the slot. */
const SLOT_MS = 500
const SLOTS = 120

/** Tokens sent in the last minute. */
export interface TokenLoad {
  add(tokens: number, now: number): void
  at(now: number): number
}

/** A ring of slots and their sum: a kilobyte, whatever the traffic. */
export function createTokenLoad(): TokenLoad {
  const slots = new Float64Array(SLOTS)
  let newest = 0
  let sum = 0

  function turnTo(now: number): void {
    const slot = Math.floor(now / SLOT_MS)
    if (slot - newest >= SLOTS) {
      slots.fill(0)
      sum = 0
      newest = slot
    }
    while (newest < slot) {
      newest += 1
      sum -= slots[newest % SLOTS]!
      slots[newest % SLOTS] = 0
    }
  }

  return {
    add(tokens, now) {
      turnTo(now)
      slots[newest % SLOTS]! += tokens
      sum += tokens
    },
    at(now) {
      turnTo(now)
      return sum
    },
  }
}
