/**
 * Companies, their brands and their accounts through the use cases (flow F1, steps 1 to 3; rules K-R1 to K-R7,
 * K-R11).
 */
import { describe, expect, it } from "@effect/vitest"
import type { Access, Marketplace } from "@portolan/domain"
import { Accounts, Audit, Companies, Connections, Consolidations } from "@portolan/ports"
import { Effect } from "effect"
import { account, caller, marketplaces, world } from "../support/world.ts"

const by = caller()
const page = { limit: 20 }
const countries = {
  US: marketplaces.US,
  DE: "A1PA6795UKMFR9" as Marketplace.MarketplaceId,
  JP: "A1VC38T7YXB528" as Marketplace.MarketplaceId
}
const name = (text: string) => text
const reason = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) =>
    typeof error === "object" && error !== null && "reason" in error ? error.reason : error
  )

/** A company with an account in one country. */
const opened = Effect.fnUntraced(function* (
  companyId: Parameters<Companies.Companies["Service"]["view"]>[1],
  country: keyof typeof countries,
  as: Access.Caller = by
) {
  return yield* (yield* Accounts.Accounts).create(as, {
    companyId,
    name: name(`Lanterns ${country}`),
    accountType: "seller",
    marketplaces: [countries[country]]
  })
})

describe("a company", () => {
  it.effect(
    "holds an account for each country of its client; the same name again is a warning and no obstacle (K-R2, K-R3)",
    () =>
      Effect.gen(function* () {
        const companies = yield* Companies.Companies
        const accounts = yield* Accounts.Accounts
        const { company, sameNamed } = yield* companies.add(by, { name: name("Lanterns"), brand: name("Lindqvist") })
        expect(sameNamed).toEqual([])
        for (const country of ["US", "DE", "JP"] as const) yield* opened(company.id, country)
        const { items } = yield* accounts.list(by, { companyId: company.id }, page)
        expect(items.map(({ companyId, marketplaces: [first] }) => [companyId, first])).toEqual([
          [company.id, countries.DE],
          [company.id, countries.JP],
          [company.id, countries.US]
        ])
        const second = yield* companies.add(by, { name: name("LANTERNS"), brand: name("Other") })
        expect(second.sameNamed.map(({ id }) => id)).toEqual([company.id])
        expect((yield* accounts.list(by, { companyId: second.company.id }, page)).items).toEqual([])
      }).pipe(Effect.provide(world))
  )

  it.effect("has a brand from its first moment and takes more on demand (K-R4)", () =>
    Effect.gen(function* () {
      const companies = yield* Companies.Companies
      const { company } = yield* companies.add(by, { name: name("Lanterns"), brand: name("Lindqvist") })
      expect(company.brands.map((brand) => brand.name)).toEqual(["Lindqvist"])
      const more = yield* companies.addBrand(by, { companyId: company.id, name: name("Lumen") })
      expect(more.brands.map((brand) => brand.name)).toEqual(["Lindqvist", "Lumen"])
      expect(yield* reason(companies.addBrand(by, { companyId: company.id, name: name("LUMEN") }))).toBe(
        "already-exists"
      )
    }).pipe(Effect.provide(world))
  )

  it.effect("puts brands right: another name, or away with one that no account has (K-R4, K-R6)", () =>
    Effect.gen(function* () {
      const companies = yield* Companies.Companies
      const { company } = yield* companies.add(by, { name: name("Lanterns"), brand: name("Lindqvist") })
      const [first] = company.brands
      expect(yield* reason(companies.removeBrand(by, company.id, first.id))).toBe("contradiction")
      const { brands } = yield* companies.addBrand(by, { companyId: company.id, name: name("Lumne") })
      const lumne = brands[1]!
      const clash = companies.renameBrand(by, company.id, { brandId: lumne.id, name: name("LINDQVIST") })
      expect(yield* reason(clash)).toBe("already-exists")
      const right = yield* companies.renameBrand(by, company.id, { brandId: lumne.id, name: name("Lumen") })
      expect(right.brands.map((brand) => brand.name)).toEqual(["Lindqvist", "Lumen"])
      yield* opened(company.id, "US")
      expect(yield* reason(companies.removeBrand(by, company.id, first.id))).toBe("not-possible-now")
      const left = yield* companies.removeBrand(by, company.id, lumne.id)
      expect(left.brands.map((brand) => brand.name)).toEqual(["Lindqvist"])
      // Twice is once.
      expect((yield* companies.removeBrand(by, company.id, lumne.id)).brands).toHaveLength(1)
    }).pipe(Effect.provide(world))
  )

  it.effect("takes an account that stands in the wrong company, with its connections, and gives it back (C14)", () =>
    Effect.gen(function* () {
      const companies = yield* Companies.Companies
      const accounts = yield* Accounts.Accounts
      const connections = yield* Connections.Connections
      const consolidations = yield* Consolidations.Consolidations
      const wrong = (yield* companies.add(by, { name: name("Wrong"), brand: name("Lumen") })).company
      const right = (yield* companies.add(by, { name: name("Right"), brand: name("Other") })).company
      yield* companies.addBrand(by, { companyId: right.id, name: name("LUMEN") })
      const account = yield* opened(wrong.id, "US")
      yield* consolidations.addAccount(by, { companyId: wrong.id, account: { linkedAccountId: account.id } })
      const moved = yield* accounts.changeCompany(by, account.id, { companyId: right.id })
      const twin = (yield* companies.view(by, right.id)).brands[1]!.id
      expect(moved).toMatchObject({ companyId: right.id, brandIds: [twin], defaultBrandId: twin })
      const { items } = yield* connections.list(by, { companyId: right.id }, page)
      expect(items.map(({ connection }) => connection.accountId)).toEqual([account.id, account.id])
      expect((yield* connections.list(by, { companyId: wrong.id }, page)).items).toEqual([])
      const { company } = yield* connections.view(by, items[0]!.connection.id)
      expect(company.id).toBe(right.id)
      const { consolidation } = yield* consolidations.view(by, wrong.id)
      expect(consolidation.accounts.map(({ linkedAccountId }) => linkedAccountId)).toEqual([undefined])
      const back = yield* accounts.changeCompany(by, account.id, { companyId: wrong.id })
      expect(back).toMatchObject({ companyId: wrong.id, defaultBrandId: account.defaultBrandId })
      const foreign = accounts.changeCompany(by, account.id, { companyId: `com_${"0".repeat(26)}` as typeof wrong.id })
      expect((yield* Effect.flip(foreign))._tag).toBe("NotFound")
    }).pipe(Effect.provide(world))
  )

  it.effect(
    "assigns brands account by account, each with a default; another company's brand is refused (K-R5, K-R6)",
    () =>
      Effect.gen(function* () {
        const companies = yield* Companies.Companies
        const accounts = yield* Accounts.Accounts
        const { company } = yield* companies.add(by, { name: name("Lanterns"), brand: name("Lindqvist") })
        const [lindqvist, lumen] = (yield* companies.addBrand(by, { companyId: company.id, name: name("Lumen") }))
          .brands
        const [foreign] = (yield* companies.add(by, { name: name("Harbour"), brand: name("Harbour") })).company.brands
        if (lumen === undefined) return yield* Effect.die("two brands were expected")
        const us = yield* opened(company.id, "US")
        const de = yield* opened(company.id, "DE")
        // Nobody chose, and still no article of the account is without a brand.
        expect([us.brandIds, us.defaultBrandId]).toEqual([[lindqvist.id], lindqvist.id])
        yield* accounts.assignBrands(by, de.id, { brandIds: [lindqvist.id, lumen.id], defaultBrandId: lumen.id })
        expect(yield* accounts.view(by, de.id)).toMatchObject({
          brandIds: [lindqvist.id, lumen.id],
          defaultBrandId: lumen.id
        })
        expect(yield* accounts.view(by, us.id)).toMatchObject({
          brandIds: [lindqvist.id],
          defaultBrandId: lindqvist.id
        })
        expect(
          yield* reason(
            accounts.assignBrands(by, us.id, { brandIds: [lindqvist.id, foreign.id], defaultBrandId: lindqvist.id })
          )
        ).toBe("not-yours")
        expect(
          yield* reason(accounts.assignBrands(by, us.id, { brandIds: [lindqvist.id], defaultBrandId: lumen.id }))
        ).toBe("contradiction")
        expect(yield* reason(accounts.assignBrands(by, us.id, { brandIds: [], defaultBrandId: lindqvist.id }))).toBe(
          "contradiction"
        )
      }).pipe(Effect.provide(world))
  )
})

