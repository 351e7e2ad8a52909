/** Companies, brands and accounts (rules K-R2 to K-R7, C2). */
import { describe, expect, it } from "@effect/vitest"
import {
  Account,
  AccountType,
  Channel,
  Company,
  type Connection,
  Effects,
  Expansion,
  Job,
  Marketplace,
  Provider,
  Region
} from "@portolan/domain"
import { Arbitrary, Result, Schema } from "effect"
import * as commands from "./support/commands.ts"
import { stories, tell } from "./support/Story.ts"
import { ada, between, hour, id, key, pick } from "./support/values.ts"

const opening = (
  change: Partial<Extract<Account.Command, { readonly _tag: "OpenAccount" }>["account"]> = {},
  companyBrands = [id("brand", 0), id("brand", 1)]
): Account.Command => ({
  _tag: "OpenAccount",
  companyBrands,
  account: {
    id: id("account"),
    organizationId: id("organization"),
    companyId: id("company"),
    name: "North",
    accountType: "seller",
    marketplaces: [key().marketplaceId],
    brandIds: [id("brand")],
    defaultBrandId: id("brand"),
    createdAt: hour(0),
    ...change
  }
})
const reason = (command: Account.Command, state: Account.State = Account.initial) =>
  tell("account", [command], state)[0]?.refused?.reason
const [firstMarket = Marketplace.get(key().marketplaceId), ...otherMarkets] = Marketplace.all
const market = pick(firstMarket, ...otherMarkets)
const brandSets = Arbitrary.array(between(0, 3), { maxLength: 4 })

