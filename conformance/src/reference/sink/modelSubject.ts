/** A small correct sink: every law passes on it, and the mutants are made from it. */
import { type DataClass, Id, Profile } from "@portolan/domain"
import { DataSink } from "@portolan/ports"
import { Effect } from "effect"
import type { LandedRow, SinkInstance, SinkService } from "../../laws/sink/SinkInstance.ts"
import type { Subject } from "../../Subject.ts"

/** What the model keeps: rows by organization and connection, then by profile, class and key. */
export interface Model {
  readonly landed: Map<string, Map<string, LandedRow>>
  /** How many calls still find the storage away. */
  away: number
  /** Does one thing to the storage, all of it or nothing. */
  readonly access: <A>(work: () => A) => Effect.Effect<A, DataSink.SinkUnavailable>
}

/** Where the rows of a connection lie. */
export const placeOf = (organizationId: Id.OrganizationId, connectionId: Id.ConnectionId) =>
  JSON.stringify([organizationId, connectionId])

/** How a row is found among those of its connection. */
export const nameOf = ({ dataClass, key, profile }: LandedRow) =>
  JSON.stringify([Profile.keyText(profile), dataClass, key])

/** The rows of a landing, as they lie in the sink. */
export const rowsOf = ({ dataClass, profile, rows }: DataSink.Landing): ReadonlyArray<LandedRow> =>
  rows.map((row) => ({ ...row, profile, dataClass }))

/** How many rows there are of each class. */
export const countsOf = (rows: Iterable<LandedRow>): ReadonlyMap<DataClass.DataClass, number> => {
  const counts = new Map<DataClass.DataClass, number>()
  for (const { dataClass } of rows) counts.set(dataClass, (counts.get(dataClass) ?? 0) + 1)
  return counts
}

/** Puts rows where they belong. */
export const put = ({ landed }: Model, place: string, rows: ReadonlyArray<LandedRow>, name = nameOf) => {
  const own = landed.get(place) ?? new Map<string, LandedRow>()
  for (const row of rows) own.set(name(row), row)
  landed.set(place, own)
}

const make = (model: Model): SinkService => ({
  land: (landing) =>
    model.access(() => put(model, placeOf(landing.organizationId, landing.connectionId), rowsOf(landing))),
  count: (organizationId, connectionId) =>
    model.access(() => countsOf(model.landed.get(placeOf(organizationId, connectionId))?.values() ?? [])),
  erase: (organizationId, connectionId) =>
    model.access(() => {
      const place = placeOf(organizationId, connectionId)
      const rows = model.landed.get(place)?.size ?? 0
      model.landed.delete(place)
      return rows
    })
})

const makeModel = (): Model => {
  const model: Model = {
    landed: new Map(),
    away: 0,
    access: (work) =>
      Effect.suspend(() => {
        if (model.away === 0) return Effect.sync(work)
        model.away -= 1
        return Effect.fail(new DataSink.SinkUnavailable({ cause: "the model's storage is away" }))
      })
  }
  return model
}

const organization = (n: number) => Id.make("organization", n, new Uint8Array(Id.entropyBytes).fill(n))

/** Makes the model, or one that departs from it, a subject. */
export const modelSubject = (
  name: string,
  wrap: (sink: SinkService, model: Model) => SinkService = (sink) => sink
): Subject<SinkInstance> => ({
  name,
  version: "1",
  place: "in-process",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(
    Effect.sync((): SinkInstance => {
      const model = makeModel()
      const open = () => wrap(make(model), model)
      return {
        sink: open(),
        organizations: [organization(1), organization(2)],
        probes: {
          clients: (count) => Effect.sync(() => Array.from({ length: count }, open)),
          rows: (organizationId, connectionId) =>
            Effect.sync(() => [...(model.landed.get(placeOf(organizationId, connectionId))?.values() ?? [])]),
          outage: (count) => Effect.sync(() => void (model.away = count))
        }
      }
    })
  )
})
