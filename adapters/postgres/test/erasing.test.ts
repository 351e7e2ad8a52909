/** More rows than one statement erases. */
import { describe, expect, it } from "@effect/vitest"
import { DataSink, Secrets } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { asSuperuser, freshDatabase } from "./support/databases.ts"
import { client } from "./support/subjects.ts"

describe("erasing a connection's rows", () => {
  it.live("goes on until all are gone, however many there are", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url)
      const { id } = yield* here(Secrets.Secrets)
      const sink = yield* here(DataSink.DataSink)
      const [organizationId, connectionId, other] = [
        yield* id("organization"),
        yield* id("connection"),
        yield* id("connection")
      ]
      for (const [connection, rows] of [
        [connectionId, 40_001],
        [other, 3]
      ] as const) {
        yield* asSuperuser(
          Redacted.value(url),
          (sql) => sql`insert into portolan.landing_rows
        (organization_id, connection_id, profile, data_class, key, account_id, day, data)
        select ${organizationId}, ${connection}, 'p' || n % 2, 'sales', n::text, 'account', '2026-05-01', '{}'
        from generate_series(1, ${rows}::integer) n`
        )
      }
      expect(yield* sink.erase(organizationId, connectionId)).toBe(40_001)
      expect(yield* sink.erase(organizationId, connectionId)).toBe(0)
      expect(yield* sink.count(organizationId, connectionId)).toEqual(new Map())
      expect(yield* sink.count(organizationId, other)).toEqual(new Map([["sales", 3]]))
    })
  )
})
