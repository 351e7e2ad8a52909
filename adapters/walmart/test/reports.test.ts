/** Advertising reports of Walmart Connect, and the files they come in. */
import { deflateRawSync, gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Effect, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import * as Table from "../src/Table.ts"
import { firstEntry, unpack } from "../src/unpack.ts"
import { access, advertiser, ask, day, failure, file, given, json, noon, scripted } from "./support.ts"

const of = access("walmart-connect")
const window: ProviderApi.WindowRequest = {
  dataClass: "advertising",
  profile: advertiser,
  from: day("2026-07-01"),
  until: day("2026-07-03")
}
const load = (more: Partial<ProviderApi.WindowRequest> = {}) => ask((port) => port.load(of, { ...window, ...more }))
const head = '"date","campaignId",numAdsShown,adSpend,attributedSales14days\n'
const csv = (...lines: ReadonlyArray<string>) => file(gzipSync(head + lines.map((line) => `${line}\n`).join("")))
const state = (jobStatus: string, details?: string) =>
  json(200, { code: "success", jobStatus, ...(details === undefined ? {} : { details }) })
const done = state("done", "https://developer.api.walmart.com/file/7")
const atNoon = TestClock.setTime(noon)

describe("a report", () => {
  it.effect("is asked for with every digit of the id, up to the day before the window ends", () => {
    const { asked, layer } = scripted([json(200, { code: "success", snapshotId: "s-1" })])
    return Effect.gen(function* () {
      yield* atNoon
      expect(yield* load()).toEqual({ _tag: "NotReady", ticket: "s-1", retryAfterSeconds: 60 })
      expect(asked[0]?.url).toBe(
        "https://developer.api.walmart.com/api-proxy/service/WPA/Api/v1/api/v2/snapshot/report"
      )
      const body = yield* Effect.promise(async () => asked[0]?.text() ?? "")
      expect(body).toContain('{"advertiserId":9007199254740993,')
      expect(JSON.parse(body)).toMatchObject({
        reportType: "adGroup",
        startDate: "2026-07-01",
        endDate: "2026-07-02",
        reportMetrics: [
          "date",
          "campaignId",
          "numAdsShown",
          "numAdsClicks",
          "adSpend",
          "attributedOrders14days",
          "attributedSales14days"
        ]
      })
    }).pipe(Effect.provide(layer))
  })

  it.effect("is waited for, read, or lost", () =>
    Effect.gen(function* () {
      yield* atNoon
      const poll = (...answers: ReadonlyArray<() => Response>) => {
        const { asked, layer } = scripted(answers)
        return Effect.map(load({ ticket: "s-1" }), (answer) => ({ answer, asked })).pipe(
          Effect.provide(layer, { local: true })
        )
      }
      for (const status of ["pending", "processing"])
        expect((yield* poll(state(status))).answer).toMatchObject({ _tag: "NotReady", ticket: "s-1" })
      for (const answer of [
        state("failed"),
        state("expired"),
        json(404, { code: "NOT_FOUND" }),
        json(200, { code: "failure", details: "x" })
      ]) {
        expect((yield* poll(answer)).answer._tag).toBe("Lost")
      }
      const { answer, asked } = yield* poll(
        done,
        csv("2026-07-01,9007199254740993,1200,12.30,5.00", "2026-07-02,9007199254740993,3,0.50,0")
      )
      expect(asked[0]?.url).toContain("/api/v2/snapshot?advertiserId=9007199254740993&snapshotId=s-1")
      expect(answer).toEqual({
        _tag: "Rows",
        rows: [
          {
            key: "2026-07-01/9007199254740993",
            day: "2026-07-01",
            data: {
              date: "2026-07-01",
              campaignId: "9007199254740993",
              numAdsShown: 1200,
              adSpend: "12.30",
              attributedSales14days: "5.00"
            }
          },
          {
            key: "2026-07-02/9007199254740993",
            day: "2026-07-02",
            data: {
              date: "2026-07-02",
              campaignId: "9007199254740993",
              numAdsShown: 3,
              adSpend: "0.50",
              attributedSales14days: "0"
            }
          }
        ]
      })
      expect((yield* poll(done, csv())).answer).toEqual({ _tag: "Rows", rows: [] })
      expect(yield* load({ ticket: "../x" }).pipe(Effect.provide(scripted([]).layer, { local: true }))).toMatchObject({
        _tag: "Lost"
      })
    })
  )

  it.effect("is whole or nothing", () =>
    Effect.gen(function* () {
      yield* atNoon
      const outcome = (...answers: ReadonlyArray<() => Response>) =>
        Effect.map(failure(load({ ticket: "s-1" })), ({ _tag }) => _tag).pipe(
          Effect.provide(scripted(answers).layer, { local: true })
        )
      expect(yield* outcome(done, csv("2026-07-01,1,1,1,1", "2026-07-02,1,1"))).toBe("Temporary")
      expect(yield* outcome(done, csv("yesterday,1,1,1,1"))).toBe("Temporary")
      expect(yield* outcome(done, csv("2026-07-03,1,1,1,1"))).toBe("Temporary")
      expect(yield* outcome(done, csv("2026-07-01,,1,1,1"))).toBe("Temporary")
      expect(yield* outcome(done, file(new Uint8Array([0x1f, 0x8b, 1, 2])))).toBe("Temporary")
      expect(yield* outcome(done, json(500, ""))).toBe("Temporary")
      expect(yield* outcome(state("new"))).toBe("Temporary")
      const small = scripted([done, csv(...Array.from({ length: 99 }, () => "2026-07-01,1,1,1,1"))], {
        ...given,
        limits: { reportBytes: 100 }
      })
      expect((yield* failure(load({ ticket: "s-1" })).pipe(Effect.provide(small.layer, { local: true })))._tag).toBe(
        "RequestRefused"
      )
    })
  )

  it.effect("is never asked for today, nor for what is no longer kept", () => {
    const { asked, layer } = scripted([json(200, { snapshotId: "a" }), json(200, { snapshotId: "b" })])
    return Effect.gen(function* () {
      yield* atNoon
      expect(yield* failure(load({ until: day("2026-07-16") }))).toMatchObject({
        _tag: "Temporary",
        throttled: false,
        retryAfterSeconds: 43_200
      })
      expect(yield* failure(load({ from: day("2026-04-15") }))).toMatchObject({
        _tag: "RequestRefused",
        beyondRetention: true
      })
      const odd = { ...advertiser, key: { ...advertiser.key, externalId: Schema.decodeSync(Profile.ExternalId)("x1") } }
      expect((yield* failure(load({ profile: odd })))._tag).toBe("RequestRefused")
      expect((yield* failure(load({ dataClass: "ad-invoices" })))._tag).toBe("RequestRefused")
      expect(asked).toEqual([])
      yield* load({ until: day("2026-07-15") })
      yield* load({ from: day("2026-04-16") })
      expect(asked.length).toBe(2)
    }).pipe(Effect.provide(layer))
  })

  it.effect("keeps one advertiser's limit from another's calls", () => {
    const { asked, layer } = scripted([json(429, ""), json(200, { snapshotId: "b" })])
    return Effect.gen(function* () {
      yield* atNoon
      expect(yield* failure(load())).toMatchObject({ throttled: true, retryAfterSeconds: 600 })
      expect(yield* failure(load())).toMatchObject({ throttled: true, retryAfterSeconds: 600 })
      const other = {
        ...advertiser,
        key: { ...advertiser.key, externalId: Schema.decodeSync(Profile.ExternalId)("2") }
      }
      expect((yield* load({ profile: other }))._tag).toBe("NotReady")
      expect(asked.length).toBe(2)
    }).pipe(Effect.provide(layer))
  })
})

/** A zip archive; `streamed` leaves the sizes out of the local header, as streams do. */
const zip = (name: string, content: string, { method = 8, streamed = false } = {}): Buffer => {
  const raw = Buffer.from(content)
  const packed = method === 8 ? deflateRawSync(raw) : raw
  const title = Buffer.from(name)
  const header = (sizes: boolean) => {
    const bytes = Buffer.alloc(26)
    bytes.writeUInt16LE(method, 4)
    if (sizes) bytes.writeUInt32LE(packed.length, 14)
    if (sizes) bytes.writeUInt32LE(raw.length, 18)
    bytes.writeUInt16LE(title.length, 22)
    return bytes
  }
  const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), header(!streamed), title, packed])
  const central = Buffer.concat([
    Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"),
    header(true),
    Buffer.alloc(14),
    title
  ])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, central, Buffer.from("PK\u0005\u0006", "latin1"), end])
}

