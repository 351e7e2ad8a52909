/** What an installation of an earlier version kept is read by this one as if it had been written by it. */
import { describe, expect, it } from "@effect/vitest"
import { Aggregate, type Id, Machine } from "@portolan/domain"
import { Repository, EventLog } from "@portolan/ports"
import { DateTime, Effect, Redacted } from "effect"
import { asSuperuser, freshDatabase, plainOwner } from "./support/databases.ts"
import { asTenant, install } from "./support/older.ts"
import { client } from "./support/subjects.ts"
import { CA, id, insert, rowsOf, US, wild } from "./support/version0003.ts"

const looksRight = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, n: number) {
  const store = yield* Repository.Repository
  const log = yield* EventLog.EventLog
  const page = { limit: 100 }
  const { items } = yield* store.connections(organizationId, {}, page)
  expect(new Map(items.map((each) => [each.id, each.marketplaceId]))).toEqual(
    new Map([
      [id("connection", 10 * n), US],
      [id("connection", 10 * n + 1), US],
      [id("connection", 10 * n + 2), CA],
      [id("connection", 10 * n + 3), US]
    ])
  )
  const idsOf = (filter: Repository.ConnectionFilter) =>
    Effect.map(store.connections(organizationId, filter, page), (found) => found.items.map((each) => each.id))
  expect(
    yield* idsOf({
      marketplaceId: items.find((each) => each.marketplaceId !== US)?.marketplaceId ?? items[0]!.marketplaceId
    })
  ).toEqual([id("connection", 10 * n + 2)])
  expect(yield* idsOf({ expiresBefore: DateTime.makeUnsafe("2027-05-01T10:00:00.001Z") })).toEqual([
    id("connection", 10 * n + 1)
  ])
  expect(yield* idsOf({ expiresBefore: DateTime.makeUnsafe("2027-05-01T10:00:00.000Z") })).toEqual([])

  // The history leads to the state that was carried over.
  const events = (yield* log.after(organizationId, 0, 100)).filter(
    ({ aggregate }) => aggregate.id === id("connection", 10 * n + 1)
  )
  const { evolve, initial } = Aggregate.machine("connection")
  const replayed = Machine.fold(evolve)(
    initial,
    events.map(({ event }) => event as Aggregate.Types["connection"]["event"])
  )
  expect(replayed).toEqual((yield* store.find("connection", organizationId, id("connection", 10 * n + 1))).state)
  expect(events.some(({ event }) => event._tag === "Renewed" && !event.keepsReplaced)).toBe(true)
  expect((yield* log.all(organizationId, { actor: "Person", kinds: ["invitation"] }, page)).items).toHaveLength(1)
  expect((yield* log.all(organizationId, { actor: "System" }, page)).items).toHaveLength(0)

  const links = (yield* store.invitations(organizationId, { accountIds: [id("account", n)], requests: false }, page))
    .items
  expect(links.map((each) => (each._tag === "Open" ? each.mails : each._tag)).toSorted()).toEqual([0, "Revoked"])
  expect((yield* store.invitations(organizationId, { requests: true }, page)).items).toHaveLength(0)
  expect((yield* store.authorizations(organizationId, { accountIds: [id("account", n)] }, page)).items).toHaveLength(1)
  const grants = (yield* store.grants(organizationId, { channel: "amazon-sp", region: "NA", states: ["Active"] }, page))
    .items
  expect(grants).toMatchObject([{ id: id("grant", n), grantor: wild }])
  const reached = yield* store.accessibleAccounts(organizationId, {
    _tag: "Limited",
    companies: [],
    accounts: [],
    brands: [{ id: id("brand", n + 1), right: "read" }]
  })
  expect(reached).toEqual([
    { id: id("account", n), companyId: id("company", n), brandIds: [id("brand", n), id("brand", n + 1)] }
  ])
  expect((yield* store.accounts(organizationId, {}, page)).items).toHaveLength(1)
})

/** Fills a database of version 0003 with two tenants. */
const installTenants = (address: string) =>
  install(address, "0003_kept_mails", async (db) => {
    for (const [index, organizationId] of tenants.entries()) {
      await asTenant(db, organizationId, (trx) => insert(trx, organizationId, rowsOf(organizationId, index + 1)))
    }
  })

const tenants = [id("organization", 1), id("organization", 2)] as const

describe("an older installation", () => {
  it.live("is carried over by a superuser", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      yield* installTenants(Redacted.value(url))
      const here = yield* client(url)
      yield* here(looksRight(tenants[0], 1))
      yield* here(looksRight(tenants[1], 2))
    })
  )

  it.live("is carried over by an owner whom row level security binds, and binds again afterwards", () =>
    Effect.gen(function* () {
      const database = yield* freshDatabase
      const plain = yield* plainOwner(database)
      yield* installTenants(Redacted.value(plain))
      yield* Effect.scoped(
        Effect.gen(function* () {
          const here = yield* client(plain)
          yield* here(looksRight(tenants[0], 1))
          yield* here(looksRight(tenants[1], 2))
        })
      )
      yield* asSuperuser(Redacted.value(database.url), async (admin) => {
        const open =
          await admin`select relname from pg_class where relnamespace = 'portolan'::regnamespace and relkind = 'r'
          and not (relrowsecurity and relforcerowsecurity) order by relname`
        expect(open.map((row) => row.relname)).toEqual(["migrations", "migrations_lock", "worker_notices", "workers"])
      })
    })
  )
})
