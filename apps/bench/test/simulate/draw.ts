/** Numbers by chance that are the same for the same seed. */

/** A source of chance. */
export interface Draw {
  /** From 0, included, to 1, excluded. */
  readonly next: () => number
  /** A whole number from 0, included, to `limit`, excluded. */
  readonly below: (limit: number) => number
}

/** Makes a source of chance from a number (mulberry32). */
export const drawFrom = (seed: number): Draw => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return { next, below: (limit) => Math.floor(next() * limit) }
}
