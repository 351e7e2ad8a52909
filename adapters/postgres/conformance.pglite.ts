/** What the conformance suite needs to test the adapters on PGlite: `npm run conformance -- --subject pglite`. */
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
import * as Faults from "./test/support/Faults.ts"
import { makeMailer, makeScheduler, makeSink } from "./test/support/smallSubjects.ts"
import { makeStores } from "./test/support/storeSubject.ts"
import { secrets } from "./test/support/subjects.ts"
import { makeVault } from "./test/support/vaultSubject.ts"
import { makeWorkers } from "./test/support/workersSubject.ts"

/** One embedded database for the run. Clients share its one connection; what each keeps in process is its own. */
const context = Effect.gen(function* () {
  const faults = Faults.make()
  const layer = Layer.provide(Store.layer, Database.layerPGlite({ wrap: faults.wrap }))
  const services = yield* Layer.build(Layer.fresh(layer))
  return { faults, store: Context.get(services, Store.Store) }
})

const several =
  <A>(one: A) =>
  (count: number) =>
    Effect.succeed(Array.from({ length: count }, () => one))

const notVerified = { overlap: "an embedded database has one connection; its clients never overlap" }

const tokenVault: Subject<VaultInstance> = {
  name: "pglite",
  version: "0.1.0",
  place: "outside",
  manifest: { features: ["leases", "durable", "rollback-protection"], clock: "store", notVerified },
  open: Effect.map(context, ({ faults, store }) =>
    Effect.provide(makeVault({ faults, clients: several(store) }), secrets)
  )
}

const repository: Subject<RepositoryInstance> = {
  name: "pglite",
  version: "0.1.0",
  place: "outside",
  manifest: { features: [], clock: "store", notVerified },
  open: Effect.map(context, ({ faults, store }) =>
    Effect.provide(makeStores({ faults, clients: several({ store }) }), secrets)
  )
}

const workers: Subject<WorkersInstance> = {
  name: "pglite",
  version: "0.1.0",
  place: "outside",
  manifest: { features: [], clock: "store", notVerified },
  open: Effect.map(context, ({ store }) => makeWorkers(several(store)))
}

const scheduler: Subject<SchedulerInstance> = {
  name: "pglite",
  version: "0.1.0",
  place: "outside",
  manifest: { features: [], clock: "store", notVerified },
  open: Effect.map(context, ({ faults, store }) =>
    Effect.provide(makeScheduler({ faults, clients: several(store) }), secrets)
  )
}

const dataSink: Subject<SinkInstance> = {
  name: "pglite",
  version: "0.1.0",
  place: "outside",
  manifest: { features: [], clock: "store", notVerified },
  open: Effect.map(context, ({ faults, store }) =>
    Effect.provide(makeSink({ faults, clients: several(store) }), secrets)
  )
}

const mailer: Subject<MailerInstance> = {
  name: "pglite",
  version: "0.1.0",
  place: "outside",
  manifest: { features: ["keeps"], clock: "effect", notVerified },
  open: Effect.map(context, ({ faults, store }) =>
    Effect.provide(makeMailer({ faults, clients: several(store) }), secrets)
  )
}

export default defineSubjects({ tokenVault, repository, workers, scheduler, dataSink, mailer })
