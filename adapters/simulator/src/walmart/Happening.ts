/** What happens at Walmart without a request: partners are let in and out, advertisers appear, limits are reached. */
import * as Random from "../core/Random.ts"
import { own } from "../core/Wire.ts"
import type { AdvertiserOrder, WalmartAction, World } from "../core/World.ts"
import * as Access from "./Access.ts"
import { noEnd } from "./CampaignItem.ts"
import * as Signature from "./Signature.ts"
import type { Advertiser } from "./Walmart.ts"
import { scopes, tenants, usualTenant } from "./Walmart.ts"

/** An id of six digits that no advertiser of the world has. */
const advertiserId = (world: World, text: string): string => {
  const first = Random.hash32(`${world.seed}/walmart-advertiser/${text}`) % 900_000
  let id = String(100_000 + first)
  for (let step = 1; Object.hasOwn(world.walmart.advertisers, id); step += 1) {
    id = String(100_000 + ((first + step) % 900_000))
  }
  return id
}

/** Puts an advertiser into the world. */
export const addAdvertiser = (world: World, order: AdvertiserOrder): Advertiser => {
  const market = order.market ?? "US"
  const tenant = order.tenant ?? usualTenant[market]
  const seller = own(world.walmart.sellers, order.seller)
  if (typeof order.name !== "string" || order.name === "" || (order.type !== "1p" && order.type !== "3p")) {
    throw new RangeError("an advertiser needs a name, and the type 1p or 3p")
  }
  if (!Object.hasOwn(usualTenant, market) || (tenant === null ? market !== "US" : tenants[tenant] !== market)) {
    throw new RangeError(`there is no tenant ${String(tenant)} in the market ${String(market)}`)
  }
  if (order.seller !== undefined && seller === undefined) {
    throw new RangeError(`there is no Walmart seller ${order.seller}`)
  }
  if (Object.keys(world.walmart.advertisers).length >= 10_000) {
    throw new RangeError("a world holds at most 10,000 advertisers")
  }
  const id = advertiserId(world, `${order.name}/${order.type}/${market}`)
  const someSeller = String(10_000_000 + (Random.hash32(`${world.seed}/walmart-seller-of/${id}`) % 80_000_000))
  const advertiser: Advertiser = {
    id,
    name: order.name,
    type: order.type,
    market,
    tenant,
    sellerId: order.type === "3p" ? (seller?.id ?? someSeller) : null,
    sellerName: order.type === "3p" ? (seller?.name ?? order.name) : null,
    organizationId: `ORG-${Random.letters(world.seed, `organization/${id}`, 8, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789")}`,
    organizationName: `${order.name} Group`,
    brands: [order.name],
    spendLimitReached: order.spendLimitReached ?? false,
    campaigns: (order.campaigns ?? []).map((name, index) => ({
      id: String(200_000 + (Random.hash32(`${world.seed}/walmart-campaign/${id}/${index}`) % 400_000)),
      name,
      status: index === 2 ? ("paused" as const) : ("live" as const),
      targetingType: index === 0 ? ("auto" as const) : ("manual" as const),
      dailyBudget: String(20 + index * 15),
      startDate: index % 2 === 0 ? "2023-02-01" : "2024-03-15",
      endDate: noEnd
    })),
    access: [],
    people: { ...order.people }
  }
  world.walmart.advertisers[id] = advertiser
  return advertiser
}

/** The applications, or the one that is named. */
const applicationsOf = (world: World, clientId: string | undefined) =>
  Object.values(world.walmart.applications).filter((one) => clientId === undefined || one.clientId === clientId)

/** Sets the App Log-in URL of the applications; says for how many. */
export const setLoginUri = (world: World, url: string, clientId: string | undefined): number => {
  const hit = applicationsOf(world, clientId)
  for (const one of hit) one.loginUri = url
  return hit.length
}

/** Allows a return address for the applications; says for how many. */
export const allowReturn = (world: World, url: string, clientId: string | undefined): number => {
  const hit = applicationsOf(world, clientId)
  for (const one of hit) if (!one.redirectUris.includes(url)) one.redirectUris.push(url)
  return hit.length
}

const setAccess = (
  world: World,
  action: Extract<WalmartAction, { readonly kind: "walmart-access" }>,
  at: number
): number => {
  const advertiser = Access.find(world, action.advertiser)
  const partner = action.partner ?? Access.ours(world)?.id ?? ""
  if (advertiser === undefined || !Object.hasOwn(world.walmart.partners, partner)) return 0
  if (action.access === "none") return Access.remove(advertiser, partner, at) ? 1 : 0
  if (action.access !== "read" && action.access !== "write") throw new RangeError("access is read, write or none")
  if (Access.change(advertiser, partner, action.access)) return 1
  if (Access.add(world, advertiser, partner, action.access, at) === "limit") {
    throw new RangeError(`${advertiser.name} has ten API partners already`)
  }
  return 1
}

/** How many things a happening touched; 0 tells the caller that it named nothing that exists. */
export const run = (world: World, action: WalmartAction, at: number): number => {
  if (action.kind === "walmart-access") return setAccess(world, action, at)
  if (action.kind === "walmart-advertiser") {
    addAdvertiser(world, action.advertiser)
    return 1
  }
  if (action.kind === "walmart-spend-limit") {
    const advertiser = Access.find(world, action.advertiser)
    if (advertiser === undefined) return 0
    advertiser.spendLimitReached = action.reached
    return 1
  }
  if (action.kind === "walmart-scope") {
    if (!scopes.includes(action.scope)) throw new RangeError(`there is no scope ${action.scope}`)
    const hit = Object.values(world.walmart.grants).filter((grant) => grant.sellerId === action.seller)
    for (const grant of hit) grant.scopes[action.scope] = action.level
    return hit.length
  }
  const partner = own(world.walmart.partners, action.partner ?? Access.ours(world)?.id ?? "")
  if (partner === undefined) return 0
  if (action.kind === "walmart-partner-type") {
    partner.type = action.type
    return 1
  }
  if (action.publicKey !== null && !Signature.isPublicKey(action.publicKey)) {
    throw new RangeError("an RSA public key in PEM is needed")
  }
  if (!/^\d{1,4}$/.test(action.version)) throw new RangeError("a key version is a number of up to four digits")
  if (action.publicKey === null) delete partner.keys[action.version]
  else partner.keys[action.version] = action.publicKey
  return 1
}
