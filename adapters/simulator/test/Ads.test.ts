import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { Expected, type Simulator } from "../src/index.ts"
import {
  ads,
  adsHeaders,
  adsTokens,
  CA,
  fresh,
  lastRule,
  profileIds,
  profileOf,
  reportBody,
  reportType,
  US
} from "./support.ts"
import { absent, official } from "./official.ts"

const EU = "advertising-api-eu.amazon.com"
const names = (text: string) => [...text.matchAll(/"name":"([^"]*)"/g)].map((match) => match[1])

describe("profiles", () => {
  test("are those the person may edit, in the called region, with ids that keep every digit", async () => {
    const simulator = fresh()
    const tokens = await adsTokens(simulator)
    const text = await (await ads(simulator, tokens, "/v2/profiles")).text()
    const expected = Object.values(simulator.world().profiles)
      .filter((one) => one.region === "NA" && one.accountName.startsWith("Lindqvist"))
      .map((one) => one.id)
    expect(profileIds(text)).toEqual(expected)
    expect(expected.some((id) => String(Number(id)) !== id || Number(id) > Number.MAX_SAFE_INTEGER)).toBe(true)
    const europe = await (await ads(simulator, tokens, "/v2/profiles", { host: EU })).text()
    expect(profileIds(europe)).toHaveLength(5)
    expect(europe).toContain('"countryCode":"UK"')
    expect(await (await ads(simulator, tokens, "/v2/profiles", { host: "advertising-api-fe.amazon.com" })).text()).toBe(
      "[]"
    )
  })

  test("are hidden from a view-only person unless the view level is asked for", async () => {
    const simulator = fresh()
    const tokens = await adsTokens(simulator, "chiara")
    expect(await (await ads(simulator, tokens, "/v2/profiles")).text()).toBe("[]")
    expect(profileIds(await (await ads(simulator, tokens, "/v2/profiles?accessLevel=view")).text())).toHaveLength(3)
  })

  test.each([
    ["profileTypeFilter=vendor", ["Marmara Home"]],
    ["profileTypeFilter=seller,agency", ["Marmara Home", "Marmara Homes"]],
    ["validPaymentMethodFilter=false", ["Marmara Homes"]],
    ["validPaymentMethodFilter=true&apiProgram=campaign", ["Marmara Home", "Marmara Home"]]
  ])("are filtered by %s", async (query, expected) => {
    const simulator = fresh()
    expect(
      names(await (await ads(simulator, await adsTokens(simulator, "emre"), `/v2/profiles?${query}`)).text())
    ).toEqual(expected)
  })

  test.each(["apiProgram=everything", "accessLevel=own", "profileTypeFilter=robot", "validPaymentMethodFilter=maybe"])(
    "refuse the filter %s",
    async (query) => {
      const simulator = fresh()
      expect((await ads(simulator, await adsTokens(simulator), `/v2/profiles?${query}`)).status).toBe(400)
    }
  )

  test("come one by one by id, and not to strangers or on another region's host", async () => {
    const simulator = fresh()
    const id = profileOf(simulator, "Lindqvist Lanterns", CA)
    const [ada, emre] = [await adsTokens(simulator), await adsTokens(simulator, "emre")]
    const one = await ads(simulator, ada, `/v2/profiles/${id}`)
    expect(profileIds(await one.text())).toEqual([id])
    expect((await ads(simulator, emre, `/v2/profiles/${id}`)).status).toBe(404)
    expect((await ads(simulator, ada, `/v2/profiles/${id}`, { host: EU })).status).toBe(404)
  })

  test("appear a day after advertising begins", async () => {
    const simulator = fresh({ preset: "no-campaigns" })
    const tokens = await adsTokens(simulator)
    expect(await (await ads(simulator, tokens, "/v2/profiles")).text()).toBe("[]")
    expect(simulator.addCampaign(profileOf(simulator, "Lindqvist Lanterns", US))).toBe(1)
    expect(await (await ads(simulator, tokens, "/v2/profiles")).text()).toBe("[]")
    simulator.advance(86_400_000)
    const later = await adsTokens(simulator)
    expect(profileIds(await (await ads(simulator, later, "/v2/profiles")).text())).toHaveLength(1)
  })

  test("follow the person's permissions at once", async () => {
    const simulator = fresh({ preset: "seller-us-ready" })
    const tokens = await adsTokens(simulator)
    const id = profileOf(simulator, "Lindqvist Lanterns", US)
    simulator.setPermission("ada", id, "view")
    expect(await (await ads(simulator, tokens, "/v2/profiles")).text()).toBe("[]")
    simulator.setPermission("ada", id, "none")
    expect(await (await ads(simulator, tokens, "/v2/profiles?accessLevel=view")).text()).toBe("[]")
  })
})

