/** What the conformance suite needs to test the adapters in memory: `npm run conformance -- --subject memory`. */
import {
  defineSubjects,
  type RepositoryInstance,
  type Services,
  type Subject,
  type VaultInstance,
  type WorkersInstance
} from "@portolan/conformance"
import { Id } from "@portolan/domain"
import { Repository, DataSink, EventLog, TokenVault, UnitOfWork, Workers } from "@portolan/ports"
import { Context, Effect, HashMap, Layer, Option, Ref } from "effect"
import * as RepositoryMemory from "./src/RepositoryMemory.ts"
import * as DataSinkMemory from "./src/DataSinkMemory.ts"
import * as EventLogMemory from "./src/EventLogMemory.ts"
import * as Memory from "./src/Memory.ts"
import * as OlderRecords from "./src/OlderRecords.ts"
import * as TokenVaultMemory from "./src/TokenVaultMemory.ts"
import * as UnitOfWorkMemory from "./src/UnitOfWorkMemory.ts"
import * as WorkersMemory from "./src/WorkersMemory.ts"
import { providerApi } from "./test/support/providerSubject.ts"
import { dataSink, mailer, notifier, scheduler, secrets } from "./test/support/subjects.ts"

/** Every case has a world of its own, so all cases may use the same two organizations. */
const organizations: VaultInstance["organizations"] = [
  Id.make("organization", 1, new Uint8Array(10).fill(1)),
  Id.make("organization", 2, new Uint8Array(10).fill(2))
]

const makeVault = Effect.gen(function* () {
  const memory = yield* Layer.build(Memory.layer())
  const open = Effect.map(
    Effect.provideContext(Layer.build(Layer.fresh(TokenVaultMemory.layer)), memory),
    Context.get(TokenVault.TokenVault)
  )
  const vault = yield* open
  const instance: VaultInstance = {
    vault,
    features: vault.features,
    organizations,
    probes: { clients: (count) => Effect.all(Array.from({ length: count }, () => open)) }
  }
  return instance
})

const tokenVault: Subject<VaultInstance> = {
  name: "memory",
  version: "0.1.0",
  place: "in-process",
  manifest: {
    features: ["leases"],
    clock: "effect",
    attested: {
      dump: "nothing is at rest: a world in memory ends with its process",
      tamper: "nothing is at rest: there are no stored bytes to change",
      crash: "a step on the world is one assignment, and the world dies with the process"
    },
    notVerified: {
      keys: "nothing is sealed in memory, so there are no keys to change",
      outage: "the process cannot lose the connection to itself",
      restart: "a world in memory ends with its process"
    }
  },
  open: Effect.succeed(makeVault)
}

/** As above; the laws of the store ask for a third. */
const three: RepositoryInstance["organizations"] = [
  ...organizations,
  Id.make("organization", 3, new Uint8Array(10).fill(3))
]

const storesLayer = Layer.mergeAll(UnitOfWorkMemory.layer, RepositoryMemory.layer, EventLogMemory.layer)

/** Every row of the world, one line each. Followers, cursors and the running number of turns are no rows. */
const rows = ({ claims, tasks, tenants, waiting }: Memory.Contents): ReadonlyArray<string> => [
  ...[...tenants].flatMap(([organizationId, { aggregates, events, idempotentResource }]) => [
    ...[...aggregates].map((row) => JSON.stringify([organizationId, ...row])),
    ...events.map((event) => JSON.stringify(event)),
    ...[...idempotentResource].map((row) => JSON.stringify([organizationId, ...row]))
  ]),
  ...[...claims, ...tasks].map((row) => JSON.stringify(row)),
  ...[...waiting].map((id) => JSON.stringify(id))
]

const makeStore = Effect.gen(function* () {
  const memory = yield* Layer.build(Memory.layer())
  const world = Context.get(memory, Memory.Memory)
  const { contents } = world
  const open = Effect.map(
    Effect.provideContext(Layer.build(Layer.fresh(storesLayer)), memory),
    (services): Services => ({
      unitOfWork: Context.get(services, UnitOfWork.UnitOfWork),
      repository: Context.get(services, Repository.Repository),
      log: Context.get(services, EventLog.EventLog)
    })
  )
  const instance: RepositoryInstance = {
    services: yield* open,
    organizations: three,
    probes: {
      clients: (count) => Effect.all(Array.from({ length: count }, () => open)),
      dump: () => Effect.map(Ref.get(contents), rows),
      plant: (record) => OlderRecords.replace(world, record),
      sink: yield* Effect.map(
        Effect.provideContext(Layer.build(Layer.fresh(DataSinkMemory.layer)), memory),
        Context.get(DataSink.DataSink)
      ),
      jobs: (organizationId) =>
        Effect.map(Ref.get(contents), ({ tasks, waiting }) =>
          [...waiting].flatMap((id) => {
            const task = Option.getOrUndefined(HashMap.get(tasks, id))
            return task?.job.organizationId === organizationId ? [task.job] : []
          })
        )
    }
  }
  return instance
})

const repository: Subject<RepositoryInstance> = {
  name: "memory",
  version: "0.1.0",
  place: "in-process",
  manifest: {
    features: [],
    clock: "effect",
    attested: { crash: "a step on the world is one assignment, and the world dies with the process" },
    notVerified: {
      restart: "a world in memory ends with its process",
      outage: "the process cannot lose the connection to itself"
    }
  },
  open: Effect.succeed(makeStore)
}

const makeWorkers = Effect.gen(function* () {
  const memory = yield* Layer.build(Memory.layer())
  const open = Effect.map(
    Effect.provideContext(Layer.build(Layer.fresh(WorkersMemory.layer)), memory),
    Context.get(Workers.Workers)
  )
  const instance: WorkersInstance = {
    workers: yield* open,
    probes: { clients: (count) => Effect.all(Array.from({ length: count }, () => open)) }
  }
  return instance
})

const workers: Subject<WorkersInstance> = {
  name: "memory",
  version: "0.1.0",
  place: "in-process",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(makeWorkers)
}

export default defineSubjects({
  tokenVault,
  repository,
  workers,
  providerApi,
  scheduler,
  secrets,
  dataSink,
  mailer,
  notifier
})
