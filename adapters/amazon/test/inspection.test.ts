/** What is told of a limited or missing account, and where a consent can be ended. */
import { describe, expect, it } from "@effect/vitest"
import { Marketplace, Profile } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Redacted, Schema } from "effect"
import { access, adsProfile, DE, failure, json, partner, scripted, US } from "./support.ts"

type About = Parameters<(typeof ProviderApi.ProviderApi.Service)["inspect"]>[1]

const inspect = (of: ProviderApi.Access, about: About = { marketplaceId: US }) =>
  Effect.flatMap(ProviderApi.ProviderApi, (port) => port.inspect(of, about))

const one = (profileId: string, more: object = {}) => ({
  profileId,
  accountInfo: { marketplaceStringId: US, id: "A1SELLER", type: "seller", ...more }
})

const about: About = {
  marketplaceId: US,
  profile: { ...adsProfile.key, externalId: Schema.decodeSync(Profile.ExternalId)("7") }
}

describe("what the Ads API tells", () => {
  it.effect("sees profile, permission, payment and campaigns", () => {
    const { asked, layer } = scripted([
      json(200, []),
      json(200, [one("7", { validPaymentMethod: false })]),
      json(200, { campaigns: [{ campaignId: "1" }] })
    ])
    return Effect.gen(function* () {
      expect(yield* inspect(access("amazon-ads"), about)).toEqual({
        profileVisible: true,
        permission: "view",
        paymentValid: false,
        campaigns: true
      })
      const last = asked[2]
      expect(last?.url).toBe("https://advertising-api.amazon.com/sp/campaigns/list")
      expect(last?.headers.get("accept")).toBe("application/vnd.spCampaign.v3+json")
      expect(last?.headers.get("content-type")).toContain("application/vnd.spCampaign.v3+json")
      expect(last?.headers.get("amazon-advertising-api-scope")).toBe("7")
      expect(yield* Effect.promise(async () => last?.json())).toEqual({ maxResults: 1 })
    }).pipe(Effect.provide(layer))
  })

  it.effect("says that a profile is not seen, and that Amazon is silent about its payment", () =>
    Effect.gen(function* () {
      const hidden = scripted([json(200, [one("8")]), json(200, [])])
      expect(yield* inspect(access("amazon-ads"), about).pipe(Effect.provide(hidden.layer, { local: true }))).toEqual({
        profileVisible: false
      })
      expect(hidden.asked.length).toBe(2)
      const silent = scripted([json(200, [one("7")]), json(200, []), json(200, { campaigns: [] })])
      expect(yield* inspect(access("amazon-ads"), about).pipe(Effect.provide(silent.layer, { local: true }))).toEqual({
        profileVisible: true,
        permission: "edit",
        notReported: ["payment-valid"],
        campaigns: false
      })
    })
  )

  it.effect("means the account's own kind when no profile is named, and asks for campaigns when that is one", () =>
    Effect.gen(function* () {
      const vendor = { type: "vendor", validPaymentMethod: true }
      const single = scripted([json(200, [one("7"), one("8", vendor)]), json(200, []), json(200, { campaigns: [] })])
      expect(
        yield* inspect(access("amazon-ads", { accountType: "vendor" })).pipe(
          Effect.provide(single.layer, { local: true })
        )
      ).toEqual({ profileVisible: true, permission: "edit", paymentValid: true, campaigns: false })
      expect(single.asked[2]?.headers.get("amazon-advertising-api-scope")).toBe("8")
      const several = scripted([
        json(200, [one("7", { validPaymentMethod: true })]),
        json(200, [one("9", { validPaymentMethod: false })])
      ])
      expect(yield* inspect(access("amazon-ads")).pipe(Effect.provide(several.layer, { local: true }))).toEqual({
        profileVisible: true
      })
      expect(several.asked.length).toBe(2)
    })
  )

  it.effect("leaves out what one question cannot tell, and keeps the other's answer", () =>
    Effect.gen(function* () {
      const noList = scripted([json(500, ""), json(200, { campaigns: [{}] })])
      expect(yield* inspect(access("amazon-ads"), about).pipe(Effect.provide(noList.layer, { local: true }))).toEqual({
        campaigns: true
      })
      const noCampaigns = scripted([
        json(200, [one("7", { validPaymentMethod: true })]),
        json(200, []),
        json(401, { code: "401", details: "Not authorized to access this advertiser" })
      ])
      expect(
        yield* inspect(access("amazon-ads"), about).pipe(Effect.provide(noCampaigns.layer, { local: true }))
      ).toEqual({ profileVisible: true, permission: "edit", paymentValid: true })
    })
  )

  it.effect("fails when the token is dead, because that concerns every question", () =>
    Effect.gen(function* () {
      const dead = yield* failure(inspect(access("amazon-ads"), about))
      expect(dead._tag).toBe("AccessTokenRefused")
    }).pipe(Effect.provide(scripted([json(401, { code: "401", details: "Unauthorized" })]).layer))
  )
})

