/** Everything through the simulated Walmart, which checks each request strictly and knows what should have landed. */
import { describe, expect, it } from "@effect/vitest"
import type { Marketplace } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Expected, Simulator } from "@portolan/simulator"
import { DateTime, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import type { Settings } from "../src/index.ts"
import { api, ask, day, failure, noon, US } from "./support.ts"

const returnUrl = "https://app.example/callback"
const today = day("2026-07-15")

const settingsFor = (simulator: Simulator.Simulator): Settings.Given => {
  const { authToken, consumerId, keyVersion, privateKey } = simulator.walmartPartner()
  const { clientId, clientSecret } = simulator.walmartApplication()
  return {
    marketplace: { clientId, clientSecret: Redacted.make(clientSecret) },
    connect: { consumerId, keyVersion, authToken: Redacted.make(authToken), privateKey: Redacted.make(privateKey) }
  }
}

/** Runs against a simulator whose time stands still, and afterwards looks for anything that was not well formed. */
const against = <A, E>(
  options: Simulator.Options,
  work: (simulator: Simulator.Simulator) => Effect.Effect<A, E, ProviderApi.ProviderApi>
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(noon)
    const simulator = Simulator.make({
      seed: 7,
      preset: "demo",
      clock: { manual: noon },
      returnUrls: [returnUrl],
      ...options,
      // Ready at once unless a test is about waiting, so that only that one has to move two clocks together.
      policy: { walmartSnapshot: { pendingSeconds: 0, processingSeconds: 0 }, ...options.policy }
    })
    const done = yield* Effect.provide(work(simulator), api(simulator.fetch, settingsFor(simulator)), { local: true })
    expect(simulator.journal().filter(({ secretInAddress }) => secretInAddress)).toEqual([])
    return done
  })

/** Lets both clocks run until an effect that waits has ended. */
const running = <A, E, R>(simulator: Simulator.Simulator, effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    for (let round = 0; round < 60 && fiber.pollUnsafe() === undefined; round++) {
      // What is asked in process takes a few turns of the loop to answer.
      for (let turn = 0; turn < 20; turn++) yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      simulator.advance(5000)
      yield* TestClock.adjust("5 seconds")
    }
    return yield* Fiber.join(fiber)
  })

const advertisers = ask((port) => port.advertisers("WALMART-US"))

const ofConnect = {
  channel: "walmart-connect",
  region: "WALMART-US",
  accountType: "walmart-3p",
  marketplaceId: US,
  accessToken: Redacted.make("")
} as const

const consent = (simulator: Simulator.Simulator, marketplaceId: Marketplace.MarketplaceId = US) =>
  Effect.gen(function* () {
    const port = yield* ProviderApi.ProviderApi
    const url = yield* port.authorizeUrl({
      channel: "walmart-marketplace",
      accountType: "walmart-3p",
      marketplaceId,
      state: Redacted.make("state/1 &?"),
      redirectUri: returnUrl,
      codeChallenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    })
    const back = yield* Effect.promise(() => simulator.consent({ as: "walt", url: url.href }))
    const callback = port.readCallback("walmart-marketplace", new URL(back).searchParams)
    if (callback._tag !== "Consented" || callback.grantor === undefined) return yield* Effect.die(callback)
    expect(Redacted.value(callback.state)).toBe("state/1 &?")
    const request = {
      channel: "walmart-marketplace",
      region: "WALMART-US",
      code: callback.code,
      redirectUri: returnUrl,
      codeVerifier: Redacted.make("unused"),
      grantor: callback.grantor
    } as const
    const tokens = yield* port.exchange(request)
    const access: ProviderApi.Access = {
      channel: "walmart-marketplace",
      region: "WALMART-US",
      accountType: "walmart-3p",
      marketplaceId,
      accessToken: tokens.accessToken,
      grantor: callback.grantor
    }
    return { access, port, request, tokens }
  })

