/** What is there twice after the starts of a world: connections of one profile, and consents that nothing needs. */
import { Connection, Identity, Profile } from "@portolan/domain"
import { Connections, Grants, JobHandlers, PendingAuthorizations, Scheduler } from "@portolan/ports"
import { Effect } from "effect"
import type { Door } from "./door.ts"
import type { Tenant } from "./steps.ts"

const done = { _tag: "Done" } as const

/** A worker that ends the consents that were replaced, until the scope closes; loads have no part in this. */
const ending = Effect.gen(function* () {
  const { handle } = yield* JobHandlers.JobHandlers
  const scheduler = yield* Scheduler.Scheduler
  yield* scheduler.consume((due) => (due.job.task._tag === "EndGrant" ? handle(due) : Effect.succeed(done)), {
    concurrency: 8
  })
})

/** How often the worker is waited for, a moment each time, before a consent counts as left over. */
const looks = 60

const linkedOf = Effect.fnUntraced(function* ({ channel }: Door, { caller }: Tenant) {
  const { list } = yield* Connections.Connections
  const { items } = yield* list(caller, { channel }, { limit: 100 })
  return items.flatMap(({ connection }) => (Connection.isLinked(connection) ? [connection] : []))
})

/** Consents in use by no connection, and by no choice that waits. */
const idleGrants = Effect.fnUntraced(function* ({ caller }: Tenant) {
  const { items } = yield* (yield* Grants.Grants).list(caller, { states: ["Active"] }, { limit: 100 })
  const waiting = yield* (yield* PendingAuthorizations.PendingAuthorizations).list(caller, { limit: 100 })
  const needed = new Set(
    waiting.items.flatMap(({ authorization }) => ("grantId" in authorization ? [authorization.grantId] : []))
  )
  return items.filter(({ connections, grant }) => connections.length === 0 && !needed.has(grant.id)).length
})

const count = Effect.fnUntraced(function* (door: Door, tenants: ReadonlyArray<Tenant>) {
  const linked = yield* Effect.forEach(tenants, (tenant) => linkedOf(door, tenant))
  const own = linked.map(
    (list) => list.length - new Set(list.map(({ link }) => Profile.keyText(link.profile.key))).size
  )
  const proven = linked.flat().filter(({ link }) => Identity.isExclusive(link.identity))
  const shared = proven.length - new Set(proven.map(({ link }) => Profile.keyText(link.profile.key))).size
  const idle = yield* Effect.forEach(tenants, idleGrants)
  return [...own, shared, ...idle].reduce((sum, one) => sum + one, 0)
})

/** How many connections and consents are too many, once a worker has ended what was replaced. */
export const duplicates = Effect.fnUntraced(function* (door: Door, tenants: ReadonlyArray<Tenant>) {
  yield* ending
  let left = yield* count(door, tenants)
  for (let look = 0; look < looks && left > 0; look++) {
    yield* Effect.sleep("50 millis")
    left = yield* count(door, tenants)
  }
  return left
}, Effect.scoped)
