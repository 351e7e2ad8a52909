/** Advertising reports of Walmart Connect, and the files they come in. */
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { DateTime, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
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
      const cut = file(gzipSync(`${head}2026-07-01,1,1,1,1\n2026-07-02,1,1`))
      expect(yield* outcome(done, cut)).toBe("Temporary")
      expect(yield* outcome(done, file(gzipSync(`${head}2026-07-01,1,2,1,1\nTotal,,3,1,1\n`)))).toBe("Temporary")
      for (const line of ["yesterday,1,1,1,1", "2026-07-03,1,1,1,1", "2026-07-01,,1,1,1", "2026-07-01,1,NaN,1,1"])
        expect(yield* outcome(done, csv(line))).toBe("RequestRefused")
      expect(yield* outcome(done, file(Buffer.from("when,what\n1,2\n")))).toBe("RequestRefused")
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

  it.effect("is added up by campaign, whatever else Walmart counted by; odd lines are kept apart", () =>
    Effect.gen(function* () {
      yield* atNoon
      const lines = ["2026-07-01,1,10,1.10,0", "07/01/2026,1,5,0.05,2.5", '20260702,1,1,"1,000.00",', "soon,2,1,1,1"]
      const quoted = `Date,Campaign ID,numAdsShown,Ad Spend,attributedSales14days\r\n${lines.join("\r\n")}\r\n`
      const answer = yield* load({ ticket: "s-1" }).pipe(
        Effect.provide(scripted([done, file(Buffer.from(`\ufeff${quoted}`))]).layer)
      )
      expect(answer).toMatchObject({
        _tag: "Rows",
        rows: [
          { key: "2026-07-01/1", data: { numAdsShown: 15, adSpend: "1.15", attributedSales14days: "2.5" } },
          { key: "2026-07-02/1", data: { numAdsShown: 1, adSpend: "1000.00", attributedSales14days: null } }
        ],
        quarantined: [{ key: "2" }]
      })
      const empty = load({ ticket: "s-1" }).pipe(Effect.provide(scripted([done, file(new Uint8Array())]).layer))
      expect((yield* empty)._tag).toBe("Empty")
    })
  )

  const recent = { from: day("2026-07-13"), until: day("2026-07-15") }
  const until = (text: string) =>
    `StartDate failed/endDate validation failed : Reports are available for endDate till date: ${text} /`
  it.effect.each<[string, ReadonlyArray<() => Response>, { readonly notBefore: number }]>([
    ["its refusal names", [json(400, { code: "failure", details: [until("2026-07-13")] })], { notBefore: 0 }],
    [
      "its failure names",
      [json(200, [{ code: "failure", snapshotId: "", details: until("07/11/2026") }])],
      { notBefore: 2 }
    ],
    [
      "version 2 says for the type of report",
      [
        json(422, { code: "UNPROCESSABLE", details: "no" }),
        json(200, [
          { reportType: "keyword", latestReportDate: "2026-07-14" },
          { reportType: "adGroup", latestReportDate: "2026-07-12" }
        ])
      ],
      { notBefore: 1 }
    ],
    [
      "version 1 says where there is no version 2",
      [json(400, { code: "X", details: "no" }), json(404, ""), json(200, { latestReportDate: "2026-07-13" })],
      { notBefore: 0 }
    ]
  ])("waits for a day that is not there yet, as %s", ([, answers, { notBefore }]) =>
    Effect.gen(function* () {
      yield* atNoon
      const error = yield* failure(load(recent))
      expect(error).toMatchObject({ _tag: "Temporary", throttled: false })
      const at =
        error._tag === "Temporary" && error.notBefore !== undefined ? DateTime.toEpochMillis(error.notBefore) : 0
      expect((at - noon) / 86_400_000).toBe(notBefore)
    }).pipe(Effect.provide(scripted(answers).layer))
  )

  it.effect("is refused with Walmart's words for any other reason, which is not final", () =>
    Effect.gen(function* () {
      yield* atNoon
      const refusal = (...answers: ReadonlyArray<() => Response>) =>
        Effect.provide(failure(load(recent)), scripted(answers).layer, { local: true })
      const newest = json(200, { latestReportDate: "2026-07-14" })
      expect(yield* refusal(json(400, { code: "BAD", details: "no such metric" }), newest)).toMatchObject({
        _tag: "RequestRefused",
        beyondRetention: false,
        words: { code: "BAD", details: "no such metric", status: 400 }
      })
      expect(yield* refusal(json(200, { code: "failure", details: "only 90 days" }))).toMatchObject({
        beyondRetention: true
      })
    })
  )

  it.effect("that was made without its newest day is made anew", () =>
    Effect.gen(function* () {
      yield* atNoon
      const answer = (newest: string) =>
        load({ ...recent, ticket: "s-1" }).pipe(
          Effect.provide(scripted([done, csv("2026-07-13,1,1,1,1"), json(200, { latestReportDate: newest })]).layer, {
            local: true
          })
        )
      expect((yield* answer("2026-07-13"))._tag).toBe("Lost")
      expect((yield* answer("2026-07-14"))._tag).toBe("Rows")
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
