/** The catalogue is a value: a provider is added from outside, and tables that contradict each other are refused. */
import { describe, expect, it } from "@effect/vitest"
import {
  Account,
  AccountType,
  Backfill,
  Catalogue,
  Channel,
  Connection,
  DataClass,
  type Day,
  Evidence,
  Expansion,
  Identifier,
  Job,
  Marketplace,
  Onboarding,
  Permission,
  Profile,
  Provider,
  Region,
  Requirements,
  Window
} from "@portolan/domain"
import { DateTime, Option, Result, Schema } from "effect"
import { bazaar, catalogue, changed, market, stall } from "./support/bazaar.ts"
import { ada, hour, id } from "./support/values.ts"

const problemsOf = (...tables: Parameters<typeof Catalogue.make>[0]) =>
  Result.match(Catalogue.make(tables), {
    onFailure: ({ problems }) => problems.map(({ place }) => place),
    onSuccess: () => []
  })
const done = <A, E>(result: Result.Result<A, E>): A => Result.getOrThrow(result)

describe("a name that no catalogue has", () => {
  it("decodes, because what was stored stays readable, and means nothing", () => {
    expect(Schema.is(Channel.Channel)("bazaar-trade")).toBe(true)
    expect(Schema.is(Channel.Known)("bazaar-trade")).toBe(false)
    expect(Channel.find("bazaar-trade")).toEqual(Option.none())
    expect(Channel.provider("bazaar-trade")).toBeUndefined()
    expect(Channel.accessBy("bazaar-trade")).toBeUndefined()
    expect(Channel.label("bazaar-trade")).toBe("bazaar-trade")
    expect(Channel.hasChecklist("bazaar-trade")).toBe(false)
    expect(Provider.find("bazaar")).toEqual(Option.none())
    expect(Marketplace.find("bazaar-se")).toEqual(Option.none())
    expect(AccountType.sells("bazaar-stall")).toBe(false)
    expect(DataClass.sources("bazaar-trade", "bazaar-stall")).toEqual([])
    expect(DataClass.countsForSync("bazaar-returns")).toBe(false)
    expect(Requirements.of("bazaar-trade", "bazaar-stall")).toEqual([])
    expect(Region.partnership("bazaar-north")).toBeUndefined()
    expect(Permission.missing("view", "bazaar-trade")).toBe("the right to edit")
  })

  it("has the form of its kind all the same", () => {
    for (const wrong of ["", "Bazaar", "a_b", "a--b", "-a", "a".repeat(41), "a b"]) {
      expect(Schema.is(Identifier.Channel)(wrong)).toBe(false)
    }
    for (const wrong of ["", "a/b", "-a", "a".repeat(41)])
      expect(Schema.is(Identifier.MarketplaceId)(wrong)).toBe(false)
  })
})

