/** Changes that no law notices, and what is thought of each. */

import { readFileSync } from "node:fs"

/** What is thought of survivors. */
export interface SurvivorVerdict {
  /** From the root of the repository. */
  readonly file: string
  /** The line of the source that was changed, trimmed: numbers of lines move. */
  readonly on: string
  /** Which kinds of change of that line. */
  readonly operators: ReadonlyArray<string>
  /** `equivalent`: nobody could tell. `out of promise`: the port promises nothing here. `missing law`: it should. */
  readonly verdict: "equivalent" | "out of promise" | "missing law"
  readonly why: string
}

/** Every verdict. */
export const verdicts: ReadonlyArray<SurvivorVerdict> = JSON.parse(
  readFileSync(new URL("verdicts.json", import.meta.url), "utf8")
)
