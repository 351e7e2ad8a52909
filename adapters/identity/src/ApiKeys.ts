/**
 * API keys: rows of better-auth's `apikey` table, written and read here. Its own `verifyApiKey` writes the row at every
 * use and its `createApiKey` needs a person, while a key may make a key; the format and hash are its own (a test has it
 * accept ours), so its endpoints can be put to use later.
 */
import { randomBytes } from "node:crypto"
import { defaultKeyHasher } from "@better-auth/api-key"
import { Access, Actor, type Id, Text } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { Clock, DateTime, Effect, Option, Redacted, Schema } from "effect"
import { apiKeyPrefix, newId } from "./createAuth.ts"
import { reach } from "./reach.ts"
import { weaker } from "./Members.ts"
import type { Database } from "./Tables.ts"

/** The most keys that a listing gives. */
export const listed = 200

// 256 random bits.
const format = new RegExp(`^${apiKeyPrefix}[A-Za-z0-9_-]{43}$`)
const startLength = apiKeyPrefix.length + 6
const idFormat = /^[A-Za-z0-9_-]{1,64}$/

/** What a key may do, and who made it: kept as the key's metadata. */
const Metadata = Schema.Struct({ role: Access.Role, createdBy: Actor.Actor })
const readMetadata = Schema.decodeUnknownOption(Schema.fromJsonString(Metadata))
const writeMetadata = Schema.encodeSync(Schema.fromJsonString(Metadata))

interface Row {
  readonly id: string
  readonly name: string | null
  readonly start: string | null
  readonly createdAt: Date | string
  readonly expiresAt: Date | string | null
}

const apiKey = (row: Row): Identity.ApiKey => ({
  id: row.id,
  name: row.name ?? "",
  start: row.start ?? "",
  createdAt: DateTime.makeUnsafe(new Date(row.createdAt)),
  ...row.expiresAt === null ? {} : { expiresAt: DateTime.makeUnsafe(new Date(row.expiresAt)) }
})

/** Makes, lists, recognises and revokes keys. The database is qualified with schema `identity`. */
export const make = (database: Database, lifetimeSeconds: number) => {
  const live = (now: number) =>
    database.selectFrom("apikey")
      .innerJoin("organization", "organization.id", "apikey.referenceId")
      .where("apikey.enabled", "=", true)
      .where((where) =>
        where.or([where("apikey.expiresAt", "is", null), where("apikey.expiresAt", ">", new Date(now))])
      )

  return {
    /** Who a bearer token is: one statement, no writes. Undefined when it is no live key. */
    recognise: Effect.fnUntraced(function*(token: Redacted.Redacted<string>) {
      if (!format.test(Redacted.value(token))) return undefined
      const now = yield* Clock.currentTimeMillis
      const hash = yield* reach(() => defaultKeyHasher(Redacted.value(token)))
      const row = yield* reach(() =>
        live(now).where("apikey.key", "=", hash)
          .select([
            "apikey.id as id", "apikey.name as name", "apikey.metadata as metadata",
            "organization.id as organizationId", "organization.name as organizationName"
          ]).executeTakeFirst()
      )
      if (row === undefined) return undefined
      const metadata = readMetadata(row.metadata)
      if (Option.isNone(metadata)) return undefined
      const name = row.name ?? ""
      return {
        organizationId: row.organizationId as Id.OrganizationId,
        actor: { _tag: "ApiKey", keyId: row.id, name },
        role: metadata.value.role,
        name,
        email: "",
        organizationName: row.organizationName
      } satisfies Identity.SignedIn
    }),

    /** The role of a live key in an organization, or undefined. */
    roleOf: Effect.fnUntraced(function*(organizationId: Id.OrganizationId, keyId: string) {
      const now = yield* Clock.currentTimeMillis
      const row = yield* reach(() =>
        live(now).where("apikey.id", "=", keyId).where("apikey.referenceId", "=", organizationId)
          .select("apikey.metadata as metadata").executeTakeFirst()
      )
      return Option.getOrUndefined(Option.map(readMetadata(row?.metadata), (metadata) => metadata.role))
    }),

    /** Makes a key with the weaker of the caller's role and the role `held` in the directory now. */
    create: Effect.fnUntraced(function*(caller: Access.Caller, held: Access.Role, name: string) {
      const now = yield* Clock.currentTimeMillis
      const secret = `${apiKeyPrefix}${randomBytes(32).toString("base64url")}`
      const hash = yield* reach(() => defaultKeyHasher(secret))
      const row = {
        id: newId("apikey"),
        // Callers check names as `Text.NameInput`; whatever comes, the listing stays readable.
        name: Text.fromProvider(name).slice(0, 120),
        start: secret.slice(0, startLength),
        createdAt: new Date(now),
        expiresAt: new Date(now + lifetimeSeconds * 1000)
      }
      yield* reach(() =>
        database.insertInto("apikey").values({
          ...row,
          configId: "default",
          prefix: apiKeyPrefix,
          referenceId: caller.organizationId,
          key: hash,
          enabled: true,
          rateLimitEnabled: false,
          requestCount: 0,
          updatedAt: row.createdAt,
          metadata: writeMetadata({ role: weaker(caller.role, held), createdBy: caller.actor })
        }).execute()
      )
      return { key: apiKey(row), secret: Redacted.make(secret) }
    }),

    /** The organization's keys, the youngest first. */
    list: Effect.fnUntraced(function*(organizationId: Id.OrganizationId) {
      const rows = yield* reach(() =>
        database.selectFrom("apikey").select(["id", "name", "start", "createdAt", "expiresAt"])
          .where("referenceId", "=", organizationId)
          .orderBy("createdAt", "desc").orderBy("id", "desc").limit(listed).execute()
      )
      return rows.map(apiKey)
    }),

    /** Deletes a key of the organization. Says whether there was one. */
    revoke: Effect.fnUntraced(function*(organizationId: Id.OrganizationId, keyId: string) {
      if (!idFormat.test(keyId)) return false
      const rows = yield* reach(() =>
        database.deleteFrom("apikey").where("referenceId", "=", organizationId).where("id", "=", keyId)
          .returning("id").execute()
      )
      return rows.length > 0
    })
  }
}
