/** What may be bound to an account, and why not (rules K-R13, K-R14, S-R5). */
import { describe, expect, it } from "@effect/vitest"
import { Account, Marketplace, Profile } from "@portolan/domain"
import { Arbitrary, Option, Schema } from "effect"
import { candidate, hour, id, key } from "./support/values.ts"

const account = (change: Partial<Account.Open> = {}): Account.Open => ({
  _tag: "Open",
  id: id("account"),
  organizationId: id("organization"),
  companyId: id("company"),
  name: "North",
  provider: "amazon",
  accountType: "seller",
  region: "NA",
  marketplaces: [key().marketplaceId],
  brandIds: [id("brand")],
  defaultBrandId: id("brand"),
  createdAt: hour(0),
  ...change
})
const ad = (change: Partial<Extract<Profile.Candidate, { readonly _tag: "AdvertisingProfile" }>>): Profile.Candidate =>
  ({ ...candidate(), ...change }) as Profile.Candidate
const partner = (
  change: Partial<Extract<Profile.Candidate, { readonly _tag: "SellingPartner" }>> = {}
): Profile.Candidate => ({
  _tag: "SellingPartner",
  key: { ...key(), channel: "amazon-sp", externalId: "A0MERCHANT" as Profile.ExternalId },
  name: "North",
  countryCode: "US",
  currency: "USD",
  type: "seller",
  isParticipating: true,
  hasSuspendedListings: false,
  ...change
})
const weights = (one: Profile.Candidate, of = account(), owner: Option.Option<string> = Option.none()) =>
  Profile.obstacles(one, { account: of, otherOwnerId: owner }).map((obstacle) => obstacle.weight)

describe("obstacles", () => {
  it("are none for the right profile", () => {
    expect(weights(candidate(), account(), Option.some("A0MERCHANT"))).toEqual([])
    expect(weights(partner(), account(), Option.some("A0MERCHANT"))).toEqual([])
  })

  it("block what can never be right", () => {
    const canada = { ...key(), marketplaceId: "A2EUQ1WTGCTBG2" as Marketplace.MarketplaceId }
    expect(weights(ad({ key: canada }))).toEqual(["blocks"])
    expect(weights(ad({ type: "agency" }))).toEqual(["blocks"])
    expect(weights(ad({ type: "vendor" }))).toEqual(["blocks"])
    expect(weights(candidate(), account({ accountType: "vendor" }))).toEqual(["blocks"])
    expect(weights(partner({ isParticipating: false }))).toEqual(["blocks"])
  })

  it("warn of what may be wrong; what the provider does not say does not count as right or wrong", () => {
    expect(weights(candidate(0, "view"))).toEqual(["warns"])
    expect(weights(ad({ validPayment: false }))).toEqual(["warns"])
    expect(weights(ad({ validPayment: true }))).toEqual([])
    expect(weights(partner({ hasSuspendedListings: true }))).toEqual(["warns"])
    expect(weights(candidate(), account(), Option.some("ANOTHER"))).toEqual(["warns"])
  })

  it("call nobody another seller whose ids are of another form, because they may be one merchant's", () => {
    const owners = (one: string, other: string) => weights(ad({ ownerId: one }), account(), Option.some(other))
    expect(owners("ENTITY3EXAMPLE", "A1SELLER")).toEqual([])
    expect(owners("A1SELLER", "ENTITY3EXAMPLE")).toEqual([])
    expect(owners("A1SELLER", "amzn1.vg.1234567")).toEqual([])
    expect(owners("A1SELLER", "A2SELLER")).toEqual(["warns"])
  })

  it.each(["AMAZON_ATTRIBUTION", "KDP_AUTHOR", "kdp author", "DSP"])("warn of a profile of the kind %s", (subType) => {
    expect(weights(ad({ subType }))).toEqual(["warns"])
  })

  it("say nothing of a subtype that nobody knows", () => {
    expect(weights(ad({ subType: "constructor" }))).toEqual([])
    expect(weights(ad({ subType: "BRAND_STORE" }))).toEqual([])
  })

  it("name both countries when the marketplace is another one", () => {
    const [first] = Profile.obstacles(
      ad({ key: { ...key(), marketplaceId: "A1F83G8C2ARO7P" as Marketplace.MarketplaceId } }),
      { account: account(), otherOwnerId: Option.none() }
    )
    expect(first?.detail).toBe("It belongs to United Kingdom, the account to United States.")
  })

  it.prop("are sentences, for any profile that a provider may show", [Arbitrary.schema(Profile.Candidate)], ([one]) => {
    // What an adapter says of a profile is in its own words.
    const { concerns: _concerns, ...plain } = { concerns: [], ...one }
    for (const obstacle of Profile.obstacles(plain, { account: account(), otherOwnerId: Option.some("X") }))
      expect(obstacle.detail).toMatch(/^[A-Z].+\.$/s)
    const fits = one.key.marketplaceId === key().marketplaceId && one.type === "seller"
    if (!fits) expect(weights(one)).toContain("blocks")
  })
})

describe("a key", () => {
  it.prop(
    "is told apart from every other by its text",
    [Profile.Key, Profile.Key],
    ([one, other]) => {
      const same = Schema.toEquivalence(Profile.Key)(one, other)
      expect(Profile.keyText(one) === Profile.keyText(other)).toBe(same)
      expect(Profile.sameKey(one, other)).toBe(same)
      expect(Profile.sameKey(one, { ...one })).toBe(true)
    },
    { arbitrary: { runs: 300 } }
  )

  it("keeps nineteen digits", () => {
    expect(Profile.sameKey(key(0), key(1))).toBe(false)
    expect(Schema.decodeUnknownSync(Profile.Key)(JSON.parse(JSON.stringify(key(1)))).externalId).toBe(
      "9007199254740993001"
    )
  })
})
