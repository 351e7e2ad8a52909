/**
 * Chance out of a seed. Every draw names what it is for, so that adding one never moves another: the sellers keep their
 * names when a fault is armed. Not for secrets outside a simulation.
 */
import { createHmac } from "node:crypto"

/** A 32-bit hash of a text, well mixed, fast enough to make a row of data from. */
export const hash32 = (text: string): number => {
  let h = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) h = Math.imul(h ^ text.charCodeAt(index), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A stream of numbers in [0, 1) that belongs to one text. The same text gives the same stream for ever. */
export const stream = (text: string): (() => number) => {
  let state = hash32(text)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** One number in [0, 1) that belongs to a text. */
export const unit = (text: string): number => stream(text)()

/** 32 bytes nobody guesses without the seed. */
export const digest = (seed: string, text: string): Buffer =>
  createHmac("sha256", `portolan-simulator/${seed}`).update(text).digest()

/** Letters and digits out of a seed, in the given alphabet. At most 32 characters. */
export const letters = (seed: string, text: string, length: number, alphabet: string): string => {
  const bytes = digest(seed, text)
  let out = ""
  for (let index = 0; index < length; index += 1) out += alphabet[(bytes[index % 32] ?? 0) % alphabet.length] ?? ""
  return out
}

/** A version 4 UUID out of a seed. */
export const uuid = (seed: string, text: string): string => {
  const hex = digest(seed, text).toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
