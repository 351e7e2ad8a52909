/**
 * One-time tokens that are mailed, in better-auth's table `verification`: 256 random bits, stored as a SHA-256, so that
 * who reads the table cannot use them. A row's `value` is the person, or nothing for a token that was made for nobody.
 */
import { createHash, randomBytes } from "node:crypto"
import type { Identity } from "@portolan/ports"
import { Duration, type Effect, Redacted } from "effect"
import { orUnavailable } from "./orUnavailable.ts"
import type { Database } from "./Tables.ts"

/** What a token is for. */
export type Purpose = "verify" | "reset"

/** How long a token lives. */
export const lifetime: { readonly [P in Purpose]: Duration.Duration } = {
  verify: Duration.hours(24),
  reset: Duration.hours(1)
}

const format = /^[A-Za-z0-9_-]{43}$/
const swept = 20

const identifier = (purpose: Purpose, token: string): string =>
  `${purpose}:${createHash("sha256").update(token).digest("base64url")}`

/** A new token with what is stored of it. */
export interface Minted {
  readonly token: Redacted.Redacted<string>
  readonly identifier: string
  readonly expiresAt: Date
}

/** Draws a token that lives from now, in milliseconds since 1970. */
export const mint = (purpose: Purpose, now: number): Minted => {
  const token = randomBytes(32).toString("base64url")
  return {
    token: Redacted.make(token),
    identifier: identifier(purpose, token),
    expiresAt: new Date(now + Duration.toMillis(lifetime[purpose]))
  }
}

/** What a token is stored under, or undefined when it cannot be one. */
export const stored = (purpose: Purpose, token: Redacted.Redacted<string>): string | undefined =>
  format.test(Redacted.value(token)) ? identifier(purpose, Redacted.value(token)) : undefined

/** Deletes a few tokens that are over. The database is qualified with schema `identity`. */
export const sweep = (database: Database, now: number): Effect.Effect<unknown, Identity.IdentityUnavailable> =>
  orUnavailable(() =>
    database
      .deleteFrom("verification")
      .where("id", "in", (from) =>
        from.selectFrom("verification").select("id").where("expiresAt", "<=", new Date(now)).limit(swept)
      )
      .execute()
  )
