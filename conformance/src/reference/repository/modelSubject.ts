import { Id } from "@portolan/domain"
import type { DataSink } from "@portolan/ports"
import { Effect } from "effect"
import type { RepositoryInstance, Services } from "../../laws/repository/RepositoryInstance.ts"
import type { Subject } from "../../Subject.ts"
import * as MemoryBackend from "./MemoryBackend.ts"
import * as ModelSink from "./ModelSink.ts"
import type { Model } from "./listing.ts"
import * as ModelRepository from "./ModelRepository.ts"
import { faultPoints, type FaultPoints } from "./faultPoints.ts"
import { plant } from "./plant.ts"

/** Three identifiers that every case may use: model repositories share nothing. */
const organizations: RepositoryInstance["organizations"] = [
  Id.make("organization", 1, new Uint8Array(10).fill(1)),
  Id.make("organization", 2, new Uint8Array(10).fill(2)),
  Id.make("organization", 3, new Uint8Array(10).fill(3))
]

/** How a mutant departs from the model. */
export interface Deviation {
  readonly faultPoints?: Partial<FaultPoints>
  /** Makes each set of services on the storage: one for the instance, one a client, one a reopening. */
  readonly wrap?: (services: Services, model: Model) => Services
  /** Makes the sink on the storage. */
  readonly sink?: (backend: MemoryBackend.MemoryBackend) => DataSink.DataSink["Service"]
}

const rowsOf = (backend: MemoryBackend.MemoryBackend): ReadonlyArray<string> =>
  [backend.rows, backend.tasks, backend.claims, backend.keys]
    .flatMap((table, index) => [...table].map(([key, value]) => `${index} ${key} ${JSON.stringify(value)}`))
    .concat([...backend.events.values()].flat().map((event) => JSON.stringify(event)))

const instance = (deviation: Deviation): RepositoryInstance => {
  const model: Model = { backend: MemoryBackend.make(), faultPoints: { ...faultPoints, ...deviation.faultPoints } }
  const { backend } = model
  const wrap = deviation.wrap ?? ((services: Services) => services)
  const open = () => wrap(ModelRepository.make(model), model)
  return {
    services: open(),
    organizations,
    probes: {
      clients: (count) => Effect.sync(() => Array.from({ length: count }, open)),
      reopen: () => Effect.sync(open),
      dump: () => Effect.sync(() => rowsOf(backend)),
      jobs: (organizationId) =>
        Effect.sync(() =>
          [...backend.tasks.values()].flatMap(({ job, waits }) =>
            waits && job.organizationId === organizationId ? [job] : []
          )
        ),
      plant: (record) => Effect.sync(() => plant(model, record)),
      outage: (count) => Effect.sync(() => void (backend.trap.away = count)),
      sink: (deviation.sink ?? ModelSink.make)(backend),
      crash: {
        arm: (call, side) => Effect.sync(() => void Object.assign(backend.trap, { call, side, struck: false })),
        disarm: () =>
          Effect.sync(() => {
            const { struck } = backend.trap
            Object.assign(backend.trap, { call: 0, struck: false })
            return struck
          })
      }
    }
  }
}

/** Makes the model repository, or one that departs from it, a subject. */
export const modelSubject = (name: string, deviation: Deviation = {}): Subject<RepositoryInstance> => ({
  name,
  version: "1",
  place: "in-process",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(Effect.sync(() => instance(deviation)))
})
