/** Companies, brands and accounts (rules K-R2 to K-R7, C2). */
import { describe, expect, it } from "@effect/vitest"
import { Account, AccountType, Channel, Company, Marketplace, Region } from "@portolan/domain"
import { Arbitrary, Result, Schema } from "effect"
import { tell } from "./support/Story.ts"
import { between, hour, id, key, pick } from "./support/values.ts"

const opening = (change: Partial<Extract<Account.Command, { readonly _tag: "OpenAccount" }>["account"]> = {},
  companyBrands = [id("brand", 0), id("brand", 1)]): Account.Command => ({
  _tag: "OpenAccount", companyBrands,
  account: { id: id("account"), organizationId: id("organization"), companyId: id("company"), name: "North", accountType: "seller",
    marketplaces: [key().marketplaceId], brandIds: [id("brand")], defaultBrandId: id("brand"), createdAt: hour(0), ...change }
})
const reason = (command: Account.Command, state: Account.State = Account.initial) => tell("account", [command], state)[0]?.refused?.reason
const [firstMarket = Marketplace.get(key().marketplaceId), ...otherMarkets] = Marketplace.all
const market = pick(firstMarket, ...otherMarkets)
const brandSets = Arbitrary.array(between(0, 3), { maxLength: 4 })

describe("an account", () => {
  it("names type and provider as people know them when they do not fit", () => {
    const told = (accountType: AccountType.AccountType, provider: Marketplace.Provider) =>
      tell("account", [opening({ accountType, marketplaces: [Marketplace.all.find((one) => one.provider === provider)!.id] })],
        Account.initial)[0]?.refused?.detail
    expect(told("seller", "walmart")).toBe("Seller is not an account type of Walmart.")
    expect(told("walmart-1p", "amazon")).toBe("Walmart 1P (supplier) is not an account type of Amazon.")
  })

  it.prop("takes brands of its own company only, and its default brand is one of them", [brandSets, between(0, 3), brandSets], ([own, main, company]) => {
    const command = opening({ brandIds: own.map((n) => id("brand", n)), defaultBrandId: id("brand", main) }, company.map((n) => id("brand", n)))
    const foreign = own.some((n) => !company.includes(n))
    const expected = foreign ? "not-yours" : own.includes(main) ? undefined : "contradiction"
    expect(reason(command)).toBe(expected)
    const open = tell("account", [opening()])[0]?.after
    expect(reason({ _tag: "AssignBrands", companyBrands: company.map((n) => id("brand", n)),
      brandIds: own.map((n) => id("brand", n)), defaultBrandId: id("brand", main) }, open)).toBe(expected)
  }, { arbitrary: { runs: 200 } })

  it.prop("lies in one region; another one is another account", [market, market, pick(...AccountType.AccountType.literals)], ([one, other, accountType]) => {
    const [step] = tell("account", [opening({ accountType, marketplaces: [one.id, other.id] })])
    const fits = Channel.required(one.provider, accountType).length > 0
    if (one.region !== other.region || !fits) {
      expect(step?.refused?.reason).toBe("contradiction")
      return
    }
    expect(step?.after).toMatchObject({ region: one.region, provider: one.provider })
  }, { arbitrary: { runs: 300 } })

  it("names a marketplace that nobody knows, instead of failing over it", () => {
    const [step] = tell("account", [opening({ marketplaces: [key().marketplaceId, "AAHKV2X7AFYLW" as Marketplace.MarketplaceId] })])
    expect(step?.refused).toMatchObject({ reason: "contradiction", detail: "No marketplace has the id AAHKV2X7AFYLW." })
  })

  it("keeps what was named twice once", () => {
    const twice = [key().marketplaceId, key().marketplaceId] as const
    expect(tell("account", [opening({ marketplaces: twice, brandIds: [id("brand"), id("brand")] })])[0]?.after)
      .toMatchObject({ marketplaces: [key().marketplaceId], brandIds: [id("brand")] })
  })

  it("says nothing new when the same brands are assigned in another order", () => {
    const open = tell("account", [opening({ brandIds: [id("brand"), id("brand", 1)] })])[0]?.after
    expect(tell("account", [{ _tag: "AssignBrands", brandIds: [id("brand", 1), id("brand")], defaultBrandId: id("brand"),
      companyBrands: [id("brand"), id("brand", 1)] }], open)[0]?.events).toEqual([])
  })

  it("is bound by its first marketplace", () => {
    const step = Account.step(Account.initial, opening())
    if (Result.isFailure(step) || step.success.next._tag !== "Open") throw new Error("not open")
    expect(Account.primary(step.success.next).country).toBe("United States")
  })
})