describe("walmart connect", () => {
  it.effect("lists exactly who let us in, with both kinds and what they gave", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const found = yield* advertisers
        const expected = Object.values(simulator.world().walmart.advertisers).filter(
          (one) => one.market === "US" && one.access.some((row) => row.partner === "portolan" && row.revokedAt === null)
        )
        expect(expected.length).toBeGreaterThan(1)
        expect(
          found.map(({ key, name, permission, type }) => [key.externalId, name, type, permission]).toSorted()
        ).toEqual(
          expected
            .map((one) => [
              one.id,
              one.name,
              `walmart-${one.type}`,
              one.access.find(({ partner }) => partner === "portolan")?.type === "write" ? "edit" : "view"
            ])
            .toSorted()
        )
        const lanterns = found.find(({ name }) => name === "Lindqvist Lanterns")
        expect(lanterns).toMatchObject({
          permission: "edit",
          spendLimitReached: false,
          sellerName: "Lindqvist Lanterns"
        })
        expect(lanterns?.sellerId).toBe(simulator.walmartAdvertiser("Lindqvist Lanterns").sellerId)
        expect(lanterns?.grantedAt).toBeDefined()
      })
    )
  )

  it.effect("sees access that is changed and removed", () =>
    against({ policy: { walmartGrantDelaySeconds: 0 } }, (simulator) =>
      Effect.gen(function* () {
        const permission = Effect.map(
          advertisers,
          (found) => found.find(({ name }) => name === "Lindqvist Lanterns")?.permission
        )
        simulator.setWalmartAccess("Lindqvist Lanterns", "read")
        expect(yield* permission).toBe("view")
        simulator.setWalmartAccess("Lindqvist Lanterns", "none")
        expect(yield* permission).toBe(undefined)
      })
    )
  )

  it.effect("reads answers in an array of one, takes version 1 when version 2 fails, and gives up in time", () =>
    Effect.gen(function* () {
      yield* against({ policy: { walmartSnapshotAnswer: "array" } }, (simulator) =>
        Effect.gen(function* () {
          const first = yield* advertisers
          simulator.failReports(1)
          const again = yield* advertisers
          expect(again).toEqual(first)
          simulator.failReports(2)
          expect(yield* failure(advertisers)).toMatchObject({ _tag: "Temporary", throttled: false })
        })
      )
      yield* against({ policy: { walmartSnapshot: { pendingSeconds: 600, processingSeconds: 600 } } }, (simulator) =>
        Effect.gen(function* () {
          const late = yield* failure(running(simulator, advertisers))
          expect(late).toMatchObject({ _tag: "Temporary" })
          expect(late.message).toContain("120 seconds")
        })
      )
    })
  )

  it.effect("loads a report, exactly what the provider holds, and knows what it cannot have", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const port = yield* ProviderApi.ProviderApi
        const profile = (yield* advertisers).find(({ name }) => name === "Lindqvist Lanterns")
        if (profile === undefined) return yield* Effect.die("no advertiser")
        const window = { dataClass: "advertising", profile, from: day("2026-06-15"), until: today } as const
        const started = yield* port.load(ofConnect, window)
        if (started._tag !== "NotReady") return yield* Effect.die(started)
        expect((yield* port.load(ofConnect, { ...window, ticket: started.ticket }))._tag).toBe("NotReady")
        simulator.advance(300_000)
        yield* TestClock.adjust("300 seconds")
        const rows = yield* port.load(ofConnect, { ...window, ticket: started.ticket })
        const columns = [
          "date",
          "campaignId",
          "numAdsShown",
          "numAdsClicks",
          "adSpend",
          "attributedOrders14days",
          "attributedSales14days"
        ]
        const expected = Expected.walmartAdRows(simulator.world(), {
          advertiserId: profile.key.externalId,
          from: "2026-06-15",
          to: "2026-07-14",
          columns
        })
        expect(expected.length).toBeGreaterThan(0)
        expect(
          rows._tag === "Rows" && rows.rows.map(({ data }) => columns.map((name) => String(data[name]))).toSorted()
        ).toEqual(expected.map((row) => columns.map((name) => row[name])).toSorted())

        const old = yield* failure(port.load(ofConnect, { ...window, from: day("2026-04-01") }))
        expect(old).toMatchObject({ _tag: "RequestRefused", beyondRetention: true })
        const tooEarly = yield* failure(port.load(ofConnect, { ...window, until: day("2026-07-16") }))
        expect(tooEarly).toMatchObject({ _tag: "Temporary", retryAfterSeconds: 12 * 3600 - 300 })
        simulator.advance(25 * 3_600_000)
        yield* TestClock.adjust("25 hours")
        expect((yield* port.load(ofConnect, { ...window, ticket: started.ticket }))._tag).toBe("Lost")
        expect((yield* port.load(ofConnect, { ...window, ticket: "unknown" }))._tag).toBe("Lost")
      })
    )
  )

  it.effect("waits for a day that Walmart does not have yet", () =>
    against({ preset: "walmart-day-late" }, (simulator) =>
      Effect.gen(function* () {
        const [profile] = yield* advertisers
        if (profile === undefined) return yield* Effect.die("nobody is listed")
        const late = yield* failure(
          ask((port) =>
            port.load(ofConnect, { dataClass: "advertising", profile, from: day("2026-07-10"), until: today })
          )
        )
        expect(late).toMatchObject({ _tag: "Temporary", retryAfterSeconds: 86_400 })
        expect(simulator.journal().at(-1)?.rule).toBe("WMC-400-05")
      })
    )
  )

  it.effect("tells missing access of one advertiser from our own bad credentials", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const port = yield* ProviderApi.ProviderApi
        const profile = (yield* advertisers).find(({ name }) => name === "Lindqvist Lanterns")
        if (profile === undefined) return yield* Effect.die("no advertiser")
        const about = { marketplaceId: US, profile: profile.key }
        expect(yield* port.inspect(ofConnect, about)).toEqual({
          profileVisible: true,
          permission: "edit",
          campaigns: simulator.walmartAdvertiser("Lindqvist Lanterns").campaigns.length
        })
        simulator.setWalmartAccess("Lindqvist Lanterns", "none")
        expect(yield* port.inspect(ofConnect, about)).toEqual({ profileVisible: false })
        const window = { dataClass: "advertising", profile, from: day("2026-07-01"), until: day("2026-07-10") } as const
        expect((yield* failure(port.load(ofConnect, window)))._tag).toBe("PermissionMissing")
        const wrong = { ...settingsFor(simulator) }
        const bad = api(simulator.fetch, {
          ...wrong,
          ...(wrong.connect === undefined ? {} : { connect: { ...wrong.connect, keyVersion: "9" } })
        })
        expect(
          (yield* failure(ask((other) => other.advertisers("WALMART-US"))).pipe(Effect.provide(bad, { local: true })))
            ._tag
        ).toBe("ApplicationRejected")
      })
    )
  )

  it.effect("waits ten minutes when the hour's calls are used up", () =>
    against({ policy: { walmartHourlyBudget: 0 } }, () =>
      Effect.gen(function* () {
        const port = yield* ProviderApi.ProviderApi
        const profile = (yield* advertisers)[0]
        if (profile === undefined) return yield* Effect.die("no advertiser")
        const window = { dataClass: "advertising", profile, from: day("2026-07-01"), until: day("2026-07-10") } as const
        expect(yield* failure(port.load(ofConnect, window))).toMatchObject({
          _tag: "Temporary",
          throttled: true,
          retryAfterSeconds: 600
        })
      })
    )
  )
})

