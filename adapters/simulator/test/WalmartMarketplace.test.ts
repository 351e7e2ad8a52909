import { describe, expect, test } from "vitest"
import { Expected, type Simulator } from "../src/index.ts"
import { fresh, lastRule, noon, returnUrl } from "./support.ts"
import { loginUrl, sellerToken, sellerTokens, shop } from "./walmart.ts"

const day = 86_400_000
const body = async (response: Promise<Response>): Promise<unknown> => (await response).json()

describe("a seller's consent", () => {
  test("comes back with code, type, client, state and seller", async () => {
    const simulator = fresh()
    const url = await simulator.consent({ as: "walt", url: loginUrl(simulator) })
    expect(url.startsWith(`${returnUrl}?`)).toBe(true)
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      code: expect.stringMatching(/^[0-9A-F]{32}$/) as string,
      type: "auth",
      state: "s-3",
      clientId: simulator.walmartApplication().clientId,
      sellerId: simulator.walmartSeller("Lindqvist Lanterns").id
    })
  })

  test("declined comes back with an error, or stays, as the policy says", async () => {
    const declined = { as: "walt", decision: "cancel" } as const
    const simulator = fresh()
    const url = new URL(await simulator.consent({ ...declined, url: loginUrl(simulator) }))
    expect([url.searchParams.get("error"), url.searchParams.get("state")]).toEqual(["access_denied", "s-3"])
    const staying = fresh({ policy: { walmartDecline: "stay" } })
    expect((await staying.walk({ ...declined, url: loginUrl(staying) })).kind).toBe("stayed")
  })

  test("is asked for market by market", async () => {
    const simulator = fresh()
    const callback = await simulator.consent({ as: "walt", url: loginUrl(simulator, { clientType: "seller-ca" }) })
    expect(new URL(callback).searchParams.get("sellerId")).toBe(simulator.walmartSeller("Lanternes Lindqvist").id)
    expect(
      await simulator.walk({ as: "walt", url: loginUrl(simulator, { clientType: "seller-mx", nonce: "n-2" }) })
    ).toMatchObject({ rule: "WML-NONE" })
  })

  test.each<readonly [string, string, Readonly<Record<string, string>>]>([
    ["WML-AUT-01", "an unknown client", { clientId: "x" }],
    ["WML-AUT-02", "an unknown return address", { redirectUri: "https://evil.example/" }],
    ["WML-AUT-02", "no return address", { redirectUri: "-" }],
    ["WML-AUT-03", "another response type", { responseType: "token" }],
    ["WML-AUT-04", "no nonce", { nonce: "-" }],
    ["WML-AUT-05", "another client type", { clientType: "buyer" }],
    ["WML-AUT-06", "underscores: client_id", { clientId: "-", client_id: "x" }],
    ["WML-AUT-06", "underscores: redirect_uri", { redirectUri: "-", redirect_uri: returnUrl }],
    ["WML-AUT-06", "underscores: response_type", { responseType: "-", response_type: "code" }],
    ["WML-AUT-07", "a state too long", { state: "s".repeat(2049) }]
  ])("%s: is refused for %s", async (rule, _, extra) => {
    const simulator = fresh()
    expect(await simulator.walk({ as: "walt", url: loginUrl(simulator, extra) })).toMatchObject({
      kind: "refused",
      rule
    })
  })

  test("is refused for a nonce that was used, for people who are no administrators, and for closed accounts", async () => {
    const simulator = fresh()
    await simulator.consent({ as: "walt", url: loginUrl(simulator) })
    expect(await simulator.walk({ as: "walt", url: loginUrl(simulator) })).toMatchObject({ rule: "WML-AUT-04" })
    const again = loginUrl(simulator, { nonce: "n-2" })
    expect(await simulator.walk({ as: "wendy", url: again })).toMatchObject({ rule: "WML-NONE" })
    expect(await simulator.walk({ as: "ada", url: again })).toMatchObject({ rule: "WML-NONE" })
    simulator.walmartSeller("Lindqvist Lanterns").active = false
    expect(await simulator.walk({ as: "walt", url: again })).toMatchObject({ rule: "WML-NONE" })
  })

  test("needs the page that was shown", async () => {
    const simulator = fresh()
    const response = await simulator.fetch(
      new Request("https://login.account.wal-mart.com/decision", {
        method: "POST",
        body: new URLSearchParams({ request: loginUrl(simulator).split("?")[1] ?? "", decision: "allow" })
      })
    )
    expect([response.status, lastRule(simulator)]).toEqual([400, "LWA-AUT-10"])
    await simulator.fetch(new Request("https://login.account.wal-mart.com/elsewhere"))
    expect(lastRule(simulator)).toBe("PAGE-404")
  })
})

