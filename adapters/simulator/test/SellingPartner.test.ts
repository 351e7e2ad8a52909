import { gunzipSync } from "node:zlib"
import { Marketplace } from "@portolan/domain"
import { Option } from "effect"
import { describe, expect, test } from "vitest"
import { Dates, Expected } from "../src/index.ts"
import { adsTokens, CA, fresh, lastRule, sellerTokens, sp, US } from "./support.ts"

const denied = (details: string) => ({
  errors: [{ code: "Unauthorized", message: "Access to requested resource is denied.", details }]
})
const DE = "A1PA6795UKMFR9"
const metricsPath = (marketplace: string, from: string, to: string, extra = "") =>
  `/sales/v1/orderMetrics?${new URLSearchParams({ marketplaceIds: marketplace, interval: `${from}--${to}`, granularity: "Day", granularityTimeZone: "America/Los_Angeles" }).toString()}${extra}`

describe("access", () => {
  test("is refused with the provider's own words for each cause", async () => {
    const simulator = fresh()
    const seller = await sellerTokens(simulator)
    const vendor = await sellerTokens(simulator, "ada", "vendorcentral.amazon.com")
    const advertising = await adsTokens(simulator)
    const path = "/sellers/v1/marketplaceParticipations"
    const ask = async (response: Promise<Response>) => [(await response).status, await (await response).json()] as const
    const bare = simulator.fetch(new Request(`https://sellingpartnerapi-na.amazon.com${path}`))
    expect(await ask(bare)).toEqual([403, denied("Access token is missing in the request header.")])
    expect(await ask(sp(simulator, { access_token: "Atza|garbage", refresh_token: "" }, path))).toEqual([
      403,
      denied("The access token you provided is revoked, malformed or invalid.")
    ])
    expect(await ask(sp(simulator, vendor, path))).toEqual([403, denied("")])
    expect(await ask(sp(simulator, advertising, path))).toEqual([403, denied("")])
    expect(await ask(sp(simulator, seller, path, { host: "sellingpartnerapi-eu.amazon.com" }))).toEqual([
      403,
      denied("")
    ])
    expect(await ask(sp(simulator, seller, "/vendor/orders/v1/purchaseOrders"))).toEqual([403, denied("")])
    expect(await ask(sp(simulator, seller, "/no/such/path"))).toEqual([403, denied("")])
    expect(await ask(sp(simulator, seller, metricsPath(DE, "2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z")))).toEqual([
      403,
      denied("The marketplaces you provided are not valid for region.")
    ])
  })

  test("to a path nobody knows, or a login call sent here, has no credentials understood", async () => {
    const simulator = fresh()
    const response = await simulator.fetch(
      new Request("https://sellingpartnerapi-na.amazon.com/auth/o2/token", {
        method: "POST",
        body: "grant_type=refresh_token"
      })
    )
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([
      403,
      "MissingAuthenticationTokenException"
    ])
    expect(await response.json()).toEqual({
      errors: [{ code: "MissingAuthenticationToken", message: "Access to requested resource is denied." }]
    })
  })

  test("needs a role that the consent froze", async () => {
    const simulator = fresh()
    const application = simulator.application()
    const roles = application.roles
    application.roles = ["Product Listing"]
    const narrow = await sellerTokens(simulator)
    application.roles = roles
    const path = metricsPath(US, "2026-07-01T07:00:00Z", "2026-07-02T07:00:00Z")
    expect([(await sp(simulator, narrow, path)).status, lastRule(simulator)]).toEqual([403, "SPA-403-08"])
    expect((await sp(simulator, await sellerTokens(simulator), path)).status).toBe(200)
  })

  test("may answer another region with an empty list, where the world says so", async () => {
    const simulator = fresh({ policy: { regionMismatch: "empty" } })
    const response = await sp(simulator, await sellerTokens(simulator), "/sellers/v1/marketplaceParticipations", {
      host: "sellingpartnerapi-eu.amazon.com"
    })
    expect([response.status, await response.json()]).toEqual([200, { payload: [] }])
  })

  test("ends with the application's secret", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator)
    simulator.application().secretExpiresAt = simulator.now()
    expect(await (await sp(simulator, tokens, "/sellers/v1/marketplaceParticipations")).json()).toEqual(
      denied("The LWA secret token you provided has expired.")
    )
  })

  test("wants a user agent and gives a request id", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator)
    const response = await simulator.fetch(
      new Request("https://sellingpartnerapi-na.amazon.com/sellers/v1/marketplaceParticipations", {
        headers: { "x-amz-access-token": tokens.access_token }
      })
    )
    expect([response.status, lastRule(simulator)]).toEqual([400, "SPA-400-02"])
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe("quotas", () => {
  test("are the published ones: fifteen probes at once, then one in 62.5 seconds", async () => {
    const simulator = fresh({ policy: { quotaScale: 1 } })
    const tokens = await sellerTokens(simulator)
    const probe = () => sp(simulator, tokens, "/sellers/v1/marketplaceParticipations")
    const first = await probe()
    expect([first.status, first.headers.get("x-amzn-ratelimit-limit")]).toEqual([200, "0.016"])
    for (let call = 1; call < 15; call += 1) expect((await probe()).status).toBe(200)
    const refused = await probe()
    expect([refused.status, refused.headers.get("x-amzn-ratelimit-limit"), refused.headers.get("retry-after")]).toEqual(
      [429, null, null]
    )
    expect(await refused.json()).toEqual({
      errors: [{ code: "QuotaExceeded", message: "You exceeded your quota for the requested resource.", details: "" }]
    })
    simulator.advance(62_400)
    expect((await probe()).status).toBe(429)
    simulator.advance(100)
    expect((await probe()).status).toBe(200)
  })

  test("are kept apart by account and operation, and can be switched off", async () => {
    const simulator = fresh({ policy: { quotaScale: 0.1 } })
    const [ada, emre] = [await sellerTokens(simulator), await sellerTokens(simulator, "emre")]
    const probe = (tokens: typeof ada) =>
      sp(simulator, tokens, "/sellers/v1/marketplaceParticipations").then((response) => response.status)
    expect([await probe(ada), await probe(ada), await probe(emre)]).toEqual([200, 429, 200])
    const free = fresh({ policy: { quotaScale: 0 } })
    const tokens = await sellerTokens(free)
    for (let call = 0; call < 40; call += 1)
      expect((await sp(free, tokens, "/sellers/v1/marketplaceParticipations")).status).toBe(200)
  })
})

