/** Files of landed rows hold what the port promises, whatever comes, and only whole ones are there. */
import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { type DataClass, Day, type Id, type Profile, type Window } from "@portolan/domain"
import { DataSinkMemory, Memory } from "@portolan/memory"
import { DataSink } from "@portolan/ports"
import { Context, Effect, Layer, Schema } from "effect"
import { DataSinkFiles, LandedFile } from "../src/index.ts"

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-files-ü "))),
  (made) => Effect.promise(() => rm(made, { recursive: true, force: true }))
)

const sinkIn = (place: string) =>
  Effect.map(Layer.build(DataSinkFiles.layer({ folder: place })), (context) => Context.get(context, DataSink.DataSink))

const organizations = ["a", "b"].map((one) => `org_${one.repeat(26)}` as Id.OrganizationId)
const connections = ["c", "d"].map((one) => `con_${one.repeat(26)}` as Id.ConnectionId)
const classes: ReadonlyArray<DataClass.DataClass> = ["sales", "advertising"]
const windows = ["2026-05-01/2026-06-01", "2026-06-01/2026-07-01"]

/** A landing, by numbers that choose. */
const landingOf = (
  [organization, connection, dataClass, window]: ReadonlyArray<number>,
  rows: ReadonlyArray<readonly [string, string]>
): DataSink.Landing => ({
  organizationId: organizations[(organization ?? 0) % 2]!,
  connectionId: connections[(connection ?? 0) % 2]!,
  accountId: `acc_${"e".repeat(26)}` as Id.AccountId,
  profile: {
    channel: "amazon-sp",
    region: "NA",
    marketplaceId: "ATVPDKIKX0DER",
    externalId: `S${(connection ?? 0) % 3}`
  } as Profile.Key,
  dataClass: classes[(dataClass ?? 0) % 2]!,
  windowId: `${classes[(dataClass ?? 0) % 2]}/${windows[(window ?? 0) % 2]}` as Window.WindowId,
  rows: rows.map(([key, value]) => ({ key, day: Day.Day.make("2026-05-03"), data: { value } }))
})

const filesOf = async (place: string, of: DataSink.Landing): Promise<ReadonlyArray<string>> => {
  const own = join(place, of.organizationId, of.connectionId, of.dataClass)
  return (await readdir(own)).toSorted().map((file) => join(own, file))
}

/** What a reader has who upserts by profile and key in the order of the names. */
const upserted = async (place: string, of: DataSink.Landing) => {
  const rows = new Map<string, LandedFile.Line>()
  for (const file of await filesOf(place, of)) {
    for await (const line of LandedFile.read(file)) rows.set(`${line.profile} ${line.key}`, line)
  }
  return rows
}

const Step = Schema.Struct({
  chosen: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))).check(
    Schema.isMinLength(4),
    Schema.isMaxLength(4)
  ),
  keys: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6 }))).check(Schema.isMaxLength(6)),
  value: Schema.String,
  erases: Schema.Boolean
})
const Steps = Schema.Array(Step).check(Schema.isMaxLength(12))