describe("access checks", () => {
  const list = {
    method: "POST",
    headers: { "content-type": "application/vnd.spCampaign.v3+json", accept: "application/vnd.spCampaign.v3+json" }
  }

  test.each([
    ["ADS-401-01", "Unauthorized", { authorization: "Bearer Atza|nonsense" }],
    ["ADS-401-02", "Unauthorized", { "amazon-advertising-api-clientid": "" }],
    [
      "ADS-401-03",
      "Authentication failed",
      { "amazon-advertising-api-clientid": "amzn1.application-oa2-client.other" }
    ],
    ["ADS-401-05", "Scope header is missing", {}],
    ["ADS-401-06", "No matching advertiser found for scope: 123", { "amazon-advertising-api-scope": "123" }],
    [
      "ADS-401-06",
      "No matching advertiser found for scope: __proto__",
      { "amazon-advertising-api-scope": "__proto__" }
    ],
    [
      "ADS-415-01",
      "Unsupported Media Type",
      { "amazon-advertising-api-scope": "own", "content-type": "application/json" }
    ],
    ["ADS-406-02", "Not Acceptable", { "amazon-advertising-api-scope": "own", accept: "application/json" }]
  ])("%s: %s", async (rule, details, headers) => {
    const simulator = fresh()
    const tokens = await adsTokens(simulator)
    const own = profileOf(simulator, "Lindqvist Lanterns", US)
    const given: Record<string, string> = {
      ...list.headers,
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value === "own" ? own : value]))
    }
    const response = await ads(simulator, tokens, "/sp/campaigns/list", { ...list, headers: given })
    expect(lastRule(simulator)).toBe(rule)
    const { code, details: text, message } = (await response.json()) as Record<string, string>
    expect(text ?? message).toBe(details)
    // A malformed request to Sponsored Products has a shape of its own.
    expect(code).toBe(rule === "ADS-415-01" ? "UNSUPPORTED_MEDIA_TYPE" : String(response.status))
  })

  test("a profile of another region is unknown, a foreign one is not authorised, an agency's cannot be decrypted", async () => {
    const simulator = fresh()
    const layla = await adsTokens(simulator, "layla")
    const ask = async (profile: string, host: string) => {
      const response = await ads(simulator, layla, "/sp/campaigns/list", { ...list, profile, host })
      return [response.status, ((await response.json()) as Record<string, string>).details]
    }
    const german = profileOf(simulator, "Lindqvist Laternen", "A1PA6795UKMFR9")
    const french = profileOf(simulator, "Lindqvist Laternen", "A13V1IB3VIYZZH")
    const agency = profileOf(simulator, "وكالة النخلة", "A2VIGQ35RCS4UG", "agency")
    expect(await ask(german, EU)).toEqual([200, undefined])
    expect(await ask(german, "advertising-api.amazon.com")).toEqual([
      401,
      `No matching advertiser found for scope: ${german}`
    ])
    expect(await ask(french, EU)).toEqual([401, `Not authorized to access scope ${french}`])
    expect(await ask(agency, EU)).toEqual([400, " The request input is invalid. Advertiser ID cannot be decrypted"])
  })

  test("a view-only person reads campaigns and writes none", async () => {
    const simulator = fresh()
    const tokens = await adsTokens(simulator, "chiara")
    const profile = profileOf(simulator, "Lindqvist Lanterns", US)
    const read = await ads(simulator, tokens, "/sp/campaigns/list", { ...list, profile })
    const { campaigns } = (await read.json()) as { campaigns: ReadonlyArray<{ campaignId: string }> }
    expect(campaigns).toHaveLength(3)
    const write = await ads(simulator, tokens, "/sp/campaigns", {
      ...list,
      method: "PUT",
      profile,
      body: JSON.stringify({ campaigns: [{ campaignId: campaigns[0]?.campaignId, state: "PAUSED" }] })
    })
    expect([write.status, lastRule(simulator)]).toEqual([401, "ADS-401-08"])
    expect(simulator.world().campaigns[profile]?.[0]?.state).toBe("ENABLED")
  })

  test("throttling answers 429 with the seconds to wait, and means them", async () => {
    const simulator = fresh({ policy: { adsRate: { perSecond: 0.5, burst: 2 } } })
    const tokens = await adsTokens(simulator)
    const statuses = []
    for (let call = 0; call < 3; call += 1) statuses.push((await ads(simulator, tokens, "/v2/profiles")).status)
    const refused = await ads(simulator, tokens, "/v2/profiles")
    expect([...statuses, refused.headers.get("retry-after")]).toEqual([200, 200, 429, "2"])
    simulator.advance(2000)
    expect((await ads(simulator, tokens, "/v2/profiles")).status).toBe(200)
  })
})

