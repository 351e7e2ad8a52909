/**
 * How often somebody may try to sign in, sign up, or have something mailed. Counted in the database, so the limit holds
 * over any number of processes, and counted *before* anything is looked at, so that attempts made at once cannot
 * overtake the count.
 *
 * Whether the e-mail exists plays no part: an invented one is limited just like a real one. Each purpose counts for
 * itself, so that a stranger who uses up one of them does not keep the owner from the others.
 */
import { createHash } from "node:crypto"
import { Identity } from "@portolan/ports"
import { Clock, Effect } from "effect"
import { sql } from "kysely"
import { orUnavailable } from "./orUnavailable.ts"
import type { Database } from "./Tables.ts"

/** What is tried. All but signing in make somebody a mail. */
export type Purpose = "sign-in" | "sign-up" | "verification" | "forgotten"

/** Limits of trying. */
export interface Limits {
  /**
   * Attempts to sign in with one e-mail from one address in a window; a success starts the count anew. Counted for each
   * address, so that nobody keeps the owner out from elsewhere.
   */
  readonly perEmail: number
  /** Attempts to sign in with one e-mail from all addresses in a window: slows down who guesses from many of them. */
  readonly perEmailAnywhere: number
  /** Attempts to sign in from one address in a window, successful or not. */
  readonly perAddress: number
  /** Length of a window for signing in, in seconds, from the first attempt in it. */
  readonly windowSeconds: number
  /** Mails to one e-mail in a window, for each purpose. */
  readonly mailsPerEmail: number
  /** Mails asked for from one address in a window, for each purpose. */
  readonly mailsPerAddress: number
  /** Length of a window for mails, in seconds, from the first in it. */
  readonly mailWindowSeconds: number
}

/**
 * Ten guesses an e-mail from one address, a hundred from all, and a hundred an address in a quarter of an hour; five
 * mails an e-mail and fifty an address in an hour, for each purpose.
 */
export const defaults: Limits = {
  perEmail: 10,
  perEmailAnywhere: 100,
  perAddress: 100,
  windowSeconds: 15 * 60,
  mailsPerEmail: 5,
  mailsPerAddress: 50,
  mailWindowSeconds: 60 * 60
}

const swept = 20

// Hashed, because what people type into the e-mail field is at times their password. Not folded any further than the
// address itself: an attacker who owns a look-alike of an address could start the owner's count anew by signing in.
const keyOf = (purpose: Purpose, kind: "email" | "address" | "pair", text: string): string =>
  `${purpose === "sign-in" ? "" : `${purpose}-`}${kind}:${createHash("sha256").update(text).digest("base64url")}`

const pairOf = (email: string, address: string | undefined): string =>
  keyOf("sign-in", "pair", JSON.stringify([email, address ?? null]))

const limitsOf = (limits: Limits, purpose: Purpose) =>
  purpose === "sign-in"
    ? { email: limits.perEmailAnywhere, address: limits.perAddress, seconds: limits.windowSeconds }
    : { email: limits.mailsPerEmail, address: limits.mailsPerAddress, seconds: limits.mailWindowSeconds }

const count = Effect.fnUntraced(function* (database: Database, key: string, limit: number, windowSeconds: number) {
  const now = yield* Clock.currentTimeMillis
  const fresh = new Date(now + windowSeconds * 1000)
  const over = sql<boolean>`attempt."resetsAt" <= ${new Date(now)}`
  const row = yield* orUnavailable(() =>
    database
      .insertInto("attempt")
      .values({ key, count: 1, resetsAt: fresh })
      .onConflict((conflict) =>
        conflict
          .column("key")
          .doUpdateSet({
            count: sql<number>`CASE WHEN ${over} THEN 1 ELSE LEAST(attempt."count" + 1, 1000000) END`,
            resetsAt: sql<Date>`CASE WHEN ${over} THEN excluded."resetsAt" ELSE attempt."resetsAt" END`
          })
      )
      .returning(["count", "resetsAt"])
      .executeTakeFirstOrThrow()
  )
  if (row.count <= limit) return
  const seconds = Math.ceil((new Date(row.resetsAt).getTime() - now) / 1000)
  return yield* new Identity.TooManyAttempts({ retryAfterSeconds: Math.max(1, seconds) })
})

/** Deletes a few counts that are over, so that the table stays as small as the last window was busy. */
const sweep = Effect.fnUntraced(function* (database: Database) {
  const now = yield* Clock.currentTimeMillis
  yield* orUnavailable(() =>
    database
      .deleteFrom("attempt")
      .where("key", "in", (from) =>
        from.selectFrom("attempt").select("key").where("resetsAt", "<=", new Date(now)).limit(swept)
      )
      .execute()
  )
})

/** Counts attempts in table `attempt`. The database is qualified with schema `identity`. */
export const make = (database: Database, limits: Limits) => ({
  /**
   * Counts an attempt; fails when there were too many, with the seconds until the window ends. The e-mail is trimmed
   * and lower-cased; the address is that of the caller's machine, if known.
   */
  begin: Effect.fnUntraced(function* (purpose: Purpose, email: string, address: string | undefined) {
    const limit = limitsOf(limits, purpose)
    yield* sweep(database)
    if (address !== undefined) yield* count(database, keyOf(purpose, "address", address), limit.address, limit.seconds)
    if (purpose === "sign-in") yield* count(database, pairOf(email, address), limits.perEmail, limit.seconds)
    yield* count(database, keyOf(purpose, "email", email), limit.email, limit.seconds)
  }),
  /** Forgets the attempts to sign in with an e-mail after its owner did, or has chosen a new password. */
  succeed: (email: string, address?: string) =>
    orUnavailable(() =>
      database
        .deleteFrom("attempt")
        .where("key", "in", [keyOf("sign-in", "email", email), pairOf(email, address)])
        .execute()
    )
})

/** Counts attempts. */
export type Attempts = ReturnType<typeof make>
