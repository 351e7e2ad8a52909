/**
 * better-auth as Portolan runs it: it hashes passwords, makes sessions and signs their cookies. Its HTTP handler is
 * mounted nowhere; only calls made in process exist. Its own sign-up, sign-in and reset endpoints stay off: they know
 * ASCII addresses only, and store a token to reset a password in the clear.
 */
import { betterAuth } from "better-auth"
import { createAuthEndpoint } from "better-auth/api"
import { Schema } from "effect"
import { newId } from "./newId.ts"
import { type Database, schema } from "./Tables.ts"

/** What better-auth is told. */
export interface Settings {
  /** Without a default schema; better-auth adds it. */
  readonly database: Database
  readonly secret: string
  readonly origin: string
  readonly secureCookies: boolean
  readonly sessionSeconds: number
  /** Hears of failures inside better-auth. Never given credentials. */
  readonly onError: (message: string, cause: unknown) => void
}

const Entering = Schema.toStandardSchemaV1(
  Schema.Struct({ userId: Schema.String, userAgent: Schema.String, now: Schema.Int, expiresAt: Schema.Int })
)

// Endpoints without a path: even a mounted handler would not orUnavailable them.
const sessions = {
  id: "portolan-sessions",
  endpoints: {
    /** Makes a session for a person whose identity is proven, and sets its signed cookie. Gives the session's token. */
    enter: createAuthEndpoint.serverOnly({ method: "POST", body: Entering }, async (ctx) => {
      const { expiresAt, now, userAgent, userId } = ctx.body
      const session = await ctx.context.internalAdapter.createSession(
        userId,
        false,
        {
          userAgent,
          ipAddress: "",
          createdAt: new Date(now),
          updatedAt: new Date(now),
          expiresAt: new Date(expiresAt)
        },
        true
      )
      const { attributes, name } = ctx.context.authCookies.sessionToken
      await ctx.setSignedCookie(name, session.token, ctx.context.secret, {
        ...attributes,
        maxAge: ctx.context.sessionConfig.expiresIn
      })
      return session.token
    }),
    /** The token in the session cookie if its signature is ours; nothing is read from the database. */
    presented: createAuthEndpoint.serverOnly(
      { method: "GET", requireHeaders: true },
      async (ctx) =>
        (await ctx.getSignedCookie(ctx.context.authCookies.sessionToken.name, ctx.context.secret)) || undefined
    )
  }
}

/** The options, apart, because the migration test asks better-auth about them. */
export const authOptions = (settings: Settings) => ({
  appName: "Portolan",
  // Every statement names schema `identity`, so the pool may be shared and no search_path is set. Without
  // `transaction`, better-auth begins none: a session is one insert, and PGlite's only connection stays free.
  database: { db: settings.database, type: "postgres" as const, schemaName: schema },
  // As a list, because otherwise an environment variable of better-auth's would replace it.
  secrets: [{ version: 1, value: settings.secret }],
  baseURL: settings.origin,
  basePath: "/auth",
  emailAndPassword: { enabled: false },
  // No cookie cache: signing out must count at the next request.
  session: { expiresIn: settings.sessionSeconds, cookieCache: { enabled: false } },
  advanced: {
    cookiePrefix: "portolan",
    useSecureCookies: settings.secureCookies,
    database: { generateId: ({ model }: { readonly model: string }) => newId(model) }
  },
  // Attempts are limited in `Attempts`, over all processes; better-auth's limiter only guards its HTTP handler.
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: {
    level: "error" as const,
    log: (_level: string, message: string, ...rest: ReadonlyArray<unknown>) => settings.onError(message, rest[0])
  },
  plugins: [sessions]
})

/** Builds better-auth on an existing database. */
export const createAuth = (settings: Settings) => betterAuth(authOptions(settings))

/** better-auth with our endpoints. */
export type Auth = ReturnType<typeof createAuth>
