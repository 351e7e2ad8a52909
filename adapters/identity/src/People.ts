/**
 * People, their passwords, and the proof that an address is theirs. Each change is one statement, hence all or nothing.
 */
import { type Id, Text } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { Clock, Effect, type Redacted } from "effect"
import { type RawBuilder, sql } from "kysely"
import type { Attempts } from "./Attempts.ts"
import { newId } from "./newId.ts"
import * as Email from "./Email.ts"
import * as Passwords from "./Passwords.ts"
import { orUnavailable } from "./orUnavailable.ts"
import type { Sessions } from "./Sessions.ts"
import type { Database } from "./Tables.ts"
import * as Tokens from "./Tokens.ts"

interface Row {
  readonly id: string
  readonly name: string
  readonly email: string
}

/** A row of `user` as the port gives it. Identifiers are written by `newId` only, hence in the format. */
export const person = (row: Row): Identity.Person => ({
  personId: row.id as Id.PersonId,
  name: row.name,
  email: row.email
})

const nameLength = 120

/** A name as it is kept: one readable line of at most 120 characters, or the address where nothing readable is left. */
export const nameOf = (typed: string, email: string): string => {
  const name = Text.line(typed, nameLength)
  return name === "" ? Text.line(email, nameLength) : name
}

// Every moment is cast, because a parameter in a SELECT list has no type of its own.
const at = (moment: Date) => sql`${moment}::timestamptz`

/** Inserts a person's password for each row of a `WITH` query that has the person's `id`. */
export const keepPassword = (from: string, hash: string, now: Date): RawBuilder<unknown> => sql`
  INSERT INTO identity.account ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
  SELECT ${newId("account")}, p.id, 'credential', p.id, ${hash}, ${at(now)}, ${at(now)} FROM ${sql.ref(from)} AS p
  ON CONFLICT ("providerId", "accountId")
  DO UPDATE SET "password" = excluded."password", "updatedAt" = excluded."updatedAt"`

/** What this part of the port needs. The database is qualified with schema `identity`. */
export interface Needs {
  readonly database: Database
  readonly attempts: Attempts
  readonly passwords: Passwords.Passwords
  readonly sessions: Sessions
  readonly addressOf: (headers: Headers) => string | undefined
}

const byEmail =
  ({ database }: Needs) =>
  (email: string) =>
    orUnavailable(() =>
      database.selectFrom("user").select(["id", "name", "email"]).where("email", "=", email).executeTakeFirstOrThrow()
    )

/**
 * A token for whoever has the address and is not proven, or for whoever has it. For nobody a row is written as well,
 * so that the work does not tell who is registered; its token is never told to anybody.
 */
const mail = ({ database }: Needs) =>
  Effect.fnUntraced(function* (purpose: Tokens.Purpose, email: string) {
    const now = yield* Clock.currentTimeMillis
    yield* Tokens.sweep(database, now)
    const { expiresAt, identifier, token } = Tokens.mint(purpose, now)
    const which = purpose === "verify" ? sql`AND NOT "emailVerified"` : sql``
    const { rows } = yield* orUnavailable(() =>
      sql<Row>`
    WITH made AS (
      INSERT INTO identity.verification ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
      VALUES (${newId("verification")}, ${identifier},
        coalesce((SELECT id FROM identity."user" WHERE email = ${email} ${which}), ''),
        ${at(expiresAt)}, ${at(new Date(now))}, ${at(new Date(now))})
      RETURNING "value"
    )
    SELECT u.id, u.name, u.email FROM identity."user" AS u JOIN made ON u.id = made."value"`.execute(database)
    )
    return rows[0] === undefined ? undefined : { person: person(rows[0]), token }
  })

const signUp = (needs: Needs) =>
  Effect.fn("Identity.signUp")(function* (
    input: { readonly name: string; readonly email: string; readonly password: Redacted.Redacted<string> },
    headers: Headers
  ) {
    const email = Email.toKeep(input.email)
    // Use cases parse addresses; to mail one that is none could only go wrong later.
    if (email === undefined)
      return yield* Effect.die(new Error("Signing up needs an e-mail address (Text.EmailInput)."))
    if (!Passwords.isAcceptable(input.password)) return yield* new Identity.PasswordUnacceptable()
    const address = needs.addressOf(headers)
    yield* needs.attempts.begin("sign-up", email, address)
    // Before anything is looked up: what takes time is the same whether the address is known or not.
    const hash = yield* needs.passwords.hash({ address, account: email }, input.password)
    const millis = yield* Clock.currentTimeMillis
    yield* Tokens.sweep(needs.database, millis)
    const now = new Date(millis)
    const { expiresAt, identifier, token } = Tokens.mint("verify", millis)
    const made = yield* orUnavailable(() =>
      sql<{ readonly id: string }>`
    WITH made AS (
      INSERT INTO identity."user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
      VALUES (${newId("user")}, ${nameOf(input.name, email)}, ${email}, false, ${at(now)}, ${at(now)})
      ON CONFLICT ("email") DO NOTHING RETURNING id
    ), credential AS (${keepPassword("made", hash, now)}
    ), mailed AS (
      INSERT INTO identity.verification ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
      SELECT ${newId("verification")}, ${identifier}, made.id, ${at(expiresAt)}, ${at(now)}, ${at(now)} FROM made
    )
    SELECT id FROM made`.execute(needs.database)
    )
    const found = person(yield* byEmail(needs)(email))
    return made.rows[0] === undefined
      ? { _tag: "Known" as const, person: found }
      : { _tag: "Made" as const, person: found, token }
  })

