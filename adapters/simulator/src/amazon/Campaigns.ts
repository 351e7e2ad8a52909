/**
 * Sponsored Products campaigns: what a profile has, and the list of it
 * (https://advertising.amazon.com/API/docs/en-us/sponsored-products/3-0/openapi/prod).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Campaign, Profile } from "../core/World.ts"
import * as World from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import type { Schema } from "../describe/Described.ts"
import * as Kept from "../describe/kept.ts"
import * as Own from "../describe/own.ts"

/** Campaigns that a profile may have; more are refused. */
const most = 10_000

/** A campaign as the API shows it. */
export const show = (campaign: Campaign): unknown => ({
  budget: { budget: Wire.digits(campaign.budget), budgetType: "DAILY" },
  campaignId: campaign.id,
  dynamicBidding: campaign.dynamicBidding ?? { placementBidding: [], strategy: "LEGACY_FOR_SALES" },
  ...(campaign.endDate === undefined ? {} : { endDate: campaign.endDate }),
  name: campaign.name,
  ...(campaign.portfolioId === undefined ? {} : { portfolioId: campaign.portfolioId }),
  startDate: campaign.startDate,
  state: campaign.state,
  targetingType: campaign.targetingType
})

/** The campaigns of a profile. */
export const of = (world: World.World, profileId: string): ReadonlyArray<Campaign> =>
  Wire.own(world.campaigns, profileId) ?? []

/** What a new campaign is made of. */
export type Draft = Omit<Campaign, "id">

/** Puts a campaign into the world; `duplicate` for a name that lives in the profile, `full` when it holds no more. */
export const create = (world: World.World, profileId: string, draft: Draft): Campaign | "duplicate" | "full" => {
  const existing = of(world, profileId)
  if (existing.some((one) => one.name === draft.name && one.state !== "ARCHIVED")) return "duplicate"
  if (existing.length >= most) return "full"
  const made: Campaign = { id: String(300_000_000_000_000 + World.count(world, "campaign") * 7_919_131), ...draft }
  world.campaigns[profileId] = [...existing, made]
  return made
}

type ListBody = {
  readonly stateFilter?: { readonly include: ReadonlyArray<string> }
  readonly campaignIdFilter?: { readonly include: ReadonlyArray<string> }
  readonly portfolioIdFilter?: { readonly include: ReadonlyArray<string> }
  readonly nameFilter?: { readonly include?: ReadonlyArray<string>; readonly queryTermMatchType?: string }
  readonly maxResults?: number
  readonly nextToken?: string
}

const include = (items: Schema, longest: number) => Own.fields({ include: Own.list(items, 0, longest) })

/** What a list takes. */
export const listSchema = Own.fields({
  "stateFilter?": include(
    Own.oneOf("ARCHIVED", "ENABLED", "ENABLING", "OTHER", "PAUSED", "PROPOSED", "USER_DELETED"),
    10
  ),
  "campaignIdFilter?": include(Own.text, 1000),
  "portfolioIdFilter?": include(Own.text, 100),
  "nameFilter?": Own.fields({
    "include?": Own.list(Own.text, 0, 100),
    "queryTermMatchType?": Own.oneOf("BROAD_MATCH", "EXACT_MATCH")
  }),
  "maxResults?": Own.whole(1, 1000),
  "nextToken?": Own.text,
  // The extended data of a campaign is not modelled.
  "includeExtendedDataFields?": Kept.withUnmodelled(Own.flag, true),
  "marketplaceBudgetAllocationFilter?": Kept.unmodelled
})

const matches = (campaign: Campaign, body: ListBody): boolean => {
  const names = body.nameFilter?.include
  const isExact = body.nameFilter?.queryTermMatchType === "EXACT_MATCH"
  const isNamed = (name: string) =>
    isExact ? campaign.name === name : campaign.name.toLowerCase().includes(name.toLowerCase())
  return (
    body.stateFilter?.include.includes(campaign.state) !== false &&
    body.campaignIdFilter?.include.includes(campaign.id) !== false &&
    (body.portfolioIdFilter === undefined ||
      (campaign.portfolioId !== undefined && body.portfolioIdFilter.include.includes(campaign.portfolioId))) &&
    (names === undefined || names.some(isNamed))
  )
}

/** `POST /sp/campaigns/list`. */
export const list = (call: Call, profile: Profile, input: Input): WireReply => {
  const body = (input.body ?? {}) as ListBody
  const all = of(call.world, profile.id).filter((campaign) => matches(campaign, body))
  const seal = (offset: string | number) => Credentials.sign(call.world, `page/${profile.id}/${offset}`)
  const [offset = "", signature] = body.nextToken === undefined ? ["0", seal(0)] : body.nextToken.split(".")
  if (!/^\d{1,9}$/.test(offset) || signature !== seal(offset)) return refuse(call, "ADS-400-02", "Invalid nextToken")
  const end = Number(offset) + (body.maxResults ?? 100)
  return Wire.json(200, {
    campaigns: all.slice(Number(offset), end).map(show),
    totalResults: all.length,
    ...(end < all.length ? { nextToken: `${end}.${seal(end)}` } : {})
  })
}