describe("an account", () => {
  it.effect(
    "has a name and a marketplace, and offers each of its channels at once, none of them connected (K-R7, K-R11)",
    () =>
      Effect.gen(function* () {
        const { account: own } = yield* account(by)
        expect([own.name, own.marketplaces]).toEqual(["Harbour US", [marketplaces.US]])
        const { items } = yield* (yield* Connections.Connections).list(by, { accountId: own.id }, page)
        expect(
          items
            .map(({ connection, evidence }) => [connection.channel, connection.marketplaceId, evidence.status])
            .toSorted()
        ).toEqual([
          ["amazon-ads", marketplaces.US, "not-connected"],
          ["amazon-sp", marketplaces.US, "not-connected"]
        ])
      }).pipe(Effect.provide(world))
  )

  it.effect("of a country that nobody knows is refused in words", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts.Accounts
      const { company } = yield* account(by)
      const unknown = accounts.create(by, {
        companyId: company.id,
        name: name("Lanterns SP"),
        accountType: "seller",
        marketplaces: ["SP" as Marketplace.MarketplaceId]
      })
      expect((yield* Effect.flip(unknown)).message).toContain("No marketplace has the id SP.")
    }).pipe(Effect.provide(world))
  )
})

describe("administration", () => {
  it.effect("is refused by name to everybody but owner and admins, never answered with an empty list (K-R1)", () =>
    Effect.gen(function* () {
      const companies = yield* Companies.Companies
      const accounts = yield* Accounts.Accounts
      const { account: own, ads, company } = yield* account(by)
      const [brand] = company.brands
      for (const role of ["member", "viewer"] as const) {
        const who = caller(role)
        const asked: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
          companies.add(who, { name: name("Mine"), brand: name("Mine") }),
          companies.addBrand(who, { companyId: company.id, name: name("Mine") }),
          companies.rename(who, company.id, name("Mine")),
          opened(company.id, "DE", who).pipe(Effect.provideService(Accounts.Accounts, accounts)),
          accounts.rename(who, own.id, name("Mine")),
          accounts.assignBrands(who, own.id, { brandIds: [brand.id], defaultBrandId: brand.id }),
          accounts.addMarketplace(who, own.id, marketplaces.CA),
          accounts.remove(who, own.id),
          accounts.deleteData(who, own.id),
          (yield* Connections.Connections).disconnect(who, ads.id),
          (yield* Audit.Audit).list(who, {}, page)
        ]
        for (const one of asked) expect(yield* reason(one)).toBe("not-permitted")
      }
      for (const role of ["owner", "admin"] as const)
        yield* companies.addBrand(caller(role), { companyId: company.id, name: name(`Of the ${role}`) })
    }).pipe(Effect.provide(world))
  )
})
