import { fold, hex } from "./Seed.ts"
import type { Counterexample } from "./Evidence.ts"
import { suiteVersion } from "./Version.ts"

/** Where one shrunk case is to be found again: suite version, law, part, seed, digest of the failure, path. */
export interface ReplayToken {
  readonly suite: string
  readonly law: string
  readonly part: string
  readonly seed: number
  /** Names the violation, so that a replay can tell 'fails as before' from 'fails differently'. */
  readonly digest: string
  readonly path: string
}

/** Names a violation by its first line: numbers and secrets may differ where the adapter makes its own. */
export const digestOf = (counterexample: Counterexample): string =>
  hex(fold(counterexample.violation.nature + counterexample.violation.summary))

/** Writes the token of a counterexample, short enough for a commit message. */
export const write = (law: string, part: string, counterexample: Counterexample): string =>
  [suiteVersion, law, part, counterexample.seed, digestOf(counterexample), counterexample.path].join(":")

/** Reads a token back; undefined when the text is none. */
export const read = (text: string): ReplayToken | undefined => {
  const [suite, law, part, seed, digest, ...path] = text.trim().split(":")
  if (suite === undefined || law === undefined || part === undefined) return
  if (seed === undefined || digest === undefined) return
  if (!/^\d+\.\d+\.\d+$/.test(suite) || !/^-?\d{1,11}$/.test(seed) || !/^[0-9a-f]{8}$/.test(digest)) return
  if (path.length === 0 || !path.every((step) => /^\d{1,9}$/.test(step))) return
  return { suite, law, part, seed: Number(seed), digest, path: path.join(":") }
}
