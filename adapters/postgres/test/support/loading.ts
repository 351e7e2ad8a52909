/** Connects sellers and leaves their first loads to whoever carries jobs out; the provider is scripted. */
import { Access, type Id, type Marketplace, type Profile } from "@portolan/domain"
import { MemoryAdapters, ProviderScript } from "@portolan/memory"
import {
  Accounts,
  Companies,
  Connecting,
  Connections,
  Deployment,
  JobHandlers,
  PendingAuthorizations,
  ProviderApi,
  type Scheduler,
  Secrets,
  UnitOfWork,
  useCases
} from "@portolan/ports"
import { Effect, Layer, Ref } from "effect"
import { type Database, PostgresAdapters } from "../../src/index.ts"
import { options, secrets } from "./subjects.ts"

const US = "ATVPDKIKX0DER" as Marketplace.MarketplaceId

/** Windows of one seller's first load: two years of sales, inventory and content. */
export const windowsOfSeller = 27

/** Members of an organization of their own. */
export const admin = Effect.gen(function* () {
  const { id } = yield* Secrets.Secrets
  return {
    organizationId: yield* id("organization"),
    role: "admin",
    accessScope: Access.everything,
    actor: { _tag: "Person", personId: yield* id("person"), name: "Ada" }
  } satisfies Access.Caller
})

/** Connects seller `n` of an organization and plans the first load. Gives the connection. */
export const connectSeller = Effect.fnUntraced(function* (by: Access.Caller, n: number) {
  const grantor = `A1SELLER${n}`
  const key: Profile.Key = {
    channel: "amazon-sp",
    region: "NA",
    marketplaceId: US,
    externalId: grantor as Profile.ExternalId
  }
  const brand = `Harbour ${n}`
  const { company } = yield* (yield* Companies.Companies).add(by, { name: `${brand} Goods`, brand })
  const account = yield* (yield* Accounts.Accounts).create(by, {
    companyId: company.id,
    name: `${brand} US`,
    accountType: "seller",
    marketplaces: [US]
  })
  const connections = yield* Connections.Connections
  const { items } = yield* connections.list(by, { accountId: account.id }, { limit: 10 })
  const connectionId =
    items.find(({ connection }) => connection.channel === "amazon-sp")?.connection.id ?? ("" as Id.ConnectionId)
  const code = `code ${grantor}`
  const candidates = [ProviderScript.candidate(key)]
  const consents = (yield* ProviderScript.ProviderScript).consents
  yield* consents(code, { channel: "amazon-sp", region: "NA", grantor, candidates })
  const connecting = yield* Connecting.Connecting
  const departure = yield* connecting.authenticateNow(by, connectionId)
  const state = departure.url.searchParams.get("state") ?? ""
  yield* connecting.receive("amazon-sp", new URLSearchParams({ code, state }), departure.browser)
  const pending = yield* PendingAuthorizations.PendingAuthorizations
  yield* pending.select(by, departure.authorizationId, { key, confirmed: true })
  return connectionId
})

/** Carries jobs out, and says of which kind each was and what came of it. */
export const carryOut = (hear: (task: string, outcome: string) => void) =>
  Effect.map(
    JobHandlers.JobHandlers,
    ({ handle }) =>
      (due: Scheduler.Due) =>
        Effect.tap(handle(due), (outcome) => Effect.sync(() => hear(due.job.task._tag, outcome._tag)))
  )

/** Whether every window of the first load of a connection is over, and the load complete. */
export const isLoaded = (by: Access.Caller, connectionId: Id.ConnectionId) =>
  Effect.flatMap(Connections.Connections, (connections) =>
    Effect.map(connections.view(by, connectionId), ({ backfill }) => backfill?.state._tag === "Complete")
  )

/** The use cases over a database; the provider answers a window after some milliseconds, and conflicts are counted. */
export const world = <E>(
  database: Layer.Layer<Database.Database, E>,
  { answerMillis = 0, conflicts }: { readonly conflicts: Ref.Ref<number>; readonly answerMillis?: number }
) =>
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
      Layer.effect(
        ProviderApi.ProviderApi,
        Effect.map(ProviderApi.ProviderApi, (api) => ({
          ...api,
          load: (access: ProviderApi.Access, request: ProviderApi.WindowRequest) =>
            Effect.andThen(answerMillis === 0 ? Effect.void : Effect.sleep(answerMillis), api.load(access, request))
        }))
      )
    ),
    Layer.provideMerge(
      Layer.merge(
        MemoryAdapters.layer(),
        Layer.succeed(Deployment.Deployment, { origin: "https://portolan.example.com" })
      )
    ),
    Layer.provideMerge(database)
  )
