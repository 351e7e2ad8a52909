/**
 * How often somebody may try to sign in. Counted in the database, so the limit holds over any number of processes, and
 * counted *before* the password is looked at, so that guesses made at once cannot overtake the count.
 *
 * Whether the e-mail exists plays no part: an invented one is limited just like a real one.
 */
import { createHash } from "node:crypto"
import { Text } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { Clock, Effect } from "effect"
import { sql } from "kysely"
import { reach } from "./reach.ts"
import type { Database } from "./Tables.ts"

/** Limits of signing in. */
export interface Limits {
  /** Attempts for one e-mail in a window; a success starts the count anew. */
  readonly perEmail: number
  /** Attempts from one address in a window, successful or not. */
  readonly perAddress: number
  /** Length of a window in seconds, from the first attempt in it. */
  readonly windowSeconds: number
}

/** Ten guesses an e-mail and a hundred an address in a quarter of an hour. */
export const defaults: Limits = { perEmail: 10, perAddress: 100, windowSeconds: 15 * 60 }

const swept = 20

// Hashed, because what people type into the e-mail field is at times their password.
const keyOf = (kind: "email" | "address", text: string): string =>
  `${kind}:${createHash("sha256").update(text).digest("base64url")}`

/** Counts attempts in table `attempt`. The database is qualified with schema `identity`. */
export const make = (database: Database, limits: Limits) => {
  const count = Effect.fnUntraced(function*(key: string, limit: number) {
    const now = yield* Clock.currentTimeMillis
    const fresh = new Date(now + limits.windowSeconds * 1000)
    const over = sql<boolean>`attempt."resetsAt" <= ${new Date(now)}`
    const row = yield* reach(() =>
      database.insertInto("attempt").values({ key, count: 1, resetsAt: fresh })
        .onConflict((conflict) =>
          conflict.column("key").doUpdateSet({
            count: sql<number>`CASE WHEN ${over} THEN 1 ELSE LEAST(attempt."count" + 1, 1000000) END`,
            resetsAt: sql<Date>`CASE WHEN ${over} THEN excluded."resetsAt" ELSE attempt."resetsAt" END`
          })
        )
        .returning(["count", "resetsAt"]).executeTakeFirstOrThrow()
    )
    if (row.count <= limit) return
    const seconds = Math.ceil((new Date(row.resetsAt).getTime() - now) / 1000)
    return yield* new Identity.TooManyAttempts({ retryAfterSeconds: Math.max(1, seconds) })
  })

  // A few at a time, so that the table stays as small as the last window was busy.
  const sweep = Effect.fnUntraced(function*() {
    const now = yield* Clock.currentTimeMillis
    yield* reach(() =>
      database.deleteFrom("attempt").where("key", "in", (from) =>
        from.selectFrom("attempt").select("key").where("resetsAt", "<=", new Date(now)).limit(swept)
      ).execute()
    )
  })

  return {
    /** Counts an attempt; fails when there were too many, with the seconds until the window ends. */
    begin: Effect.fnUntraced(function*(email: string, address: string | undefined) {
      yield* sweep()
      if (address !== undefined) yield* count(keyOf("address", address), limits.perAddress)
      yield* count(keyOf("email", Text.folded(email)), limits.perEmail)
    }),
    /** Forgets the attempts for an e-mail after its owner signed in. */
    succeed: (email: string) =>
      reach(() => database.deleteFrom("attempt").where("key", "=", keyOf("email", Text.folded(email))).execute())
  }
}