describe("what the Selling Partner API tells", () => {
  const participations = {
    payload: [{ marketplace: { id: US }, participation: { isParticipating: true, hasSuspendedListings: true } }]
  }

  it.effect("sees participation and suspended listings", () =>
    Effect.gen(function* () {
      const told = (of: About) =>
        inspect(access("amazon-sp"), of).pipe(
          Effect.provide(scripted([json(200, participations)]).layer, { local: true })
        )
      expect(yield* told({ marketplaceId: US })).toEqual({ participating: true, suspendedListings: true })
      expect(yield* told({ marketplaceId: DE, profile: partner.key })).toEqual({
        participating: true,
        suspendedListings: true
      })
      expect(yield* told({ marketplaceId: DE })).toEqual({ participating: false })
      expect(
        yield* inspect(access("amazon-sp")).pipe(Effect.provide(scripted([json(503, "")]).layer, { local: true }))
      ).toEqual({})
    })
  )

  it.effect("says that nothing is told of vendors, without asking", () => {
    const { asked, layer } = scripted([])
    return Effect.gen(function* () {
      expect(yield* inspect(access("amazon-sp", { accountType: "vendor" }))).toEqual({ notReported: ["participates"] })
      expect(asked).toEqual([])
      expect((yield* failure(inspect(access("walmart-connect"))))._tag).toBe("ChannelUnavailable")
    }).pipe(Effect.provide(layer))
  })
})

describe("ending a consent", () => {
  it.effect("sends nothing, and says where a person can do it, in every marketplace", () => {
    const { asked, layer } = scripted([])
    return Effect.gen(function* () {
      const port = yield* ProviderApi.ProviderApi
      const refreshToken = Redacted.make("Atzr|canary")
      for (const at of Marketplace.all.filter(({ provider }) => provider === "amazon")) {
        const of = { region: at.region, marketplaceId: at.id, refreshToken }
        const told = [
          yield* port.revoke({ ...of, channel: "amazon-ads", accountType: "seller" }),
          yield* port.revoke({ ...of, channel: "amazon-sp", accountType: "seller" }),
          yield* port.revoke({ ...of, channel: "amazon-sp", accountType: "vendor" })
        ]
        for (const [index, host] of [at.storefront, at.sellerCentral, at.vendorCentral].entries()) {
          expect(told[index]?.outcome).toBe("not-offered")
          expect(told[index]?.detail).toContain(host)
          expect(told[index]?.detail).not.toContain("canary")
        }
      }
      const foreign = {
        region: "NA",
        marketplaceId: US,
        refreshToken,
        accountType: "walmart-3p",
        channel: "walmart-marketplace"
      } as const
      expect((yield* port.revoke(foreign)).outcome).toBe("failed")
      expect(asked).toEqual([])
    }).pipe(Effect.provide(layer))
  })

  it.effect("has no partners to look for", () =>
    Effect.gen(function* () {
      const port = yield* ProviderApi.ProviderApi
      expect((yield* failure(port.advertisers("NA")))._tag).toBe("ChannelUnavailable")
    }).pipe(Effect.provide(scripted([]).layer))
  )
})
