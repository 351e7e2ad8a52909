/**
 * Puts an organization and its people into the directory: for the demo world, for tests, and for the first owner of a
 * new installation. Sign-up by the people themselves comes with verification and invitations.
 */
import { type Access, type Id, Text } from "@portolan/domain"
import type { Identity } from "@portolan/ports"
import { Clock, Context, Effect, Redacted } from "effect"
import { newId, passwordMaxLength } from "./createAuth.ts"
import { reach } from "./reach.ts"
import type { Database } from "./Tables.ts"

/** A person to put into the directory. */
export interface Person {
  readonly name: string
  /** Compared without case. Invented people have addresses under example.com (RFC 2606 section 3). */
  readonly email: string
  readonly password: Redacted.Redacted<string>
  readonly role: Access.Role
}

/** An organization with its people. */
export interface Seed {
  /** Found by `id` when given, else by the name it was seeded with. */
  readonly organization: { readonly id?: Id.OrganizationId; readonly name: string }
  /** At most one of them the owner (rule C13). */
  readonly people: ReadonlyArray<Person>
}

/** Puts organizations and people into the directory. */
export class IdentitySeed extends Context.Service<IdentitySeed, {
  /**
   * Makes what is missing and leaves alone what exists: passwords, names and roles that were changed since stay. May
   * run twice, from two processes, or again after stopping half-way. Dies on two owners or an impossible password.
   */
  readonly ensure: (seed: Seed) => Effect.Effect<Id.OrganizationId, Identity.IdentityUnavailable>
}>()("@portolan/identity/IdentitySeed") {}

/** Makes what is missing of an organization and its people; gives the organization's id. */
export const ensure = (
  seed: Seed
): Effect.Effect<Id.OrganizationId, Identity.IdentityUnavailable, IdentitySeed> =>
  Effect.flatMap(IdentitySeed, (service) => service.ensure(seed))

/** The database is qualified with schema `identity`. */
export const make = (
  database: Database,
  hash: (password: string) => Effect.Effect<string, Identity.IdentityUnavailable>
): IdentitySeed["Service"] => {
  // Every step may already have been taken by somebody else: insert unless there, then read what is there.
  const ensureOrganization = Effect.fnUntraced(function*(wanted: Seed["organization"], now: Date) {
    const slug = wanted.id ?? `name:${Text.folded(wanted.name)}`
    yield* reach(() =>
      database.insertInto("organization")
        .values({ id: wanted.id ?? newId("organization"), name: wanted.name, slug, createdAt: now })
        .onConflict((conflict) => conflict.doNothing()).execute()
    )
    const row = yield* reach(() =>
      database.selectFrom("organization").select("id")
        .where(wanted.id === undefined ? "slug" : "id", "=", slug).executeTakeFirstOrThrow()
    )
    return row.id as Id.OrganizationId
  })

  const ensurePerson = Effect.fnUntraced(function*(person: Person, organizationId: Id.OrganizationId, now: Date) {
    const email = person.email.trim().toLowerCase()
    yield* reach(() =>
      database.insertInto("user")
        .values({ id: newId("user"), name: person.name, email, emailVerified: true, createdAt: now, updatedAt: now })
        .onConflict((conflict) => conflict.doNothing()).execute()
    )
    const { id: userId } = yield* reach(() =>
      database.selectFrom("user").select("id").where("email", "=", email).executeTakeFirstOrThrow()
    )
    const account = yield* reach(() =>
      database.selectFrom("account").select("id")
        .where("providerId", "=", "credential").where("accountId", "=", userId).executeTakeFirst()
    )
    if (account === undefined) {
      const password = yield* hash(Redacted.value(person.password))
      yield* reach(() =>
        database.insertInto("account").values({
          id: newId("account"), accountId: userId, providerId: "credential", userId, password, createdAt: now,
          updatedAt: now
        }).onConflict((conflict) => conflict.doNothing()).execute()
      )
    }
    yield* reach(() =>
      database.insertInto("member")
        .values({ id: newId("member"), organizationId, userId, role: person.role, createdAt: now })
        .onConflict((conflict) => conflict.doNothing()).execute()
    )
  })

  return IdentitySeed.of({
    ensure: Effect.fn("IdentitySeed.ensure")(function*(seed) {
      if (seed.people.filter((person) => person.role === "owner").length > 1) {
        return yield* Effect.die(new Error("An organization has one owner; the seed names more."))
      }
      for (const { password } of seed.people) {
        const length = Redacted.value(password).length
        if (length === 0 || length > passwordMaxLength) {
          return yield* Effect.die(new Error(`A password of the seed has not 1 to ${passwordMaxLength} characters.`))
        }
      }
      const now = new Date(yield* Clock.currentTimeMillis)
      const organizationId = yield* ensureOrganization(seed.organization, now)
      for (const person of seed.people) yield* ensurePerson(person, organizationId, now)
      return organizationId
    })
  })
}
