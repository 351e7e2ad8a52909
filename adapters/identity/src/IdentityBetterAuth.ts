/**
 * The `Identity` port on better-auth, with its tables in schema `identity` of the database that everything else uses.
 *
 * better-auth checks passwords and keeps sessions. Which organization a caller acts for, and with which role, is read
 * from the directory at every request: nothing is cached, so whatever is revoked is gone at the next request.
 */
import { Identity } from "@portolan/ports"
import { Context, Duration, Effect, Layer, Redacted } from "effect"
import type { Kysely } from "kysely"
import * as ApiKeys from "./ApiKeys.ts"
import * as Attempts from "./Attempts.ts"
import { apiKeyPrefix, createAuth } from "./createAuth.ts"
import * as IdentitySeed from "./IdentitySeed.ts"
import * as Members from "./Members.ts"
import { migrate } from "./Migration.ts"
import { reach } from "./reach.ts"
import * as Sessions from "./Sessions.ts"
import { schema, type Tables } from "./Tables.ts"

export { apiKeyPrefix }

/** Fewest characters of the secret that signs session cookies. */
export const secretMinLength = 32

/** What the layer needs to know. */
export interface Options<DB> {
  /**
   * An open database that speaks PostgreSQL, shared with everything else. It stays the caller's: the layer neither
   * closes it nor begins transactions on it. On PGlite, which has one connection, a call made while its own fiber holds
   * a transaction open waits for ever.
   */
  readonly kysely: Kysely<DB>
  /** Signs session cookies. At least `secretMinLength` characters; changing it signs everybody out. */
  readonly secret: Redacted.Redacted<string>
  /** Where browsers reach the console, for example `https://portolan.example.com`. */
  readonly origin: string
  /** Whether cookies are `Secure` and named `__Secure-...`. By default when `origin` is https. */
  readonly secureCookies?: boolean
  /** How long a session lasts after signing in. Seven days by default. */
  readonly sessionLifetime?: Duration.Duration
  /** How long an API key lasts. A year by default. */
  readonly apiKeyLifetime?: Duration.Duration
  /** Limits of signing in; `Attempts.defaults` where left out. */
  readonly limits?: Partial<Attempts.Limits>
  /**
   * The address of who is calling, from request headers, when a proxy in front sets one that callers cannot forge. Left
   * out, only attempts for the same e-mail are limited.
   */
  readonly addressOf?: (headers: Headers) => string | undefined
}

/** The name of the session cookie. */
export const sessionCookieName = (secureCookies: boolean): string =>
  `${secureCookies ? "__Secure-" : ""}portolan.session_token`

const bearer = /^bearer +([\x21-\x7e]{1,256}) *$/i

const make = Effect.fnUntraced(function*<DB>(options: Options<DB>) {
  const secret = Redacted.value(options.secret)
  if (secret.length < secretMinLength) {
    return yield* Effect.die(new Error(`The secret for sessions needs at least ${secretMinLength} characters.`))
  }
  yield* reach(() => migrate(options.kysely))

  const plain = tablesOf(options.kysely)
  const database = plain.withSchema(schema)
  const report = Effect.runForkWith(yield* Effect.context<never>())
  const auth = createAuth({
    database: plain,
    secret,
    origin: options.origin,
    secureCookies: options.secureCookies ?? options.origin.startsWith("https://"),
    sessionSeconds: Math.floor(Duration.toSeconds(options.sessionLifetime ?? Duration.days(7))),
    onError: (message, cause) => {
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}`.slice(0, 300) : ""
      report(Effect.logError(`Sign-in: ${message.slice(0, 300)}`, reason))
    }
  })
  const members = Members.make(database)
  const keys = ApiKeys.make(database, Duration.toSeconds(options.apiKeyLifetime ?? Duration.days(365)))
  const sessions = Sessions.make(
    auth,
    database,
    Attempts.make(database, { ...Attempts.defaults, ...options.limits }),
    options.addressOf ?? (() => undefined)
  )

  const identity = Identity.Identity.of({
    whoIs: Effect.fn("Identity.whoIs")(function*(headers) {
      const authorization = headers.get("authorization")
      if (authorization !== null) {
        // Who sends a key means it: a bad one is refused even when a good cookie comes along.
        const token = bearer.exec(authorization)?.[1]
        const key = token === undefined ? undefined : yield* keys.recognise(Redacted.make(token))
        return key ?? (yield* new Identity.NotSignedIn())
      }
      const sessionId = yield* sessions.read(headers)
      const member = sessionId === undefined ? undefined : yield* members.ofSession(sessionId)
      if (member === undefined) return yield* new Identity.NotSignedIn()
      const { personId, ...rest } = member
      return { ...rest, actor: { _tag: "Person", personId, name: member.name } } satisfies Identity.SignedIn
    }),
    signIn: sessions.signIn,
    signOut: sessions.signOut,
    createApiKey: Effect.fn("Identity.createApiKey")(function*(caller, name) {
      const { actor, organizationId } = caller
      // What the caller was a moment ago is not enough for a secret that lasts a year.
      const held = actor._tag === "Person"
        ? (yield* members.of(organizationId, actor.personId))?.role
        : actor._tag === "ApiKey"
        ? yield* keys.roleOf(organizationId, actor.keyId)
        : undefined
      if (held === undefined) return yield* new Identity.NotSignedIn()
      return yield* keys.create(caller, held, name)
    }),
    apiKeys: Effect.fn("Identity.apiKeys")(keys.list),
    revokeApiKey: Effect.fn("Identity.revokeApiKey")(keys.revoke)
  })
  const hash = (password: string) => reach(async () => (await auth.$context).password.hash(password))
  const seed = IdentitySeed.make(database, hash)
  return Context.make(Identity.Identity, identity).pipe(Context.add(IdentitySeed.IdentitySeed, seed))
})

// Kysely's tables are known to the compiler only.
const tablesOf = <DB>(kysely: Kysely<DB>): Kysely<Tables> => (kysely as Kysely<unknown>).$extendTables<Tables>()

/**
 * Provides `Identity` and `IdentitySeed`. Building it brings schema `identity` up to date; two processes may do so at
 * once. Fails when the database cannot be reached; dies when the secret is too short.
 */
export const layer = <DB>(
  options: Options<DB>
): Layer.Layer<Identity.Identity | IdentitySeed.IdentitySeed, Identity.IdentityUnavailable> =>
  Layer.effectContext(make(options))
