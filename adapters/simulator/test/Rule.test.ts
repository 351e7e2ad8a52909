import { describe, expect, test } from "vitest"
import { Rule, Simulator } from "../src/index.ts"
import {
  ads,
  adsTokens,
  centralUrl,
  consentUrl,
  exchange,
  fresh,
  lastRule,
  profileOf,
  reportBody,
  reportType,
  sellerTokens,
  sp,
  US
} from "./support.ts"

type Case = readonly [rule: string, situation: string, provoke: (simulator: Simulator.Simulator) => Promise<unknown>]

const metrics = (marketplaceId: string) =>
  `/sales/v1/orderMetrics?${new URLSearchParams({
    marketplaceIds: marketplaceId,
    interval: "2026-06-01T00:00:00Z--2026-06-02T00:00:00Z",
    granularity: "Total"
  }).toString()}`
const get = (simulator: Simulator.Simulator, url: string, headers = {}) =>
  simulator.fetch(new Request(url, { headers }))

const cases: ReadonlyArray<Case> = [
  [
    "ADS-400-03",
    "a Brands report of a book author",
    async () => {
      const simulator = Simulator.make({
        clock: { manual: "2026-07-15T12:00:00Z" },
        preset: {
          id: "author",
          title: "An author",
          accounts: [
            {
              key: "books",
              kind: "vendor",
              name: "Quiet Pages",
              region: "NA",
              countries: ["US"],
              subType: "KDP_AUTHOR"
            }
          ],
          people: [{ id: "ada", name: "Ada Lindqvist", role: "author", owns: ["books"], edit: ["books"] }]
        }
      })
      const body = reportBody("2026-07-01", "2026-07-02", {
        adProduct: "SPONSORED_BRANDS",
        reportTypeId: "sbCampaigns"
      })
      await ads(simulator, await adsTokens(simulator), "/reporting/reports", {
        method: "POST",
        headers: reportType,
        body,
        profile: profileOf(simulator, "Quiet Pages", US, "vendor")
      })
      return lastRule(simulator)
    }
  ],
  [
    "ADS-401-04",
    "a consent without the advertising scope",
    async (simulator) => {
      const tokens = await exchange(
        simulator,
        await simulator.consent({ as: "ada", url: consentUrl(simulator, { scope: "profile" }) })
      )
      await ads(simulator, tokens, "/v2/profiles")
    }
  ],
  [
    "ADS-401-04",
    "an application whose approval was withdrawn",
    async (simulator) => {
      const tokens = await adsTokens(simulator)
      simulator.application().adsApproved = false
      await ads(simulator, tokens, "/v2/profiles")
    }
  ],
  [
    "CEN-SPSA2043",
    "a vendor's user without the integrations right",
    async (simulator) => {
      simulator.person("ada").memberships = simulator
        .person("ada")
        .memberships.map((one) => ({ ...one, primary: false, mayAuthorize: false }))
      await simulator.walk({ as: "ada", url: centralUrl(simulator, "vendorcentral.amazon.com") })
    }
  ],
  [
    "CEN-CLOSED",
    "an account that was closed",
    async (simulator) => {
      for (const seller of Object.values(simulator.world().sellers)) seller.active = false
      await simulator.walk({ as: "ada", url: centralUrl(simulator) })
    }
  ],
  [
    "SPA-403-11",
    "a call for an account that was closed",
    async (simulator) => {
      const tokens = await sellerTokens(simulator)
      for (const seller of Object.values(simulator.world().sellers)) seller.active = false
      await sp(simulator, tokens, "/sellers/v1/marketplaceParticipations")
    }
  ],
  [
    "SPA-403-11",
    "a marketplace of the region in which the seller takes no part",
    async (simulator) => {
      await sp(simulator, await sellerTokens(simulator), metrics("A2Q3Y263D00KWC"))
    }
  ],
  [
    "LWA-404",
    "an unknown path on a login host",
    (simulator) => get(simulator, "https://api.amazon.com/auth/o2/tokens")
  ],
  [
    "LWA-PRO-01",
    "the user profile without a token",
    (simulator) => get(simulator, "https://api.amazon.com/user/profile")
  ],
  [
    "LWA-PRO-02",
    "the user profile with a damaged one",
    (simulator) => get(simulator, "https://api.amazon.com/user/profile", { authorization: "Bearer Atza|x" })
  ],
  ["STO-404-01", "a file that nobody made", (simulator) => get(simulator, "https://d34o8swod1owfl.cloudfront.net/1/2")]
]

describe("the rules that no other test meets", () => {
  test.each(cases)("%s: %s", async (id, _, provoke) => {
    const simulator = fresh()
    const told = await provoke(simulator)
    expect(typeof told === "string" ? told : lastRule(simulator)).toBe(id)
    const { status } = Rule.get(id)
    expect(simulator.journal().every((entry) => entry.rule !== id || entry.status === status)).toBe(true)
  })
})

test("every rule has an id of its own, says when it applies, and where it is known from", () => {
  expect(new Set(Rule.all.map((rule) => rule.id)).size).toBe(Rule.all.length)
  for (const rule of Rule.all) expect([rule.when, rule.url + rule.note].every((part) => part.length > 3)).toBe(true)
})
