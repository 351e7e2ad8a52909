import { describe, expect, test } from "vitest"
import { Expected, type Simulator } from "../src/index.ts"
import { CA, fresh, sellerTokens, sp, type Tokens, US } from "./support.ts"

type Order = {
  readonly AmazonOrderId: string
  readonly OrderStatus: string
  readonly PurchaseDate: string
  readonly LastUpdateDate: string
  readonly NumberOfItemsShipped: number
  readonly NumberOfItemsUnshipped: number
  readonly OrderTotal?: { readonly Amount: string }
}
type Page = { readonly payload: { readonly Orders: ReadonlyArray<Order>; readonly NextToken?: string } }

const ask = (simulator: Simulator.Simulator, tokens: Tokens, query: Record<string, string>) =>
  sp(simulator, tokens, `/orders/v0/orders?${new URLSearchParams({ MarketplaceIds: US, ...query }).toString()}`)

const every = async (simulator: Simulator.Simulator, tokens: Tokens, query: Record<string, string>) => {
  const orders: Array<Order> = []
  let next: string | undefined
  do {
    const given: Record<string, string> = next === undefined ? query : { NextToken: next }
    const { payload } = (await (await ask(simulator, tokens, given)).json()) as Page
    orders.push(...payload.Orders)
    next = payload.NextToken
  } while (next !== undefined)
  return orders
}

const day = { CreatedAfter: "2026-07-06T00:00:00-07:00", CreatedBefore: "2026-07-07T00:00:00-07:00" }

describe("orders", () => {
  test("are paged to the end without repeats, and add up to the metrics of the day", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator)
    const orders = await every(simulator, tokens, { ...day, MaxResultsPerPage: "2" })
    const account = Object.values(simulator.world().grants)[0]?.account ?? ""
    const [row] = Expected.orderRows(simulator.world(), account, US, "2026-07-06", "2026-07-06")
    const units = orders.reduce((sum, one) => sum + one.NumberOfItemsShipped + one.NumberOfItemsUnshipped, 0)
    const cancelled = orders.filter((one) => one.OrderStatus === "Canceled").length
    expect([orders.length, new Set(orders.map((one) => one.AmazonOrderId)).size]).toEqual([
      Number(row?.orderCount),
      Number(row?.orderCount)
    ])
    if (cancelled === 0) expect(units).toBe(Number(row?.unitCount))
    expect(orders.length).toBeGreaterThan(2)
  })

  test("change as time passes, and are found by their last change", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator)
    const since = { CreatedAfter: "2026-07-15T07:00:00Z" }
    const before = await every(simulator, tokens, since)
    expect(new Set(before.map((one) => one.OrderStatus))).not.toContain("Shipped")
    const first = before[0]?.AmazonOrderId ?? ""
    const asked = new Date(simulator.now()).toISOString()
    simulator.advance(59 * 60_000)
    const { access_token } = tokens
    expect(access_token).not.toBe("")
    const changed = await every(simulator, tokens, { LastUpdatedAfter: asked })
    expect(changed.every((one) => one.LastUpdateDate >= asked.replace(".000Z", "Z"))).toBe(true)
    simulator.advance(49 * 3_600_000)
    const again = await sellerTokens(simulator)
    const one = (await (await sp(simulator, again, `/orders/v0/orders/${first}`)).json()) as { payload: Order }
    expect(one.payload.OrderStatus).toMatch(/^(Shipped|Canceled)$/)
    const items = (await (await sp(simulator, again, `/orders/v0/orders/${first}/orderItems`)).json()) as {
      payload: { OrderItems: ReadonlyArray<{ QuantityOrdered: number; QuantityShipped: number }> }
    }
    expect(items.payload.OrderItems[0]?.QuantityOrdered).toBeGreaterThan(0)
  })

  test("are those of the seller and its marketplaces alone", async () => {
    const simulator = fresh()
    const [ada, emre] = [await sellerTokens(simulator), await sellerTokens(simulator, "emre")]
    const [order] = await every(simulator, ada, day)
    expect((await sp(simulator, emre, `/orders/v0/orders/${order?.AmazonOrderId ?? ""}`)).status).toBe(404)
    const canadian = await every(simulator, ada, { ...day, MarketplaceIds: CA })
    expect(canadian.map((one) => one.AmazonOrderId)).not.toContain(order?.AmazonOrderId)
    const named = await every(simulator, ada, { ...day, AmazonOrderIds: order?.AmazonOrderId ?? "" })
    expect(named.map((one) => one.AmazonOrderId)).toEqual([order?.AmazonOrderId])
    expect(await every(simulator, ada, { ...day, FulfillmentChannels: "MFN" })).toEqual([])
  })

  test.each([
    ["no time", {}],
    ["two times", { CreatedAfter: "2026-07-01T00:00:00Z", LastUpdatedAfter: "2026-07-01T00:00:00Z" }],
    ["a window the wrong way round", { CreatedAfter: "2026-07-02T00:00:00Z", CreatedBefore: "2026-07-01T00:00:00Z" }],
    ["a time ahead", { CreatedAfter: "2027-07-02T00:00:00Z" }],
    ["an unknown status", { CreatedAfter: "2026-07-01T00:00:00Z", OrderStatuses: "Lost" }],
    ["a filter that is not simulated", { CreatedAfter: "2026-07-01T00:00:00Z", BuyerEmail: "a@b.example" }],
    ["a token that was never given", { NextToken: "abc" }],
    ["a large page", { CreatedAfter: "2026-07-01T00:00:00Z", MaxResultsPerPage: "500" }]
  ])("refuse %s", async (_, query) => {
    const simulator = fresh()
    expect((await ask(simulator, await sellerTokens(simulator), query)).status).toBe(400)
  })
})

test("the account of a seller is told", async () => {
  const simulator = fresh()
  const answer = await sp(simulator, await sellerTokens(simulator), "/sellers/v1/account")
  const { payload } = (await answer.json()) as { payload: { marketplaceParticipationList: ReadonlyArray<unknown> } }
  expect([answer.status, payload.marketplaceParticipationList.length]).toEqual([200, 3])
})
