/** Everything through the simulated Amazon, which checks each request strictly and knows what should have landed. */
import { createHash } from "node:crypto"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { describe, expect, it } from "@effect/vitest"
import { type Channel, Day, Marketplace, Profile } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Expected, listen, Simulator } from "@portolan/simulator"
import { DateTime, Effect, Fiber, Layer, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { AmazonApi, type Settings } from "../src/index.ts"
import { api, DE, failure, US } from "./support.ts"

const noon = Date.parse("2026-07-15T12:00:00Z")
const returnUrl = "https://app.example/callback"
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
const day = Schema.decodeSync(Day.Day)
const today = day("2026-07-15")

const settingsFor = (simulator: Simulator.Simulator): Settings.Given => {
  const { clientId, clientSecret, spApplicationId } = simulator.application()
  return {
    ads: { clientId, clientSecret: Redacted.make(clientSecret) },
    sp: {
      applicationId: spApplicationId ?? "",
      clientId,
      clientSecret: Redacted.make(clientSecret),
      draft: false,
      userAgent: "Portolan/0.1 (Language=TypeScript)"
    }
  }
}

interface Trip {
  readonly channel: Channel.Channel
  readonly as?: string
  readonly accountType?: "seller" | "vendor"
  readonly marketplaceId?: Marketplace.MarketplaceId
}

const consent = (
  simulator: Simulator.Simulator,
  { accountType = "seller", as = "ada", channel, marketplaceId = US }: Trip
) =>
  Effect.gen(function* () {
    const port = yield* ProviderApi.ProviderApi
    const { region } = Marketplace.get(marketplaceId)
    const url = yield* port.authorizeUrl({
      channel,
      accountType,
      marketplaceId,
      state: Redacted.make("state-1"),
      redirectUri: returnUrl,
      codeChallenge: createHash("sha256").update(verifier).digest("base64url")
    })
    const callback = port.readCallback(
      channel,
      new URL(yield* Effect.promise(() => simulator.consent({ as, url: url.href }))).searchParams
    )
    if (callback._tag !== "Consented") return yield* Effect.die(callback._tag)
    expect(Redacted.value(callback.state)).toBe("state-1")
    const request = {
      channel,
      region,
      code: callback.code,
      redirectUri: returnUrl,
      codeVerifier: Redacted.make(verifier),
      ...(callback.grantor === undefined ? {} : { grantor: callback.grantor })
    }
    const given = yield* port.exchange(request)
    const access: ProviderApi.Access = {
      channel,
      region,
      accountType,
      marketplaceId,
      accessToken: given.accessToken,
      ...(given.grantor === undefined ? {} : { grantor: given.grantor })
    }
    return { access, given, port, request }
  })

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
      ...options
    })
    const done = yield* Effect.provide(work(simulator), api(simulator.fetch, settingsFor(simulator)), { local: true })
    expect(simulator.journal().filter(({ secretInAddress }) => secretInAddress)).toEqual([])
    return done
  })

const loaded = (
  simulator: Simulator.Simulator,
  port: typeof ProviderApi.ProviderApi.Service,
  access: ProviderApi.Access,
  request: ProviderApi.WindowRequest
) =>
  Effect.gen(function* () {
    let answer = yield* port.load(access, request)
    for (let round = 0; answer._tag === "NotReady" && round < 20; round++) {
      simulator.advance(answer.retryAfterSeconds * 1000)
      yield* TestClock.adjust(answer.retryAfterSeconds * 1000)
      answer = yield* port.load(access, { ...request, ticket: answer.ticket })
    }
    if (answer._tag !== "Rows") return yield* Effect.die(answer)
    return answer.rows
  })

const inMarketplace = (
  found: ReadonlyArray<Profile.Candidate>,
  marketplaceId: Marketplace.MarketplaceId
): Profile.Candidate => {
  const one = found.find(({ key }) => key.marketplaceId === marketplaceId)
  if (one === undefined) throw new Error("no candidate")
  return one
}

