/** Sinks that are wrong on purpose: SINK-01 to 06. */
import { DataSink } from "@portolan/ports"
import { Effect } from "effect"
import type { LandedRow, SinkInstance, SinkService } from "../../laws/sink/SinkInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import type { Degenerate } from "../../Port.ts"
import { countsOf, type Model, modelSubject, nameOf, placeOf, put, rowsOf } from "../../reference/sink/modelSubject.ts"
import { type Deviation, mutantsOf } from "../mutantsOf.ts"

type Wrong = Deviation<SinkService, Model>

const landing = (name: (row: LandedRow) => string) => (_: SinkService, model: Model) => ({
  land: ((each) =>
    model.access(() =>
      put(model, placeOf(each.organizationId, each.connectionId), rowsOf(each), name)
    )) satisfies SinkService["land"]
})

const byKey: ReadonlyArray<Wrong> = [
  {
    id: "sink-profiles-mix",
    law: "SINK-01",
    defect: "Finds rows without the profile: those of two profiles are one.",
    change: landing(({ dataClass, key }) => JSON.stringify([dataClass, key]))
  },
  {
    id: "sink-classes-mix",
    law: "SINK-01",
    defect: "Finds rows without the class of data.",
    change: landing(({ key, profile }) => JSON.stringify([profile.externalId, key]))
  },
  {
    id: "sink-folds-keys",
    law: "SINK-01",
    defect: "Compares keys without regard to capitals and spaces around them.",
    change: landing((row) => nameOf({ ...row, key: row.key.trim().toLowerCase() }))
  },
  {
    id: "sink-appends",
    law: "SINK-01",
    defect: "Appends rows that are there already.",
    change: (_, model) => ({
      land: (each) =>
        model.access(() => {
          const place = placeOf(each.organizationId, each.connectionId)
          const before = model.landed.get(place)?.size ?? 0
          put(
            model,
            place,
            rowsOf(each).map((row) => row),
            (row) => `${nameOf(row)} ${before}`
          )
        })
    })
  },
  {
    id: "sink-replaces-connection",
    law: "SINK-01",
    defect: "Replaces all rows of the connection by those of the landing.",
    change: (_, model) => ({
      land: (each) =>
        model.access(() => {
          const place = placeOf(each.organizationId, each.connectionId)
          model.landed.delete(place)
          put(model, place, rowsOf(each))
        })
    })
  }
]

const byValue: ReadonlyArray<Wrong> = [
  {
    id: "sink-first-value",
    law: "SINK-02",
    defect: "Keeps the value that landed first.",
    change: (_, model) => ({
      land: (each) =>
        model.access(() => {
          const place = placeOf(each.organizationId, each.connectionId)
          const own = model.landed.get(place) ?? new Map<string, LandedRow>()
          put(
            model,
            place,
            rowsOf(each).filter((row) => !own.has(nameOf(row)))
          )
        })
    })
  },
  {
    id: "sink-rounds-digits",
    law: "SINK-02",
    defect: "Reads text that looks like a number as a number.",
    change: (sink) => ({
      land: (each) =>
        sink.land({
          ...each,
          rows: each.rows.map((row) => ({
            ...row,
            data: Object.fromEntries(
              Object.entries(row.data).map(([name, value]) =>
                typeof value === "string" && /^[\d.]+$/.test(value) ? [name, String(Number(value))] : [name, value]
              )
            )
          }))
        })
    })
  }
]

const lookThenWrite: Wrong = {
  id: "sink-writes-all-back",
  law: "SINK-03",
  defect: "Reads the rows of a connection, adds those of the landing, and writes all back.",
  change: (_, model) => ({
    land: (each) =>
      Effect.gen(function* () {
        const place = placeOf(each.organizationId, each.connectionId)
        const own = new Map(model.landed.get(place))
        yield* Effect.yieldNow
        for (const row of rowsOf(each)) own.set(nameOf(row), row)
        model.landed.set(place, own)
      })
  })
}

const erasing: ReadonlyArray<Wrong> = [
  {
    id: "sink-erase-one-class",
    law: "SINK-04",
    defect: "Erases advertising, and leaves other classes.",
    change: (_, model) => ({
      erase: (organizationId, connectionId) =>
        model.access(() => {
          const own = model.landed.get(placeOf(organizationId, connectionId)) ?? new Map<string, LandedRow>()
          const gone = [...own].filter(([, { dataClass }]) => dataClass === "advertising")
          for (const [name] of gone) own.delete(name)
          return gone.length
        })
    })
  },
  {
    id: "sink-erase-organization",
    law: "SINK-04",
    defect: "Erases the rows of every connection of the organization.",
    change: (sink, model) => ({
      erase: (organizationId, connectionId) =>
        Effect.tap(sink.erase(organizationId, connectionId), () =>
          model.access(() => {
            for (const place of model.landed.keys()) if (place.includes(organizationId)) model.landed.delete(place)
          })
        )
    })
  },
  {
    id: "sink-erase-counts-classes",
    law: "SINK-04",
    defect: "Says how many classes of data were erased instead of how many rows.",
    change: (sink, model) => ({
      erase: (organizationId, connectionId) =>
        Effect.suspend(() => {
          const own = model.landed.get(placeOf(organizationId, connectionId))
          return Effect.as(sink.erase(organizationId, connectionId), countsOf(own?.values() ?? []).size)
        })
    })
  }
]

const away: ReadonlyArray<Wrong> = [
  {
    id: "sink-outage-is-none",
    law: "SINK-05",
    defect: "Counts no rows while the storage is away.",
    change: (sink) => ({
      count: (organizationId, connectionId) =>
        Effect.catch(sink.count(organizationId, connectionId), () => Effect.succeed(new Map()))
    })
  },
  {
    id: "sink-outage-is-landed",
    law: "SINK-05",
    defect: "Acknowledges a landing that the storage did not take.",
    change: (sink) => ({ land: (each) => Effect.ignore(sink.land(each)) })
  },
  {
    id: "sink-lands-by-half",
    law: "SINK-05",
    defect: "Lands the first row by itself, and says that all failed when the others do.",
    change: (sink, model) => ({
      land: (each) =>
        Effect.gen(function* () {
          if (model.away > 0) {
            const [first] = rowsOf(each)
            if (first !== undefined) put(model, placeOf(each.organizationId, each.connectionId), [first])
          }
          yield* sink.land(each)
        })
    })
  }
]

const inTwoSteps: Wrong = {
  id: "sink-lands-row-by-row",
  law: "SINK-06",
  defect: "Lands rows one after the other: an erasure comes in between.",
  change: (sink) => ({
    land: (each) =>
      Effect.forEach(each.rows, (row) => Effect.andThen(Effect.yieldNow, sink.land({ ...each, rows: [row] })), {
        discard: true
      })
  })
}

/** All mutants of the sink. */
export const mutants: ReadonlyArray<Mutant<SinkInstance>> = mutantsOf<SinkInstance, SinkService, Model>(modelSubject)([
  ...byKey,
  ...byValue,
  lookThenWrite,
  ...erasing,
  ...away,
  inTwoSteps
])

const closed = () => Effect.fail(new DataSink.SinkUnavailable({ cause: "always" }))

/** Sinks that no one could call correct. */
export const degenerates: ReadonlyArray<Degenerate<SinkInstance>> = [
  {
    subject: modelSubject("idle sink", () => ({
      land: () => Effect.void,
      count: () => Effect.succeed(new Map()),
      erase: () => Effect.succeed(0)
    })),
    passes: {}
  },
  { subject: modelSubject("failing sink", () => ({ land: closed, count: closed, erase: closed })), passes: {} }
]