describe("rows in files", () => {
  it.live.prop(
    "are those that the sink in memory has, and a reader who upserts has the latest values",
    [Steps],
    ([steps]) =>
      Effect.gen(function* () {
        const place = yield* folder
        const sink = yield* sinkIn(place)
        const model = Context.get(
          yield* Layer.build(Layer.provide(DataSinkMemory.layer, Memory.layer())),
          DataSink.DataSink
        )
        const latest = new Map<string, Map<string, string>>()
        for (const { chosen, erases, keys, value } of steps) {
          const landing = landingOf(
            chosen,
            keys.map((key, at) => [`${key}`, `${value}${at}`])
          )
          const { connectionId, dataClass, organizationId, profile, rows } = landing
          if (erases) {
            expect(yield* sink.erase(organizationId, connectionId)).toBe(
              yield* model.erase(organizationId, connectionId)
            )
            for (const name of latest.keys())
              if (name.startsWith(`${organizationId} ${connectionId}`)) latest.delete(name)
          }
          yield* Effect.all([sink.land(landing), model.land(landing)])
          // The same once more is nothing new.
          yield* sink.land(landing)
          const name = `${organizationId} ${connectionId} ${dataClass}`
          const known = latest.get(name) ?? new Map<string, string>()
          for (const { data, key } of rows)
            known.set(`${profile.externalId} ${key}`, String(data["value"]).toWellFormed())
          latest.set(name, known)
          for (const [org, con] of organizations.flatMap((one) => connections.map((other) => [one, other] as const))) {
            expect(yield* sink.count(org, con)).toEqual(yield* model.count(org, con))
          }
          if (known.size > 0) {
            const found = yield* Effect.promise(() => upserted(place, landing))
            expect([...found.values()].map(({ data }) => data["value"]).toSorted()).toEqual(
              [...known.values()].toSorted()
            )
          }
        }
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 40 } }
  )

  it.live("lie one file a landing, and the same landing again makes none, also from two processes at once", () =>
    Effect.gen(function* () {
      const place = yield* folder
      const [one, other] = [yield* sinkIn(place), yield* sinkIn(place)]
      const landing = landingOf([0, 0, 0, 0], [["k", "1"]])
      yield* Effect.all([one.land(landing), other.land(landing), one.land(landing)], { concurrency: "unbounded" })
      expect(yield* Effect.promise(() => filesOf(place, landing))).toHaveLength(1)
      // A restated value is another file, and so is the way back.
      yield* other.land(landingOf([0, 0, 0, 0], [["k", "2"]]))
      yield* one.land(landing)
      expect(yield* Effect.promise(() => filesOf(place, landing))).toHaveLength(3)
      const rows = yield* Effect.promise(() => upserted(place, landing))
      expect([...rows.values()].map(({ data }) => data["value"])).toEqual(["1"])
    }).pipe(Effect.scoped)
  )

  it.live("are whole or not there: what a process left half-way is no file, and goes after a day", () =>
    Effect.gen(function* () {
      const place = yield* folder
      const half = join(place, ".partial", "half")
      yield* Effect.promise(async () => {
        await mkdir(join(place, ".partial"))
        await writeFile(half, "{")
      })
      const landing = landingOf([0, 0, 0, 0], [["k", "1"]])
      const sink = yield* sinkIn(place)
      yield* sink.land(landing)
      expect(yield* sink.count(landing.organizationId, landing.connectionId)).toEqual(new Map([["sales", 1]]))
      expect(yield* Effect.promise(() => readdir(join(place, ".partial")))).toEqual(["half"])
      yield* Effect.promise(() => utimes(half, new Date(0), new Date(0)))
      yield* sinkIn(place)
      expect(yield* Effect.promise(() => readdir(join(place, ".partial")))).toEqual([])
    }).pipe(Effect.scoped)
  )

  it.live("that were cut, and folders that cannot be written, are an unavailable sink", () =>
    Effect.gen(function* () {
      const place = yield* folder
      const sink = yield* sinkIn(place)
      const landing = landingOf([0, 0, 0, 0], [["k", "x".repeat(10_000)]])
      yield* sink.land(landing)
      const [file = ""] = yield* Effect.promise(() => filesOf(place, landing))
      yield* Effect.promise(() => truncate(file, 40))
      const counted = yield* Effect.flip(sink.count(landing.organizationId, landing.connectionId))
      expect(counted._tag).toBe("SinkUnavailable")
      yield* Effect.promise(() => writeFile(join(place, "taken"), ""))
      const refused = yield* Effect.flip(sinkIn(join(place, "taken", "below")))
      expect(refused._tag).toBe("SinkUnavailable")
    }).pipe(Effect.scoped)
  )
})
