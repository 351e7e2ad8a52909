/** Add a marketplace, or add an account (rules P-R6, C5, X-R12; flow F2, step 6). */
import { describe, expect, it } from "@effect/vitest"
import { AccountType, Catalogue, Channel, Expansion, Marketplace } from "@portolan/domain"
import { Arbitrary } from "effect"
import { oneOf, pick } from "./support/values.ts"

const { array, Constant } = Arbitrary
const [first = Marketplace.get("ATVPDKIKX0DER" as Marketplace.MarketplaceId), ...others] = Marketplace.all
const markets = pick(first, ...others)
const types = Arbitrary.schema(AccountType.Known)
const ids = Arbitrary.map(markets, ({ id }) => id)
const listings: Arbitrary.Arbitrary<ReadonlyArray<Marketplace.MarketplaceId> | undefined> = oneOf<
  ReadonlyArray<Marketplace.MarketplaceId> | undefined
>(Constant(undefined), array(ids, { maxLength: 6 }))
const at = (provider: Marketplace.Provider, country: string) =>
  Marketplace.all.find((one) => one.provider === provider && one.countryCode === country)!
const account = (
  home: Marketplace.Marketplace,
  accountType: AccountType.AccountType,
  ...more: ReadonlyArray<Marketplace.Marketplace>
) => ({
  provider: home.provider,
  region: home.region,
  accountType,
  marketplaces: [home.id, ...more.map(({ id }) => id)] as const
})

/** The decision for a seller's account at Amazon. */
const decided = (home: string, wanted: string, listed?: ReadonlyArray<string>) =>
  Expansion.expand(
    account(at("amazon", home), "seller"),
    { marketplaceId: at("amazon", wanted).id, accountType: "seller" },
    listed?.map((country) => at("amazon", country).id)
  )

describe("a further country", () => {
  it.prop(
    "never joins across regions, providers or types, whatever a consent lists",
    [markets, markets, types, types, listings],
    ([home, target, own, wanted, listed]) => {
      if (Channel.required(home.provider, own).length === 0) return
      const { decision, explanation, needsConsent } = Expansion.expand(
        account(home, own),
        { marketplaceId: target.id, accountType: wanted },
        listed
      )
      expect(explanation).toMatch(/^[A-Z].+\.$/)
      if (Channel.required(target.provider, wanted).length === 0) {
        expect(decision).toBe("impossible")
      } else if (home.provider !== target.provider || home.region !== target.region || own !== wanted) {
        expect(decision).toBe("add-account")
        expect(needsConsent).toBe(true)
        expect(explanation).toContain("Add it as an account of its own.")
      } else if (home.id === target.id) expect(decision).toBe("already-there")
    },
    { arbitrary: { runs: 600 } }
  )

  it.prop(
    "needs no less when a consent lists less",
    [markets, markets, types, listings],
    ([home, target, type, listed]) => {
      if (Channel.required(home.provider, type).length === 0 || home.id === target.id) return
      const ask = (list: typeof listed) =>
        Expansion.expand(account(home, type), { marketplaceId: target.id, accountType: type }, list)
      const with_ = ask([...(listed ?? []), target.id])
      if (home.region === target.region && home.provider === target.provider) {
        expect(with_).toMatchObject({ decision: "add-marketplace", needsConsent: false })
      }
      if (ask(listed).decision === "add-marketplace") expect(with_.decision).toBe("add-marketplace")
    },
    { arbitrary: { runs: 400 } }
  )

  it("of one region joins; what the consent does not list yet wants another one", () => {
    expect(decided("US", "CA")).toMatchObject({ decision: "add-marketplace", needsConsent: false })
    expect(decided("US", "CA", ["US", "CA"])).toMatchObject({ decision: "add-marketplace", needsConsent: false })
    expect(decided("DE", "FR", ["DE"])).toMatchObject({ decision: "add-marketplace", needsConsent: true })
    expect(decided("US", "US")).toMatchObject({ decision: "already-there", needsConsent: false })
  })

  it("such as Japan, Australia or Singapore is an account of its own, in both directions, unless the consent lists it", () => {
    const { confirmed, expected } = Catalogue.amazon.separateCountries!
    for (const one of confirmed) {
      for (const other of confirmed) {
        if (one === other) continue
        for (const listed of [undefined, [], [one]]) expect(decided(one, other, listed).decision).toBe("add-account")
        expect(decided(one, other, [other]).decision).toBe("add-marketplace")
      }
    }
    expect(decided("JP", "AU").explanation).toContain("Australia")
    expect(decided("DE", "AE").decision).toBe("add-account")
    expect(decided("AE", "DE").decision).toBe("add-account")
    expect(
      [...confirmed, ...expected].filter((code) => Marketplace.findByCountry("amazon", code)._tag === "None")
    ).toEqual([])
  })

  it("is judged by every country that the account has", () => {
    const both = account(at("amazon", "DE"), "seller", at("amazon", "TR"))
    expect(
      Expansion.expand(both, { marketplaceId: at("amazon", "FR").id, accountType: "seller" }, undefined)
    ).toMatchObject({ decision: "add-account" })
  })

  it("of another provider, another type or of nobody is told as what it is", () => {
    const seller = account(at("amazon", "US"), "seller")
    const why = (marketplaceId: Marketplace.MarketplaceId, accountType: AccountType.AccountType) =>
      Expansion.expand(seller, { marketplaceId, accountType }, undefined).explanation
    expect(why(at("walmart", "US").id, "walmart-3p")).toContain("another provider")
    expect(why(at("amazon", "CA").id, "vendor")).toBe(
      "A Vendor account and a Seller account never share a consent. Add it as an account of its own."
    )
    expect(why(at("amazon", "CA").id, "walmart-3p")).toContain("is not an account type of Amazon")
    expect(why("ANOWHERE00" as Marketplace.MarketplaceId, "seller")).toContain("do not know")
    expect(why(at("amazon", "DE").id, "seller")).toContain("another region")
  })
})
