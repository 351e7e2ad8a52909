/**
 * Organizations of an earlier version, which kept them, their members and their API keys in tables of better-auth's.
 * They are organizations, members and keys of the domain now; a program founds them once, when it starts, from what it
 * reads here. The former tables are kept as they were, so an earlier version can still be started on them.
 */
import { Access, Actor, type Id, Text } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { Clock, Context, DateTime, Effect, Option, Schema } from "effect"
import { sql } from "kysely"
import { person } from "./People.ts"
import { orUnavailable } from "./orUnavailable.ts"
import type { Database, Instant } from "./Tables.ts"

/** Somebody who belonged to an organization. */
export interface FormerMember extends Identity.Person {
  readonly role: Access.GivenRole
  readonly joinedAt: DateTime.Utc
}

/** An API key that was live: it was, as now, stored as the SHA-256 of what its holder sends. */
export interface FormerKey {
  readonly name: string
  readonly start: string
  /** SHA-256 of the key, hexadecimal. */
  readonly digest: string
  readonly role: Access.Role
  readonly createdBy: Actor.Actor
  readonly createdAt: DateTime.Utc
  readonly expiresAt: DateTime.Utc
}

/** An organization to found. */
export interface Former {
  readonly organizationId: Id.OrganizationId
  readonly name: string
  readonly foundedAt: DateTime.Utc
  /** The owner; where there was none, or more than one, the strongest who joined first. */
  readonly owner: Identity.Person
  /** Everybody else, in the order of joining. A member with an unknown role could do nothing and is left out. */
  readonly members: ReadonlyArray<FormerMember>
  readonly keys: ReadonlyArray<FormerKey>
}

/** Reads what an earlier version kept. */
export class IdentityImport extends Context.Service<
  IdentityImport,
  {
    /**
     * The oldest organization that is not marked as imported, or undefined. One that nobody with a role belonged to is
     * left out, because it could have no owner.
     */
    readonly next: Effect.Effect<Former | undefined, Identity.IdentityUnavailable>
    /** Marks an organization as imported. A member who leaves it later does not come back at the next start. */
    readonly done: (organizationId: Id.OrganizationId) => Effect.Effect<void, Identity.IdentityUnavailable>
  }
>()("@portolan/identity/IdentityImport") {}

/**
 * Founds every former organization, oldest first, each marked when `found` has succeeded. `found` must allow being run
 * again for an organization that it has founded already, because the program may stop before the mark is made.
 */
export const each = <E, R>(
  found: (former: Former) => Effect.Effect<unknown, E, R>
): Effect.Effect<number, E | Identity.IdentityUnavailable, IdentityImport | R> =>
  Effect.gen(function* () {
    const former = yield* IdentityImport
    let count = 0
    for (let next = yield* former.next; next !== undefined; next = yield* former.next) {
      yield* found(next)
      yield* former.done(next.organizationId)
      count++
    }
    return count
  })

/** Several roles of one member were separated by commas, and the strongest counted; an unknown one allowed nothing. */
const roleOf = (text: string): Access.Role | undefined => {
  const held = new Set(text.split(",").map((part) => part.trim()))
  return Access.Role.literals.find((role) => held.has(role))
}

const readMetadata = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ role: Access.Role, createdBy: Actor.Actor }))
)

interface OrganizationRow {
  readonly id: string
  readonly name: string
  readonly createdAt: Instant
}

interface MemberRow extends OrganizationRow {
  readonly email: string
  readonly role: string
}

