/**
 * Who lets which API partner into an advertiser, and what a partner may do there
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview, W-R1 to
 * W-R3, W-R12).
 */
import { own } from "../core/Wire.ts"
import type { World } from "../core/World.ts"
import type { AccessRow, AccessType, Advertiser, Partner } from "./Walmart.ts"
import { partnerLimit } from "./Walmart.ts"

/** The row of a partner that stands; undefined when the partner was never added, or was removed. */
export const activeAccess = (advertiser: Advertiser, partner: string): AccessRow | undefined =>
  advertiser.access.find((row) => row.partner === partner && row.revokedAt === null)

/** What the partner itself is allowed, whatever the advertiser picked. */
export const mayWrite = (partner: Partner, row: AccessRow): boolean =>
  row.type === "write" && partner.type === "full-service"

/** The advertisers an attributes snapshot lists for a partner, with the row each came by. */
export const listed = (
  world: World,
  partner: string,
  tenant: string | null,
  now: number
): ReadonlyArray<{ readonly advertiser: Advertiser; readonly row: AccessRow }> =>
  Object.values(world.walmart.advertisers)
    .filter((one) => one.tenant === tenant)
    .flatMap((advertiser) => {
      const row = advertiser.access.find(
        (one) =>
          one.partner === partner &&
          one.visibleFrom <= now &&
          (one.revokedAt === null || now < one.revokedAt + world.policy.walmartRevokeDelaySeconds * 1000)
      )
      return row === undefined ? [] : [{ advertiser, row }]
    })

/** Why a partner could not be added. */
export type Refusal = "already" | "limit"

/** Adds a partner; it appears in snapshots after the policy's delay, unless told from when. */
export const add = (
  world: World,
  advertiser: Advertiser,
  partner: string,
  type: AccessType,
  at: number,
  visibleFrom = at + world.policy.walmartGrantDelaySeconds * 1000
): Refusal | undefined => {
  if (activeAccess(advertiser, partner) !== undefined) return "already"
  if (advertiser.access.filter((row) => row.revokedAt === null).length >= partnerLimit) return "limit"
  advertiser.access = advertiser.access.filter((row) => row.partner !== partner)
  advertiser.access.push({ partner, type, grantedAt: at, visibleFrom, revokedAt: null })
  return undefined
}

/** Changes the access type of a partner that stands. False when there is none. */
export const change = (advertiser: Advertiser, partner: string, type: AccessType): boolean => {
  const row = activeAccess(advertiser, partner)
  if (row === undefined) return false
  row.type = type
  return true
}

/** Removes a partner. False when there is none. */
export const remove = (advertiser: Advertiser, partner: string, at: number): boolean => {
  const row = activeAccess(advertiser, partner)
  if (row === undefined) return false
  row.revokedAt = at
  return true
}

/** The advertiser with an id, or with a name that only one has. */
export const find = (world: World, idOrName: string): Advertiser | undefined => {
  const byId = own(world.walmart.advertisers, idOrName)
  const named = Object.values(world.walmart.advertisers).filter((one) => one.name === idOrName)
  return byId ?? (named.length === 1 ? named[0] : undefined)
}

/** Our own partner: the first of the world. */
export const ours = (world: World): Partner | undefined => Object.values(world.walmart.partners)[0]