describe("advertising", () => {
  it.effect("from consent to rows, exactly what the provider holds", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const { access, given, port } = yield* consent(simulator, { channel: "amazon-ads" })
        expect(given.grantor).toBe(simulator.person("ada").userId)
        const found = yield* port.discover(access)
        const profile = inMarketplace(
          found.filter(({ type }) => type === "seller"),
          US
        )
        const rows = yield* loaded(simulator, port, access, {
          dataClass: "advertising",
          profile,
          from: day("2026-07-01"),
          until: today
        })
        const expected = Expected.adRows(simulator.world(), {
          profileId: profile.key.externalId,
          from: "2026-07-01",
          to: "2026-07-14",
          reportTypeId: "spCampaigns",
          columns: ["date", "campaignId", "impressions", "clicks", "cost"],
          groupBy: ["campaign"],
          timeUnit: "DAILY"
        })
        expect(expected.length).toBeGreaterThan(0)
        expect(
          rows
            .map(({ data }) =>
              ["date", "campaignId", "impressions", "clicks", "cost"].map((name) => String(data[name]))
            )
            .toSorted()
        ).toEqual(
          expected
            .map((row) => ["date", "campaignId", "impressions", "clicks", "cost"].map((name) => String(row[name])))
            .toSorted()
        )
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
      })
    )
  )

  it.effect("tells a viewer's profiles from an editor's, and an agency's from its clients'", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const chiara = yield* consent(simulator, { channel: "amazon-ads", as: "chiara" })
        const seen = yield* chiara.port.discover(chiara.access)
        expect(seen.length).toBe(3)
        expect(seen.every((one) => one._tag === "AdvertisingProfile" && one.permission === "view")).toBe(true)
        const layla = yield* consent(simulator, { channel: "amazon-ads", as: "layla", marketplaceId: DE })
        const clients = yield* layla.port.discover(layla.access)
        expect(
          clients
            .map((one) => [one.countryCode, one.type, one._tag === "AdvertisingProfile" ? one.permission : ""])
            .toSorted()
        ).toEqual([
          ["AE", "agency", "edit"],
          ["DE", "seller", "edit"],
          ["ES", "seller", "view"]
        ])
        const noor = yield* consent(simulator, { channel: "amazon-ads", as: "noor" })
        expect(yield* noor.port.discover(noor.access)).toEqual([])
      })
    )
  )

  it.effect("tells why an account is limited", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const ada = yield* consent(simulator, { channel: "amazon-ads" })
        const own = inMarketplace(
          (yield* ada.port.discover(ada.access)).filter(({ type }) => type === "seller"),
          US
        )
        expect(yield* ada.port.inspect(ada.access, { marketplaceId: US, profile: own.key })).toMatchObject({
          profileVisible: true,
          permission: "edit",
          campaigns: true
        })
        simulator.setPermission("ada", own.key.externalId, "view")
        expect(yield* ada.port.inspect(ada.access, { marketplaceId: US, profile: own.key })).toMatchObject({
          profileVisible: true,
          permission: "view"
        })
        simulator.setPermission("ada", own.key.externalId, "none")
        expect(yield* ada.port.inspect(ada.access, { marketplaceId: US, profile: own.key })).toEqual({
          profileVisible: false
        })
        const seller = yield* consent(simulator, { channel: "amazon-sp" })
        expect(yield* seller.port.inspect(seller.access, { marketplaceId: US })).toMatchObject({ participating: true })
        expect(yield* seller.port.inspect(seller.access, { marketplaceId: DE })).toEqual({ participating: false })
      })
    )
  )

  it.effect("stops where the provider keeps no more, and gets its ticket back after a lost answer", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const { access, port } = yield* consent(simulator, { channel: "amazon-ads" })
        const profile = inMarketplace(yield* port.discover(access), US)
        const old = yield* failure(
          port.load(access, { dataClass: "advertising", profile, from: day("2026-01-01"), until: day("2026-01-20") })
        )
        expect(old).toMatchObject({ _tag: "RequestRefused", beyondRetention: true })
        const window = { dataClass: "advertising", profile, from: day("2026-07-01"), until: today } as const
        simulator.arm({
          where: { path: "/reporting/reports", method: "POST" },
          effect: { kind: "status", status: 504 },
          when: "after",
          times: { kind: "first", count: 1 }
        })
        expect((yield* failure(port.load(access, window)))._tag).toBe("Temporary")
        expect((yield* port.load(access, window))._tag).toBe("NotReady")
        expect(simulator.journal().at(-1)?.rule).toBe("ADS-425-01")
        simulator.failReports(1)
        const failing = yield* port.load(access, { ...window, from: day("2026-07-02") })
        if (failing._tag !== "NotReady") return yield* Effect.die(failing._tag)
        simulator.advance(600_000)
        expect((yield* port.load(access, { ...window, ticket: failing.ticket }))._tag).toBe("Lost")
      })
    )
  )

  it.effect("tells a right that was taken away from a consent that was", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const { access, given, port } = yield* consent(simulator, { channel: "amazon-ads" })
        const profile = inMarketplace(yield* port.discover(access), US)
        const window = { dataClass: "advertising", profile, from: day("2026-07-01"), until: today } as const
        simulator.setPermission("ada", profile.key.externalId, "none")
        expect((yield* failure(port.load(access, window)))._tag).toBe("PermissionMissing")
        const { accessToken } = yield* port.refresh({
          channel: "amazon-ads",
          region: "NA",
          refreshToken: given.refreshToken
        })
        expect((yield* port.discover({ ...access, accessToken })).length).toBeGreaterThan(0)
        simulator.revoke("ada")
        expect((yield* failure(port.discover(access)))._tag).toBe("AccessTokenRefused")
        expect(
          (yield* failure(port.refresh({ channel: "amazon-ads", region: "NA", refreshToken: given.refreshToken })))._tag
        ).toBe("GrantRefused")
      })
    )
  )
})

