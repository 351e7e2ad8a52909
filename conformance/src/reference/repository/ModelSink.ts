/** A small correct sink: rows by connection and key. */
import { groupBy, type Id, Profile } from "@portolan/domain"
import { DataSink } from "@portolan/ports"
import { Effect } from "effect"
import type { MemoryBackend } from "./MemoryBackend.ts"

/** Where the rows of a connection lie. */
export const place = (organizationId: Id.OrganizationId, connectionId: Id.ConnectionId) =>
  JSON.stringify([organizationId, connectionId])

/** Does one thing to the storage; what keeps it from that is told in the words of the sink. */
export const accessOf =
  ({ access }: MemoryBackend) =>
  <A>(work: () => A): Effect.Effect<A, DataSink.SinkUnavailable> =>
    Effect.mapError(access(work), (cause) => new DataSink.SinkUnavailable({ cause }))

/** Makes the sink on this storage. */
export const make = (backend: MemoryBackend): DataSink.DataSink["Service"] => makeOn(backend.landed, accessOf(backend))

const makeOn = (
  landed: MemoryBackend["landed"],
  access: ReturnType<typeof accessOf>
): DataSink.DataSink["Service"] => ({
  land: ({ connectionId, dataClass, organizationId, profile, rows }) =>
    access(() => {
      const at = place(organizationId, connectionId)
      const own = landed.get(at) ?? new Map()
      for (const { key } of rows) own.set(JSON.stringify([Profile.keyText(profile), dataClass, key]), dataClass)
      landed.set(at, own)
    }),

  count: (organizationId, connectionId) =>
    access(
      () =>
        new Map(
          [...groupBy(landed.get(place(organizationId, connectionId))?.values() ?? [], (each) => each)].map(
            ([dataClass, found]) => [dataClass, found.length] as const
          )
        )
    ),

  erase: (organizationId, connectionId) =>
    access(() => {
      const at = place(organizationId, connectionId)
      const rows = landed.get(at)?.size ?? 0
      landed.delete(at)
      return rows
    })
})