describe("reads", () => {
  test("list the marketplaces of the account, and a pseudo one that no catalogue knows", async () => {
    const simulator = fresh({ preset: "suspended-marketplace" })
    const { payload } = (await (
      await sp(simulator, await sellerTokens(simulator), "/sellers/v1/marketplaceParticipations")
    ).json()) as {
      payload: ReadonlyArray<{
        marketplace: { id: string; countryCode: string }
        participation: { hasSuspendedListings: boolean }
      }>
    }
    const known = payload.filter((one) => Option.isSome(Marketplace.find(one.marketplace.id)))
    expect(known.map((one) => [one.marketplace.countryCode, one.participation.hasSuspendedListings])).toEqual([
      ["US", false],
      ["CA", true],
      ["MX", false]
    ])
    expect(payload).toHaveLength(4)
  })

  test("give order metrics by day, the world's own, however the window is cut", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator)
    type Answer = {
      payload: ReadonlyArray<{
        interval: string
        orderCount: number
        unitCount: number
        totalSales: { amount: string; currencyCode: string }
      }>
    }
    const ask = async (from: string, to: string, extra = "") =>
      ((await (await sp(simulator, tokens, metricsPath(CA, from, to, extra))).json()) as Answer).payload
    const whole = await ask("2026-03-01T00:00:00-08:00", "2026-04-01T00:00:00-07:00")
    const halves = [
      ...(await ask("2026-03-01T00:00:00-08:00", "2026-03-16T00:00:00-07:00")),
      ...(await ask("2026-03-16T00:00:00-07:00", "2026-04-01T00:00:00-07:00"))
    ]
    expect(whole).toEqual(halves)
    const account = Object.values(simulator.world().grants)[0]?.account ?? ""
    expect(
      whole.map((one) => [one.interval.slice(0, 10), one.orderCount, one.unitCount, one.totalSales.amount])
    ).toEqual(
      Expected.orderRows(simulator.world(), account, CA, "2026-03-01", "2026-03-31").map((row) => [
        row.day,
        row.orderCount,
        row.unitCount,
        row.totalSales
      ])
    )
    // The day on which clocks change is 23 hours long and still one day.
    expect(whole[7]?.interval).toBe("2026-03-08T00:00-08:00--2026-03-09T00:00-07:00")
    expect(whole[0]?.totalSales.currencyCode).toBe("CAD")
  })

  test("sum hours to days and days to a total", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator)
    const ask = async (granularity: string) => {
      const path = metricsPath(US, "2026-07-06T00:00:00-07:00", "2026-07-13T00:00:00-07:00").replace(
        "granularity=Day",
        `granularity=${granularity}`
      )
      const { payload } = (await (await sp(simulator, tokens, path)).json()) as {
        payload: ReadonlyArray<{ unitCount: number; totalSales: { amount: string } }>
      }
      return [
        payload.length,
        payload.reduce((sum, one) => sum + one.unitCount, 0),
        Math.round(payload.reduce((sum, one) => sum + Number(one.totalSales.amount) * 100, 0))
      ]
    }
    const [[hours, ...byHour], [days, ...byDay], [totals, ...total], [weeks]] = [
      await ask("Hour"),
      await ask("Day"),
      await ask("Total"),
      await ask("Week")
    ]
    expect([hours, days, totals, weeks]).toEqual([168, 7, 1, 1])
    expect(byHour).toEqual(byDay)
    expect(total).toEqual(byDay)
  })

  test("give one hour its own part of the day, and hours of the last 30 days only", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator)
    const ask = async (from: string, to: string) => {
      const path = metricsPath(US, from, to).replace("granularity=Day", "granularity=Hour")
      const response = await sp(simulator, tokens, path)
      const body = (await response.json()) as { payload?: ReadonlyArray<{ unitCount: number; interval: string }> }
      return { status: response.status, hours: body.payload ?? [] }
    }
    const day = await ask("2026-07-06T00:00:00-07:00", "2026-07-07T00:00:00-07:00")
    const hour = await ask("2026-07-06T10:00:00-07:00", "2026-07-06T11:00:00-07:00")
    expect(hour.hours).toEqual([day.hours[10]])
    expect(hour.hours[0]?.unitCount).toBeLessThan(day.hours.reduce((sum, one) => sum + one.unitCount, 0))
    expect((await ask("2026-06-01T00:00:00-07:00", "2026-06-02T00:00:00-07:00")).status).toBe(400)
  })

  test.each([
    ["two marketplaces", metricsPath(`${US},${CA}`, "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z")],
    ["an unknown marketplace", metricsPath("A000000000000", "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z")],
    [
      "no time zone",
      metricsPath(US, "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z").replace(/&granularityTimeZone=[^&]*/, "")
    ],
    [
      "an unknown time zone",
      metricsPath(US, "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z").replace("America%2FLos_Angeles", "Mars%2FBase")
    ],
    ["an interval the wrong way round", metricsPath(US, "2026-06-02T00:00:00Z", "2026-06-01T00:00:00Z")],
    ["an endless interval", metricsPath(US, "1926-06-02T00:00:00Z", "2026-06-01T00:00:00Z")],
    ["a filter that is not simulated", metricsPath(US, "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z", "&sku=X")]
  ])("refuse %s", async (_, path) => {
    const simulator = fresh()
    expect((await sp(simulator, await sellerTokens(simulator), path)).status).toBe(400)
  })

  test("page the inventory to its end without repeats, with tokens that live for 30 seconds", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator)
    type Page = {
      payload: { inventorySummaries: ReadonlyArray<{ sellerSku: string; totalQuantity: number }> }
      pagination?: { nextToken: string }
    }
    const page = (next?: string) =>
      sp(
        simulator,
        tokens,
        `/fba/inventory/v1/summaries?${new URLSearchParams({
          granularityType: "Marketplace",
          granularityId: US,
          marketplaceIds: US,
          ...(next === undefined ? {} : { nextToken: next })
        }).toString()}`
      )
    const seen: Array<{ sellerSku: string; totalQuantity: number }> = []
    let next: string | undefined
    do {
      const body = (await (await page(next)).json()) as Page
      seen.push(...body.payload.inventorySummaries)
      next = body.pagination?.nextToken
      simulator.advance(10_000)
    } while (next !== undefined)
    const account = Object.values(simulator.world().grants)[0]?.account ?? ""
    expect(seen.map((one) => [one.sellerSku, one.totalQuantity])).toEqual(
      Expected.inventoryRows(simulator.world(), account, US, Dates.dayIn("America/Los_Angeles", simulator.now())).map(
        (one) => [one.sellerSku, one.fulfillable + one.inbound + one.reserved]
      )
    )
    const first = (await (await page()).json()) as Page
    simulator.advance(30_001)
    expect((await page(first.pagination?.nextToken)).status).toBe(400)
  })

  test("probe a vendor's purchase orders within seven days", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator, "ada", "vendorcentral.amazon.com")
    const ask = (after: string, before: string, limit = "100") =>
      sp(
        simulator,
        tokens,
        `/vendor/orders/v1/purchaseOrders?${new URLSearchParams({ createdAfter: after, createdBefore: before, limit }).toString()}`
      )
    const { payload } = (await (await ask("2026-07-01T00:00:00Z", "2026-07-08T00:00:00Z")).json()) as {
      payload: { orders: ReadonlyArray<{ purchaseOrderNumber: string }> }
    }
    const vendor = Object.keys(simulator.world().vendors)[0] ?? ""
    expect(payload.orders.map((one) => one.purchaseOrderNumber)).toEqual(
      Dates.days("2026-07-01", "2026-07-07").flatMap((day) =>
        Expected.purchaseOrderRows(simulator.world(), vendor, day).map((one) => one.number)
      )
    )
    expect((await ask("2026-07-01T00:00:00Z", "2026-07-08T00:00:01Z")).status).toBe(400)
    expect((await ask("2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z", "101")).status).toBe(400)
    expect((await ask("2025-07-01T00:00:00Z", "2025-07-02T00:00:00Z")).status).toBe(400)
  })
})

