/** Lands rows in the world in memory, by key. */
import { Profile } from "@portolan/domain"
import { DataSink } from "@portolan/ports"
import { Effect, HashMap, Layer, Option } from "effect"
import { type Landed, Memory, read, tenant, withTenant, write } from "./Memory.ts"

/** Lands in `Memory`. */
export const layer: Layer.Layer<DataSink.DataSink, never, Memory> = Layer.effect(
  DataSink.DataSink,
  Effect.gen(function* () {
    const memory = yield* Memory
    return DataSink.DataSink.of({
      land: ({ connectionId, dataClass, organizationId, profile, rows }) =>
        write(memory, (contents) => {
          const own = tenant(contents, organizationId)
          const classes = Option.getOrElse(HashMap.get(own.landed, connectionId), () => HashMap.empty())
          const before: Landed = Option.getOrElse(HashMap.get(classes, dataClass), () => HashMap.empty())
          const after = rows.reduce(
            (all, row) => HashMap.set(all, `${Profile.keyText(profile)} ${row.key}`, row),
            before
          )
          return [
            undefined,
            withTenant(contents, organizationId, {
              ...own,
              landed: HashMap.set(own.landed, connectionId, HashMap.set(classes, dataClass, after))
            })
          ]
        }),
      count: (organizationId, connectionId) =>
        read(memory, (contents) => {
          const classes = HashMap.get(tenant(contents, organizationId).landed, connectionId)
          return new Map(
            Option.match(classes, {
              onNone: () => [],
              onSome: (found) =>
                HashMap.toEntries(found)
                  .map(([dataClass, landed]) => [dataClass, HashMap.size(landed)] as const)
                  .filter(([, rows]) => rows > 0)
            })
          )
        }),
      erase: (organizationId, connectionId) =>
        write(memory, (contents) => {
          const own = tenant(contents, organizationId)
          const classes = Option.getOrElse(HashMap.get(own.landed, connectionId), () => HashMap.empty<string, Landed>())
          const rows = HashMap.toValues(classes).reduce((sum, landed) => sum + HashMap.size(landed), 0)
          return [
            rows,
            withTenant(contents, organizationId, { ...own, landed: HashMap.remove(own.landed, connectionId) })
          ]
        })
    })
  })
)
