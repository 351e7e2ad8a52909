/** Which organization a person acts for, and as what. */
import { Access, type Id } from "@portolan/domain"
import { Clock, Effect } from "effect"
import { sql } from "kysely"
import { reach } from "./reach.ts"
import type { Database } from "./Tables.ts"

/** A person's place in an organization, with what a page shows. */
export interface Membership {
  readonly organizationId: Id.OrganizationId
  readonly organizationName: string
  readonly personId: Id.PersonId
  readonly name: string
  readonly email: string
  readonly role: Access.Role
}

/**
 * The strongest role in a text of better-auth's, which separates several roles of one member by commas. A role that
 * Portolan does not know allows nothing, not even reading.
 */
export const roleOf = (text: string): Access.Role | undefined => {
  const held = new Set(text.split(",").map((part) => part.trim()))
  return Access.Role.literals.find((role) => held.has(role))
}

/** The weaker of two roles. */
export const weaker = (one: Access.Role, other: Access.Role): Access.Role =>
  Access.Role.literals.indexOf(one) > Access.Role.literals.indexOf(other) ? one : other

const chosen = sql<boolean>`coalesce(${sql.ref("member.organizationId")} = ${
  sql.ref("session.activeOrganizationId")
}, false)`

/** Reads memberships. The database is qualified with schema `identity`. */
export const make = (database: Database) => ({
  /**
   * The membership a live session acts with: in the organization the session chose, or else the one joined first. Read
   * at every request, so losing it counts at once.
   */
  ofSession: Effect.fnUntraced(function*(sessionId: string) {
    const now = yield* Clock.currentTimeMillis
    const rows = yield* reach(() =>
      database.selectFrom("session")
        .innerJoin("user", "user.id", "session.userId")
        .innerJoin("member", "member.userId", "session.userId")
        .innerJoin("organization", "organization.id", "member.organizationId")
        .select([
          "organization.id as organizationId", "organization.name as organizationName", "user.id as personId",
          "user.name as name", "user.email as email", "member.role as role"
        ])
        .where("session.id", "=", sessionId)
        .where("session.expiresAt", ">", new Date(now))
        .orderBy(chosen, "desc")
        .orderBy("member.createdAt").orderBy("member.id")
        .limit(1).execute()
    )
    return membership(rows[0])
  }),
  /** A person's membership in one organization. */
  of: Effect.fnUntraced(function*(organizationId: Id.OrganizationId, personId: Id.PersonId) {
    const rows = yield* reach(() =>
      database.selectFrom("member")
        .innerJoin("user", "user.id", "member.userId")
        .innerJoin("organization", "organization.id", "member.organizationId")
        .select([
          "organization.id as organizationId", "organization.name as organizationName", "user.id as personId",
          "user.name as name", "user.email as email", "member.role as role"
        ])
        .where("member.organizationId", "=", organizationId).where("member.userId", "=", personId)
        .limit(1).execute()
    )
    return membership(rows[0])
  })
})

interface Row {
  readonly organizationId: string
  readonly organizationName: string
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly role: string
}

const membership = (row: Row | undefined): Membership | undefined => {
  const role = row === undefined ? undefined : roleOf(row.role)
  if (row === undefined || role === undefined) return undefined
  return {
    ...row,
    role,
    // Written only by `newId` and by seeds, hence in these formats.
    organizationId: row.organizationId as Id.OrganizationId,
    personId: row.personId as Id.PersonId
  }
}