describe("reports", () => {
  const create = (body: unknown) => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body)
  })

  test("are made, polled, and downloaded compressed by a link of five minutes", async () => {
    const simulator = fresh({ policy: { spReport: { queuedSeconds: 10, processingSeconds: 50 } } })
    const tokens = await sellerTokens(simulator)
    const made = await sp(
      simulator,
      tokens,
      "/reports/2021-06-30/reports",
      create({
        reportType: "GET_SALES_AND_TRAFFIC_REPORT",
        marketplaceIds: [US],
        dataStartTime: "2026-06-01T07:00:00Z",
        dataEndTime: "2026-06-07T07:00:00Z"
      })
    )
    const { reportId } = (await made.json()) as { reportId: string }
    expect(made.status).toBe(202)
    const poll = async () =>
      (await (await sp(simulator, tokens, `/reports/2021-06-30/reports/${reportId}`)).json()) as {
        processingStatus: string
        reportDocumentId?: string
      }
    const states = [await poll()]
    simulator.advance(10_000)
    states.push(await poll())
    simulator.advance(50_000)
    states.push(await poll())
    expect(states.map((one) => [one.processingStatus, one.reportDocumentId === undefined])).toEqual([
      ["IN_QUEUE", true],
      ["IN_PROGRESS", true],
      ["DONE", false]
    ])
    const document = (await (
      await sp(simulator, tokens, `/reports/2021-06-30/documents/${states[2]?.reportDocumentId ?? ""}`)
    ).json()) as { url: string; compressionAlgorithm: string }
    expect(document.compressionAlgorithm).toBe("GZIP")
    const download = () => simulator.fetch(new Request(document.url))
    const body = JSON.parse(gunzipSync(new Uint8Array(await (await download()).arrayBuffer())).toString()) as {
      salesAndTrafficByDate: ReadonlyArray<{ date: string; salesByDate: { unitsOrdered: number } }>
    }
    const account = Object.values(simulator.world().grants)[0]?.account ?? ""
    expect(body.salesAndTrafficByDate.map((one) => [one.date, one.salesByDate.unitsOrdered])).toEqual(
      Expected.orderRows(simulator.world(), account, US, "2026-06-01", "2026-06-07").map((row) => [
        row.day,
        row.unitCount
      ])
    )
    simulator.advance(300_001)
    expect((await download()).status).toBe(403)
  })

  test("can fail, be cancelled, and are unknown to other sellers", async () => {
    const simulator = fresh()
    const [ada, emre] = [await sellerTokens(simulator), await sellerTokens(simulator, "emre")]
    const make = async () =>
      (
        (await (
          await sp(
            simulator,
            ada,
            "/reports/2021-06-30/reports",
            create({ reportType: "GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds: [US] })
          )
        ).json()) as { reportId: string }
      ).reportId
    simulator.failReports(1)
    const [failing, cancelled] = [await make(), await make()]
    expect((await sp(simulator, ada, `/reports/2021-06-30/reports/${cancelled}`, { method: "DELETE" })).status).toBe(
      200
    )
    expect((await sp(simulator, emre, `/reports/2021-06-30/reports/${cancelled}`)).status).toBe(404)
    simulator.advance(10_000)
    const status = async (id: string) =>
      ((await (await sp(simulator, ada, `/reports/2021-06-30/reports/${id}`)).json()) as { processingStatus: string })
        .processingStatus
    expect([await status(failing), await status(cancelled)]).toEqual(["FATAL", "CANCELLED"])
  })

  test("of a type without content here are refused, not made up", async () => {
    const simulator = fresh()
    const response = await sp(
      simulator,
      await sellerTokens(simulator),
      "/reports/2021-06-30/reports",
      create({ reportType: "GET_XML_BROWSE_TREE_DATA", marketplaceIds: [US] })
    )
    expect([response.status, lastRule(simulator)]).toEqual([400, "SPA-400-03"])
  })
})
