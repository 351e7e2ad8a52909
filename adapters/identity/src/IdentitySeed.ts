/**
 * Puts a person into the directory without a mail: for the demo world, for tests, and for the first owner of a new
 * installation. Whatever organization the person founds is founded like every other.
 */
import { Identity } from "@portolan/ports"
import { Clock, Context, Effect, type Redacted } from "effect"
import { sql } from "kysely"
import { newId } from "./newId.ts"
import * as Email from "./Email.ts"
import * as Passwords from "./Passwords.ts"
import { keepPassword, nameOf, person } from "./People.ts"
import { orUnavailable } from "./orUnavailable.ts"
import type { Database } from "./Tables.ts"

/** A person to put into the directory. */
export interface Seed {
  readonly name: string
  /**
   * Compared in small letters. Invented people have addresses under example.com
   * (https://www.rfc-editor.org/rfc/rfc2606#section-3).
   */
  readonly email: string
  readonly password: Redacted.Redacted<string>
}

/** Puts people into the directory. */
export class IdentitySeed extends Context.Service<
  IdentitySeed,
  {
    /**
     * Makes sure that there is a person with this address, proven, and a password. A name and password of a proven
     * person stay as they are. Where the address is not proven yet, nobody showed that the sign-up was theirs: its
     * password and name are replaced, and its mailed tokens end. May run twice, or from two processes at once. Dies on
     * an address or password that nobody could sign up with.
     */
    readonly ensure: (seed: Seed) => Effect.Effect<Identity.Person, Identity.IdentityUnavailable>
  }
>()("@portolan/identity/IdentitySeed") {}

/** Makes sure that a person can sign in; gives the person. */
export const ensure = (seed: Seed): Effect.Effect<Identity.Person, Identity.IdentityUnavailable, IdentitySeed> =>
  Effect.flatMap(IdentitySeed, (service) => service.ensure(seed))

/** The database is qualified with schema `identity`. */
export const make = (database: Database, passwords: Passwords.Passwords): IdentitySeed["Service"] => {
  const find = (email: string) =>
    orUnavailable(() =>
      database
        .selectFrom("user")
        .leftJoin("account", (join) =>
          join.onRef("account.userId", "=", "user.id").on("account.providerId", "=", "credential")
        )
        .select([
          "user.id as id",
          "user.name as name",
          "user.email as email",
          "user.emailVerified as verified",
          "account.password as hash"
        ])
        .where("user.email", "=", email)
        .executeTakeFirst()
    )

  const write = (name: string, email: string, hash: string, now: Date) =>
    orUnavailable(() =>
      sql`
      WITH made AS (
        INSERT INTO identity."user" AS u ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
        VALUES (${newId("user")}, ${name}, ${email}, true, ${now}, ${now})
        ON CONFLICT ("email") DO UPDATE SET "emailVerified" = true, "updatedAt" = excluded."updatedAt",
          "name" = CASE WHEN u."emailVerified" THEN u."name" ELSE excluded."name" END
        WHERE NOT u."emailVerified" OR NOT EXISTS (
          SELECT 1 FROM identity.account AS a
          WHERE a."userId" = u.id AND a."providerId" = 'credential' AND a."password" IS NOT NULL
        )
        RETURNING id
      ), credential AS (${keepPassword("made", hash, now)}
      )
      DELETE FROM identity.verification AS v USING made WHERE v."value" = made.id`.execute(database)
    )

  return IdentitySeed.of({
    ensure: Effect.fn("IdentitySeed.ensure")(function* (seed) {
      const email = Email.toKeep(seed.email)
      if (email === undefined) return yield* Effect.die(new Error("The seed's e-mail is not an address."))
      if (!Passwords.isAcceptable(seed.password)) return yield* Effect.die(new Identity.PasswordUnacceptable())
      const found = yield* find(email)
      if (found !== undefined && found.verified && found.hash !== null) return person(found)
      const hash = yield* passwords
        .hash({ account: email }, seed.password)
        .pipe(Effect.catchTag("TooManyAttempts", (cause) => Effect.fail(new Identity.IdentityUnavailable({ cause }))))
      yield* write(nameOf(seed.name, email), email, hash, new Date(yield* Clock.currentTimeMillis))
      const made = yield* find(email)
      return made === undefined
        ? yield* new Identity.IdentityUnavailable({ cause: new Error("The person was removed while being seeded.") })
        : person(made)
    })
  })
}