const verification = (needs: Needs) =>
  Effect.fn("Identity.verification")(function* (typed: string, headers: Headers) {
    const email = Email.toFind(typed)
    if (email === undefined) return undefined
    yield* needs.attempts.begin("verification", email, needs.addressOf(headers))
    return yield* mail(needs)("verify", email)
  })

const verify = ({ database, sessions }: Needs) =>
  Effect.fn("Identity.verify")(function* (token: Redacted.Redacted<string>, headers: Headers) {
    const identifier = Tokens.stored("verify", token)
    if (identifier === undefined) return yield* new Identity.TokenInvalid()
    const now = new Date(yield* Clock.currentTimeMillis)
    // An address is proven once; later tokens, mailed because the first mail was late, do not sign in any more.
    const { rows } = yield* orUnavailable(() =>
      sql<Row>`
    WITH used AS (
      DELETE FROM identity.verification
      WHERE "identifier" = ${identifier} AND "expiresAt" > ${at(now)} RETURNING "value"
    )
    UPDATE identity."user" AS u SET "emailVerified" = true, "updatedAt" = ${at(now)}
    FROM used WHERE u.id = used."value" AND NOT u."emailVerified"
    RETURNING u.id, u.name, u.email`.execute(database)
    )
    const row = rows[0]
    if (row === undefined) return yield* new Identity.TokenInvalid()
    return { person: person(row), cookies: (yield* sessions.enter(row.id, headers)).cookies }
  })

const forgotten = (needs: Needs) =>
  Effect.fn("Identity.forgotten")(function* (typed: string, headers: Headers) {
    const email = Email.toFind(typed)
    if (email === undefined) return undefined
    yield* needs.attempts.begin("forgotten", email, needs.addressOf(headers))
    return yield* mail(needs)("reset", email)
  })

const resetPassword = ({ attempts, database, passwords, sessions }: Needs) =>
  Effect.fn("Identity.resetPassword")(function* (
    token: Redacted.Redacted<string>,
    password: Redacted.Redacted<string>
  ) {
    // First of all, so that a poor choice does not spend the token.
    if (!Passwords.isAcceptable(password)) return yield* new Identity.PasswordUnacceptable()
    const identifier = Tokens.stored("reset", token)
    if (identifier === undefined) return yield* new Identity.TokenInvalid()
    const now = new Date(yield* Clock.currentTimeMillis)
    const live = yield* orUnavailable(() =>
      database
        .selectFrom("verification")
        .select("id")
        .where("identifier", "=", identifier)
        .where("expiresAt", ">", now)
        .executeTakeFirst()
    )
    // An invented token must not cost a hash.
    if (live === undefined) return yield* new Identity.TokenInvalid()
    const hash = yield* passwords
      .hash({ account: identifier }, password)
      .pipe(Effect.catchTag("TooManyAttempts", (cause) => Effect.fail(new Identity.IdentityUnavailable({ cause }))))
    const { rows } = yield* orUnavailable(() =>
      sql<{ readonly id: string; readonly email: string }>`
    WITH used AS (
      DELETE FROM identity.verification
      WHERE "identifier" = ${identifier} AND "expiresAt" > ${at(now)} RETURNING "value"
    ), holder AS (
      UPDATE identity."user" AS u SET "emailVerified" = true, "updatedAt" = ${at(now)}
      FROM used WHERE u.id = used."value" RETURNING u.id, u.email
    ), credential AS (${keepPassword("holder", hash, now)}
    ), others AS (
      DELETE FROM identity.verification AS v USING holder
      WHERE v."value" = holder.id AND v."identifier" <> ${identifier}
    ), ended AS (
      DELETE FROM identity.session AS s USING holder WHERE s."userId" = holder.id
    )
    SELECT id, email FROM holder`.execute(database)
    )
    const holder = rows[0]
    if (holder === undefined) return yield* new Identity.TokenInvalid()
    // Again, now that nobody can be let in by the old password (see `Sessions.signIn`): a sign-in may have made its
    // session while the statement ran.
    yield* sessions.endAll(holder.id)
    yield* attempts.succeed(holder.email)
  })

/** Signing up, proving an address, choosing a new password. */
export const make = (needs: Needs) => ({
  signUp: signUp(needs),
  verification: verification(needs),
  verify: verify(needs),
  forgotten: forgotten(needs),
  resetPassword: resetPassword(needs)
})