describe("the channels of an account (rule C2)", () => {
  it("are these, and no type is at home with the other provider", () => {
    const table = Object.fromEntries(Marketplace.Provider.literals.map((provider) => [provider,
      Object.fromEntries(AccountType.AccountType.literals.map((type) => [type,
        Channel.required(provider, type).map(({ channel, optional }) => optional ? `${channel}?` : channel)]))]))
    expect(table).toEqual({
      amazon: { "seller": ["amazon-ads", "amazon-sp"], "vendor": ["amazon-ads", "amazon-sp?"], "walmart-3p": [], "walmart-1p": [] },
      walmart: { "seller": [], "vendor": [], "walmart-3p": ["walmart-connect", "walmart-marketplace?"], "walmart-1p": ["walmart-connect"] }
    })
  })

  it("belong to the provider that their name says, and have a label", () => {
    for (const channel of Channel.Channel.literals) {
      expect(Channel.provider(channel)).toBe(channel.split("-")[0])
      expect(Channel.label[channel]).toMatch(/\S/)
    }
    for (const type of AccountType.AccountType.literals) expect(AccountType.label[type]).toMatch(/\S/)
    expect(Region.AmazonRegion.literals).toEqual(["NA", "EU", "FE"])
  })
})

describe("a company", () => {
  const brand = (n: number, name: string) => ({ id: id("brand", n), name })
  const adding = (...brands: readonly [Company.Brand, ...ReadonlyArray<Company.Brand>]): Company.Command => ({
    _tag: "Add", company: { id: id("company"), organizationId: id("organization"), name: "North", brands, createdAt: hour(0) }
  })
  const added = tell("company", [adding(brand(0, "Alpha"))])[0]?.after

  it("takes no two brands that read alike, at creation or later", () => {
    for (const name of ["Alpha", "ALPHA", "Ａｌｐｈａ", "  alpha "]) {
      expect(tell("company", [adding(brand(0, "Alpha"), brand(1, name))])[0]?.refused?.reason).toBe("already-exists")
      expect(tell("company", [{ _tag: "AddBrand", brand: brand(1, name) }], added)[0]?.refused?.reason).toBe("already-exists")
    }
    expect(tell("company", [{ _tag: "AddBrand", brand: brand(1, "Beta") }], added)[0]?.events).toHaveLength(1)
  })

  it("takes no brand under an identifier that it has", () => {
    expect(tell("company", [{ _tag: "AddBrand", brand: brand(0, "Beta") }], added)[0]?.refused?.reason).toBe("already-exists")
  })

  it("has at most two hundred brands, at creation or later", () => {
    const many = Array.from({ length: Company.brandLimit + 1 }, (_, n) => brand(n, `Brand ${n}`))
    const [first = brand(0, "Brand 0"), ...rest] = many
    expect(tell("company", [adding(first, ...rest)])[0]?.refused?.reason).toBe("too-many")
    const full = tell("company", [adding(first, ...rest.slice(0, -1))])[0]?.after
    expect(full).toMatchObject({ _tag: "Open" })
    expect(tell("company", [{ _tag: "AddBrand", brand: brand(201, "One more") }], full)[0]?.refused?.reason).toBe("too-many")
  })

  it("needs a brand and a name that reads", () => {
    const decode = Schema.decodeUnknownResult(Company.Open)
    expect(Result.isFailure(decode({ _tag: "Open", id: id("company"), organizationId: id("organization"), name: "North", brands: [],
      createdAt: hour(0) }))).toBe(true)
  })
})