interface KeyRow {
  readonly name: string | null
  readonly start: string | null
  readonly key: string
  readonly metadata: string | null
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

const moment = (instant: Instant): DateTime.Utc => DateTime.makeUnsafe(new Date(instant))
const byRole = (one: { readonly role: Access.Role }, other: { readonly role: Access.Role }): number =>
  Access.Role.literals.indexOf(one.role) - Access.Role.literals.indexOf(other.role)

const keyOf = (row: KeyRow): ReadonlyArray<FormerKey> => {
  const metadata = readMetadata(row.metadata)
  if (Option.isNone(metadata)) return []
  return [
    {
      ...metadata.value,
      name: Text.line(row.name ?? "", 120) || "API key",
      start: row.start ?? "",
      digest: Buffer.from(row.key, "base64url").toString("hex"),
      createdAt: moment(row.createdAt),
      expiresAt: moment(row.expiresAt)
    }
  ]
}

const membersOf = Effect.fnUntraced(function* (database: Database, organizationId: string) {
  const { rows } = yield* orUnavailable(() =>
    sql<MemberRow>`
      SELECT u.id, u.name, u.email, m.role, m."createdAt" FROM identity.member AS m
      JOIN identity."user" AS u ON u.id = m."userId"
      WHERE m."organizationId" = ${organizationId} ORDER BY m."createdAt", m.id`.execute(database)
  )
  return rows.flatMap((row) => {
    const role = roleOf(row.role)
    return role === undefined ? [] : [{ ...person(row), role, joinedAt: moment(row.createdAt) }]
  })
})

const keysOf = Effect.fnUntraced(function* (database: Database, organizationId: string) {
  const now = new Date(yield* Clock.currentTimeMillis)
  const { rows } = yield* orUnavailable(() =>
    sql<KeyRow>`
      SELECT name, start, key, metadata, "createdAt", "expiresAt" FROM identity.apikey
      WHERE "referenceId" = ${organizationId} AND enabled AND "expiresAt" > ${now}
      ORDER BY "createdAt", id`.execute(database)
  )
  return rows.flatMap(keyOf)
})

/** The oldest organization with members that is not imported yet. */
const oldest = Effect.fnUntraced(function* (database: Database) {
  const kept = yield* orUnavailable(() =>
    sql<{ readonly kept: boolean }>`SELECT to_regclass('identity.organization') IS NOT NULL AS kept`.execute(database)
  )
  if (kept.rows[0]?.kept !== true) return undefined
  const { rows } = yield* orUnavailable(() =>
    sql<OrganizationRow>`
      SELECT o.id, o.name, o."createdAt" FROM identity.organization AS o
      WHERE o."importedAt" IS NULL AND EXISTS (
        SELECT 1 FROM identity.member AS m WHERE m."organizationId" = o.id
        AND string_to_array(replace(m.role, ' ', ''), ',') && ${[...Access.Role.literals]}::text[]
      ) ORDER BY o."createdAt", o.id LIMIT 1`.execute(database)
  )
  return rows[0]
})

const next = Effect.fn("IdentityImport.next")(function* (database: Database) {
  const row = yield* oldest(database)
  if (row === undefined) return undefined
  const people = yield* membersOf(database, row.id)
  const owner = people.toSorted(byRole)[0]
  if (owner === undefined) return undefined
  const { joinedAt: _joinedAt, role: _role, ...ownerOnly } = owner
  return {
    organizationId: row.id as Id.OrganizationId,
    name: Text.line(row.name, 120) || ownerOnly.email,
    foundedAt: moment(row.createdAt),
    owner: ownerOnly,
    members: people
      .filter(({ personId }) => personId !== owner.personId)
      .map(({ role, ...rest }) => ({ ...rest, role: role === "owner" ? "admin" : role })),
    keys: yield* keysOf(database, row.id)
  } satisfies Former
})

const done = Effect.fn("IdentityImport.done")(function* (database: Database, organizationId: Id.OrganizationId) {
  const now = new Date(yield* Clock.currentTimeMillis)
  yield* orUnavailable(() =>
    sql`UPDATE identity.organization SET "importedAt" = ${now} WHERE id = ${organizationId}`.execute(database)
  )
})

/** The database is qualified with schema `identity`. */
export const make = (database: Database): IdentityImport["Service"] =>
  IdentityImport.of({ next: next(database), done: (organizationId) => done(database, organizationId) })
