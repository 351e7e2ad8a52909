/**
 * The `Identity` port on better-auth, with its tables in schema `identity` of the database that everything else uses.
 *
 * better-auth hashes passwords, makes sessions and signs their cookies. What a person may do where is none of its
 * business: organizations, members, invitations, roles and API keys are aggregates of the domain.
 */
import { Identity } from "@portolan/ports"
import { Context, Duration, Effect, Layer, Redacted } from "effect"
import type { Kysely } from "kysely"
import * as Attempts from "./Attempts.ts"
import * as IdentityImport from "./IdentityImport.ts"
import * as IdentityRetention from "./IdentityRetention.ts"
import * as IdentitySeed from "./IdentitySeed.ts"
import { lazyAuth, load as loadAuth } from "./lazyAuth.ts"
import { migrate } from "./Migration.ts"
import * as Passwords from "./Passwords.ts"
import * as People from "./People.ts"
import { orUnavailable } from "./orUnavailable.ts"
import * as Sessions from "./Sessions.ts"
import { schema, type Tables } from "./Tables.ts"

export type { Hashing } from "./Passwords.ts"

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
  /** Where browsers orUnavailable the console, for example `https://portolan.example.com`. */
  readonly origin: string
  /** Whether cookies are `Secure` and named `__Secure-...`. By default when `origin` is https. */
  readonly secureCookies?: boolean
  /** How long a session lasts after signing in. Seven days by default. */
  readonly sessionLifetime?: Duration.Duration
  /**
   * How passwords are hashed and compared: better-auth's scrypt when left out. For people whose hashes come from
   * another software, or with other costs than scrypt's.
   */
  readonly hashing?: Passwords.Hashing
  /** Limits of signing in, signing up and mails; `Attempts.defaults` where left out. */
  readonly limits?: Partial<Attempts.Limits>
  /**
   * The address of who is calling, from request headers, when a proxy in front sets one that callers cannot forge. Left
   * out, only attempts with the same e-mail are limited.
   */
  readonly addressOf?: (headers: Headers) => string | undefined
}

/**
 * Loads what the layer leaves out until somebody signs in, so that the first one waits for nothing. Without it, signing
 * in loads it.
 */
export const load: Effect.Effect<void, Identity.IdentityUnavailable> = Effect.asVoid(orUnavailable(loadAuth))

/** The name of the session cookie. */
export const sessionCookieName = (secureCookies: boolean): string =>
  `${secureCookies ? "__Secure-" : ""}portolan.session_token`

const make = Effect.fnUntraced(function* <DB>(options: Options<DB>) {
  const secret = Redacted.value(options.secret)
  if (secret.length < secretMinLength) {
    return yield* Effect.die(new Error(`The secret for sessions needs at least ${secretMinLength} characters.`))
  }
  yield* orUnavailable(() => migrate(options.kysely))

  const plain = tablesOf(options.kysely)
  const database = plain.withSchema(schema)
  const report = Effect.runForkWith(yield* Effect.context<never>())
  const lifetime = options.sessionLifetime ?? Duration.days(7)
  const auth = lazyAuth({
    database: plain,
    secret,
    origin: options.origin,
    secureCookies: options.secureCookies ?? options.origin.startsWith("https://"),
    sessionSeconds: Math.floor(Duration.toSeconds(lifetime)),
    onError: (message, cause) => {
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}`.slice(0, 300) : ""
      report(Effect.logError(`Sign-in: ${message.slice(0, 300)}`, reason))
    }
  })
  const addressOf = options.addressOf ?? (() => undefined)
  const attempts = Attempts.make(database, { ...Attempts.defaults, ...options.limits })
  const passwords = Passwords.make(auth, options.hashing)
  const sessions = Sessions.make({ auth, database, attempts, passwords, lifetime, addressOf })
  const { choose, signIn, signOut, whoIs } = sessions
  const people = People.make({ database, attempts, passwords, sessions, addressOf })
  return Context.make(Identity.Identity, Identity.Identity.of({ ...people, whoIs, signIn, signOut, choose })).pipe(
    Context.add(IdentitySeed.IdentitySeed, IdentitySeed.make(database, passwords)),
    Context.add(IdentityImport.IdentityImport, IdentityImport.make(database)),
    Context.add(IdentityRetention.IdentityRetention, IdentityRetention.make(database))
  )
})

// Kysely's tables are known to the compiler only.
const tablesOf = <DB>(kysely: Kysely<DB>): Kysely<Tables> => (kysely as Kysely<unknown>).$extendTables<Tables>()

/**
 * Provides `Identity`, `IdentitySeed`, `IdentityImport` and `IdentityRetention`. Building it
 * brings schema `identity` up to date; two
 * processes may do so at once. Fails when the database cannot be reached; dies when the secret is too short.
 */
export const layer = <DB>(
  options: Options<DB>
): Layer.Layer<
  Identity.Identity | IdentitySeed.IdentitySeed | IdentityImport.IdentityImport | IdentityRetention.IdentityRetention,
  Identity.IdentityUnavailable
> => Layer.effectContext(make(options))
