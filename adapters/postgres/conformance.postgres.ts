/**
 * What the conformance suite needs to test the adapters on a real server: `npm run conformance -- --subject postgres`.
 * The server is the test run's, or one that is started for this run alone.
 */
import {
  defineSubjects,
  type MailerInstance,
  type RepositoryInstance,
  type SchedulerInstance,
  type SinkInstance,
  type Subject,
  type VaultInstance,
  type WorkersInstance
} from "@portolan/conformance"
import { Context, Effect, Layer } from "effect"
import { Database, Store } from "./src/index.ts"
import { freshDatabaseOn } from "./test/support/databases.ts"
import * as Embedded from "./test/support/embedded.ts"
import * as Faults from "./test/support/Faults.ts"
import { makeMailer, makeScheduler, makeSink } from "./test/support/smallSubjects.ts"
import { makeStores } from "./test/support/storeSubject.ts"
import { secrets } from "./test/support/subjects.ts"
import { makeVault } from "./test/support/vaultSubject.ts"
import { makeWorkers } from "./test/support/workersSubject.ts"

const server = Effect.suspend(() => {
  const known = process.env[Embedded.addressVariable]
  return known !== undefined
    ? Effect.succeed(known)
    : Effect.map(
        Effect.acquireRelease(
          Effect.promise(() => Embedded.start()),
          ({ stop }) => Effect.promise(stop)
        ),
        ({ url }) => url
      )
})

/**
 * A database for the run, and clients of it with pools of their own; the first one's statements can be told to fail.
 */
const context = Effect.gen(function* () {
  const { url } = yield* freshDatabaseOn(yield* server)
  const scope = yield* Effect.scope
  const faults = Faults.make()
  const connect = (wrap?: Faults.Faults["wrap"]) => {
    const database = Database.layerPostgres({ url, poolSize: 3, ...(wrap === undefined ? {} : { wrap }) })
    const layer = Layer.provide(Store.layer, database)
    return Effect.map(Layer.buildWithScope(Layer.fresh(layer), scope), (services) => ({
      store: Context.get(services, Store.Store)
    }))
  }
  const open = [yield* connect(faults.wrap)]
  return {
    faults,
    clients: (count: number) =>
      Effect.gen(function* () {
        while (open.length < count) open.push(yield* connect())
        return open.slice(0, count)
      })
  }
})

const stores = (clients: Effect.Success<typeof context>["clients"]) => (count: number) =>
  Effect.map(clients(count), (open) => open.map(({ store }) => store))

const tokenVault: Subject<VaultInstance> = {
  name: "postgres",
  version: "0.1.0",
  place: "outside",
  manifest: { features: ["leases", "durable", "rollback-protection"], clock: "store" },
  open: Effect.map(context, ({ clients, faults }) =>
    Effect.provide(makeVault({ faults, clients: stores(clients) }), secrets)
  )
}

const repository: Subject<RepositoryInstance> = {
  name: "postgres",
  version: "0.1.0",
  place: "outside",
  manifest: { features: [], clock: "store" },
  open: Effect.map(context, (shared) => Effect.provide(makeStores(shared), secrets))
}

const workers: Subject<WorkersInstance> = {
  name: "postgres",
  version: "0.1.0",
  place: "outside",
  manifest: { features: [], clock: "store" },
  open: Effect.map(context, ({ clients }) => makeWorkers(stores(clients)))
}

const scheduler: Subject<SchedulerInstance> = {
  name: "postgres",
  version: "0.1.0",
  place: "outside",
  manifest: { features: [], clock: "store" },
  open: Effect.map(context, ({ clients, faults }) =>
    Effect.provide(makeScheduler({ faults, clients: stores(clients) }), secrets)
  )
}

const dataSink: Subject<SinkInstance> = {
  name: "postgres",
  version: "0.1.0",
  place: "outside",
  manifest: { features: [], clock: "store" },
  open: Effect.map(context, ({ clients, faults }) =>
    Effect.provide(makeSink({ faults, clients: stores(clients) }), secrets)
  )
}

const mailer: Subject<MailerInstance> = {
  name: "postgres",
  version: "0.1.0",
  place: "outside",
  manifest: { features: ["keeps"], clock: "effect" },
  open: Effect.map(context, ({ clients, faults }) =>
    Effect.provide(makeMailer({ faults, clients: stores(clients) }), secrets)
  )
}

export default defineSubjects({ tokenVault, repository, workers, scheduler, dataSink, mailer })
