import { Id } from "@portolan/domain"
import type { DataSink } from "@portolan/ports"
import { Effect } from "effect"
import type { StoreInstance, Stores } from "../../laws/store/StoreInstance.ts"
import type { Subject } from "../../Subject.ts"
import * as Ledger from "./Ledger.ts"
import * as ModelSink from "./ModelSink.ts"
import * as ModelStore from "./ModelStore.ts"
import { seams, type Seams } from "./seams.ts"

/** Three identifiers that every case may use: model stores share nothing. */
const organizations: StoreInstance["organizations"] = [
  Id.make("organization", 1, new Uint8Array(10).fill(1)),
  Id.make("organization", 2, new Uint8Array(10).fill(2)),
  Id.make("organization", 3, new Uint8Array(10).fill(3))
]

/** How a mutant departs from the model. */
export interface Departure {
  readonly seams?: Partial<Seams>
  /** Makes each set of services on the storage: one for the instance, one a client, one a reopening. */
  readonly wrap?: (stores: Stores, parts: ModelStore.Parts) => Stores
  /** Makes the sink on the storage. */
  readonly sink?: (ledger: Ledger.Ledger) => DataSink.DataSink["Service"]
}

const rowsOf = (ledger: Ledger.Ledger): ReadonlyArray<string> =>
  [ledger.rows, ledger.tasks, ledger.claims, ledger.keys]
    .flatMap((table, index) => [...table].map(([key, value]) => `${index} ${key} ${JSON.stringify(value)}`))
    .concat([...ledger.events.values()].flat().map((event) => JSON.stringify(event)))

const instance = (departure: Departure): StoreInstance => {
  const parts: ModelStore.Parts = { ledger: Ledger.make(), seams: { ...seams, ...departure.seams } }
  const { ledger } = parts
  const wrap = departure.wrap ?? ((stores: Stores) => stores)
  const open = () => wrap(ModelStore.make(parts), parts)
  return {
    stores: open(),
    organizations,
    probes: {
      clients: (count) => Effect.sync(() => Array.from({ length: count }, open)),
      reopen: () => Effect.sync(open),
      dump: () => Effect.sync(() => rowsOf(ledger)),
      jobs: (organizationId) =>
        Effect.sync(() =>
          [...ledger.tasks.values()].flatMap(({ job, waits }) =>
            waits && job.organizationId === organizationId ? [job] : []
          )
        ),
      sink: (departure.sink ?? ModelSink.make)(ledger),
      crash: {
        arm: (call, side) => Effect.sync(() => void Object.assign(ledger.trap, { call, side, struck: false })),
        disarm: () =>
          Effect.sync(() => {
            const { struck } = ledger.trap
            Object.assign(ledger.trap, { call: 0, struck: false })
            return struck
          })
      }
    }
  }
}

/** Makes the model store, or one that departs from it, a subject. */
export const modelSubject = (name: string, departure: Departure = {}): Subject<StoreInstance> => ({
  name,
  version: "1",
  place: "in-process",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(Effect.sync(() => instance(departure)))
})
