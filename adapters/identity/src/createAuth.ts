/**
 * better-auth as Portolan runs it. Its HTTP handler is mounted nowhere: only the calls that the port needs are made, in
 * process. Sign-up stays disabled until verification and invitations exist.
 */
import { randomBytes } from "node:crypto"
import { apiKey } from "@better-auth/api-key"
import { Id } from "@portolan/domain"
import { betterAuth } from "better-auth"
import { createAccessControl } from "better-auth/plugins/access"
import { organization } from "better-auth/plugins/organization"
import { adminAc, defaultStatements, memberAc, ownerAc } from "better-auth/plugins/organization/access"
import { type Database, schema } from "./Tables.ts"

/** First characters of every API key, so that a leaked one is recognised by people and by secret scanners. */
export const apiKeyPrefix = "ptl_"

/** Longest password that is looked at; a longer one is refused before any work is done for it. */
export const passwordMaxLength = 128

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

/** A new identifier in the format of `Id` for what the domain knows, an opaque one for the rest. */
export const newId = (model: string): string => {
  const entropy = randomBytes(Id.entropyBytes)
  if (model === "user") return Id.make("person", Date.now(), entropy)
  if (model === "organization") return Id.make("organization", Date.now(), entropy)
  return randomBytes(18).toString("base64url")
}

const accessControl = createAccessControl(defaultStatements)

/** The options, apart, because the migration test asks better-auth about them. */
export const authOptions = (settings: Settings) => ({
  appName: "Portolan",
  // Every statement names schema `identity`, so the pool may be shared and no search_path is set. Without
  // `transaction`, better-auth begins none: signing in is one insert, and PGlite's only connection stays free.
  database: { db: settings.database, type: "postgres" as const, schemaName: schema },
  // As a list, because otherwise an environment variable of better-auth's would replace it.
  secrets: [{ version: 1, value: settings.secret }],
  baseURL: settings.origin,
  basePath: "/auth",
  emailAndPassword: { enabled: true, disableSignUp: true, maxPasswordLength: passwordMaxLength },
  // No cookie cache: signing out and losing a membership must count at the next request.
  session: { expiresIn: settings.sessionSeconds, cookieCache: { enabled: false } },
  advanced: {
    cookiePrefix: "portolan",
    useSecureCookies: settings.secureCookies,
    database: { generateId: ({ model }: { readonly model: string }) => newId(model) }
  },
  // Sign-in is limited in `Attempts`, over all processes; better-auth's limiter only guards its HTTP handler.
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: {
    level: "error" as const,
    log: (_level: string, message: string, ...rest: ReadonlyArray<unknown>) => settings.onError(message, rest[0])
  },
  plugins: [
    organization({
      allowUserToCreateOrganization: false,
      ac: accessControl,
      roles: {
        owner: ownerAc,
        admin: adminAc,
        member: memberAc,
        // Roles decide nothing here, `Access` does; this one exists so that better-auth accepts it.
        viewer: accessControl.newRole({ organization: [], member: [], invitation: [], team: [], ac: ["read"] })
      }
    }),
    apiKey({
      references: "organization",
      defaultPrefix: apiKeyPrefix,
      enableMetadata: true,
      maximumNameLength: 120,
      rateLimit: { enabled: false }
    })
  ]
})

/** Builds better-auth on an existing database. */
export const createAuth = (settings: Settings) => betterAuth(authOptions(settings))

/** better-auth with our plugins. */
export type Auth = ReturnType<typeof createAuth>