describe("tables", () => {
  it("that fit together make a catalogue, and so do ours", () => {
    expect(problemsOf(Catalogue.amazon, Catalogue.walmart, bazaar)).toEqual([])
    expect(Provider.all(catalogue)).toEqual(["amazon", "walmart", "bazaar"])
    expect(Channel.provider("bazaar-trade", catalogue)).toBe("bazaar")
    expect(Channel.provider("amazon-ads", catalogue)).toBe("amazon")
  })

  it("that use a name twice are refused, whichever kind it is of", () => {
    expect(problemsOf(bazaar, bazaar)).toEqual([
      "bazaar.provider.bazaar",
      "bazaar.channels.bazaar-trade",
      "bazaar.accountTypes.bazaar-stall",
      "bazaar.regions.bazaar-north",
      "bazaar.marketplaces.bazaar-se",
      "bazaar.dataClasses.bazaar-returns"
    ])
    const { due, label } = bazaar.dataClasses!["bazaar-returns"]!
    expect(problemsOf(changed({ dataClasses: { ...bazaar.dataClasses, sales: { due, label } } }))).toEqual([
      "bazaar.dataClasses.sales"
    ])
  })

  it("whose rows name what is not there are refused, with every place", () => {
    expect(problemsOf(changed({ channels: {} }))).toEqual(["bazaar.accountTypes.bazaar-stall"])
    expect(problemsOf(changed({ regions: {} }))).toEqual(["bazaar.marketplaces.bazaar-se"])
    expect(problemsOf(changed({ dataClasses: {} }))).toEqual(["bazaar.accountTypes.bazaar-stall"])
    expect(problemsOf(changed({ marketplaces: [] }))).toEqual(["bazaar.regions.bazaar-north"])
    expect(problemsOf(changed({ id: "The Bazaar" }))).toEqual(["The Bazaar.provider.The Bazaar"])
  })

  it("of a partnership name the region in which advertisers are looked for, and a channel that has them", () => {
    const channels = { "bazaar-trade": { ...bazaar.channels["bazaar-trade"]!, access: "partner" } } as const
    const partnership = { channel: "bazaar-trade", isSearched: true }
    const regions = { "bazaar-north": { label: "North", partnership } }
    expect(problemsOf(changed({ channels }))).toEqual(["bazaar.channels.bazaar-trade"])
    expect(problemsOf(changed({ regions }))).toEqual(["bazaar.regions.bazaar-north"])
    expect(problemsOf(changed({ channels, regions }))).toEqual([])
  })

  it("that need a channel twice, or none, or load no day, are refused", () => {
    const type = bazaar.accountTypes["bazaar-stall"]!
    const [row] = type.channels
    const using = (...channels: typeof type.channels) =>
      problemsOf(changed({ accountTypes: { "bazaar-stall": { ...type, channels } } }))
    expect(using()).toEqual(["bazaar.accountTypes.bazaar-stall"])
    expect(using(row!, row!)).toEqual(["bazaar.accountTypes.bazaar-stall"])
    expect(using({ ...row!, optional: true })).toEqual(["bazaar.accountTypes.bazaar-stall"])
    const empty = { dataClass: "sales", depthDays: 0, windowDays: 1 }
    expect(using({ ...row!, sources: [empty] })).toEqual(["bazaar.accountTypes.bazaar-stall"])
  })

  it("are checked when they are written: a channel, a region or a data class of nobody does not compile", () => {
    const { channels, dataClasses, label, marketplaces } = bazaar
    const [place] = marketplaces
    const type = { label, noun: label, hint: label, merchant: "seller" } as const
    const using = { optional: false, sources: [], requirements: [] } as const
    const wrong = [
      Catalogue.define({
        id: "bazaar",
        label,
        channels: { "bazaar-trade": channels["bazaar-trade"]! },
        // @ts-expect-error the channel is misspelt
        accountTypes: { "bazaar-stall": { ...type, channels: [{ ...using, channel: "bazar-trade" }] } },
        regions: {},
        marketplaces: []
      }),
      Catalogue.define({
        id: "bazaar",
        label,
        channels: {},
        accountTypes: {},
        regions: { "bazaar-north": { label } },
        // @ts-expect-error the region is misspelt
        marketplaces: [{ ...place!, region: "bazaar-nord" }]
      }),
      Catalogue.define({
        id: "bazaar",
        label,
        channels: { "bazaar-trade": channels["bazaar-trade"]! },
        accountTypes: {
          "bazaar-stall": {
            ...type,
            channels: [
              {
                ...using,
                channel: "bazaar-trade",
                // @ts-expect-error the data class is misspelt
                sources: [{ dataClass: "bazaar-return", depthDays: 1, windowDays: 1 }]
              }
            ]
          }
        },
        regions: {},
        marketplaces: [],
        dataClasses: { "bazaar-returns": dataClasses!["bazaar-returns"]! }
      })
    ]
    expect(wrong.map((table) => problemsOf(table).length > 0)).toEqual([true, true, true])
  })
})

