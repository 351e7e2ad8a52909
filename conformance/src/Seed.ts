/** Numbers that look random and are the same every time: everything a case leaves to chance comes from here. */

/** Draws from a sequence that its seed alone decides. */
export interface Draws {
  /** Gives a number from 0 (included) to 1 (excluded). */
  readonly next: () => number
  /** Gives a whole number from 0 (included) to `bound` (excluded). */
  readonly below: (bound: number) => number
}

/** Starts the sequence of a seed (mulberry32: small, fast, good enough to pick who runs next; never for secrets). */
export const draws = (seed: number): Draws => {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return { next, below: (bound) => Math.floor(next() * bound) }
}

/** Folds text into a 32-bit number (FNV-1a), to derive one seed from another and to name a run by its trace. */
export const fold = (text: string, start = 0x811c9dc5): number => {
  let hash = start
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash | 0
}

/** Prints a folded number as eight hexadecimal digits. */
export const hex = (folded: number): string => (folded >>> 0).toString(16).padStart(8, "0")