describe("an account", () => {
  it("names type and provider as people know them when they do not fit", () => {
    const told = (accountType: AccountType.AccountType, provider: Marketplace.Provider) =>
      tell(
        "account",
        [opening({ accountType, marketplaces: [Marketplace.all.find((one) => one.provider === provider)!.id] })],
        Account.initial
      )[0]?.refused?.detail
    expect(told("seller", "walmart")).toBe("Seller is not an account type of Walmart.")
    expect(told("walmart-1p", "amazon")).toBe("Walmart 1P (supplier) is not an account type of Amazon.")
  })

  it.prop(
    "takes brands of its own company only, and its default brand is one of them",
    [brandSets, between(0, 3), brandSets],
    ([own, main, company]) => {
      const command = opening(
        { brandIds: own.map((n) => id("brand", n)), defaultBrandId: id("brand", main) },
        company.map((n) => id("brand", n))
      )
      const foreign = own.some((n) => !company.includes(n))
      const expected = foreign ? "not-yours" : own.includes(main) ? undefined : "contradiction"
      expect(reason(command)).toBe(expected)
      const open = tell("account", [opening()])[0]?.after
      expect(
        reason(
          {
            _tag: "AssignBrands",
            companyBrands: company.map((n) => id("brand", n)),
            brandIds: own.map((n) => id("brand", n)),
            defaultBrandId: id("brand", main)
          },
          open
        )
      ).toBe(expected)
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "lies in one region and holds what belongs together; anything else is another account",
    [market, market, Arbitrary.schema(AccountType.Known)],
    ([one, other, accountType]) => {
      const [step] = tell("account", [opening({ accountType, marketplaces: [one.id, other.id] })])
      const fits = Channel.required(one.provider, accountType).length > 0
      const { provider, region } = one
      const held = { provider, region, accountType, marketplaces: [one.id] as const }
      const { decision } = Expansion.expand(held, { marketplaceId: other.id, accountType }, undefined)
      if (one.region !== other.region || !fits || decision === "add-account") {
        expect(step?.refused?.reason).toBe("contradiction")
        return
      }
      expect(step?.after).toMatchObject({ region: one.region, provider: one.provider })
    },
    { arbitrary: { runs: 300 } }
  )

  it("names a marketplace that nobody knows, instead of failing over it", () => {
    const [step] = tell("account", [
      opening({ marketplaces: [key().marketplaceId, "AAHKV2X7AFYLW" as Marketplace.MarketplaceId] })
    ])
    expect(step?.refused).toMatchObject({ reason: "contradiction", detail: "No marketplace has the id AAHKV2X7AFYLW." })
  })

  it("keeps what was named twice once", () => {
    const twice = [key().marketplaceId, key().marketplaceId] as const
    expect(
      tell("account", [opening({ marketplaces: twice, brandIds: [id("brand"), id("brand")] })])[0]?.after
    ).toMatchObject({ marketplaces: [key().marketplaceId], brandIds: [id("brand")] })
  })

  it("says nothing new when the same brands are assigned in another order", () => {
    const open = tell("account", [opening({ brandIds: [id("brand"), id("brand", 1)] })])[0]?.after
    expect(
      tell(
        "account",
        [
          {
            _tag: "AssignBrands",
            brandIds: [id("brand", 1), id("brand")],
            defaultBrandId: id("brand"),
            companyBrands: [id("brand"), id("brand", 1)]
          }
        ],
        open
      )[0]?.events
    ).toEqual([])
  })

  it("is bound by its first marketplace", () => {
    const step = Account.step(Account.initial, opening())
    if (Result.isFailure(step) || step.success.next._tag !== "Open") throw new Error("not open")
    expect(Account.primary(step.success.next).country).toBe("United States")
  })
})

describe("the channels of an account (rule C2)", () => {
  it("are these, and no type is at home with the other provider", () => {
    const table = Object.fromEntries(
      Provider.all().map((provider) => [
        provider,
        Object.fromEntries(
          AccountType.all().map((type) => [
            type,
            Channel.required(provider, type).map(({ channel, optional }) => (optional ? `${channel}?` : channel))
          ])
        )
      ])
    )
    expect(table).toEqual({
      amazon: {
        seller: ["amazon-ads", "amazon-sp"],
        vendor: ["amazon-ads", "amazon-sp?"],
        "walmart-3p": [],
        "walmart-1p": []
      },
      walmart: {
        seller: [],
        vendor: [],
        "walmart-3p": ["walmart-connect", "walmart-marketplace?"],
        "walmart-1p": ["walmart-connect"]
      }
    })
  })

  it("belong to the provider that their name says, and have a label", () => {
    for (const channel of Channel.all()) {
      expect(Channel.provider(channel)).toBe(channel.split("-")[0])
      expect(Channel.label(channel)).toMatch(/\S/)
    }
    for (const type of AccountType.all()) expect(AccountType.label(type)).toMatch(/\S/)
    expect(Region.all().slice(0, 3)).toEqual(["NA", "EU", "FE"])
  })
})

describe("a company", () => {
  const brand = (n: number, name: string) => ({ id: id("brand", n), name })
  const adding = (...brands: readonly [Company.Brand, ...ReadonlyArray<Company.Brand>]): Company.Command => ({
    _tag: "Add",
    company: { id: id("company"), organizationId: id("organization"), name: "North", brands, createdAt: hour(0) }
  })
  const added = tell("company", [adding(brand(0, "Alpha"))])[0]?.after

  it("takes no two brands that read alike, at creation or later", () => {
    for (const name of ["Alpha", "ALPHA", "Ａｌｐｈａ", "  alpha "]) {
      expect(tell("company", [adding(brand(0, "Alpha"), brand(1, name))])[0]?.refused?.reason).toBe("already-exists")
      expect(tell("company", [{ _tag: "AddBrand", brand: brand(1, name) }], added)[0]?.refused?.reason).toBe(
        "already-exists"
      )
    }
    expect(tell("company", [{ _tag: "AddBrand", brand: brand(1, "Beta") }], added)[0]?.events).toHaveLength(1)
  })

  it("takes no brand under an identifier that it has", () => {
    expect(tell("company", [{ _tag: "AddBrand", brand: brand(0, "Beta") }], added)[0]?.refused?.reason).toBe(
      "already-exists"
    )
  })

  it("has at most two hundred brands, at creation or later", () => {
    const many = Array.from({ length: Company.brandLimit + 1 }, (_, n) => brand(n, `Brand ${n}`))
    const [first = brand(0, "Brand 0"), ...rest] = many
    expect(tell("company", [adding(first, ...rest)])[0]?.refused?.reason).toBe("too-many")
    const full = tell("company", [adding(first, ...rest.slice(0, -1))])[0]?.after
    expect(full).toMatchObject({ _tag: "Open" })
    expect(tell("company", [{ _tag: "AddBrand", brand: brand(201, "One more") }], full)[0]?.refused?.reason).toBe(
      "too-many"
    )
  })

  it("needs a brand and a name that reads", () => {
    const decode = Schema.decodeUnknownResult(Company.Open)
    expect(
      Result.isFailure(
        decode({
          _tag: "Open",
          id: id("company"),
          organizationId: id("organization"),
          name: "North",
          brands: [],
          createdAt: hour(0)
        })
      )
    ).toBe(true)
  })
})

describe("the marketplaces of an account (rules P-R6, P-R9)", () => {
  const told = stories("account", Arbitrary.Constant(opening()), commands.account.any, 20)
  const open = tell("account", [opening()])[0]!.after
  const canada = "A2EUQ1WTGCTBG2" as Marketplace.MarketplaceId
  const germany = "A1PA6795UKMFR9" as Marketplace.MarketplaceId

  it.prop(
    "are known, different, and all of the account's region, whatever happens",
    [told],
    ([steps]) => {
      for (const { after } of steps) {
        if (after._tag === "Absent") continue
        expect(new Set(after.marketplaces).size).toBe(after.marketplaces.length)
        expect(after.marketplaces.map((id) => Marketplace.get(id).region)).toEqual(
          after.marketplaces.map(() => after.region)
        )
      }
    },
    { arbitrary: { runs: 300 } }
  )

  it("grow by a country of the region, once, and never by another region's", () => {
    const [added, again, elsewhere] = tell(
      "account",
      [
        { _tag: "AddMarketplace", marketplaceId: canada },
        { _tag: "AddMarketplace", marketplaceId: canada },
        { _tag: "AddMarketplace", marketplaceId: germany }
      ],
      open
    )
    expect(added?.after).toMatchObject({ marketplaces: [key().marketplaceId, canada] })
    expect(again?.events).toEqual([])
    expect(elsewhere?.refused?.detail).toBe(
      "Germany lies in another region, and one consent reaches one region only. Add it as an account of its own."
    )
  })

  it("change only while nothing is connected, and not into one that is there", () => {
    const change = (connected: number, to = canada): Account.Command => ({
      _tag: "ChangeMarketplace",
      from: key().marketplaceId,
      to,
      connected
    })
    expect(tell("account", [change(0)], open)[0]?.after).toMatchObject({ marketplaces: [canada] })
    expect(reason(change(1), open)).toBe("not-possible-now")
    expect(reason(change(0, germany), open)).toBe("contradiction")
    const both = tell("account", [{ _tag: "AddMarketplace", marketplaceId: canada }], open)[0]!.after
    expect(reason(change(0), both)).toBe("not-possible-now")
  })
})

describe("removing, deleting and calling off (rules P-R18, C14)", () => {
  const open = tell("account", [opening()])[0]!.after
  const remove = (connected: number): Account.Command => ({ _tag: "Remove", connected, at: hour(1), by: ada })
  const deletes = (connected: number, at = 0): Account.Command => ({
    _tag: "DeleteData",
    connected,
    at: hour(at),
    by: ada
  })
  const keep = (at: number): Account.Command => ({ _tag: "KeepData", at: hour(at), by: ada })
  const erased = (at: number): Account.Command => ({ _tag: "RecordErasure", rows: 5, at: hour(at) })
  const week = 24 * Account.graceDays

  it("is refused while something is connected, and says how many", () => {
    expect(tell("account", [remove(1)], open)[0]?.refused?.detail).toBe("1 of its connections is still live.")
    expect(tell("account", [deletes(2)], open)[0]?.refused?.detail).toBe("2 of its connections are still live.")
  })

  it("takes an account off and puts it back as it was; a removed one changes nothing else", () => {
    const removed = tell("account", [remove(0)], open)[0]!.after
    expect(removed).toMatchObject({ _tag: "Removed", removedBy: ada })
    for (const command of [
      { _tag: "Rename", name: "South" },
      { _tag: "AddMarketplace", marketplaceId: key().marketplaceId },
      { _tag: "AssignBrands", brandIds: [id("brand")], defaultBrandId: id("brand"), companyBrands: [id("brand")] },
      { _tag: "ChangeMarketplace", from: key().marketplaceId, to: key().marketplaceId, connected: 0 }
    ] as ReadonlyArray<Account.Command>) {
      expect(tell("account", [command], removed)[0]?.refused).toMatchObject({
        reason: "not-possible-now",
        nextStep: "Restore it first."
      })
    }
    expect(tell("account", [{ _tag: "Restore", at: hour(2), by: ada }], removed)[0]?.after).toEqual(open)
  })

  it.prop(
    "erases after seven days and not a moment before; whoever calls it off in time keeps the data",
    [between(-3, 3), between(-3, 3)],
    ([called, due]) => {
      const [scheduled, off, done] = tell("account", [deletes(0), keep(week + called), erased(week + due)], open)
      expect(scheduled?.events).toMatchObject([{ _tag: "DeletionScheduled", dueAt: hour(week) }])
      const inTime = called < 0
      expect(off?.refused?.reason).toBe(inTime ? undefined : "expired")
      expect(done?.events.length).toBe(!inTime && due >= 0 ? 1 : 0)
      expect(done?.after).toEqual(inTime ? open : due >= 0 ? { ...open, erasedAt: hour(week + due) } : scheduled?.after)
    }
  )

  it.prop(
    "never erases data that nobody asked to erase",
    [stories("account", Arbitrary.Constant(opening()), commands.account.any, 20)],
    ([steps]) => {
      for (const { before, events } of steps) {
        if (!events.some((event) => event._tag === "DataErased") || before._tag === "Absent") continue
        expect(before.deletion).toBeDefined()
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it("asks for the erasure once, at its time; asked again the date stays", () => {
    const [first, second] = tell("account", [deletes(0), deletes(0, 30)], open)
    expect(second?.events).toEqual([])
    expect(first?.events.flatMap((event) => Job.ofAccount(event))).toEqual([
      { dueAt: hour(week), task: { _tag: "EraseData", accountId: id("account") } }
    ])
  })
})

describe("effects told before they are confirmed (rule C14)", () => {
  const proposed = tell("connection", [commands.propose()])[0]!.after as Connection.Present
  const partner = tell("connection", [commands.propose("walmart-connect")])[0]!.after as Connection.Present

  it("are sentences, and every command says what stays or comes back", () => {
    const lists = [
      ...(["pause", "resume", "disconnect"] as const).flatMap((command) => [
        Effects.ofConnection(command, proposed),
        Effects.ofConnection(command, partner)
      ]),
      ...(["remove", "restore", "delete-data", "keep-data"] as const).map(Effects.ofAccount)
    ]
    for (const list of lists) {
      expect(list.length).toBeGreaterThan(0)
      for (const { text } of list) expect(text).toMatch(/^[A-Z].+\.$/)
      expect(list.some(({ kind }) => kind !== "ends")).toBe(true)
    }
    expect(new Set(lists.map((list) => JSON.stringify(list))).size).toBe(lists.length)
  })

  it("do not promise what an advertiser's admin alone can do", () => {
    const texts = (connection: Connection.Present) =>
      Effects.ofConnection("disconnect", connection)
        .map(({ text }) => text)
        .join(" ")
    expect(texts(partner)).toContain("only its admin can change that")
    expect(texts(partner)).not.toContain("token")
    expect(texts(proposed)).toContain("tokens for this consent are forgotten")
    expect(
      Effects.ofAccount("delete-data")
        .map(({ text }) => text)
        .join(" ")
    ).toContain(`${Account.graceDays} days`)
  })
})