describe("an account of a provider from outside", () => {
  const open: Account.Command = {
    _tag: "OpenAccount",
    account: {
      id: id("account"),
      organizationId: id("organization"),
      companyId: id("company"),
      name: "Lanterns",
      accountType: "bazaar-stall",
      marketplaces: [market],
      brandIds: [id("brand")],
      defaultBrandId: id("brand"),
      createdAt: hour(0)
    },
    companyBrands: [id("brand")]
  }
  const account = Account.replay(Account.initial, done(Account.decide(Account.initial, open, catalogue)))
  if (account._tag !== "Open") throw new Error("the account was opened")
  const proposed: Connection.State = {
    _tag: "Proposed",
    id: id("connection"),
    organizationId: account.organizationId,
    companyId: account.companyId,
    accountId: account.id,
    channel: "bazaar-trade",
    marketplaceId: market,
    optional: false,
    proposedAt: hour(0)
  }
  const link = { grantId: id("grant"), profile: stall, permission: "edit", linkedAt: hour(1), linkedBy: ada } as const

  it("is opened where the catalogue knows it, and refused elsewhere", () => {
    expect(account).toMatchObject({ provider: "bazaar", region: "bazaar-north" })
    expect(Result.isFailure(Account.decide(Account.initial, open))).toBe(true)
    const here = { marketplaceId: market, accountType: "bazaar-stall" }
    expect(Expansion.expand(account, here, undefined, catalogue).decision).toBe("already-there")
  })

  it("is told what is needed, in the words of its table", () => {
    expect(Requirements.ofAccount("bazaar-stall", catalogue)).toMatchObject([
      { channel: "bazaar-trade", optional: false, requirements: [{ id: "participates", title: "The stall is open" }] }
    ])
    expect(Evidence.ofConnection(proposed, proposed.proposedAt, { catalogue }).reason).toContain("Bazaar Trade API")
    expect(
      Onboarding.of(account, [proposed], [], { marketplaceId: market, catalogue, now: proposed.proposedAt }).steps.map(
        ({ state }) => state
      )
    ).toEqual(["done", "now", "todo", "todo"])
  })

  it("shows its profiles in the general shape, and says itself what speaks against one", () => {
    const target = { account, otherOwnerId: Option.none<string>() }
    expect(Profile.obstacles(stall, target, catalogue)).toEqual([])
    expect(Profile.owner(stall)).toBe("lindqvist")
    expect(Profile.lacks({ ...stall, permission: "view" }, catalogue)).toBe("the right to change prices")
    const concerns = [{ weight: "blocks", detail: "The stall is closed." }] as const
    expect(Profile.obstacles({ ...stall, concerns }, target, catalogue)).toEqual(concerns)
    expect(Profile.obstacles({ ...stall, type: "seller" }, target, catalogue)[0]?.detail).toBe(
      "It is a seller profile; the account is a stall account."
    )
    const codec = Schema.toCodecJson(Profile.Candidate)
    expect(Schema.decodeSync(codec)(JSON.parse(JSON.stringify(Schema.encodeSync(codec)(stall))))).toEqual(stall)
  })

  it("is connected, and loads the data of its own", () => {
    const connected = Connection.replay(proposed, done(Connection.decide(proposed, { _tag: "Link", link }, catalogue)))
    expect(connected._tag).toBe("Connected")
    const { organizationId } = account
    const planned = Backfill.decide(
      Backfill.initial,
      {
        _tag: "Plan",
        backfill: { id: id("backfill"), organizationId, connectionId: id("connection"), accountId: account.id },
        windows: [],
        sources: DataClass.sources("bazaar-trade", "bazaar-stall", catalogue),
        today: "2028-02-29" as Day.Day,
        finalisedAt: hour(1)
      },
      catalogue
    )
    const load = Backfill.replay(Backfill.initial, done(planned))
    if (load._tag !== "Running") throw new Error("the load was planned")
    const commands = done(planned).flatMap((event) => Backfill.windowCommands(load, event))
    const windows = commands.flatMap(({ command }) => {
      const state = Window.replay(Window.initial, done(Window.decide(Window.initial, command)))
      return state._tag === "Absent" ? [] : [state]
    })
    expect(windows.map(({ windowId }) => windowId)).toEqual([
      "sales/2028-02-28/2028-03-01",
      "bazaar-returns/2028-02-29/2028-03-01"
    ])
    expect(load.promises[1]?.dueAt).toEqual(DateTime.add(hour(1), { hours: 12 }))
    // Returns are promised within 48 hours, so they count: without them the load is late.
    const sales = { _tag: "Settle", open: ["bazaar-returns"], at: hour(2) } as const
    const half = Backfill.replay(load, done(Backfill.decide(load, sales, catalogue)))
    const tallies = Window.tallies(windows.slice(1))
    const late = done(Backfill.decide(half, { _tag: "CheckSync", tallies, at: hour(50) }, catalogue))
    expect(late.map(({ _tag }) => _tag)).toEqual(["LoadOverdue"])
  })

  it("calls for no checklist that its channel does not have", () => {
    const event: Connection.Event = { _tag: "LimitFound", missing: "prices", at: hour(2) }
    expect(Job.ofConnection(proposed, event, catalogue).map(({ task }) => task._tag)).toEqual(["Notify"])
  })
})
