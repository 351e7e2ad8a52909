import { AmazonApi } from "@portolan/amazon"
import { Day, Marketplace } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Layer, Redacted, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import { expect, test } from "vitest"
import { addresses, Expected, listen, Simulator } from "../src/index.ts"

const day = Schema.decodeSync(Day.Day)
const US = Schema.decodeSync(Marketplace.Known)("ATVPDKIKX0DER")
const redirectUri = "https://app.example/callback"
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
const codeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

const settings = (simulator: Simulator.Simulator, base: string) => {
  const { clientId, clientSecret, spApplicationId } = simulator.application()
  const client = { clientId, clientSecret: Redacted.make(clientSecret) }
  return {
    ads: client,
    sp: {
      ...client,
      applicationId: spApplicationId ?? "",
      draft: false,
      userAgent: "Portolan/0.1 (Language=TypeScript)"
    },
    addresses: addresses(base).byHost
  }
}

/** Consents as Ada, exchanges the code, discovers, and loads a window: the whole road of a connection. */
const connect = Effect.fnUntraced(function* (
  simulator: Simulator.Simulator,
  channel: "amazon-ads" | "amazon-sp",
  dataClass: "advertising" | "sales"
) {
  const api = yield* ProviderApi.ProviderApi
  const state = Redacted.make("s".repeat(43))
  const url = yield* api.authorizeUrl({
    channel,
    accountType: "seller",
    marketplaceId: US,
    state,
    redirectUri,
    codeChallenge
  })
  const callback = yield* Effect.promise(() => simulator.consent({ as: "ada", url: url.href }))
  const back = api.readCallback(channel, new URL(callback).searchParams)
  if (back._tag !== "Consented") throw new Error(`the callback says ${back._tag}`)
  const consent = yield* api.exchange({
    channel,
    region: "NA",
    code: back.code,
    redirectUri,
    codeVerifier: Redacted.make(verifier),
    ...(back.grantor === undefined ? {} : { grantor: back.grantor })
  })
  const grantor = consent.grantor ?? back.grantor
  const access: ProviderApi.Access = {
    channel,
    region: "NA",
    accountType: "seller",
    marketplaceId: US,
    accessToken: consent.accessToken,
    ...(grantor === undefined ? {} : { grantor })
  }
  const candidates = yield* api.discover(access)
  const profile = candidates.find((one) => one.key.marketplaceId === US && one.type === "seller")
  if (profile === undefined) throw new Error("nothing was discovered")
  const window = { dataClass, profile, from: day("2026-06-01"), until: day("2026-06-15") }
  let answer = yield* api.load(access, window)
  for (let poll = 0; answer._tag === "NotReady" && poll < 5; poll += 1) {
    simulator.advance(60_000)
    answer = yield* api.load(access, { ...window, ticket: answer.ticket })
  }
  return { profile, rows: answer._tag === "Rows" ? answer.rows : [] }
})

test("the reference adapter lands what the world holds, over HTTP", async () => {
  const simulator = Simulator.make({ preset: "seller-us-ready", seed: 11, clock: { manual: "2026-07-15T12:00:00Z" } })
  const server = await listen(simulator)
  const layer = AmazonApi.layer(settings(simulator, server.url)).pipe(Layer.provide(FetchHttpClient.layer))
  const run = <A, E>(effect: Effect.Effect<A, E, ProviderApi.ProviderApi>) =>
    Effect.runPromise(Effect.provide(effect, layer))
  try {
    const advertising = await run(connect(simulator, "amazon-ads", "advertising"))
    const id = advertising.profile.key.externalId
    const expected = Expected.adRows(simulator.world(), {
      profileId: id,
      from: "2026-06-01",
      to: "2026-06-14",
      columns: ["date", "campaignId", "impressions", "clicks", "cost"]
    })
    expect(
      advertising.rows.map(({ data }) => [
        data.date,
        data.campaignId,
        String(data.impressions),
        String(data.clicks),
        data.cost
      ])
    ).toEqual(expected.map((row) => Object.values(row)))

    const sales = await run(connect(simulator, "amazon-sp", "sales"))
    const orders = Expected.orderRows(simulator.world(), sales.profile.key.externalId, US, "2026-06-01", "2026-06-14")
    expect(sales.rows.map(({ data, day }) => [day, data.orderCount, data.unitCount, data.totalSales])).toEqual(
      orders.map((row) => [
        row.day,
        row.orderCount,
        row.unitCount,
        { amount: row.totalSales, currencyCode: row.currency }
      ])
    )
    expect(simulator.journal().filter((entry) => entry.status >= 400)).toEqual([])
    expect(simulator.journal().some((entry) => entry.secretInAddress)).toBe(false)
  } finally {
    await server.close()
  }
})
