/** Sign-in, sign-out and reading a session, through better-auth's own calls. */
import { Identity } from "@portolan/ports"
import { isAPIError } from "better-auth/api"
import { Clock, Effect, Option, Redacted, Semaphore } from "effect"
import type { make as makeAttempts } from "./Attempts.ts"
import { type Auth, passwordMaxLength } from "./createAuth.ts"
import { reach } from "./reach.ts"
import type { Database } from "./Tables.ts"

/** Longest e-mail: RFC 5321 section 4.5.3.1.3 allows a path of 256 octets with its brackets. */
export const emailMaxLength = 254

/** Sessions a person may have at once; an older one ends when a newer one begins. */
export const sessionsPerPerson = 20

// Hashing a password takes 32 MB and a thread of Node's pool of four, which serves files and names as well.
const hashesAtOnce = 2
const hashesWaiting = 64
const busySeconds = 5

const cookieMaxLength = 16_384
const userAgentMaxLength = 200

/** The cookie header alone: nothing else that a browser sends has a say in who it is. */
const cookieOnly = (headers: Headers): Headers | undefined => {
  const cookie = headers.get("cookie")
  return cookie === null || cookie.length > cookieMaxLength ? undefined : new Headers({ cookie })
}

const userAgentOnly = (headers: Headers): Headers => {
  const userAgent = headers.get("user-agent")?.slice(0, userAgentMaxLength).trim()
  return userAgent === undefined || userAgent === "" ? new Headers() : new Headers({ "user-agent": userAgent })
}

// better-auth wraps a failing database into an APIError with a status of 500 as well.
const isRefusal = (cause: unknown): boolean => isAPIError(cause) && cause.statusCode < 500

/** The database is qualified with schema `identity`. */
export const make = (
  auth: Auth,
  database: Database,
  attempts: ReturnType<typeof makeAttempts>,
  addressOf: (headers: Headers) => string | undefined
) => {
  const hashing = Semaphore.makeUnsafe(hashesAtOnce)
  const queue = Semaphore.makeUnsafe(hashesAtOnce + hashesWaiting)

  const check = (email: string, password: Redacted.Redacted<string>, headers: Headers) =>
    Effect.tryPromise({
      try: () =>
        auth.api.signInEmail({
          body: { email, password: Redacted.value(password) },
          headers: userAgentOnly(headers),
          returnHeaders: true
        }),
      catch: (cause) => isRefusal(cause) ? new Identity.WrongCredentials() : new Identity.IdentityUnavailable({ cause })
    })

  const prune = Effect.fnUntraced(function*(userId: string) {
    const now = yield* Clock.currentTimeMillis
    yield* reach(() =>
      database.deleteFrom("session").where("userId", "=", userId).where((where) =>
        where.or([
          where("expiresAt", "<=", new Date(now)),
          where("id", "not in", (from) =>
            from.selectFrom("session").select("id").where("userId", "=", userId)
              .orderBy("createdAt", "desc").orderBy("id", "desc").limit(sessionsPerPerson))
        ])
      ).execute()
    )
  })

  /** Identifier of the live session that the cookie names, or undefined. */
  const read = Effect.fnUntraced(function*(headers: Headers) {
    const cookie = cookieOnly(headers)
    if (cookie === undefined) return undefined
    const found = yield* Effect.tryPromise({
      // Without refresh: the port has no way to hand a prolonged cookie back, so a session ends when its cookie does.
      try: () => auth.api.getSession({ headers: cookie, query: { disableRefresh: true, disableCookieCache: true } }),
      catch: (cause) => isRefusal(cause) ? new Identity.NotSignedIn() : new Identity.IdentityUnavailable({ cause })
    }).pipe(Effect.catchTag("NotSignedIn", () => Effect.succeed(null)))
    return found?.session.id
  })

  return {
    read,

    signIn: Effect.fn("Identity.signIn")(function*(
      email: string, password: Redacted.Redacted<string>, headers: Headers
    ) {
      const address = email.trim().toLowerCase()
      const length = Redacted.value(password).length
      // Too long says nothing about who exists, so it may be answered at once.
      if (address.length > emailMaxLength || length > passwordMaxLength || address === "" || length === 0) {
        return yield* new Identity.WrongCredentials()
      }
      yield* attempts.begin(address, addressOf(headers))
      const checked = yield* queue.withPermitsIfAvailable(1)(hashing.withPermit(check(address, password, headers)))
      if (Option.isNone(checked)) return yield* new Identity.TooManyAttempts({ retryAfterSeconds: busySeconds })
      yield* attempts.succeed(address)
      yield* prune(checked.value.response.user.id)
      return checked.value.headers.getSetCookie()
    }),

    signOut: Effect.fn("Identity.signOut")(function*(headers: Headers) {
      // First the row, and loudly: better-auth would only log a failure and leave the session alive.
      const sessionId = yield* read(headers)
      if (sessionId !== undefined) {
        yield* reach(() => database.deleteFrom("session").where("id", "=", sessionId).execute())
      }
      const done = yield* reach(() => auth.api.signOut({ headers: new Headers(), returnHeaders: true }))
      return done.headers.getSetCookie()
    })
  }
}
