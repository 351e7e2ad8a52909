/** The Walmart side of presets: who advertises and sells there, who may decide, and whom they let in. */
import * as Action from "../core/Action.ts"
import * as Random from "../core/Random.ts"
import * as Access from "../walmart/Access.ts"
import { addAdvertiser } from "../walmart/Happening.ts"
import { publicKey } from "../walmart/testKey.ts"
import type { AccessType, Market, Role } from "../walmart/Walmart.ts"
import type { World } from "../core/World.ts"
import * as Worlds from "../core/World.ts"

/** A marketplace seller by its key. People are ids of the preset. */
export type SellerRow = {
  readonly key: string
  readonly name: string
  readonly market?: Market
  readonly skuCount?: number
  readonly admins?: ReadonlyArray<string>
  readonly members?: ReadonlyArray<string>
}

/** An advertiser. `seller` is the key of a seller row; `access` is what our partner has from the start. */
export type AdvertiserRow = {
  readonly name: string
  readonly type: "1p" | "3p"
  readonly market?: Market
  readonly seller?: string
  readonly access?: AccessType
  readonly spendLimitReached?: boolean
  readonly campaigns?: ReadonlyArray<string>
  readonly admins?: ReadonlyArray<string>
  readonly members?: ReadonlyArray<string>
}

/** What an admin will do. The advertiser goes by its name. */
export type Change = {
  readonly advertiser: string
  readonly access: AccessType | "none"
  readonly afterMinutes: number
}

/** Everything of Walmart in a preset. */
export type WalmartRows = {
  readonly sellers?: ReadonlyArray<SellerRow>
  readonly advertisers?: ReadonlyArray<AdvertiserRow>
  readonly changes?: ReadonlyArray<Change>
}

/** When grants of a preset were made: long before any test begins, whatever its clock. */
const grantedAt = Date.parse("2024-02-05T15:30:00Z")

/** Partners in the console's list of names. Ours is the first; the second may only report. */
const partnerNames = [
  "Portolan",
  "Tern Reporting",
  "Harbour Bids",
  "Quill Retail",
  "Lodestar Media",
  "Brackish",
  "Fathom Ads",
  "Sextant",
  "Meridian Feeds",
  "Cormorant Media",
  "Tidewater",
  "Gannet Works"
]

/** The seller id of a row: digits, as in the callback. */
export const sellerId = (seed: string, key: string): string =>
  String(100_000_000 + (Random.hash32(`${seed}/walmart-seller/${key}`) % 800_000_000))

const roles = (admins: ReadonlyArray<string> = [], members: ReadonlyArray<string> = []): Record<string, Role> =>
  Object.fromEntries([...members.map((id) => [id, "member"] as const), ...admins.map((id) => [id, "admin"] as const)])

/** The partner network and the application, which every world has. */
const addOurs = (world: World, redirectUris: ReadonlyArray<string>): void => {
  for (const [index, name] of partnerNames.entries()) {
    const id = name.toLowerCase().replaceAll(" ", "-")
    world.walmart.partners[id] = {
      id,
      name,
      consumerId: Worlds.labelled(world, Random.uuid(Worlds.key(world), `walmart-consumer/${id}`)),
      authToken: Random.digest(Worlds.key(world), `walmart-auth-token/${id}`).toString("base64url"),
      keys: index === 0 ? { "1": publicKey } : {},
      type: index === 1 ? "reporting-only" : "full-service"
    }
  }
  const clientId = Worlds.labelled(world, Random.uuid(Worlds.key(world), "walmart-application"))
  world.walmart.applications[clientId] = {
    clientId,
    clientSecret: Random.digest(Worlds.key(world), "walmart-secret").toString("base64url"),
    name: "Portolan",
    redirectUris: [...new Set(redirectUris)],
    scopes: {
      reports: "full_access",
      item: "view_only",
      feeds: "view_only",
      orders: "view_only",
      inventory: "view_only",
      price: "no_access"
    }
  }
}

/** Fills the Walmart part of a world. The same seed makes the same one. */
export const build = (world: World, rows: WalmartRows, redirectUris: ReadonlyArray<string>): void => {
  addOurs(world, redirectUris)
  for (const row of rows.sellers ?? []) {
    const id = sellerId(world.seed, row.key)
    world.walmart.sellers[id] = {
      id,
      name: row.name,
      market: row.market ?? "US",
      skuCount: row.skuCount ?? 45,
      active: true,
      people: roles(row.admins, row.members)
    }
  }
  for (const { seller, access, admins, members, ...row } of rows.advertisers ?? []) {
    const made = addAdvertiser(world, {
      ...row,
      people: roles(admins, members),
      ...(seller === undefined ? {} : { seller: sellerId(world.seed, seller) })
    })
    const ours = Access.ours(world)
    if (access !== undefined && ours !== undefined) Access.add(world, made, ours.id, access, grantedAt, 0)
  }
  for (const { advertiser, access, afterMinutes } of rows.changes ?? []) {
    Action.schedule(world, world.clock.last + afterMinutes * 60_000, { kind: "walmart-access", advertiser, access })
  }
}
