/**
 * Token buckets, one for each (application, account, operation, region), with the published rates
 * (https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits). A scale of 100 makes them a hundred
 * times as fast and as deep; 0 switches them off.
 */
import type { World } from "./World.ts"
import * as Worlds from "./World.ts"

/** Requests per second and how many may come at once. */
export type Rate = { readonly perSecond: number; readonly burst: number }

/** Published usage plans by operation. */
export const published: Readonly<Record<string, Rate>> = {
  getMarketplaceParticipations: { perSecond: 0.016, burst: 15 },
  getAccount: { perSecond: 0.016, burst: 15 },
  getMyFeesEstimateForASIN: { perSecond: 1, burst: 2 },
  searchListingsItems: { perSecond: 5, burst: 5 },
  listTransactions: { perSecond: 0.5, burst: 10 },
  getOrders: { perSecond: 0.0167, burst: 20 },
  getOrder: { perSecond: 0.5, burst: 30 },
  getOrderItems: { perSecond: 0.5, burst: 30 },
  getOrderMetrics: { perSecond: 0.5, burst: 15 },
  getInventorySummaries: { perSecond: 2, burst: 2 },
  createReport: { perSecond: 0.0167, burst: 15 },
  getReport: { perSecond: 2, burst: 15 },
  getReports: { perSecond: 0.0222, burst: 10 },
  cancelReport: { perSecond: 0.0222, burst: 10 },
  getReportDocument: { perSecond: 0.0167, burst: 15 },
  getPurchaseOrders: { perSecond: 10, burst: 10 },
  ...Object.fromEntries(
    (
      "createDestination getDestinations getDestination deleteDestination createSubscription getSubscription " +
      "getSubscriptionById deleteSubscriptionById"
    )
      .split(" ")
      .map((name) => [name, { perSecond: 1, burst: 5 }])
  ),
  rotateApplicationClientSecret: { perSecond: 0.0167, burst: 1 }
}

/** Takes one from a bucket. False when it is empty. */
export const take = (world: World, key: string, rate: Rate, now: number): boolean => {
  const bucket = world.quotas[key]
  const left =
    bucket === undefined ? rate.burst : Math.min(rate.burst, bucket.left + ((now - bucket.at) / 1000) * rate.perSecond)
  if (left < 1) {
    world.quotas[key] = { left, at: now }
    return false
  }
  if (bucket === undefined) {
    if (Worlds.count(world, "bucket") % 1000 === 0) Worlds.trim(world.quotas, 50_000)
    world.quotas[key] = { left: left - 1, at: now }
  } else {
    bucket.left = left - 1
    bucket.at = now
  }
  return true
}

/** Seconds until a bucket holds a whole request again, at least 1. */
export const secondsUntil = (world: World, key: string, rate: Rate): number =>
  Math.max(1, Math.ceil((1 - (world.quotas[key]?.left ?? 0)) / rate.perSecond))

/**
 * The rate of an operation as this world applies it; undefined when quotas are off. `described` is the one of a
 * description, for operations without a published plan here.
 */
export const scaled = (world: World, operation: string, described?: Rate): Rate | undefined => {
  const rate = published[operation] ?? described
  const scale = world.policy.quotaScale
  return rate === undefined || scale === 0
    ? undefined
    : { perSecond: rate.perSecond * scale, burst: Math.max(1, Math.floor(rate.burst * scale)) }
}