describe("tokens", () => {
  test("last 900 seconds and a year; refreshing gives no new refresh token", async () => {
    const simulator = fresh()
    const { sellerId, refresh_token, ...first } = await sellerTokens(simulator)
    expect(first).toEqual({
      access_token: expect.stringMatching(/^eyJraWQi/) as string,
      token_type: "Bearer",
      expires_in: 900
    })
    expect(refresh_token).toMatch(/^APXcIoTp/)
    const refresh = () =>
      sellerToken(simulator, { grant_type: "refresh_token", refresh_token }, { "wm_partner.id": sellerId })
    simulator.advance(900_000)
    expect([(await shop(simulator, first.access_token, "/v3/orders")).status, lastRule(simulator)]).toEqual([
      401,
      "WMP-401-02"
    ])
    const second = (await body(refresh())) as { access_token: string }
    expect(Object.keys(second)).toEqual(["access_token", "token_type", "expires_in"])
    expect((await shop(simulator, second.access_token, "/v3/orders")).status).toBe(200)
    simulator.advance(364 * day)
    expect((await refresh()).status).toBe(200)
    simulator.advance(day)
    expect([(await refresh()).status, lastRule(simulator)]).toEqual([400, "WMP-TOK-13"])
  })

  test("of client credentials stand for no seller", async () => {
    const simulator = fresh()
    const { access_token } = (await body(sellerToken(simulator, { grant_type: "client_credentials" }))) as {
      access_token: string
    }
    const detail = (await body(shop(simulator, access_token, "/v3/token/detail"))) as { scopes: Record<string, string> }
    expect(new Set(Object.values(detail.scopes))).toEqual(new Set(["no_access"]))
    expect([(await shop(simulator, access_token, "/v3/orders")).status, lastRule(simulator)]).toEqual([
      403,
      "WMP-403-01"
    ])
  })

  test("end when the seller removes the application, whoever names it", async () => {
    for (const which of ["walt", "W1", "account"]) {
      const simulator = fresh()
      const { access_token, refresh_token, sellerId } = await sellerTokens(simulator)
      expect(simulator.revoke(which === "account" ? { account: sellerId } : which)).toBe(1)
      expect((await shop(simulator, access_token, "/v3/orders")).status).toBe(401)
      await sellerToken(simulator, { grant_type: "refresh_token", refresh_token }, { "wm_partner.id": sellerId })
      expect(lastRule(simulator)).toBe("WMP-TOK-12")
    }
  })

  test("can be withdrawn early, and dead ones may answer as in former years", async () => {
    const simulator = fresh({ policy: { walmartInvalidTokenStatus: 400, walmartDeadTokenStatus: 401 } })
    const { access_token } = await sellerTokens(simulator)
    expect(simulator.act({ kind: "expire-tokens" })).toBe(1)
    const refused = await shop(simulator, access_token, "/v3/orders")
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { errors: { error: [{ code: "INVALID_TOKEN.GMP_GATEWAY_API" }] } }
    ])
    const dead = await sellerToken(
      simulator,
      { grant_type: "refresh_token", refresh_token: "x" },
      { "wm_partner.id": "1" }
    )
    expect([dead.status, await dead.json()]).toMatchObject([
      401,
      { error: [{ code: "INVALID_TOKEN.GMP_GATEWAY_API" }] }
    ])
  })

  type Fields = Readonly<Record<string, string>>
  const code = { grant_type: "authorization_code", redirect_uri: returnUrl, code: "0" }
  const refreshing = { grant_type: "refresh_token", refresh_token: "x" }
  test.each<readonly [string, string, Fields, Fields]>([
    ["WMP-TOK-01", "no basic authentication", refreshing, { authorization: "-" }],
    ["WMP-TOK-01", "a wrong secret", refreshing, { authorization: `Basic ${Buffer.from("a:b").toString("base64")}` }],
    ["WMP-TOK-02", "no service name", refreshing, { "wm_svc.name": "-" }],
    ["WMP-TOK-02", "no correlation id", refreshing, { "wm_qos.correlation_id": "-" }],
    ["WMP-TOK-02", "no partner id with a code", code, {}],
    ["WMP-TOK-02", "no partner id with a refresh token", refreshing, {}],
    ["WMP-TOK-03", "another service name", refreshing, { "wm_svc.name": "Walmart" }],
    ["WMP-TOK-04", "a JSON body", refreshing, { "content-type": "application/json" }],
    ["WMP-TOK-05", "no grant type", {}, {}],
    ["WMP-TOK-05", "no code", { ...code, code: "" }, {}],
    ["WMP-TOK-05", "no redirect address", { ...code, redirect_uri: "" }, {}],
    ["WMP-TOK-05", "no refresh token", { grant_type: "refresh_token" }, {}],
    ["WMP-TOK-06", "an unknown grant type", { grant_type: "password" }, {}],
    ["WMP-TOK-07", "an unknown code", code, { "wm_partner.id": "1" }],
    ["WMP-TOK-11", "a damaged refresh token", refreshing, { "wm_partner.id": "1" }]
  ])("%s: are refused for %s", async (rule, _, fields, headers) => {
    const simulator = fresh()
    const response = await sellerToken(simulator, fields, headers)
    expect(lastRule(simulator)).toBe(rule)
    expect(await response.json()).toMatchObject({
      error: [{ severity: "ERROR", category: "DATA", causes: [], errorIdentifiers: {} }]
    })
  })

  test("are refused for a code that is old, used, of another address or of another seller", async () => {
    const attempt = async (age: number, extra: Fields = {}, seller?: string, times = 1) => {
      const simulator = fresh()
      const back = new URL(await simulator.consent({ as: "walt", url: loginUrl(simulator) })).searchParams
      simulator.advance(age)
      for (let n = 0; n < times; n += 1) {
        await sellerToken(
          simulator,
          { ...code, code: back.get("code") ?? "", ...extra },
          { "wm_partner.id": seller ?? back.get("sellerId") ?? "" }
        )
      }
      return lastRule(simulator)
    }
    expect(await attempt(300_000)).toBe(null)
    expect(await attempt(300_001)).toBe("WMP-TOK-08")
    expect(await attempt(0, {}, undefined, 2)).toBe("WMP-TOK-09")
    expect(await attempt(0, { redirect_uri: "http://localhost:8080/callback" })).toBe("WMP-TOK-10")
    expect(await attempt(0, {}, "1")).toBe("WMP-TOK-03")
    const simulator = fresh()
    const { refresh_token } = await sellerTokens(simulator)
    await sellerToken(simulator, { grant_type: "refresh_token", refresh_token }, { "wm_partner.id": "1" })
    expect(lastRule(simulator)).toBe("WMP-TOK-03")
  })

  test("say unauthorized in Walmart's words, in XML unless JSON is asked for", async () => {
    const simulator = fresh()
    const {
      error: [first]
    } = (await body(sellerToken(simulator, {}, { authorization: "-" }))) as { error: ReadonlyArray<unknown> }
    expect(first).toMatchObject({
      code: "UNAUTHORIZED.GMP_GATEWAY_API",
      field: "UNAUTHORIZED",
      description: "Unauthorized",
      info: expect.stringContaining("Basic Base64Encode(clientId:clientSecret)") as string
    })
    const xml = await sellerToken(simulator, { grant_type: "client_credentials" }, { accept: "*/*" })
    expect(xml.headers.get("content-type")).toBe("application/xml")
    expect(await xml.text()).toMatch(
      /<access_token>eyJ[^<]+<\/access_token><token_type>Bearer<\/token_type><expires_in>900</
    )
    simulator.act({ kind: "policy", policy: { walmartDefaultFormat: "json" } })
    expect(await body(sellerToken(simulator, { grant_type: "client_credentials" }, { accept: "*/*" }))).toHaveProperty(
      "access_token"
    )
  })

  test("never stand in the journal", async () => {
    const simulator = fresh()
    const { access_token, refresh_token } = await sellerTokens(simulator)
    await shop(simulator, access_token, `/v3/orders?access_token=${access_token}`)
    const journal = JSON.stringify(simulator.journal())
    const [code] = Object.keys(simulator.world().walmart.codes)
    for (const secret of [access_token, refresh_token, simulator.walmartApplication().clientSecret, code ?? ""]) {
      expect(journal).not.toContain(secret.slice(0, 60))
    }
    expect(simulator.journal().at(-1)?.secretInAddress).toBe(true)
    expect(journal).toContain("issued access:W1#1")
  })
})

