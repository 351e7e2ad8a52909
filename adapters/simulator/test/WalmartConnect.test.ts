import { generateKeyPairSync } from "node:crypto"
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync, inflateRawSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { addresses, Expected, type Simulator } from "../src/index.ts"
import { fresh, lastRule, noon } from "./support.ts"
import { type Answer, attributes, base, connect, type Odd, signed } from "./walmart.ts"

type Row = Readonly<Record<string, unknown>>

const listing = async (simulator: Simulator.Simulator, kind?: string, odd?: Odd): Promise<ReadonlyArray<Row>> =>
  JSON.parse(gunzipSync(await (await attributes(simulator, kind, odd)).arrayBuffer()).toString()) as ReadonlyArray<Row>
const names = (rows: ReadonlyArray<Row>) => rows.map((row) => String(row.advertiserName)).toSorted()
const named = (rows: ReadonlyArray<Row>, name: string) => rows.find((row) => row.advertiserName === name)
const idOf = (simulator: Simulator.Simulator, name = "Lindqvist Lanterns") => simulator.walmartAdvertiser(name).id
const other = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" }
})

describe("the door", () => {
  const list = (simulator: Simulator.Simulator, odd: Odd = {}) =>
    connect(simulator, `/api/v1/campaigns?advertiserId=${idOf(simulator)}`, undefined, odd)

  test("opens to a true signature, in milliseconds and in seconds, on both hosts", async () => {
    const simulator = fresh()
    expect((await list(simulator)).status).toBe(200)
    expect((await list(simulator, { timestamp: String(noon / 1000) })).status).toBe(200)
    const stage = await connect(
      simulator,
      `${base.replace("api.walmart", "api.stg.walmart")}/api/v1/campaigns?advertiserId=${idOf(simulator)}`
    )
    expect(stage.status).toBe(200)
    expect(simulator.journal().at(-1)?.account).toBe(idOf(simulator))
  })

  const headers = (name: string, value = "-") => ({ headers: { [name]: value } })
  test.each<readonly [string, string, Odd]>([
    ["WMC-403-01", "without a token", headers("authorization")],
    ["WMC-403-02", "with another token", headers("authorization", "Bearer no")],
    ["WMC-403-03", "without a consumer id", headers("wm_consumer.id")],
    ["WMC-403-03", "without a signature", headers("wm_sec.auth_signature")],
    ["WMC-403-03", "without a key version", headers("wm_sec.key_version")],
    ["WMC-403-03", "without a timestamp", headers("wm_consumer.intimestamp")],
    ["WMC-403-03", "without a correlation id", headers("wm_qos.correlation_id")],
    ["WMC-403-04", "with an unknown consumer id", headers("wm_consumer.id", "nobody")],
    ["WMC-403-05", "with a timestamp that was not signed", headers("wm_consumer.intimestamp", String(noon + 1))],
    ["WMC-403-05", "signed with another key", { key: other.privateKey }],
    ["WMC-403-05", "with a signature that is none", headers("wm_sec.auth_signature", "!!")],
    ["WMC-403-06", "with a timestamp too old", { at: noon - 180_001 }],
    ["WMC-403-06", "with a timestamp too far ahead", { at: noon + 180_001 }],
    ["WMC-403-06", "with a timestamp that is none", { timestamp: "now" }],
    ["WMC-403-07", "with a key version nobody registered", { version: "2" }],
    ["WMC-400-03", "with a tenant nobody knows", headers("wap-tenant-id", "WMT_XX")]
  ])("%s: stays shut %s", async (rule, _, odd) => {
    const simulator = fresh()
    const response = await list(simulator, odd)
    expect([response.status, lastRule(simulator)]).toEqual([Number(rule.slice(4, 7)), rule])
    expect(await response.json()).toEqual({ code: expect.any(String) as string, details: expect.any(String) as string })
  })

  test("takes a timestamp within the window, and a key that was registered later", async () => {
    const simulator = fresh()
    expect((await list(simulator, { at: noon - 180_000 })).status).toBe(200)
    simulator.act({ kind: "walmart-key", version: "2", publicKey: other.publicKey })
    expect((await list(simulator, { version: "2", key: other.privateKey })).status).toBe(200)
    simulator.act({ kind: "walmart-key", version: "1", publicKey: null })
    expect((await list(simulator)).status).toBe(403)
    expect(() => simulator.act({ kind: "walmart-key", version: "3", publicKey: "no" })).toThrow(RangeError)
  })

  test("shuts for an advertiser without a row, of another market, or whose id is no number", async () => {
    const simulator = fresh()
    const rule = async (id: string, odd?: Odd) => {
      await connect(simulator, `/api/v1/campaigns?advertiserId=${id}`, undefined, odd)
      return lastRule(simulator)
    }
    expect(await rule(idOf(simulator, "Marmara Homes"))).toBe("WMC-403-08")
    expect(await rule("99")).toBe("WMC-403-08")
    expect(await rule(idOf(simulator, "Lanternes Lindqvist"))).toBe("WMC-403-08")
    expect(await rule(idOf(simulator, "Lanternes Lindqvist"), { headers: { "wap-tenant-id": "WMT_CA" } })).toBe(null)
    expect(await rule("x")).toBe("WMC-400-02")
    await connect(simulator, "/api/v1/everything")
    expect(lastRule(simulator)).toBe("WMC-404-01")
    await connect(simulator, "https://developer.api.walmart.com/elsewhere")
    expect(lastRule(simulator)).toBe("WMC-404-01")
  })

  test("counts calls and changed objects against the hour's budget of each advertiser", async () => {
    const simulator = fresh({ policy: { walmartHourlyBudget: 4, walmartRetryAfterSeconds: 600 } })
    const id = idOf(simulator)
    const items = [1, 2, 3].map((n) => ({ name: `New ${n}`, targetingType: "auto", dailyBudget: 10 }))
    expect((await list(simulator)).status).toBe(200)
    expect((await connect(simulator, `/api/v1/campaigns?advertiserId=${id}`, items)).status).toBe(200)
    const refused = await list(simulator)
    expect([refused.status, lastRule(simulator), refused.headers.get("retry-after")]).toEqual([
      429,
      "WMC-429-01",
      "600"
    ])
    expect((await connect(simulator, `/api/v1/campaigns?advertiserId=${idOf(simulator, "Marmara Home")}`)).status).toBe(
      200
    )
    simulator.advance(3_600_000)
    expect((await list(simulator)).status).toBe(200)
  })

  test("keeps no secret in the journal, and takes faults in the shape of the API", async () => {
    const simulator = fresh()
    await list(simulator)
    const partner = simulator.walmartPartner()
    expect(JSON.stringify(simulator.journal())).not.toContain(partner.authToken.slice(0, 20))
    expect(JSON.stringify(simulator.snapshot())).not.toContain("PRIVATE KEY")
    simulator.arm({ where: { host: "developer.api.walmart.com" }, effect: { kind: "status", status: 503 } })
    expect([(await list(simulator)).status, await (await list(simulator)).json()]).toMatchObject([503, { code: "503" }])
  })
})

