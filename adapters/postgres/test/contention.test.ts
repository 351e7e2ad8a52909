/** Eight workers on the windows of one load: they contend for one row, and none of them may fail over it. */
import { describe, expect, it } from "@effect/vitest"
import { Access, type Id, type Marketplace, type Profile } from "@portolan/domain"
import { MemoryAdapters, ProviderScript } from "@portolan/memory"
import {
  Accounts,
  Companies,
  Connecting,
  Connections,
  useCases,
  DataSink,
  Deployment,
  PendingAuthorizations,
  Scheduler,
  Secrets,
  UnitOfWork,
  JobHandlers
} from "@portolan/ports"
import { Effect, Layer, Redacted, Ref } from "effect"
import { Database, PostgresAdapters } from "../src/index.ts"
import { freshDatabase } from "./support/databases.ts"
import { options, secrets } from "./support/subjects.ts"

const US = "ATVPDKIKX0DER" as Marketplace.MarketplaceId
const profile: Profile.Key = {
  channel: "amazon-sp",
  region: "NA",
  marketplaceId: US,
  externalId: "A1SELLER" as Profile.ExternalId
}

/** Connects a seller and carries its first load out; gives the conflicts, the failures and the rows. */
const load = Effect.gen(function* () {
  const { id } = yield* Secrets.Secrets
  const by: Access.Caller = {
    organizationId: yield* id("organization"),
    role: "admin",
    accessScope: Access.everything,
    actor: { _tag: "Person", personId: yield* id("person"), name: "Ada" }
  }
  const { company } = yield* (yield* Companies.Companies).add(by, { name: "Harbour Goods", brand: "Harbour" })
  const account = yield* (yield* Accounts.Accounts).create(by, {
    companyId: company.id,
    name: "Harbour US",
    accountType: "seller",
    marketplaces: [US]
  })
  const connections = yield* Connections.Connections
  const { items } = yield* connections.list(by, { accountId: account.id }, { limit: 10 })
  const connectionId =
    items.find(({ connection }) => connection.channel === "amazon-sp")?.connection.id ?? ("" as Id.ConnectionId)
  yield* (yield* ProviderScript.ProviderScript).consents("code", {
    channel: "amazon-sp",
    region: "NA",
    grantor: "A1SELLER",
    candidates: [ProviderScript.candidate(profile)]
  })
  const connecting = yield* Connecting.Connecting
  const departure = yield* connecting.authenticateNow(by, connectionId)
  const state = departure.url.searchParams.get("state") ?? ""
  yield* connecting.receive("amazon-sp", new URLSearchParams({ code: "code", state }), departure.browser)
  yield* (yield* PendingAuthorizations.PendingAuthorizations).select(by, departure.authorizationId, {
    key: profile,
    confirmed: true
  })

  const outcomes: Array<string> = []
  const { handle } = yield* JobHandlers.JobHandlers
  yield* (yield* Scheduler.Scheduler).consume(
    (due) => Effect.tap(handle(due), (outcome) => Effect.sync(() => outcomes.push(outcome._tag))),
    { concurrency: 8 }
  )
  const began = Date.now()
  const done = Effect.map(connections.view(by, connectionId), ({ backfill }) => backfill?.state._tag === "Complete")
  yield* Effect.repeat(Effect.andThen(Effect.sleep("50 millis"), done), { until: (is) => is })
  const rows = yield* (yield* DataSink.DataSink).count(by.organizationId, connectionId)
  return { outcomes, rows, seconds: (Date.now() - began) / 1_000 }
})

const world = <E>(database: Layer.Layer<Database.Database, E>, conflicts: Ref.Ref<number>) =>
  useCases.pipe(
    Layer.provideMerge(
      Layer.effect(
        UnitOfWork.UnitOfWork,
        Effect.map(UnitOfWork.UnitOfWork, (unit) => ({
          ...unit,
          commit: (change: UnitOfWork.Change) =>
            Effect.tapError(unit.commit(change), (error) =>
              error._tag === "VersionConflict" ? Ref.update(conflicts, (count) => count + 1) : Effect.void
            )
        }))
      )
    ),
    Layer.provideMerge(Layer.mergeAll(PostgresAdapters.layer(options), secrets)),
    Layer.provideMerge(
      Layer.merge(
        MemoryAdapters.layer(),
        Layer.succeed(Deployment.Deployment, { origin: "https://portolan.example.com" })
      )
    ),
    Layer.provideMerge(database)
  )

const check = Effect.fnUntraced(function* <E>(database: Layer.Layer<Database.Database, E>) {
  const conflicts = yield* Ref.make(0)
  const { outcomes, rows, seconds } = yield* Effect.provide(Effect.scoped(load), world(database, conflicts))
  expect(rows.get("sales")).toBe(730)
  expect(outcomes.filter((outcome) => outcome === "Failed" || outcome === "DeadLettered")).toEqual([])
  return { conflicts: yield* Ref.get(conflicts), seconds }
})

describe("eight workers on one load", () => {
  it.live("never fail over each other on a server, with two connections between them", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { url } = yield* freshDatabase
        const { conflicts, seconds } = yield* check(
          Database.layerPostgres({ url: Redacted.make(Redacted.value(url)), poolSize: 2 })
        )
        yield* Effect.logInfo(`${conflicts} conflicts, ${seconds} s`)
      })
    )
  )

  it.live("never fail over each other on the embedded database", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { conflicts, seconds } = yield* check(Database.layerPGlite())
        yield* Effect.logInfo(`${conflicts} conflicts, ${seconds} s`)
      })
    )
  )
})
