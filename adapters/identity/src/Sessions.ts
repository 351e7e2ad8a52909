/** Signing in and out, and who has a session. */
import { Id } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { Clock, Duration, Effect, type Redacted, Schema } from "effect"
import type { Attempts } from "./Attempts.ts"
import * as Email from "./Email.ts"
import type { LazyAuth } from "./lazyAuth.ts"
import * as Passwords from "./Passwords.ts"
import { orUnavailable } from "./orUnavailable.ts"
import type { Database } from "./Tables.ts"

/** Sessions a person may have at once; an older one ends when a newer one begins. */
export const sessionsPerPerson = 20

const cookieMaxLength = 16_384
const userAgentMaxLength = 200

/** The cookie header alone: nothing else that a browser sends has a say in who it is. */
const cookieOnly = (headers: Headers): Headers | undefined => {
  const cookie = headers.get("cookie")
  return cookie === null || cookie.length > cookieMaxLength ? undefined : new Headers({ cookie })
}

const userAgentOf = (headers: Headers): string => (headers.get("user-agent") ?? "").slice(0, userAgentMaxLength).trim()

const isOrganizationId = Schema.is(Id.OrganizationId)

/** What this part of the port needs. The database is qualified with schema `identity`. */
export interface Needs {
  readonly auth: LazyAuth
  readonly database: Database
  readonly attempts: Attempts
  readonly passwords: Passwords.Passwords
  readonly lifetime: Duration.Duration
  readonly addressOf: (headers: Headers) => string | undefined
}

/** The session token in the cookie if it was signed here. Whether the session lives is another question. */
const presented = ({ auth }: Needs) =>
  Effect.fnUntraced(function* (headers: Headers) {
    const cookie = cookieOnly(headers)
    return cookie === undefined
      ? undefined
      : yield* orUnavailable(async () => (await auth()).api.presented({ headers: cookie }))
  })

/** Makes a session for a person whose identity is proven. Gives its token and the cookies to send. */
const begin = ({ auth, lifetime }: Needs) =>
  Effect.fnUntraced(function* (userId: string, headers: Headers) {
    const now = yield* Clock.currentTimeMillis
    const made = yield* orUnavailable(async () =>
      (await auth()).api.enter({
        body: { userId, userAgent: userAgentOf(headers), now, expiresAt: now + Duration.toMillis(lifetime) },
        returnHeaders: true
      })
    )
    return { token: made.response, cookies: made.headers.getSetCookie() }
  })

/** Ends what is over and what is too many of a person's sessions. */
const prune = ({ database }: Needs) =>
  Effect.fnUntraced(function* (userId: string) {
    const now = yield* Clock.currentTimeMillis
    yield* orUnavailable(() =>
      database
        .deleteFrom("session")
        .where("userId", "=", userId)
        .where((where) =>
          where.or([
            where("expiresAt", "<=", new Date(now)),
            where("id", "not in", (from) =>
              from
                .selectFrom("session")
                .select("id")
                .where("userId", "=", userId)
                .orderBy("createdAt", "desc")
                .orderBy("id", "desc")
                .limit(sessionsPerPerson)
            )
          ])
        )
        .execute()
    )
  })

const end =
  ({ database }: Needs) =>
  (token: string) =>
    orUnavailable(() => database.deleteFrom("session").where("token", "=", token).execute())

const credentialOf =
  ({ database }: Needs) =>
  (email: string) =>
    orUnavailable(() =>
      database
        .selectFrom("user")
        .leftJoin("account", (join) =>
          join.onRef("account.userId", "=", "user.id").on("account.providerId", "=", "credential")
        )
        .select(["user.id as id", "user.email as email", "user.emailVerified as verified", "account.password as hash"])
        .where("user.email", "=", email)
        .executeTakeFirst()
    )

/** Signs in a person whose identity is proven. */
const enter = (needs: Needs) =>
  Effect.fnUntraced(function* (userId: string, headers: Headers) {
    const begun = yield* begin(needs)(userId, headers)
    yield* prune(needs)(userId)
    return begun
  })

/** Ends all sessions of a person. */
const endAll =
  ({ database }: Needs) =>
  (userId: string) =>
    orUnavailable(() => database.deleteFrom("session").where("userId", "=", userId).execute())

