/** Where loaded rows land: in the table of the store, or in files when the settings name a folder. */
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Day, type Id, type Profile, type Window } from "@portolan/domain"
import { DataSinkMemory, Memory } from "@portolan/memory"
import { DataSink } from "@portolan/ports"
import { Context, Effect, Layer } from "effect"
import { withSink } from "../src/sink.ts"

const landing: DataSink.Landing = {
  organizationId: `org_${"a".repeat(26)}` as Id.OrganizationId,
  connectionId: `con_${"b".repeat(26)}` as Id.ConnectionId,
  accountId: `acc_${"c".repeat(26)}` as Id.AccountId,
  profile: { channel: "amazon-sp", region: "NA", marketplaceId: "ATVPDKIKX0DER", externalId: "S1" } as Profile.Key,
  dataClass: "sales",
  windowId: "sales/2026-05-01/2026-06-01" as Window.WindowId,
  rows: [{ key: "k", day: Day.Day.make("2026-05-03"), data: { units: 1 } }]
}

const store = Layer.provide(DataSinkMemory.layer, Memory.layer())

const landed = (settings: Parameters<typeof withSink>[0]) =>
  Effect.gen(function* () {
    const own = Layer.fresh(store)
    const context = yield* Layer.build(withSink(settings, own))
    const sink = Context.get(context, DataSink.DataSink)
    yield* sink.land(landing)
    return yield* sink.count(landing.organizationId, landing.connectionId)
  }).pipe(Effect.scoped)

describe("loaded rows", () => {
  it.live("land in files when a folder is named, and in the store otherwise", () =>
    Effect.gen(function* () {
      const folder = yield* Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-sink-")))
      yield* Effect.addFinalizer(() => Effect.promise(() => rm(folder, { recursive: true, force: true })))
      const one = new Map([["sales", 1]])
      expect(yield* landed({})).toEqual(one)
      expect(yield* Effect.promise(() => readdir(folder))).toEqual([])
      expect(yield* landed({ SINK_DIR: folder })).toEqual(one)
      const path = join(folder, landing.organizationId, landing.connectionId, "sales")
      expect(yield* Effect.promise(() => readdir(path))).toHaveLength(1)
    }).pipe(Effect.scoped)
  )
})
