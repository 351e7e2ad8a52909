/** A small correct sink: rows by connection and key. */
import { groupBy, type Id, Profile } from "@portolan/domain"
import type { DataSink } from "@portolan/ports"
import type { MemoryBackend } from "./MemoryBackend.ts"

/** Where the rows of a connection lie. */
export const place = (organizationId: Id.OrganizationId, connectionId: Id.ConnectionId) =>
  JSON.stringify([organizationId, connectionId])

/** Makes the sink on this storage. */
export const make = ({ access, landed }: MemoryBackend): DataSink.DataSink["Service"] => ({
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
