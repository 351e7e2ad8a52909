/** Walmart Connect in a world: accounts, advertisers that let us in, an operator who assigns them. */
import { Access, type Account, type Company, type Id, Marketplace, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Accounts, Advertisers, Directory, Members } from "@portolan/ports"
import { Effect } from "effect"
import { caller, people, type Who, type World } from "./World.ts"

const US = Marketplace.all.find(({ countryCode, provider }) => provider === "walmart" && countryCode === "US")?.id
if (US === undefined) throw new Error("Walmart has no marketplace in the United States")

/** Walmart in the United States. */
export const walmartUs: Marketplace.MarketplaceId = US

/** The operator as the directory knows them. */
export const operator: Access.Operator = {
  actor: { _tag: "Operator", personId: people.opal.personId, name: people.opal.name }
}

/** An advertiser that lists us as its partner. */
export const advertiser = (
  externalId: string,
  more: Partial<Omit<Profile.Advertiser, "_tag" | "key">> = {}
): Profile.Advertiser =>
  ProviderScript.advertiser(
    { channel: "walmart-connect", region: "WALMART-US", marketplaceId: walmartUs, externalId } as Profile.Key,
    more
  )

/** An account of a Walmart seller, with its advertising connection. */
export const sellerAccount = async (world: World, of: Company.Present, name: string, who: Who = "ada") => {
  const account: Account.Present = await world.run(
    Effect.flatMap(Accounts.Accounts, (accounts) =>
      accounts.create(caller(who), {
        companyId: of.id,
        name: name,
        accountType: "walmart-3p",
        marketplaces: [walmartUs]
      })
    )
  )
  return { account, connectionId: await world.connectionOf(account, "walmart-connect", who) }
}

/** Walmart lists these, and we look. */
export const lists = (world: World, advertisers: ReadonlyArray<Profile.Advertiser>) =>
  world.run(
    Effect.gen(function* () {
      yield* (yield* ProviderScript.ProviderScript).partners("WALMART-US", advertisers)
      return yield* (yield* Directory.Directory).look(operator, "WALMART-US")
    })
  )

/** The directory's entry of an advertiser. */
export const entryOf = (world: World, externalId: string) =>
  world.run(
    Effect.gen(function* () {
      const { items } = yield* (yield* Directory.Directory).advertisers(operator, {}, { limit: 100 })
      const found = items.find((entry) => entry.advertiser.key.externalId === externalId)
      if (found === undefined) return yield* Effect.die(new Error(`no advertiser ${externalId}`))
      return found
    })
  )

/** Assigns an advertiser, and lets the worker carry it into the organization. */
export const assign = async (world: World, externalId: string, organizationId: Id.OrganizationId) => {
  const entry = await entryOf(world, externalId)
  await world.run(
    Effect.flatMap(Directory.Directory, (directory) => directory.assign(operator, entry.id, organizationId))
  )
  await world.work()
}

/** What the organization may link to a connection. */
export const available = (world: World, connectionId: Id.ConnectionId, who: Who = "ada") =>
  world.run(Effect.flatMap(Advertisers.Advertisers, (advertisers) => advertisers.available(caller(who), connectionId)))

/** The grant behind an advertiser, as the list of one connection has it. */
export const grantOf = async (world: World, connectionId: Id.ConnectionId, externalId: string, who: Who = "ada") => {
  const found = (await available(world, connectionId, who)).find(
    ({ candidate }) => candidate.key.externalId === externalId
  )
  if (found === undefined) throw new Error(`no grant for ${externalId}`)
  return found.grantId
}

/** Narrows what the member `lim` reaches to one account. */
export const narrow = (world: World, accountId: Id.AccountId, right: Access.Right) =>
  world.run(
    Effect.gen(function* () {
      const members = yield* Members.Members
      const { items } = yield* members.list(caller("ada"), {}, { limit: 100 })
      const lim = items.find(({ member }) => member.email === people.lim.email)
      if (lim === undefined) return yield* Effect.die(new Error("lim is not a member"))
      yield* members.changeAccess(caller("ada"), lim.member.id, {
        role: "member",
        accessScope: { _tag: "Limited", companies: [], brands: [], accounts: [{ id: accountId, right }] }
      })
    })
  )
