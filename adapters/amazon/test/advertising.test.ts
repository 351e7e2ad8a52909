/** Advertising figures through the port, over answers in process. */
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Settings } from "../src/index.ts"
import { mayFetch } from "../src/Report.ts"
import { access, adsProfile, api, failure, given, json, load, scripted } from "./support.ts"

describe("advertising", () => {
  const id = "a15115d8-3da4-49a4-95d5-cc0a3af5f85d"
  const link = "https://offline-report-storage-us-east-1-prod.s3.amazonaws.com/r.json.gz?X-Amz-Signature=link-canary"
  const done = (url: string | null = link) => json(200, { reportId: id, status: "COMPLETED", url, failureReason: null })
  const file = (text: string) => () => new Response(gzipSync(text))
  const ads = access("amazon-ads")
  const doubled =
    '[{"date":"2026-03-07","campaignId":1,"clicks":1},{"date":"2026-03-07","campaignId":1,"clicks":2},' +
    '{"date":"2026-03-08","campaignId":1,"clicks":2}]'

  it.effect("asks for the window in whole days, end included, and gives a ticket", () => {
    const { asked, layer } = scripted([json(200, { reportId: id, status: "PENDING" })])
    return Effect.gen(function* () {
      expect(yield* load(ads, {})).toEqual({ _tag: "NotReady", ticket: id, retryAfterSeconds: 120 })
      expect(asked[0]?.headers.get("content-type")).toBe("application/vnd.createasyncreportrequest.v3+json")
      expect(asked[0]?.headers.get("amazon-advertising-api-scope")).toBe("9007199254740993")
      const body: unknown = yield* Effect.promise(() => asked[0]?.json() ?? Promise.resolve({}))
      expect(body).toMatchObject({
        startDate: "2026-03-07",
        endDate: "2026-03-09",
        configuration: {
          adProduct: "SPONSORED_PRODUCTS",
          groupBy: ["campaign"],
          reportTypeId: "spCampaigns",
          timeUnit: "DAILY",
          format: "GZIP_JSON"
        }
      })
    }).pipe(Effect.provide(layer))
  })

  it.effect("takes a duplicate's id as its ticket", () =>
    Effect.gen(function* () {
      expect(yield* load(ads, {})).toMatchObject({ _tag: "NotReady", ticket: id })
    }).pipe(
      Effect.provide(scripted([json(425, { code: "425", detail: `The Request is a duplicate of : ${id}` })]).layer)
    )
  )

  it.effect("lands a line a day and campaign: ids and money as text, counts as numbers", () => {
    const first = '"date":"2026-03-07","campaignId":9007199254740993'
    const text =
      `[{${first},"impressions":11,"clicks":2,"cost":1.20,"purchases1d":null},` +
      `{"date":"2026-03-08","campaignId":"5","impressions":0,"clicks":0,"cost":0,"purchases1d":0}]`
    const { asked, layer } = scripted([done(), file(text)])
    return Effect.gen(function* () {
      expect(yield* load(ads, { ticket: id })).toEqual({
        _tag: "Rows",
        rows: [
          {
            key: "2026-03-07/9007199254740993",
            day: "2026-03-07",
            data: {
              date: "2026-03-07",
              campaignId: "9007199254740993",
              impressions: 11,
              clicks: 2,
              cost: "1.20",
              purchases1d: null
            }
          },
          {
            key: "2026-03-08/5",
            day: "2026-03-08",
            data: { date: "2026-03-08", campaignId: "5", impressions: 0, clicks: 0, cost: "0", purchases1d: 0 }
          }
        ]
      })
      expect(asked[0]?.url).toBe(`https://advertising-api.amazon.com/reporting/reports/${id}`)
      expect(asked[1]?.headers.get("authorization")).toBeNull()
      expect(asked[1]?.headers.get("amazon-advertising-api-clientid")).toBeNull()
    }).pipe(Effect.provide(layer))
  })

  it.effect.each([
    ["is being made", [json(200, { status: "PROCESSING", url: null })], "NotReady"],
    ["failed", [json(200, { status: "FAILED", failureReason: "x" })], "Lost"],
    ["is gone", [json(404, { code: "NOT_FOUND", details: "HTTP 404 Not Found" })], "Lost"],
    ["is refused", [json(400, { code: "400", details: "reportId is not valid" })], "Lost"],
    ["has an empty file", [done(), file("")], "Empty"],
    ["has no line", [done(), file("[]")], "Rows"]
  ] as const)("tells when the report %s", ([, answers, tag]) =>
    Effect.gen(function* () {
      expect((yield* load(ads, { ticket: id }))._tag).toBe(tag)
    }).pipe(Effect.provide(scripted(answers).layer))
  )

  it.effect.each([
    ["has an unknown status", [json(200, { status: "PAUSED" })], "Temporary"],
    ["has no link", [done(null)], "Temporary"],
    ["has an old link", [done(), () => new Response("<Error/>", { status: 403 })], "Temporary"],
    [
      "redirects",
      [done(), () => new Response(null, { status: 302, headers: { location: "http://127.0.0.1/" } })],
      "Temporary"
    ],
    ["is cut", [done(), () => new Response(gzipSync("[]").subarray(0, 12))], "Temporary"],
    ["is cut inside", [done(), file('[{"date":"2026-03-07"')], "Temporary"],
    ["is a page", [done(), file("<html></html>")], "Temporary"],
    ["has an impossible day", [done(), file('[{"date":"2026-02-30","campaignId":1}]')], "RequestRefused"],
    ["contradicts itself", [done(), file(doubled)], "RequestRefused"],
    [
      "is shorter than announced",
      [done(), () => new Response("[]", { headers: { "content-length": "900" } })],
      "Temporary"
    ],
    ["is a page of the store", [done(), () => new Response("<Error><Code>X</Code></Error>")], "Temporary"],
    ["is an error instead", [done(), file('{"code":"500","details":"x"}')], "Temporary"],
    ["is too large unpacked", [done(), file("[" + " ".repeat(5000) + "]")], "RequestRefused"],
    ["is too large", [done(), () => new Response(new Uint8Array(3000))], "RequestRefused"]
  ] as const)("never passes a report that %s, and tells no link", ([, answers, tag]) =>
    Effect.gen(function* () {
      const error = yield* failure(load(ads, { ticket: id }))
      expect(error._tag).toBe(tag)
      expect(JSON.stringify(error) + String(error)).not.toContain("canary")
    }).pipe(Effect.provide(scripted(answers, { ...given, limits: { reportBytes: 4000, downloadBytes: 2000 } }).layer))
  )

  const lines = (...more: ReadonlyArray<object>) =>
    [{ date: "2026-03-07", campaignId: 1, clicks: 1, cost: "1.5" }, ...more].map((line) => JSON.stringify(line))
  it.effect.each<[string, string | (() => Response), ReadonlyArray<string>, number]>([
    ["a line of another day", `[${lines({ date: "2026-04-01", campaignId: 2 }).join()}]`, ["2026-03-07/1"], 1],
    ["a line without a campaign", `[${lines({ date: "2026-03-07", campaignId: null }).join()}]`, ["2026-03-07/1"], 1],
    [
      "a count that is none",
      `[${lines({ date: "2026-03-07", campaignId: 2, clicks: "NaN" }).join()}]`,
      ["2026-03-07/1"],
      1
    ],
    ["a day without signs", `[${lines({ Date: "20260308", CampaignID: 2 }).join()}]`, ["2026-03-07/1"], 1],
    [
      "an object a line",
      lines({ date: "2026-03-08", campaignId: 2 }).join("\r\n"),
      ["2026-03-07/1", "2026-03-08/2"],
      0
    ],
    ["a mark at its beginning", `\ufeff[${lines().join()}]`, ["2026-03-07/1"], 0],
    ["a line that comes twice alike", `[${[...lines(), ...lines()].join()}]`, ["2026-03-07/1"], 0],
    ["gzip within gzip", () => new Response(gzipSync(gzipSync(`[${lines().join()}]`))), ["2026-03-07/1"], 0]
  ])("reads a report with %s", ([, content, keys, odd]) =>
    Effect.gen(function* () {
      const answer = yield* load(ads, { ticket: id })
      if (answer._tag !== "Rows") return yield* Effect.die(answer)
      expect(answer.rows.map(({ key }) => key)).toEqual(keys)
      expect(answer.quarantined?.length ?? 0).toBe(odd)
    }).pipe(Effect.provide(scripted([done(), typeof content === "string" ? file(content) : content]).layer))
  )

  it.effect("follows a link that moved, but only to a place that is allowed", () => {
    const moved = () =>
      new Response(null, { status: 301, headers: { location: "https://x.s3.amazonaws.com/n?a=%20b" } })
    const { asked, layer } = scripted([done(), moved, file("[]")])
    return Effect.gen(function* () {
      expect((yield* load(ads, { ticket: id }))._tag).toBe("Rows")
      expect(asked[2]?.url).toBe("https://x.s3.amazonaws.com/n?a=%20b")
    }).pipe(Effect.provide(layer))
  })

  const trusted = Settings.resolve(given)
  const moved = Settings.resolve({ ...given, addresses: (host) => `http://127.0.0.1:4010/${host}` })
  it.each([
    [link, true],
    ["https://d34o8swod1owfl.cloudfront.net/r.txt", true],
    ["https://amazonaws.com/r", true],
    ["http://offline.s3.amazonaws.com/r", false],
    ["https://evilamazonaws.com/r", false],
    ["https://amazonaws.com.evil.example/r", false],
    ["https://s3.amazonaws.com:8443/r", false],
    ["https://user:word@s3.amazonaws.com/r", false],
    ["https://advertising-api.amazon.com/v2/profiles", false],
    ["http://169.254.169.254/latest/meta-data", false],
    ["http://127.0.0.1:4010/x", false],
    ["file:///etc/passwd", false],
    ["r.json.gz", false]
  ])("fetches no report from a place that is not allowed: %s", (url, may) => {
    expect(mayFetch(trusted, url)).toBe(may)
  })

  it("fetches from the simulator's own origin when the operator moved Amazon there, and from no other port", () => {
    expect(mayFetch(moved, "http://127.0.0.1:4010/offline.s3.amazonaws.com/r?X=1")).toBe(true)
    expect(mayFetch(moved, "http://127.0.0.1:4011/offline.s3.amazonaws.com/r?X=1")).toBe(false)
  })

  it.effect("asks no place that is not allowed", () => {
    const { asked, layer } = scripted([done("http://169.254.169.254/latest"), file("[]")])
    return Effect.gen(function* () {
      expect((yield* failure(load(ads, { ticket: id })))._tag).toBe("Temporary")
      expect(asked.length).toBe(1)
    }).pipe(Effect.provide(layer))
  })

  it.effect("calls a ticket of somebody else lost, without asking", () => {
    const { asked, layer } = scripted([])
    return Effect.gen(function* () {
      expect((yield* load(ads, { ticket: "../../v2/profiles" }))._tag).toBe("Lost")
      expect(asked.length).toBe(0)
    }).pipe(Effect.provide(layer))
  })
})

it.effect("a token never travels with another account's header, however calls mix", () => {
  const pairs = new Set<string>()
  const layer = api((request) => {
    pairs.add(`${request.headers.get("authorization")} ${request.headers.get("amazon-advertising-api-scope")}`)
    return json(200, { reportId: "r" })()
  })
  return Effect.gen(function* () {
    yield* Effect.forEach(
      Array.from({ length: 40 }, (_, n) => n),
      (n) =>
        load(access("amazon-ads", { accessToken: Redacted.make(`T${n}`) }), {
          profile: {
            ...adsProfile,
            key: { ...adsProfile.key, externalId: String(n) as typeof adsProfile.key.externalId }
          }
        }),
      { concurrency: 10 }
    )
    expect([...pairs].toSorted()).toEqual(Array.from({ length: 40 }, (_, n) => `Bearer T${n} ${n}`).toSorted())
  }).pipe(Effect.provide(layer))
})