const whoIs = (needs: Needs) =>
  Effect.fn("Identity.whoIs")(function* (headers: Headers) {
    const token = yield* presented(needs)(headers)
    if (token === undefined) return yield* new Identity.NotSignedIn()
    const now = yield* Clock.currentTimeMillis
    const row = yield* orUnavailable(() =>
      needs.database
        .selectFrom("session")
        .innerJoin("user", "user.id", "session.userId")
        .select([
          "user.id as id",
          "user.name as name",
          "user.email as email",
          "session.activeOrganizationId as organizationId"
        ])
        .where("session.token", "=", token)
        .where("session.expiresAt", ">", new Date(now))
        .executeTakeFirst()
    )
    if (row === undefined) return yield* new Identity.NotSignedIn()
    return {
      // Written only by `newId`, hence in the format.
      personId: row.id as Id.PersonId,
      name: row.name,
      email: row.email,
      ...(isOrganizationId(row.organizationId) ? { organizationId: row.organizationId } : {})
    } satisfies Identity.Session
  })

const signIn = (needs: Needs) =>
  Effect.fn("Identity.signIn")(function* (typed: string, password: Redacted.Redacted<string>, headers: Headers) {
    const email = Email.toFind(typed)
    // Impossible ones say nothing about who exists, so they may be answered at once.
    if (email === undefined || !Passwords.isPossible(password)) return yield* new Identity.WrongCredentials()
    const address = needs.addressOf(headers)
    yield* needs.attempts.begin("sign-in", email, address).pipe(
      Effect.catchTag("TooManyAttempts", ({ retryAfterSeconds }) =>
        Effect.flatMap(credentialOf(needs)(email), (held) =>
          Effect.fail(
            new Identity.TooManyAttempts({
              retryAfterSeconds,
              // Written only by `newId`, hence in the format.
              ...(held === undefined ? {} : { personId: held.id as Id.PersonId })
            })
          )
        )
      )
    )
    const credential = yield* credentialOf(needs)(email)
    const matches = yield* needs.passwords.matches({ address, account: email }, password, credential?.hash)
    if (credential === undefined || !matches) return yield* new Identity.WrongCredentials()
    yield* needs.attempts.succeed(email, address)
    if (!credential.verified) return yield* new Identity.EmailUnverified({ email: credential.email })
    const { cookies, token } = yield* begin(needs)(credential.id, headers)
    // The password may have been replaced since it was compared, and its sessions ended: then this one ends as well.
    const current = yield* credentialOf(needs)(email)
    if (current?.hash !== credential.hash) {
      yield* end(needs)(token)
      return yield* new Identity.WrongCredentials()
    }
    yield* prune(needs)(credential.id)
    return cookies
  })

const signOut = (needs: Needs) =>
  Effect.fn("Identity.signOut")(function* (headers: Headers) {
    // First the row, and loudly: better-needs.auth would only log a failure and leave the session alive.
    const token = yield* presented(needs)(headers)
    if (token !== undefined) yield* end(needs)(token)
    const done = yield* orUnavailable(async () =>
      (await needs.auth()).api.signOut({ headers: new Headers(), returnHeaders: true })
    )
    return done.headers.getSetCookie()
  })

const choose = (needs: Needs) =>
  Effect.fn("Identity.choose")(function* (headers: Headers, organizationId: Id.OrganizationId) {
    const token = yield* presented(needs)(headers)
    if (token === undefined) return yield* new Identity.NotSignedIn()
    const now = yield* Clock.currentTimeMillis
    const { numUpdatedRows } = yield* orUnavailable(() =>
      needs.database
        .updateTable("session")
        .set({ activeOrganizationId: organizationId })
        .where("token", "=", token)
        .where("expiresAt", ">", new Date(now))
        .executeTakeFirstOrThrow()
    )
    if (numUpdatedRows === 0n) return yield* new Identity.NotSignedIn()
  })

/** Begins, reads and ends sessions. */
export const make = (needs: Needs) => ({
  enter: enter(needs),
  endAll: endAll(needs),
  whoIs: whoIs(needs),
  signIn: signIn(needs),
  signOut: signOut(needs),
  choose: choose(needs)
})

/** Begins, reads and ends sessions. */
export type Sessions = ReturnType<typeof make>
