/** Changes that no law notices, and what is thought of each. */

/** What is thought of a survivor. */
export interface SurvivorVerdict {
  readonly file: string
  readonly before: string
  readonly after: string
  /** The line of the source that holds it, trimmed: numbers of lines move. */
  readonly on: string
  /** `equivalent`: nobody could tell. `out of promise`: the port promises nothing here. `missing law`: it should. */
  readonly verdict: "equivalent" | "out of promise" | "missing law"
  readonly why: string
}

/** Every verdict. */
export const verdicts: ReadonlyArray<SurvivorVerdict> = []