describe("walmart marketplace", () => {
  it.effect("from consent to sales, stock and articles, exactly what the provider holds", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const { access, port, tokens } = yield* consent(simulator)
        expect(DateTime.toEpochMillis(tokens.accessExpiresAt) - noon).toBe(900_000)
        expect(tokens.expiresAt === undefined ? 0 : DateTime.toEpochMillis(tokens.expiresAt) - noon).toBe(
          365 * 86_400_000
        )
        const [profile, ...more] = yield* port.discover(access)
        expect(more).toEqual([])
        if (profile?._tag !== "SellingPartner") return yield* Effect.die("no seller")
        expect(profile).toMatchObject({ type: "walmart-3p", key: { externalId: access.grantor, marketplaceId: US } })
        expect(profile).not.toHaveProperty("missingScopes")
        const sellerId = profile.key.externalId

        const sales = yield* port.load(access, {
          dataClass: "sales",
          profile,
          from: day("2026-06-10"),
          until: day("2026-07-10")
        })
        const orders = Expected.walmartOrderRows(simulator.world(), { sellerId, from: "2026-06-10", to: "2026-07-09" })
        expect(orders.length).toBeGreaterThan(20)
        expect(sales._tag === "Rows" && sales.rows.map(({ day, key }) => [key, day]).toSorted()).toEqual(
          orders.map(({ day, purchaseOrderId }) => [purchaseOrderId, day]).toSorted()
        )
        expect(JSON.stringify(sales)).not.toContain("Simulated Customer")
        expect(JSON.stringify(sales)).not.toContain("relay.example")

        const present = { profile, from: today, until: day("2026-07-16") } as const
        const items = yield* port.load(access, { ...present, dataClass: "content" })
        expect(items._tag === "Rows" && items.rows.map(({ key }) => key).toSorted()).toEqual(
          Expected.walmartItemRows(simulator.world(), sellerId)
            .map(({ sku }) => sku)
            .toSorted()
        )
        const stock = yield* port.load(access, { ...present, dataClass: "inventory" })
        expect(stock._tag === "Rows" && stock.rows.length).toBe(
          Expected.walmartItemRows(simulator.world(), sellerId).length
        )
        expect((yield* failure(port.load(access, { ...present, dataClass: "reviews" })))._tag).toBe("RequestRefused")
      })
    )
  )

  it.effect("refreshes with the same token, tells an old access token from a dead consent", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const { access, port, request, tokens } = yield* consent(simulator)
        expect((yield* failure(port.exchange(request)))._tag).toBe("CodeRefused")
        simulator.advance(1_000_000)
        yield* TestClock.adjust("1000 seconds")
        expect((yield* failure(port.discover(access)))._tag).toBe("AccessTokenRefused")
        const spend = {
          channel: "walmart-marketplace",
          region: "WALMART-US",
          refreshToken: tokens.refreshToken,
          grantor: request.grantor
        } as const
        const fresh = yield* port.refresh(spend)
        expect(Redacted.value(fresh.refreshToken)).toBe(Redacted.value(tokens.refreshToken))
        expect((yield* port.discover({ ...access, accessToken: fresh.accessToken })).length).toBe(1)
        simulator.revoke("walt")
        expect((yield* failure(port.discover({ ...access, accessToken: fresh.accessToken })))._tag).toBe(
          "AccessTokenRefused"
        )
        expect((yield* failure(port.refresh(spend)))._tag).toBe("GrantRefused")
      })
    )
  )

  it.effect("reads a person's no", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const port = yield* ProviderApi.ProviderApi
        const url = yield* port.authorizeUrl({
          channel: "walmart-marketplace",
          accountType: "walmart-3p",
          marketplaceId: US,
          state: Redacted.make("s"),
          redirectUri: returnUrl,
          codeChallenge: "nonce-1"
        })
        const back = yield* Effect.promise(() => simulator.consent({ as: "walt", url: url.href, decision: "cancel" }))
        expect(port.readCallback("walmart-marketplace", new URL(back).searchParams)._tag).toBe("Declined")
      })
    )
  )

  it.effect.each<[string, string, object]>([
    ["walmart-lists-short", "content", { _tag: "Temporary" }],
    ["walmart-lists-short", "inventory", { _tag: "Temporary" }],
    ["walmart-marketplace-ready", "content", { _tag: "Rows" }]
  ])("reads a whole list or none: %s, %s", ([preset, dataClass, expected]) =>
    against({ preset }, (simulator) =>
      Effect.gen(function* () {
        const { access, port } = yield* consent(simulator)
        const [profile] = yield* port.discover(access)
        if (profile === undefined) return yield* Effect.die("no candidate")
        const load = port.load(access, { dataClass, profile, from: today, until: day("2026-07-16") })
        const answer = yield* Effect.catch(load, (error) => Effect.succeed(error))
        expect(answer).toMatchObject(expected)
      })
    )
  )

  it.effect("meets a cap by halves, dead cursors by beginning anew, and odd entries by keeping them apart", () =>
    Effect.gen(function* () {
      const keys = (preset: string, policy: Simulator.Options["policy"] = {}) =>
        against({ preset, policy }, (simulator) =>
          Effect.gen(function* () {
            const { access, port } = yield* consent(simulator)
            const [profile] = yield* port.discover(access)
            if (profile === undefined) return yield* Effect.die("no candidate")
            const load = (dataClass: string) =>
              port.load(access, { dataClass, profile, from: day("2026-07-10"), until: day("2026-07-13") })
            const [sales, stock] = [yield* load("sales"), yield* load("inventory")]
            return [sales, stock].map((answer) =>
              answer._tag === "Rows" ? [answer.rows.length, answer.quarantined?.length ?? 0] : []
            )
          })
        )
      const whole = yield* keys("walmart-marketplace-ready")
      expect(yield* keys("walmart-orders-capped")).toEqual(whole)
      expect(yield* keys("walmart-marketplace-ready", { dyingPageTokens: 2 })).toEqual(whole)
      const [, stock = []] = yield* keys("walmart-marketplace-ready", { oddEntryEvery: 20 })
      expect([(stock[0] ?? 0) + (stock[1] ?? 0), (stock[1] ?? 0) > 0]).toEqual([whole[1]?.[0], true])
    })
  )
})