describe("selling partner", () => {
  it.effect("from consent to sales, inventory and content, exactly what the provider holds", () =>
    against({ policy: { quotaScale: 1 } }, (simulator) =>
      Effect.gen(function* () {
        const { access, port } = yield* consent(simulator, { channel: "amazon-sp" })
        const found = yield* port.discover(access)
        expect(found.map(({ countryCode }) => countryCode).toSorted()).toEqual(["CA", "MX", "US"])
        const profile = inMarketplace(found, US)
        const seller = profile.key.externalId

        const sales = yield* port.load(access, {
          dataClass: "sales",
          profile,
          from: day("2026-03-01"),
          until: day("2026-03-31")
        })
        const days = Expected.orderRows(simulator.world(), seller, US, "2026-03-01", "2026-03-30")
        expect(
          sales._tag === "Rows" &&
            sales.rows.map(({ data, day }) => ({ day, orderCount: data["orderCount"], totalSales: data["totalSales"] }))
        ).toEqual(
          days.map(({ currency, day, orderCount, totalSales }) => ({
            day,
            orderCount,
            totalSales: { amount: totalSales, currencyCode: currency }
          }))
        )

        const fiber = yield* Effect.forkChild(
          port.load(access, { dataClass: "inventory", profile, from: today, until: day("2026-07-16") })
        )
        for (let page = 0; page < 40; page++) {
          yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
          simulator.advance(500)
          yield* TestClock.adjust("500 millis")
        }
        const inventory = yield* Fiber.join(fiber)
        const stock = Expected.inventoryRows(simulator.world(), seller, US, "2026-07-15")
        expect(stock.length).toBeGreaterThan(50)
        expect(
          inventory._tag === "Rows" && inventory.rows.map(({ data }) => [data["sellerSku"], data["fnSku"]]).toSorted()
        ).toEqual(stock.map(({ fnSku, sellerSku }) => [sellerSku, fnSku]).toSorted())

        const listings = yield* loaded(simulator, port, access, {
          dataClass: "content",
          profile,
          from: today,
          until: day("2026-07-16")
        })
        expect(listings.map(({ data }) => [data["seller-sku"], data["item-name"]]).toSorted()).toEqual(
          stock.map(({ productName, sellerSku }) => [sellerSku, productName]).toSorted()
        )
        expect(simulator.journal().filter(({ status }) => status >= 400)).toEqual([])
      })
    )
  )

  it.effect("of a vendor, proven by one call", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const { access, port } = yield* consent(simulator, { channel: "amazon-sp", accountType: "vendor" })
        const found = yield* port.discover(access)
        expect(found).toMatchObject([{ type: "vendor", countryCode: "US", key: { externalId: access.grantor } }])
        expect((yield* failure(port.discover({ ...access, accountType: "seller" })))._tag).toBe("PermissionMissing")
      })
    )
  )

  it.effect("keeps the published pace after a limit, without asking in between", () =>
    against({ policy: { quotaScale: 1 } }, (simulator) =>
      Effect.gen(function* () {
        const { access, port } = yield* consent(simulator, { channel: "amazon-sp" })
        let refused = 0
        for (let n = 0; n < 30; n++)
          refused += yield* Effect.match(port.discover(access), { onFailure: () => 1, onSuccess: () => 0 })
        expect(refused).toBe(15)
        expect(simulator.journal().filter(({ rule }) => rule === "SPA-429-01").length).toBe(1)
        yield* TestClock.adjust("63 seconds")
        simulator.advance(63_000)
        expect((yield* port.discover(access)).length).toBe(3)
      })
    )
  )

  it.effect("tells an expired token, a dead secret and a revoked consent apart", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const { access, given, port } = yield* consent(simulator, { channel: "amazon-sp" })
        simulator.advance(3_601_000)
        expect((yield* failure(port.discover(access)))._tag).toBe("AccessTokenRefused")
        const fresh = yield* port.refresh({ channel: "amazon-sp", region: "NA", refreshToken: given.refreshToken })
        expect((yield* port.discover({ ...access, accessToken: fresh.accessToken })).length).toBe(3)
        simulator.revoke("ada")
        expect((yield* failure(port.discover({ ...access, accessToken: fresh.accessToken })))._tag).toBe(
          "AccessTokenRefused"
        )
        expect(
          (yield* failure(port.refresh({ channel: "amazon-sp", region: "NA", refreshToken: given.refreshToken })))._tag
        ).toBe("GrantRefused")
      })
    )
  )
})