describe("the gateway", () => {
  test("tells what a token is good for, as the consent froze it", async () => {
    const simulator = fresh()
    const { access_token, sellerId } = await sellerTokens(simulator)
    expect(await body(shop(simulator, access_token, "/v3/token/detail"))).toMatchObject({
      expire_at: String(noon + 900_000),
      issued_at: String(noon),
      is_valid: true,
      scopes: { orders: "view_only", reports: "full_access", price: "no_access", shipping: "no_access" }
    })
    expect(simulator.act({ kind: "walmart-scope", seller: sellerId, scope: "orders", level: "no_access" })).toBe(1)
    expect([(await shop(simulator, access_token, "/v3/orders")).status, lastRule(simulator)]).toEqual([
      403,
      "WMP-403-01"
    ])
    expect((await shop(simulator, access_token, "/v3/items")).status).toBe(200)
  })

  type Fields = Readonly<Record<string, string>>
  test.each<readonly [string, string, string, Fields]>([
    ["WMP-401-01", "a bearer header instead", "/v3/orders", { "wm_sec.access_token": "-", authorization: "Bearer x" }],
    ["WMP-401-02", "a damaged token", "/v3/token/detail", { "wm_sec.access_token": "eyJraWQi.x.y" }],
    ["WMP-400-01", "no service name", "/v3/orders", { "wm_svc.name": "-" }],
    ["WMP-400-01", "no correlation id", "/v3/orders", { "wm_qos.correlation_id": "-" }],
    ["WMP-400-02", "another service name", "/v3/orders", { "wm_svc.name": "x" }],
    ["WMP-400-02", "another market", "/v3/orders", { wm_market: "ca" }],
    ["WMP-400-03", "a limit of 201", "/v3/orders?limit=201", {}],
    ["WMP-400-03", "a date that is none", "/v3/orders?createdStartDate=yesterday", {}],
    ["WMP-400-03", "an end before the start", "/v3/orders?createdStartDate=2026-07-02&createdEndDate=2026-07-01", {}],
    ["WMP-400-03", "a cursor nobody gave", "/v3/orders?nextCursor=%3FpoIndex%3Dx", {}],
    ["WMP-400-03", "an item cursor nobody gave", "/v3/items?nextCursor=20.x", {}],
    ["WMP-400-03", "a stock cursor nobody gave", "/v3/inventories?nextCursor=5.x", {}],
    ["WMP-400-03", "a limit of 51 on stock", "/v3/inventories?limit=51", {}],
    ["WMP-400-03", "an offset that is none", "/v3/items?offset=x", {}],
    ["WMP-400-03", "no sku", "/v3/inventory", {}],
    ["WMP-400-04", "a filter that is not modelled", "/v3/orders?status=Shipped", {}],
    ["WMP-404-01", "an unknown sku", "/v3/inventory?sku=x", {}],
    ["WMP-404-01", "an unknown sku among items", "/v3/items?sku=x", {}],
    ["WMP-404-02", "an unknown path", "/v3/everything", {}],
    ["WMP-405-01", "reading the token endpoint", "/v3/token", {}]
  ])("%s: refuses %s", async (rule, _, path, headers) => {
    const simulator = fresh()
    const { access_token } = await sellerTokens(simulator)
    await shop(simulator, access_token, path, headers)
    expect(lastRule(simulator)).toBe(rule)
  })

  test("refuses other methods", async () => {
    const simulator = fresh()
    await shop(simulator, "", "/v3/orders", {}, "DELETE")
    expect(lastRule(simulator)).toBe("WMP-405-01")
  })

  test("counts calls by seller and endpoint, and says when the bucket fills", async () => {
    const simulator = fresh({ preset: "walmart-marketplace-ready", policy: { quotaScale: 0.01 } })
    const { access_token } = await sellerTokens(simulator)
    const call = () => shop(simulator, access_token, "/v3/items?limit=1")
    expect((await call()).headers.get("x-current-token-count")).toBe("2")
    await call()
    await call()
    const refused = await call()
    expect([refused.status, refused.headers.get("x-current-token-count")]).toEqual([429, "0"])
    expect(Number(refused.headers.get("x-next-replenish-time"))).toBeGreaterThan(noon)
    expect(await refused.json()).toMatchObject({ error: [{ category: "REQUEST" }] })
    expect((await shop(simulator, access_token, "/v3/orders?limit=1")).status).toBe(200)
    simulator.advance(20_000)
    expect((await call()).status).toBe(200)
  })

  test("takes faults in the shape of the API", async () => {
    const simulator = fresh()
    simulator.arm({ where: { host: "marketplace.walmartapis.com" }, effect: { kind: "status", status: 500 } })
    expect(await body(sellerToken(simulator, {}))).toMatchObject({ error: [{ code: "SYSTEM_ERROR.GMP_GATEWAY_API" }] })
  })
})

