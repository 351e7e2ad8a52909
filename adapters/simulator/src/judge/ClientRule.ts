/** What a rule of the judge is, and what rules share. */
import type { Policy } from "../core/World.ts"
import { NotVerified, type Stage } from "./Stage.ts"

/** A rule. `judge` gives what is wrong, and nothing for a client that keeps it. */
export type ClientRule = {
  readonly id: string
  readonly rule: string
  readonly situation: string
  readonly rationale: string
  readonly policy?: Partial<Policy>
  readonly judge: (stage: Stage) => Promise<string | undefined>
}

/** An hour. */
export const HOUR_MS = 3_600_000
/** The grant type of an exchange. */
export const code = "authorization_code"
/** The grant type of a refresh. */
export const refresh = "refresh_token"

/** Says that something happened more often than it should. */
export const atMost = (count: number, most: number, what: string): string | undefined =>
  count <= most ? undefined : `${count} ${what}, where ${most} ${most === 1 ? "is" : "are"} enough`

/** The situation has to arise: the client worked before anything goes wrong. */
export const working = async (stage: Stage, as?: string): Promise<string> => {
  const connection = await stage.connect(as)
  const status = await stage.work(connection)
  if (status !== "done") throw new NotVerified(`its work ends ${status} before anything goes wrong`)
  return connection
}

/** Work whose requests are judged, however it ends: what is wrong with them, or that nothing could be seen. */
export const seen = async (
  stage: Stage,
  run: () => Promise<ReadonlyArray<string>>,
  wrong: () => string | undefined
): Promise<string | undefined> => {
  const ends = await run()
  const found = wrong()
  const odd = ends.find((status) => status !== "done")
  if (found === undefined && odd !== undefined) throw new NotVerified(`its work ends ${odd}`)
  return found
}
