/**
 * Sponsored Search campaigns: list, create, update, delete. What is accepted is stored, what is not is refused, one by
 * one (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import * as Worlds from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import * as Check from "../describe/check.ts"
import type { Schema } from "../describe/Described.ts"
import * as Kept from "../describe/kept.ts"
import { own } from "../describe/validator.ts"
import * as Item from "./CampaignItem.ts"
import type { Caller } from "./Door.ts"
import { scoped } from "./Door.ts"
import * as Snapshots from "./Snapshots.ts"
import type { Advertiser, Campaign } from "./Walmart.ts"

/** Campaigns that an advertiser may have; more are refused. */
const most = 10_000

const show = (advertiser: Advertiser, campaign: Campaign): unknown => ({
  campaignId: Wire.digits(campaign.id),
  advertiserId: Wire.digits(advertiser.id),
  name: campaign.name,
  campaignType: "sponsoredProducts",
  targetingType: campaign.targetingType,
  status: campaign.status,
  budgetType: "daily",
  dailyBudget: Wire.digits(campaign.dailyBudget),
  totalBudget: 0,
  rollover: false,
  startDate: campaign.startDate,
  endDate: campaign.endDate,
  biddingStrategy: { strategy: campaign.biddingStrategy ?? "DYNAMIC" },
  channel: "WALMART"
})

/** `GET /api/v1/campaigns`. */
export const list = (call: Call, caller: Caller, { query }: Input): WireReply => {
  const advertiser = scoped(call, caller, query.advertiserId, false)
  if ("status" in advertiser) return advertiser
  const id = Check.text(query, "campaignId")
  const name = Check.text(query, "filter[name]")
  const found = advertiser.campaigns.filter(
    (one) => (id === undefined || one.id === id) && (name === undefined || one.name === name)
  )
  return id !== undefined && found.length === 0
    ? refuse(call, "WMC-404-03")
    : Wire.json(
        200,
        found.map((one) => show(advertiser, one))
      )
}

type Outcome = { readonly code: "success" | "failure"; readonly details: string; readonly campaignId?: object }

const failed = (details: string): Outcome => ({ code: "failure", details })
const done = (details: string, { id }: Campaign): Outcome => ({ code: "success", details, campaignId: Wire.digits(id) })

const isTaken = (advertiser: Advertiser, name: string | undefined, by?: Campaign): boolean =>
  advertiser.campaigns.some((one) => one !== by && one.name === name)

const statusOf = (written: "enabled" | "disabled" | undefined, isAhead: boolean): Campaign["status"] => {
  if (written === "disabled") return "paused"
  return isAhead ? "scheduled" : "live"
}

const createOne = (call: Call, advertiser: Advertiser, raw: unknown): Outcome => {
  const [wrong] = own.request(Item.creation, raw)
  if (wrong !== undefined) return failed(wrong)
  const item = raw as Item.Creation
  const today = Snapshots.today(call)
  const startDate = item.startDate ?? today
  const endDate = item.endDate ?? Item.noEnd
  const off = Item.offDays(startDate, endDate, today)
  if (off !== undefined) return failed(off)
  if (isTaken(advertiser, item.name)) return failed("the name is in use")
  if (advertiser.campaigns.length >= most) return failed("too many campaigns")
  const made: Campaign = {
    id: String(700_000 + Worlds.count(call.world, "walmart-campaign") * 17),
    name: item.name,
    status: statusOf(item.status, startDate > today),
    targetingType: item.targetingType,
    dailyBudget: String(item.dailyBudget),
    startDate,
    endDate,
    ...(item.biddingStrategy === undefined ? {} : { biddingStrategy: item.biddingStrategy.strategy })
  }
  advertiser.campaigns.push(made)
  return done("Campaign created", made)
}

const updateOne = (call: Call, advertiser: Advertiser, raw: unknown): Outcome => {
  const [wrong] = own.request(Item.change, raw)
  if (wrong !== undefined) return failed(wrong)
  const item = raw as Item.Change
  const campaign = advertiser.campaigns.find((one) => one.id === String(item.campaignId))
  if (campaign === undefined) return failed("Campaign not found")
  const { endDate = campaign.endDate, name = campaign.name, startDate = campaign.startDate } = item
  const isMoved = startDate !== campaign.startDate || endDate !== campaign.endDate
  if (isMoved && campaign.status === "live") return failed("a live campaign cannot change its dates")
  const off = isMoved ? Item.offDays(startDate, endDate, Snapshots.today(call)) : undefined
  if (off !== undefined) return failed(off)
  if (item.targetingType !== undefined && item.targetingType !== campaign.targetingType) {
    return failed("targetingType cannot change")
  }
  if (isTaken(advertiser, name, campaign)) return failed("the name is in use")
  campaign.name = name
  campaign.startDate = startDate
  campaign.endDate = endDate
  if (item.status !== undefined) campaign.status = statusOf(item.status, startDate > Snapshots.today(call))
  if (item.dailyBudget !== undefined) campaign.dailyBudget = String(item.dailyBudget)
  if (item.biddingStrategy !== undefined) campaign.biddingStrategy = item.biddingStrategy.strategy
  return done("Campaign updated", campaign)
}

const deleteOne = (_call: Call, advertiser: Advertiser, raw: unknown): Outcome => {
  const [wrong] = own.request(Item.deletion, raw)
  if (wrong !== undefined) return failed(wrong)
  const { campaignId } = raw as Pick<Item.Change, "campaignId">
  const campaign = advertiser.campaigns.find((one) => one.id === String(campaignId))
  if (campaign === undefined) return failed("Campaign not found")
  if (campaign.status === "live") return failed("a live campaign cannot be deleted")
  advertiser.campaigns = advertiser.campaigns.filter((one) => one !== campaign)
  return done("Campaign deleted", campaign)
}

/**
 * Failures of single campaigns come inside a 200, as the shape of the answer suggests
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
 */
const write =
  (schema: Schema, one: (call: Call, advertiser: Advertiser, raw: unknown) => Outcome) =>
  (call: Call, caller: Caller, { body, query }: Input): WireReply => {
    const items = body as ReadonlyArray<unknown>
    const first = items[0] as { readonly advertiserId?: unknown } | null
    const advertiser = scoped(call, caller, query.advertiserId ?? first?.advertiserId, true, items.length)
    if ("status" in advertiser) return advertiser
    const stray = items.map((item) => Kept.unkept(schema, item) ?? Kept.stray(schema, item)).find(Boolean)
    if (stray !== undefined) return refuse(call, "WMC-400-06", stray)
    return Wire.json(
      200,
      items.map((item) => one(call, advertiser, item))
    )
  }

/** `POST /api/v1/campaigns`. */
export const create = write(Item.creation, createOne)
/** `PUT /api/v1/campaigns`. */
export const update = write(Item.change, updateOne)
/** `PUT /api/v1/campaigns/delete`. */
export const remove = write(Item.deletion, deleteOne)