describe("data", () => {
  type Orders = {
    list: {
      meta: { totalCount: number; nextCursor?: string }
      elements: { order: ReadonlyArray<{ purchaseOrderId: string }> }
    }
  }
  const walk = async (simulator: Simulator.Simulator, accessToken: string, query: string) => {
    const ids: Array<string> = []
    let next: string | undefined = query
    for (let page = 0; next !== undefined && page < 50; page += 1) {
      const { list } = (await body(shop(simulator, accessToken, `/v3/orders${next}`))) as Orders
      ids.push(...list.elements.order.map((one) => one.purchaseOrderId))
      next = list.meta.nextCursor
    }
    return ids
  }

  test("orders are those Expected names, page by page, none of the future", async () => {
    const simulator = fresh()
    const { access_token, sellerId } = await sellerTokens(simulator)
    const expected = Expected.walmartOrderRows(simulator.world(), {
      sellerId,
      from: "2026-07-01",
      to: "2026-07-15"
    }).filter((order) => order.orderDate <= noon)
    expect(expected.length).toBeGreaterThan(15)
    expect(await walk(simulator, access_token, "?limit=4&createdStartDate=2026-07-01")).toEqual(
      expected.map((one) => one.purchaseOrderId)
    )
    const first = await body(shop(simulator, access_token, "/v3/orders?limit=1&createdStartDate=2026-07-01T00:00:00Z"))
    expect(first).toMatchObject({
      list: {
        meta: { totalCount: expected.length },
        elements: {
          order: [
            {
              orderDate: expected[0]?.orderDate,
              orderLines: {
                orderLine: [
                  { item: { sku: expected[0]?.sku }, charges: { charge: [{ chargeAmount: { currency: "USD" } }] } }
                ]
              }
            }
          ]
        }
      }
    })
    expect(await walk(simulator, access_token, "?createdStartDate=2020-01-01&createdEndDate=2026-01-01")).toEqual([])
  })

  test("items and inventory are those Expected names", async () => {
    const simulator = fresh()
    const { access_token, sellerId } = await sellerTokens(simulator)
    const expected = Expected.walmartItemRows(simulator.world(), sellerId)
    const seen: Array<string> = []
    let next: string | undefined = "*"
    while (next !== undefined) {
      const page = (await body(shop(simulator, access_token, `/v3/items?nextCursor=${next}`))) as {
        ItemResponse: ReadonlyArray<{ sku: string }>
        totalItems: number
        nextCursor?: string
      }
      expect(page.totalItems).toBe(45)
      seen.push(...page.ItemResponse.map((one) => one.sku))
      next = page.nextCursor
    }
    expect(seen).toEqual(expected.map((one) => one.sku))
    expect(await body(shop(simulator, access_token, "/v3/items?limit=5&offset=40"))).toMatchObject({
      ItemResponse: { length: 5 }
    })
    const [stock] = Expected.walmartInventoryRows(simulator.world(), sellerId, "2026-07-15")
    expect(await body(shop(simulator, access_token, `/v3/inventory?sku=${stock?.sku ?? ""}`))).toEqual({
      sku: stock?.sku,
      quantity: { unit: "EACH", amount: stock?.amount }
    })
    const counted: Array<unknown> = []
    let cursor: string | undefined = ""
    while (cursor !== undefined) {
      const page = (await body(shop(simulator, access_token, `/v3/inventories?limit=20${cursor}`))) as {
        meta: { nextCursor?: string }
        elements: {
          inventories: ReadonlyArray<{ sku: string; nodes: ReadonlyArray<{ availToSellQty: { amount: number } }> }>
        }
      }
      counted.push(
        ...page.elements.inventories.map(({ sku, nodes }) => ({ sku, amount: nodes[0]?.availToSellQty.amount }))
      )
      cursor = page.meta.nextCursor === undefined ? undefined : `&nextCursor=${page.meta.nextCursor}`
    }
    expect(counted).toEqual(Expected.walmartInventoryRows(simulator.world(), sellerId, "2026-07-15"))
  })

  test("of another market has its currency, and wants its market named", async () => {
    const simulator = fresh()
    const { access_token } = await sellerTokens(simulator, { clientType: "seller-ca" })
    expect((await shop(simulator, access_token, "/v3/items")).status).toBe(400)
    expect(await body(shop(simulator, access_token, "/v3/items?limit=1", { wm_market: "ca" }))).toMatchObject({
      ItemResponse: [{ mart: "WALMART_CA", price: { currency: "CAD" } }],
      totalItems: 12
    })
  })
})