describe("campaigns", () => {
  test("are listed by state, id and name, page by page", async () => {
    const simulator = fresh()
    const tokens = await adsTokens(simulator)
    const profile = profileOf(simulator, "Lindqvist Lanterns", US)
    const list = async (body: unknown) =>
      (await (
        await ads(simulator, tokens, "/sp/campaigns/list", {
          method: "POST",
          profile,
          headers: { "content-type": "application/vnd.spCampaign.v3+json" },
          body: body === null ? null : JSON.stringify(body)
        })
      ).json()) as {
        campaigns: ReadonlyArray<{ name: string; campaignId: unknown }>
        totalResults: number
        nextToken?: string
      }
    expect(await list(null)).toMatchObject({ totalResults: 3 })
    expect((await list({ stateFilter: { include: ["PAUSED"] } })).campaigns.map((one) => one.name)).toEqual([
      "Brand defence"
    ])
    expect((await list({ nameFilter: { queryTermMatchType: "BROAD_MATCH", include: ["spring"] } })).totalResults).toBe(
      1
    )
    const seen = []
    let nextToken: string | undefined
    do {
      const page = await list({ maxResults: 1, ...(nextToken === undefined ? {} : { nextToken }) })
      seen.push(...page.campaigns.map((one) => one.campaignId))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    expect(seen).toEqual(simulator.world().campaigns[profile]?.map((one) => one.id))
  })

  const writing = async (options: Simulator.Options = {}) => {
    const simulator = fresh(options)
    const tokens = await adsTokens(simulator)
    const profile = profileOf(simulator, "Lindqvist Lanterns", US)
    type Answer = {
      readonly campaigns: {
        readonly success: ReadonlyArray<{ readonly campaignId: string; readonly campaign?: unknown }>
        readonly error: ReadonlyArray<{ readonly errors: ReadonlyArray<{ readonly errorType: string }> }>
      }
    }
    const send = async (method: string, campaigns: unknown, headers: Record<string, string> = {}) => {
      const response = await ads(simulator, tokens, "/sp/campaigns", {
        method,
        profile,
        headers: { "content-type": "application/vnd.spCampaign.v3+json", ...headers },
        body: JSON.stringify({ campaigns })
      })
      return { response, status: response.status, body: (await response.json()) as Answer }
    }
    const kept = (id: string | undefined) => simulator.world().campaigns[profile]?.find((one) => one.id === id)
    const errors = (body: Answer) => body.campaigns.error.map((one) => one.errors[0]?.errorType)
    return { simulator, tokens, profile, send, kept, errors }
  }
  const good = { name: "New", state: "ENABLED", targetingType: "AUTO", budget: { budget: 5, budgetType: "DAILY" } }

  test("are created and paused, item by item, unknown fields ignored as recorded", async () => {
    const { errors, kept, send } = await writing()
    const { body: made, status } = await send("POST", [good, good, { ...good, name: undefined }])
    expect([status, made.campaigns.success.length, errors(made)]).toEqual([
      207,
      1,
      ["duplicateValueError", "missingValueError"]
    ])
    const campaignId = made.campaigns.success[0]?.campaignId
    await send("PUT", [{ campaignId, status: "PAUSED" }])
    expect(kept(campaignId)?.state).toBe("ENABLED")
    await send("PUT", [{ campaignId, state: "PAUSED" }])
    expect(kept(campaignId)?.state).toBe("PAUSED")
  })

  test("keep what was accepted, all of it, and give it back to who prefers so", async () => {
    const { kept, send, simulator, tokens, profile } = await writing()
    const whole = {
      ...good,
      state: "PAUSED",
      targetingType: "MANUAL",
      startDate: "2026-08-01",
      endDate: "2026-08-31",
      portfolioId: "77",
      dynamicBidding: { strategy: "AUTO_FOR_SALES", placementBidding: [{ placement: "PLACEMENT_TOP", percentage: 50 }] }
    }
    const { body, response } = await send("POST", [whole], { prefer: "return=representation" })
    const campaignId = body.campaigns.success[0]?.campaignId
    expect(response.headers.get("preference-applied")).toBe("return=representation")
    expect(body.campaigns.success[0]?.campaign).toEqual({ ...whole, campaignId })
    const list = await ads(simulator, tokens, "/sp/campaigns/list", {
      method: "POST",
      profile,
      headers: { "content-type": "application/vnd.spCampaign.v3+json" },
      body: JSON.stringify({ portfolioIdFilter: { include: ["77"] } })
    })
    expect(((await list.json()) as { campaigns: unknown }).campaigns).toEqual([{ ...whole, campaignId }])
    await send("PUT", [{ campaignId, endDate: null, portfolioId: null, budget: { budget: 9.5, budgetType: "DAILY" } }])
    expect(kept(campaignId)).not.toHaveProperty("endDate")
    expect(kept(campaignId)?.budget).toBe("9.5")
  })

  test.each([
    ["another state", "rangeError", { state: "ON" }],
    ["an archived state, which only deletion gives", "rangeError", { state: "ARCHIVED" }],
    ["another targeting", "rangeError", { targetingType: "auto" }],
    ["no state", "missingValueError", { state: undefined }],
    ["no targeting", "missingValueError", { targetingType: undefined }],
    ["a start long ago", "dateError", { startDate: "1999-01-01" }],
    ["an end before the start", "dateError", { startDate: "2026-08-02", endDate: "2026-08-01" }],
    ["a day that is none", "dateError", { startDate: "2026-13-01" }],
    ["a small budget", "rangeError", { budget: { budget: 0.5, budgetType: "DAILY" } }],
    ["another kind of budget", "rangeError", { budget: { budget: 5, budgetType: "LIFETIME" } }]
  ])("refuse %s, and keep nothing", async (_, errorType, part) => {
    const { errors, profile, send, simulator } = await writing()
    const before = simulator.world().campaigns[profile]?.length
    const { body, status } = await send("POST", [{ ...good, ...part }])
    expect([status, errors(body), simulator.world().campaigns[profile]?.length]).toEqual([207, [errorType], before])
  })

  test.each([
    ["tags", { tags: { a: "b" } }],
    ["a proposed state", { state: "PROPOSED" }],
    ["cohorts", { dynamicBidding: { shopperCohortBidding: [] } }]
  ])("say so where %s is not simulated", async (_, part) => {
    const { send } = await writing()
    const { response, status } = await send("POST", [{ ...good, ...part }])
    expect([status, response.headers.get("x-portolan")]).toEqual([400, "not-simulated"])
  })

  test("refuse fields that nobody knows where the world says so", async () => {
    const { send } = await writing({ policy: { adsUnknownFields: "refused" } })
    expect((await send("POST", [{ ...good, colour: "red" }])).status).toBe(400)
  })

  test("are archived by deletion, and cannot change after", async () => {
    const { errors, kept, profile, send, simulator, tokens } = await writing()
    const id = simulator.world().campaigns[profile]?.[0]?.id ?? ""
    const headers = { "content-type": "application/vnd.spCampaign.v3+json" }
    const body = JSON.stringify({ campaignIdFilter: { include: [id, "1"] } })
    const gone = await ads(simulator, tokens, "/sp/campaigns/delete", { method: "POST", profile, headers, body })
    expect([gone.status, kept(id)?.state]).toEqual([207, "ARCHIVED"])
    expect(errors((await gone.json()) as Parameters<typeof errors>[0])).toEqual(["entityNotFoundError"])
    expect(errors((await send("PUT", [{ campaignId: id, state: "ENABLED" }])).body)).toEqual(["entityStateError"])
  })
})

describe("reports", () => {
  const start = async (options = {}) => {
    const simulator = fresh({ preset: "seller-na-three", ...options })
    const tokens = await adsTokens(simulator)
    const profile = profileOf(simulator, "Lindqvist Lanterns", CA)
    const create = (from: string, to: string, configuration = {}) =>
      ads(simulator, tokens, "/reporting/reports", {
        method: "POST",
        profile,
        headers: reportType,
        body: reportBody(from, to, configuration)
      })
    type Report = {
      readonly reportId: string
      readonly status: string
      readonly url: string | null
      readonly fileSize: number | null
      readonly urlExpiresAt: string | null
    }
    const poll = async (id: string) =>
      (await (await ads(simulator, tokens, `/reporting/reports/${id}`, { profile })).json()) as Report
    const download = (url: string | null, headers = {}) =>
      simulator.fetch(new Request(url ?? "https://nowhere.example", { headers }))
    return { simulator, tokens, profile, create, poll, download }
  }

  test("go from pending over processing to completed, and hold exactly the world's rows", async () => {
    const { simulator, profile, create, poll, download } = await start()
    const created = await create("2026-06-15", "2026-07-14")
    const report = (await created.json()) as Awaited<ReturnType<typeof poll>>
    expect([created.status, report.status, report.url]).toEqual([200, "PENDING", null])
    simulator.advance(20_000)
    expect((await poll(report.reportId)).status).toBe("PROCESSING")
    simulator.advance(100_000)
    const done = await poll(report.reportId)
    expect(done.status).toBe("COMPLETED")
    const bytes = new Uint8Array(await (await download(done.url)).arrayBuffer())
    expect(done.fileSize).toBe(bytes.byteLength)
    const text = gunzipSync(bytes).toString()
    const rows = text
      .slice(2, -2)
      .split("},{")
      .map((row) =>
        Object.fromEntries(
          [...row.matchAll(/"(\w+)":("[^"]*"|[^,]+)/g)].map((match) => [match[1], match[2]?.replaceAll('"', "")])
        )
      )
    const columns = ["date", "campaignId", "impressions", "clicks", "cost", "purchases7d", "sales7d"]
    expect(rows).toEqual(
      Expected.adRows(simulator.world(), { profileId: profile, from: "2026-06-15", to: "2026-07-14", columns })
    )
    expect(rows).toHaveLength(90)
    expect(text).toMatch(/"campaignId":\d/)
  })

  test("of the same request, while being made, are refused with 425, `detail` and the id to poll", async () => {
    const { simulator, create } = await start()
    const first = (await (await create("2026-07-01", "2026-07-10")).json()) as { reportId: string }
    const again = await create("2026-07-01", "2026-07-10")
    expect([again.status, await again.json()]).toEqual([
      425,
      { code: "425", detail: `The Request is a duplicate of : ${first.reportId}` }
    ])
    expect((await create("2026-07-01", "2026-07-09")).status).toBe(200)
    simulator.advance(120_000)
    expect((await create("2026-07-01", "2026-07-10")).status).toBe(200)
  })

  test.each([
    [200, "31 days", "2026-06-14", "2026-07-14", {}],
    [400, "32 days", "2026-06-13", "2026-07-14", {}],
    [200, "the oldest day that is kept", "2026-04-11", "2026-04-12", {}],
    [406, "a day earlier", "2026-04-10", "2026-04-12", {}],
    [400, "a day to come", "2026-07-15", "2026-07-16", {}],
    [400, "a day that does not exist", "2026-02-30", "2026-03-01", {}],
    [400, "the wrong way round", "2026-07-10", "2026-07-09", {}],
    [400, "an unknown report type", "2026-07-01", "2026-07-02", { reportTypeId: "spNothing" }],
    [400, "an unknown column", "2026-07-01", "2026-07-02", { columns: ["date", "luck"] }],
    [400, "another product", "2026-07-01", "2026-07-02", { adProduct: "SPONSORED_BRANDS" }],
    [400, "no grouping", "2026-07-01", "2026-07-02", { groupBy: [] }],
    [400, "a date column in a summary", "2026-07-01", "2026-07-02", { timeUnit: "SUMMARY" }],
    [200, "a summary", "2026-07-01", "2026-07-02", { timeUnit: "SUMMARY", columns: ["campaignId", "clicks"] }]
  ])("answer %i to %s", async (status, _, from, to, configuration) => {
    const { create } = await start()
    expect((await create(from, to, configuration)).status).toBe(status)
  })

  test("follow a shorter retention and the other status where the world says so", async () => {
    const { create } = await start({ policy: { adsRetentionDays: 65, retentionStatus: 400 } })
    const refused = await create("2026-05-10", "2026-05-11")
    expect([refused.status, ((await refused.json()) as Record<string, string>).details]).toEqual([
      400,
      "Report date is too far in the past."
    ])
  })

  test("can fail, and can be cancelled only while pending", async () => {
    const { simulator, tokens, profile, create, poll } = await start()
    simulator.failReports(1)
    const failing = (await (await create("2026-07-01", "2026-07-02")).json()) as { reportId: string }
    const cancelled = (await (await create("2026-07-01", "2026-07-03")).json()) as { reportId: string }
    const remove = (id: string) => ads(simulator, tokens, `/reporting/reports/${id}`, { method: "DELETE", profile })
    expect((await remove(cancelled.reportId)).status).toBe(200)
    simulator.advance(120_000)
    expect(await poll(failing.reportId)).toMatchObject({ status: "FAILED", url: null })
    expect((await remove(failing.reportId)).status).toBe(400)
    expect((await ads(simulator, tokens, `/reporting/reports/${cancelled.reportId}`, { profile })).status).toBe(404)
  })

  test("are downloaded by a link that lives an hour, bears no alteration and no Amazon header", async () => {
    const { simulator, tokens, create, poll, download } = await start()
    const { reportId } = (await (await create("2026-07-01", "2026-07-02")).json()) as { reportId: string }
    simulator.advance(120_000)
    const { url, urlExpiresAt } = await poll(reportId)
    expect(Date.parse(urlExpiresAt ?? "")).toBe(simulator.now() + 3_600_000)
    expect((await download(url, adsHeaders(simulator, tokens))).status).toBe(400)
    expect((await download(`${url}x`)).status).toBe(403)
    simulator.advance(3_600_000)
    expect((await download(url)).status).toBe(200)
    simulator.advance(1000)
    expect((await download(url)).status).toBe(403)
  })

  test("are not shown under another profile", async () => {
    const { simulator, tokens, create } = await start()
    const { reportId } = (await (await create("2026-07-01", "2026-07-02")).json()) as { reportId: string }
    expect(
      (
        await ads(simulator, tokens, `/reporting/reports/${reportId}`, {
          profile: profileOf(simulator, "Lindqvist Lanterns", US)
        })
      ).status
    ).toBe(404)
  })
})

const recorded = official === undefined ? undefined : `${official}/../examples/ads-reporting-v3-create.json`

describe(`reports as they were recorded ${recorded === undefined ? absent : ""}`, () => {
  test.skipIf(recorded === undefined)("are all taken", async () => {
    type Recorded = {
      readonly examples: ReadonlyArray<{
        readonly name: string
        readonly request: { readonly body: unknown }
        readonly response: { readonly httpStatus: number }
      }>
    }
    const { examples } = JSON.parse(readFileSync(recorded ?? "", "utf8")) as Recorded
    const simulator = fresh({ clock: { manual: "2022-08-05T12:00:00Z" } })
    const tokens = await adsTokens(simulator)
    const profile = profileOf(simulator, "Lindqvist Lanterns", US)
    for (const { name, request, response } of examples) {
      const made = await ads(simulator, tokens, "/reporting/reports", {
        method: "POST",
        profile,
        headers: reportType,
        body: JSON.stringify(request.body)
      })
      expect([name, made.status]).toEqual([name, response.httpStatus])
    }
  })
})

test("a report may be ordered in plain JSON, unless the world says otherwise", async () => {
  const simulator = fresh()
  const tokens = await adsTokens(simulator)
  const order = {
    method: "POST",
    profile: profileOf(simulator, "Lindqvist Lanterns", US),
    headers: { "content-type": "application/json" },
    body: reportBody("2026-07-01", "2026-07-02")
  }
  expect((await ads(simulator, tokens, "/reporting/reports", order)).status).toBe(200)
  simulator.act({ kind: "policy", policy: { adsReportMedia: "vendored" } })
  expect((await ads(simulator, tokens, "/reporting/reports", order)).status).toBe(415)
})

test("a campaign shows in reports from its first day to its last", async () => {
  const simulator = fresh()
  const profileId = profileOf(simulator, "Lindqvist Lanterns", US)
  const [campaign] = simulator.world().campaigns[profileId] ?? []
  if (campaign !== undefined) campaign.endDate = "2026-07-02"
  const rows = Expected.adRows(simulator.world(), { profileId, from: "2026-07-01", to: "2026-07-04" })
  const days = rows.filter((row) => row.campaignId === campaign?.id).map((row) => row.date)
  expect(days).toEqual(["2026-07-01", "2026-07-02"])
})
