/**
 * A change that is one statement, outside of any transaction. There is no row of before its commit that would name it,
 * so when its answer is lost, what it would have written is looked up; and when that is not there, the look keeps it
 * from being written later. Each is sent under an id of its own, which the look refers to.
 */
import { randomUUID } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import type { Kysely } from "kysely"
import type { Database } from "../Database.ts"
import { ConnectionLost } from "../database/Client.ts"
import { standardMillis, withStatementLimit } from "../database/statementLimit.ts"
import type { Tables } from "../Tables.ts"
import { InDoubt, inTime } from "./attempts.ts"
import { leavesOpen } from "./outcome.ts"

/** One statement, and how its outcome is learned when its answer is lost. */
export interface Single<A> {
  /** Sends it under an id. What it answers is data, a refusal too: an error says that there is no answer. */
  readonly send: (kysely: Kysely<Tables>, id: string) => Promise<A>
  /**
   * Looks what came of it. Gives its answer, or `absent`, and then it cannot happen any more, or `unknown`. Without a
   * look a lost answer is a failure like any other.
   */
  readonly look?: (kysely: Kysely<Tables>, id: string) => Promise<Looked<A>>
}

/** What a look shows. */
export type Looked<A> = { readonly value: A } | "absent" | "unknown"

/** How long the server is asked, and how long one question may take, in milliseconds. */
const [askMillis, answerMillis] = [5_000, 3_000]

/** How often it is sent, each time on another connection, when the one at hand turns out to be dead at once. */
const sendings = 3

/** How long it may have taken to find out, in milliseconds. */
const atOnceMillis = 8_000

/** Sends a statement, and learns its outcome. */
export const sendSingle = async <A>(database: Database["Service"], single: Single<A>): Promise<A> => {
  const until = performance.now() + atOnceMillis
  for (let sending = 1; ; sending++) {
    const id = randomUUID()
    const progress = { isGivenUp: false, isSent: false }
    const work = withStatementLimit(standardMillis, () =>
      database.kysely.connection().execute((kysely) => {
        if (progress.isGivenUp) throw new Error("the caller was told that the time is over")
        progress.isSent = true
        return single.send(kysely, id)
      })
    )
    try {
      return await inTime(work, () => {
        progress.isGivenUp = true
      })
    } catch (cause) {
      // The embedded database is inside this process; there is no way on which an answer could be lost.
      if (!progress.isSent || database.kind !== "postgres" || single.look === undefined || !leavesOpen(cause))
        throw cause
      const looked = await outcomeOfSingle(database, id, single.look)
      if (looked === "unknown") throw new InDoubt(cause)
      if (looked !== "absent") return looked.value
      if (!(cause instanceof ConnectionLost) || sending === sendings || performance.now() > until) throw cause
    }
  }
}

const outcomeOfSingle = async <A>(
  { kysely }: Database["Service"],
  id: string,
  look: (kysely: Kysely<Tables>, id: string) => Promise<Looked<A>>
): Promise<Looked<A>> => {
  const until = performance.now() + askMillis
  for (let wait = 20; ; wait = Math.min(500, wait * 2)) {
    const looked = await withStatementLimit(answerMillis, () => look(kysely, id)).catch(() => undefined)
    if (looked !== undefined) return looked
    if (performance.now() + wait > until) return "unknown"
    await setTimeout(wait)
  }
}