describe("the attributes of all advertisers", () => {
  test("list exactly those that let the partner in, market by market", async () => {
    const simulator = fresh()
    const rows = await listing(simulator)
    expect(names(rows)).toEqual([
      "Lindqvist Lantern Co",
      "Lindqvist Lanterns",
      "Lindqvist Wholesale",
      "Marmara Home",
      "Quiet Harbor Linens"
    ])
    const seller = simulator.walmartSeller("Lindqvist Lanterns")
    expect(named(rows, "Lindqvist Lanterns")).toEqual({
      advertiserId: Number(idOf(simulator)),
      advertiserName: "Lindqvist Lanterns",
      advertiserType: "3p",
      sellerId: Number(seller.id),
      sellerName: "Lindqvist Lanterns",
      accountSpendLimitReached: "0",
      reportDate: "2026-07-15",
      apiAccessType: "write",
      accessGrantTimeStamp: "2024-02-05T15:30:00.000Z"
    })
    expect(named(rows, "Lindqvist Wholesale")).toMatchObject({
      advertiserType: "1p",
      sellerId: null,
      accountSpendLimitReached: "N/A"
    })
    expect(named(rows, "Lindqvist Lantern Co")?.accountSpendLimitReached).toBe("1")
    expect(named(rows, "Marmara Home")?.apiAccessType).toBe("read")
    expect(names(await listing(simulator, undefined, { headers: { "wap-tenant-id": "WMT_CA" } }))).toEqual([
      "Lanternes Lindqvist"
    ])
    expect(await listing(simulator, undefined, { headers: { "wap-tenant-id": "WMT_MX" } })).toEqual([])
  })

  test("tell in version 2 what may be done in which group", async () => {
    const simulator = fresh()
    const rows = await listing(simulator, "advertiserAttributesV2")
    const access = (name: string) => named(rows, name)?.advertiserAccess
    expect(access("Lindqvist Lanterns")).toMatchObject([
      { resourceGroupName: "REPORTING", permissionType: "View Only" },
      { resourceGroupName: "CAMPAIGN_MANAGER", permissionType: "Edit" },
      { resourceGroupName: "CREATIVE_HUB", permissionType: "Edit" }
    ])
    expect(access("Marmara Home")).toMatchObject([
      { permissionType: "View Only" },
      { resourceGroupName: "CAMPAIGN_MANAGER", permissionType: "View Only" }
    ])
    expect(named(rows, "Lindqvist Lanterns")).toMatchObject({
      organizationName: "Lindqvist Lanterns Group",
      approvedBrandNames: ["Lindqvist Lanterns"]
    })
    expect(rows[0]).not.toHaveProperty("apiAccessType")
  })

  test("show a new grant after the delay, a change at once, and lose a removed one at once", async () => {
    const simulator = fresh()
    expect(simulator.setWalmartAccess("Marmara Homes", "read")).toBe(1)
    expect(names(await listing(simulator))).not.toContain("Marmara Homes")
    simulator.advance(20_000)
    expect(names(await listing(simulator))).toContain("Marmara Homes")
    simulator.setWalmartAccess("Marmara Homes", "write")
    expect(named(await listing(simulator), "Marmara Homes")?.apiAccessType).toBe("write")
    simulator.setWalmartAccess("Marmara Homes", "none")
    expect(names(await listing(simulator))).not.toContain("Marmara Homes")
    expect(
      (await connect(simulator, `/api/v1/campaigns?advertiserId=${idOf(simulator, "Marmara Homes")}`)).status
    ).toBe(403)
    expect(simulator.setWalmartAccess("Nobody", "read")).toBe(0)
  })

  test("may keep a removed grant for a while, if the policy says so, although calls are refused", async () => {
    const simulator = fresh({ policy: { walmartRevokeDelaySeconds: 600 } })
    simulator.setWalmartAccess("Marmara Home", "none")
    expect(names(await listing(simulator))).toContain("Marmara Home")
    expect((await connect(simulator, `/api/v1/campaigns?advertiserId=${idOf(simulator, "Marmara Home")}`)).status).toBe(
      403
    )
    simulator.advance(600_000)
    expect(names(await listing(simulator))).not.toContain("Marmara Home")
  })

  test("follow the spend limit and new advertisers", async () => {
    const simulator = fresh()
    const made = simulator.addWalmartAdvertiser({
      name: "Heron & Daughters",
      type: "3p",
      people: { walt: "admin" },
      campaigns: ["One"]
    })
    simulator.setWalmartAccess(made.id, "write")
    simulator.setWalmartSpendLimit(made.id, true)
    simulator.advance(60_000)
    expect(named(await listing(simulator), made.name)?.accountSpendLimitReached).toBe("1")
    expect(() => simulator.addWalmartAdvertiser({ name: "X", type: "3p", seller: "0" })).toThrow(RangeError)
    expect(() => simulator.addWalmartAdvertiser({ name: "X", type: "3p", market: "US", tenant: "WMT_CA" })).toThrow(
      RangeError
    )
  })

  test("are pending, processing, done, and gone after a day; the answer may be an array", async () => {
    const simulator = fresh()
    const create = async () =>
      (await (
        await connect(simulator, "/api/v1/snapshot/insight", { insightType: "advertiserAttributes", format: "gzip" })
      ).json()) as Answer
    const { snapshotId, ...rest } = await create()
    expect(rest).toEqual({ code: "success", jobStatus: "pending" })
    const poll = async (id = snapshotId) =>
      (await (await connect(simulator, `/api/v1/snapshot?snapshotId=${id}`)).json()) as Answer
    expect((await poll()).jobStatus).toBe("pending")
    simulator.advance(1_000)
    expect((await poll()).jobStatus).toBe("processing")
    simulator.advance(2_000)
    const done = await poll()
    expect(done).toMatchObject({ jobStatus: "done", details: `${base}/api/v1/file/${snapshotId}` })
    expect((await simulator.fetch(new Request(done.details))).status).toBe(403)
    simulator.advance(24 * 3_600_000)
    expect((await poll()).jobStatus).toBe("expired")
    expect([(await connect(simulator, done.details)).status, lastRule(simulator)]).toEqual([404, "WMC-404-02"])
    simulator.failReports(1)
    const failing = (await create()).snapshotId
    simulator.advance(60_000)
    expect(await poll(failing)).toMatchObject({ code: "failure", jobStatus: "failed" })
    simulator.act({ kind: "policy", policy: { walmartSnapshotAnswer: "array" } })
    expect(await poll(failing)).toMatchObject([{ snapshotId: failing }])
  })

  test("come as a zip that an unpacker opens, and survive a copy of the world", async () => {
    const simulator = fresh()
    const { snapshotId } = (await (
      await connect(simulator, "/api/v1/snapshot/insight", { insightType: "advertiserAttributes", format: "zip" })
    ).json()) as Answer
    simulator.restore(JSON.parse(JSON.stringify(simulator.snapshot())) as ReturnType<typeof simulator.snapshot>)
    simulator.advance(10_000)
    const bytes = Buffer.from(await (await connect(simulator, `/api/v1/file/${snapshotId}`)).arrayBuffer())
    const name = bytes.readUInt16LE(26)
    const rows = JSON.parse(
      inflateRawSync(bytes.subarray(30 + name, 30 + name + bytes.readUInt32LE(18))).toString()
    ) as ReadonlyArray<Row>
    expect(named(rows, "Lindqvist Lanterns")?.advertiserId).toBe(Number(idOf(simulator)))
    const folder = mkdtempSync(join(tmpdir(), "walmart-zip-"))
    try {
      writeFileSync(join(folder, "a.zip"), bytes)
      const read = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())"
      expect(execFileSync("python3", ["-c", read, join(folder, "a.zip")]).toString()).toContain(
        "None ['advertiserAttributes.json']"
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test("are linked to where the caller can reach them", async () => {
    const simulator = fresh()
    const { map, walmartConnect } = addresses("http://127.0.0.1:4010")
    expect(walmartConnect).toBe("http://127.0.0.1:4010/developer.api.walmart.com")
    const send = async (path: string, init: RequestInit = {}) =>
      (await (
        await simulator.fetch(new Request(map(`${base}${path}`), { ...init, headers: signed(simulator) }))
      ).json()) as Answer
    const { snapshotId } = await send("/api/v1/snapshot/insight", {
      method: "POST",
      body: JSON.stringify({ insightType: "advertiserAttributes", format: "gzip" })
    })
    simulator.advance(10_000)
    const { details } = await send(`/api/v1/snapshot?snapshotId=${snapshotId}`)
    expect(details).toBe(map(`${base}/api/v1/file/${snapshotId}`))
    expect((await simulator.fetch(new Request(details, { headers: signed(simulator) }))).status).toBe(200)
  })

  test.each([
    [{ insightType: "advancedInsights", format: "gzip" }, "WMC-400-01"],
    [{ insightType: "advertiserAttributes" }, "WMC-400-01"]
  ])("are refused when asked as %j", async (body, rule) => {
    const simulator = fresh()
    await connect(simulator, "/api/v1/snapshot/insight", body)
    expect(lastRule(simulator)).toBe(rule)
  })
})

describe("campaigns", () => {
  const path = (simulator: Simulator.Simulator, name?: string, more = "") =>
    `/api/v1/campaigns?advertiserId=${idOf(simulator, name)}${more}`

  test("are a bare array with the documented fields", async () => {
    const simulator = fresh()
    const list = (await (await connect(simulator, path(simulator))).json()) as ReadonlyArray<Row>
    expect(list).toHaveLength(3)
    expect(list[0]).toMatchObject({
      advertiserId: Number(idOf(simulator)),
      name: "Lanterns, automatic",
      campaignType: "sponsoredProducts",
      targetingType: "auto",
      status: "live",
      budgetType: "daily",
      dailyBudget: 20,
      startDate: "2023-02-01"
    })
    expect(await (await connect(simulator, path(simulator, "Quiet Harbor Linens"))).json()).toEqual([])
    expect(
      await (await connect(simulator, path(simulator, undefined, `&campaignId=${String(list[1]?.campaignId)}`))).json()
    ).toHaveLength(1)
    await connect(simulator, path(simulator, undefined, "&campaignId=1"))
    expect(lastRule(simulator)).toBe("WMC-404-03")
    await connect(simulator, path(simulator, undefined, "&filter[lastModifiedDate]=2026-01-01"))
    expect(lastRule(simulator)).toBe("WMC-400-06")
  })

  test("are created and changed one by one with write access; single failures come inside 200", async () => {
    const simulator = fresh()
    const created = await connect(simulator, path(simulator), [
      { name: "Autumn", targetingType: "manual", dailyBudget: 30, startDate: "2026-08-01" },
      { name: "", targetingType: "auto", dailyBudget: 5 },
      { name: "Endless", targetingType: "auto", dailyBudget: 1e12 }
    ])
    const [first, second, third] = (await created.json()) as ReadonlyArray<Row>
    expect([created.status, first?.code, second?.code, third?.code]).toEqual([200, "success", "failure", "failure"])
    const id = first?.campaignId
    const changed = await connect(
      simulator,
      path(simulator),
      [
        { campaignId: id, status: "disabled", dailyBudget: 44.5 },
        { campaignId: 1 },
        { campaignId: id, status: "gone" }
      ],
      {},
      "PUT"
    )
    expect(((await changed.json()) as ReadonlyArray<Row>).map((one) => one.code)).toEqual([
      "success",
      "failure",
      "failure"
    ])
    const [now] = (await (
      await connect(simulator, path(simulator, undefined, `&campaignId=${String(id)}`))
    ).json()) as ReadonlyArray<Row>
    expect(now).toMatchObject({ status: "paused", dailyBudget: 44.5 })
    await connect(
      simulator,
      path(simulator),
      Array.from({ length: 51 }, () => ({}))
    )
    expect(lastRule(simulator)).toBe("WMC-400-01")
  })

  const good = { name: "Autumn", targetingType: "manual", dailyBudget: 30, startDate: "2026-08-01" }
  const kept = (simulator: Simulator.Simulator) => simulator.walmartAdvertiser("Lindqvist Lanterns").campaigns

  test("keep what was accepted, all of it", async () => {
    const simulator = fresh()
    const whole = { ...good, endDate: "2026-08-31", status: "disabled", biddingStrategy: { strategy: "FIXED" } }
    const [made] = (await (await connect(simulator, path(simulator), [whole])).json()) as ReadonlyArray<Row>
    const id = String(made?.campaignId)
    const list = await connect(simulator, path(simulator, undefined, `&campaignId=${id}`))
    expect(await list.json()).toMatchObject([{ ...whole, status: "paused" }])
    const change = { campaignId: made?.campaignId, startDate: "2026-08-02", endDate: "2026-09-30", name: "Autumn II" }
    await connect(simulator, path(simulator), [change], {}, "PUT")
    expect(kept(simulator).at(-1)).toMatchObject({ startDate: "2026-08-02", endDate: "2026-09-30", name: "Autumn II" })
    const gone = () =>
      connect(simulator, `/api/v1/campaigns/delete?advertiserId=${idOf(simulator)}`, [{ campaignId: id }], {}, "PUT")
    expect(await (await gone()).json()).toMatchObject([{ code: "success" }])
    expect(kept(simulator)).toHaveLength(3)
  })

  test.each([
    ["another status", { status: "NOPE" }],
    ["a status that only Walmart gives", { status: "live" }],
    ["another targeting", { targetingType: "MANUAL" }],
    ["a start long ago", { startDate: "1999-01-01" }],
    ["an end before the start", { endDate: "2026-07-31" }],
    ["a day that is none", { startDate: "2026-02-30" }],
    ["another channel", { channel: "MOON" }],
    ["a strategy that is none", { biddingStrategy: { strategy: "LUCK" } }]
  ])("refuse %s, and keep nothing", async (_, part) => {
    const simulator = fresh()
    const answer = await connect(simulator, path(simulator), [{ ...good, ...part }])
    expect([answer.status, await answer.json()]).toMatchObject([200, [{ code: "failure" }]])
    expect(kept(simulator)).toHaveLength(3)
  })

  test.each([
    ["a brand campaign", { campaignType: "sba" }],
    ["a total budget", { budgetType: "total" }],
    ["a roll-over", { rollover: true }],
    ["a field that nobody knows", { colour: "red" }]
  ])("say so where %s is not simulated", async (_, part) => {
    const simulator = fresh()
    const answer = await connect(simulator, path(simulator), [{ ...good, ...part }])
    expect([answer.status, answer.headers.get("x-portolan")]).toEqual([400, "not-simulated"])
  })

  test("that are live keep their dates and cannot be deleted", async () => {
    const simulator = fresh()
    const [live] = kept(simulator)
    const send = async (more: string, item: Row) => {
      const at = `/api/v1/campaigns${more}?advertiserId=${idOf(simulator)}`
      return ((await (await connect(simulator, at, [item], {}, "PUT")).json()) as ReadonlyArray<Row>)[0]?.details
    }
    expect(await send("", { campaignId: live?.id, endDate: "2027-01-01" })).toBe(
      "a live campaign cannot change its dates"
    )
    expect(await send("/delete", { campaignId: live?.id })).toBe("a live campaign cannot be deleted")
  })

  test.each<readonly [string, string, string, (simulator: Simulator.Simulator) => unknown]>([
    ["WMC-403-09", "with read access", "walmart-read-only", () => 0],
    [
      "WMC-403-10",
      "by a reporting-only partner",
      "walmart-connect-ready",
      (simulator) => simulator.act({ kind: "walmart-partner-type", type: "reporting-only" })
    ]
  ])("%s: can be read and not written %s", async (rule, _, preset, prepare) => {
    const simulator = fresh({ preset })
    prepare(simulator)
    expect((await connect(simulator, path(simulator))).status).toBe(200)
    const response = await connect(simulator, path(simulator), [{ name: "A", targetingType: "auto", dailyBudget: 9 }])
    expect([response.status, lastRule(simulator), ((await response.json()) as Answer).code]).toEqual([
      403,
      rule,
      "USER_ACCESS_PERMISSIONS_ERROR"
    ])
    expect(simulator.walmartAdvertiser("Lindqvist Lanterns").campaigns).toHaveLength(3)
  })
})

describe("reports", () => {
  const columns = [
    "date",
    "campaignId",
    "campaignName",
    "numAdsShown",
    "numAdsClicks",
    "adSpend",
    "attributedSales14days"
  ]
  const create = (simulator: Simulator.Simulator, extra: Row = {}) =>
    connect(simulator, "/api/v2/snapshot/report", {
      advertiserId: Number(idOf(simulator)),
      reportType: "adItem",
      reportMetrics: columns,
      startDate: "2026-07-01",
      endDate: "2026-07-14",
      ...extra
    })
  const load = async (simulator: Simulator.Simulator, extra: Row = {}) => {
    const { snapshotId } = (await (await create(simulator, extra)).json()) as Answer
    simulator.advance(5_000)
    const { details, jobStatus } = (await (
      await connect(simulator, `/api/v2/snapshot?advertiserId=${idOf(simulator)}&snapshotId=${snapshotId}`)
    ).json()) as Answer
    expect(jobStatus).toBe("done")
    return gunzipSync(
      await (await connect(simulator, `${details}?advertiserId=${idOf(simulator)}`)).arrayBuffer()
    ).toString()
  }

  test("hold what Expected says, as comma-separated text", async () => {
    const simulator = fresh()
    const text = await load(simulator)
    const rows = Expected.walmartAdRows(simulator.world(), {
      advertiserId: idOf(simulator),
      from: "2026-07-01",
      to: "2026-07-14",
      columns
    })
    const [head, ...lines] = text.trimEnd().split("\n")
    expect(head).toBe(columns.map((name) => `"${name}"`).join(","))
    expect(rows).toHaveLength(14 * 3)
    expect(lines).toEqual(
      rows.map((row) => columns.map((name, index) => (index < 3 ? `"${row[name]}"` : row[name])).join(","))
    )
    expect(await load(simulator)).toBe(text)
  })

  test("agree in total whatever they are cut by, and take one day, or no date where none belongs", async () => {
    const simulator = fresh()
    const spend = async (extra: Row) =>
      (await load(simulator, extra))
        .trimEnd()
        .split("\n")
        .slice(1)
        .reduce((sum, line) => sum + Math.round(Number(line.split(",").at(-1)) * 100), 0)
    const day = { startDate: undefined, endDate: undefined, reportDate: "2026-07-10" }
    const total = await spend({ ...day, reportMetrics: ["date", "adSpend"] })
    expect(total).toBeGreaterThan(0)
    expect(
      await spend({ ...day, reportType: "keyword", reportMetrics: ["biddedKeyword", "matchType", "adSpend"] })
    ).toBe(total)
    expect(await spend({ ...day, reportType: "adGroup", reportMetrics: ["adGroupId", "adSpend"] })).toBe(total)
    expect(
      await load(simulator, {
        startDate: undefined,
        endDate: undefined,
        reportType: "itemHealth",
        reportMetrics: ["itemId"]
      })
    ).toMatch(/^"itemId"\n"\d{9}"\n/)
  })

  test.each<readonly [string, string, Row]>([
    ["WMC-400-04", "today", { endDate: "2026-07-15" }],
    ["WMC-400-04", "more than 90 days ago", { startDate: "2026-04-15" }],
    ["WMC-400-04", "both forms of dates", { reportDate: "2026-07-01" }],
    ["WMC-400-04", "no dates", { startDate: undefined, endDate: undefined }],
    ["WMC-400-04", "half a range", { startDate: undefined }],
    ["WMC-400-04", "a range backwards", { startDate: "2026-07-10", endDate: "2026-07-09" }],
    ["WMC-400-04", "dates where none belong", { reportType: "itemHealth", reportMetrics: ["itemId"] }],
    ["WMC-400-01", "an unknown type", { reportType: "campaign" }],
    ["WMC-400-01", "no columns", { reportMetrics: [] }],
    ["WMC-400-01", "an unknown column", { reportMetrics: ["date", "constructor"] }],
    ["WMC-400-01", "no dimension", { reportMetrics: ["adSpend"] }],
    ["WMC-400-02", "no advertiser", { advertiserId: undefined }],
    ["WMC-403-08", "a foreign advertiser", { advertiserId: 1 }],
    ["WMC-422-01", "a supplier's report of a seller", { reportType: "brand", reportMetrics: ["brand"] }]
  ])("%s: are refused for %s", async (rule, _, extra) => {
    const simulator = fresh()
    await create(simulator, extra)
    expect(lastRule(simulator)).toBe(rule)
  })

  test("reach back exactly ninety days; the refusal's status is a policy; suppliers have brands", async () => {
    const simulator = fresh({ policy: { walmartReportWindowStatus: 422 } })
    expect((await create(simulator, { startDate: "2026-04-16" })).status).toBe(200)
    expect((await create(simulator, { startDate: "2026-04-15" })).status).toBe(422)
    const supplier = {
      advertiserId: idOf(simulator, "Lindqvist Wholesale"),
      reportType: "brand",
      reportMetrics: ["brand", "adSpend"]
    }
    expect((await create(simulator, supplier)).status).toBe(200)
  })

  test("are not handed out after the partner was removed, nor under another advertiser", async () => {
    const simulator = fresh()
    const { snapshotId } = (await (await create(simulator)).json()) as Answer
    simulator.advance(5_000)
    await connect(
      simulator,
      `/api/v2/snapshot?advertiserId=${idOf(simulator, "Marmara Home")}&snapshotId=${snapshotId}`
    )
    expect(lastRule(simulator)).toBe("WMC-404-02")
    await connect(simulator, `/api/v1/snapshot?snapshotId=${snapshotId}`)
    expect(lastRule(simulator)).toBe("WMC-404-02")
    simulator.setWalmartAccess("Lindqvist Lanterns", "none")
    for (const path of [
      `/api/v1/file/${snapshotId}`,
      `/api/v2/snapshot?advertiserId=${idOf(simulator)}&snapshotId=${snapshotId}`
    ]) {
      await connect(simulator, path)
      expect(lastRule(simulator)).toBe("WMC-403-08")
    }
  })

  test("are announced by their newest day; today counts up meanwhile", async () => {
    const simulator = fresh()
    const query = `advertiserId=${idOf(simulator)}`
    expect(await (await connect(simulator, `/api/v1/latestReportDate?${query}`)).json()).toEqual({
      latestReportDate: "2026-07-14"
    })
    expect(await (await connect(simulator, `/api/v2/latestReportDate?${query}`)).json()).toContainEqual({
      reportType: "adItem",
      latestReportDate: "2026-07-14"
    })
    const shown = async () =>
      (
        (await (await connect(simulator, `/api/v1/stats?${query}`)).json()) as ReadonlyArray<{ numAdsShown: number }>
      ).reduce((sum, row) => sum + row.numAdsShown, 0)
    const before = await shown()
    simulator.advance(6 * 3_600_000)
    expect(await shown()).toBeGreaterThan(before)
  })
})

describe("presets", () => {
  test("wait for the admin, and lose the partner, on their own", async () => {
    const pending = fresh({ preset: "walmart-partner-pending" })
    expect(await listing(pending)).toEqual([])
    pending.advance(101 * 60_000)
    expect(names(await listing(pending))).toEqual(["Lindqvist Lanterns"])
    const withdrawn = fresh({ preset: "walmart-grant-withdrawn" })
    expect(await listing(withdrawn)).toHaveLength(2)
    withdrawn.advance(180 * 60_000)
    expect(names(await listing(withdrawn))).toEqual(["Lindqvist Wholesale"])
    expect(await listing(fresh({ preset: "walmart-not-yet-granted" }))).toEqual([])
  })

  test("sign with the same test key whatever the seed", async () => {
    const simulator = fresh({ seed: 99, preset: "seller-us-ready" })
    expect(Object.keys(signed(simulator))).toHaveLength(7)
    expect(await listing(simulator)).toEqual([])
  })
})