describe("odd answers", () => {
  /** What a window of a seller gives, once or twice. */
  const answer = (preset: string, dataClass: "content" | "inventory" | "advertising", times = 1) =>
    against({ preset }, (simulator) =>
      Effect.gen(function* () {
        const { access, port } = yield* consent(simulator, {
          channel: dataClass === "advertising" ? "amazon-ads" : "amazon-sp"
        })
        const profile = inMarketplace(yield* port.discover(access), US)
        const until = Day.plus(today, dataClass === "advertising" ? 0 : 1)
        const request = { dataClass, profile, from: Day.plus(until, dataClass === "advertising" ? -7 : -1), until }
        let last: ProviderApi.WindowAnswer = yield* port.load(access, request)
        for (let time = 1; time < times; time++) last = yield* port.load(access, request)
        for (let round = 0; last._tag === "NotReady" && round < 20; round++) {
          simulator.advance(last.retryAfterSeconds * 1000)
          yield* TestClock.adjust(last.retryAfterSeconds * 1000)
          const looking = yield* Effect.forkChild(port.load(access, { ...request, ticket: last.ticket }))
          last = yield* Fiber.join(looking)
        }
        return last
      })
    )

  it.effect.each(["headings-chinese", "headings-japanese", "headings-german"])("do not hide listings: %s", (preset) =>
    Effect.gen(function* () {
      const found = yield* answer(preset, "content")
      expect(found._tag === "Rows" && [found.rows.length, found.quarantined, found.rows[0]?.data["item-name"]]).toEqual(
        [120, undefined, "Desk lamp no. 1"]
      )
    })
  )

  it.effect("are told apart: a report that was cancelled, odd lines, and too many of them", () =>
    Effect.gen(function* () {
      expect((yield* answer("reports-cancelled", "content", 2))._tag).toBe("Empty")
      const odd = yield* answer("odd-entries", "content")
      expect(odd._tag === "Rows" && [odd.rows.length, odd.quarantined?.length]).toEqual([114, 6])
      expect(yield* Effect.flip(answer("odd-entries-many", "content"))).toMatchObject({ _tag: "RequestRefused" })
      expect(yield* Effect.flip(answer("odd-entries-many", "advertising"))).toMatchObject({ _tag: "RequestRefused" })
    })
  )
})