describe("a file", () => {
  const text = "a,b\n1,2\n".repeat(50)
  const opened = (bytes: Uint8Array, limit = 10_000) =>
    Effect.map(unpack(bytes, limit), (found) => Buffer.from(found).toString())

  it.effect("is unpacked by its first bytes", () =>
    Effect.gen(function* () {
      for (const bytes of [
        gzipSync(text),
        zip("a.csv", text),
        zip("a.csv", text, { streamed: true }),
        zip("a.csv", text, { method: 0 }),
        Buffer.from(text)
      ]) {
        expect(yield* opened(bytes)).toBe(text)
        expect((yield* failure(opened(bytes, 100)))._tag).toBe("RequestRefused")
      }
      const whole = zip("a.csv", text)
      expect((yield* failure(opened(whole.subarray(0, 40))))._tag).toBe("Temporary")
      expect((yield* failure(opened(zip("folder/", ""))))._tag).toBe("Temporary")
      expect((yield* failure(opened(zip("a.csv", text, { method: 12 }))))._tag).toBe("Temporary")
    })
  )

  it("is looked into without ever failing", () => {
    const start = Buffer.from("PK\u0003\u0004", "latin1")
    const end = Buffer.from("PK\u0005\u0006", "latin1")
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.uint8Array(),
        (one, two) => void firstEntry(Buffer.concat([start, one, end, two]))
      )
    )
    const whole = zip("a.csv", text)
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (index, value) => {
        const damaged = Buffer.from(whole)
        damaged[index] = value
        firstEntry(damaged)
      })
    )
  })

  it("of a table gives back every cell that was written", () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom("", "a,b", '"', "two\nlines", "\r\n", " x "))
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 })
      )
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n", "\r"), fc.boolean(), (records, ending, closed) => {
        const written = records
          .map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(","))
          .join(ending)
        expect(Option.getOrThrow(Table.csv(written + (closed ? ending : "")))).toEqual(records)
      })
    )
  })

  it("that is no table is none", () => {
    for (const bad of ['a,"b\n', 'a,b"c"\n', '"a"b,c\n']) expect(Option.isNone(Table.csv(bad))).toBe(true)
    fc.assert(fc.property(fc.string(), (any) => void Table.read(Buffer.from(any))))
  })
})