describe("the token endpoint", () => {
  it.effect("never gets a code twice, and a second try of another caller is typed", () =>
    against({}, (simulator) =>
      Effect.gen(function* () {
        const { port, request } = yield* consent(simulator, { channel: "amazon-ads" })
        expect((yield* failure(port.exchange(request)))._tag).toBe("CodeRefused")
        expect(simulator.journal().filter(({ fields }) => fields["grant_type"] === "authorization_code").length).toBe(2)
      })
    )
  )

  it.effect("blames the application for its own secret", () =>
    Effect.gen(function* () {
      const simulator = Simulator.make({ seed: 7, clock: { manual: noon }, returnUrls: [returnUrl] })
      const wrong = { clientId: simulator.application().clientId, clientSecret: Redacted.make("not-it") }
      const error = yield* Effect.flatMap(ProviderApi.ProviderApi, (port) =>
        failure(port.refresh({ channel: "amazon-ads", region: "EU", refreshToken: Redacted.make("Atzr|x") }))
      ).pipe(Effect.provide(api(simulator.fetch, { ads: wrong })))
      expect(error._tag).toBe("ApplicationRejected")
    })
  )

  it.effect("surfaces rotation where the provider rotates", () =>
    against({ preset: "rotation-strict" }, (simulator) =>
      Effect.gen(function* () {
        const { given, port } = yield* consent(simulator, { channel: "amazon-ads" })
        const ask = (refreshToken: Redacted.Redacted<string>) =>
          port.refresh({ channel: "amazon-ads", region: "NA", refreshToken })
        const next = yield* ask(given.refreshToken)
        expect(Redacted.value(next.refreshToken)).not.toBe(Redacted.value(given.refreshToken))
        expect((yield* failure(ask(given.refreshToken)))._tag).toBe("GrantRefused")
        expect(DateTime.toEpochMillis((yield* ask(next.refreshToken)).accessExpiresAt)).toBe(noon + 3_600_000)
      })
    )
  )
})

it.live("works the same over a socket, with every address and report link below the simulator's own", () =>
  Effect.gen(function* () {
    const simulator = Simulator.make({ seed: 7, preset: "demo", returnUrls: [returnUrl] })
    const { url } = yield* Effect.acquireRelease(
      Effect.promise(() => listen(simulator)),
      (listening) => Effect.promise(() => listening.close())
    )
    const layer = AmazonApi.layer({ ...settingsFor(simulator), addresses: (host) => `${url}/${host}` }).pipe(
      Layer.provide(NodeHttpClient.layerUndici)
    )
    yield* Effect.gen(function* () {
      const { access, port } = yield* consent(simulator, { channel: "amazon-ads" })
      const profile = inMarketplace(yield* port.discover(access), US)
      const until = Day.at(DateTime.makeUnsafe(simulator.now()), "America/Los_Angeles")
      const window = { dataClass: "advertising", profile, from: Day.plus(until, -5), until } as const
      const made = yield* port.load(access, window)
      if (made._tag !== "NotReady") return yield* Effect.die(made._tag)
      simulator.advance(60_000)
      const answer = yield* port.load(access, { ...window, ticket: made.ticket })
      expect(answer._tag === "Rows" && answer.rows.length).toBeGreaterThan(0)
    }).pipe(Effect.provide(layer, { local: true }))
  })
)
