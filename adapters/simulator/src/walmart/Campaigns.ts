/**
 * Sponsored Search campaigns: list, create, update
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Dates from "../core/Dates.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import * as Worlds from "../core/World.ts"
import type { Caller } from "./Door.ts"
import { scoped } from "./Door.ts"
import type { Advertiser, Campaign } from "./Walmart.ts"

/** The end of a campaign that has none. */
export const noEnd = "9999-12-31"
const most = 50
/** More than anybody spends in a day, and still a plain number when written. */
const isBudget = (value: unknown): value is number => typeof value === "number" && value >= 1 && value <= 1_000_000_000

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
  biddingStrategy: { strategy: "DYNAMIC" },
  channel: "WALMART"
})

const list = (call: Call, caller: Caller, query: URLSearchParams): WireReply => {
  call.note.operation = "listWalmartCampaigns"
  const advertiser = scoped(call, caller, query.get("advertiserId"), false)
  if ("status" in advertiser) return advertiser
  const unmodelled = [...query.keys()].find((key) => !["advertiserId", "campaignId", "filter[name]"].includes(key))
  if (unmodelled !== undefined) return refuse(call, "WMC-400-01", `Not simulated: ${unmodelled.slice(0, 60)}`)
  const id = query.get("campaignId")
  const name = query.get("filter[name]")
  const found = advertiser.campaigns.filter(
    (one) => (id === null || one.id === id) && (name === null || one.name === name)
  )
  return id !== null && found.length === 0
    ? refuse(call, "WMC-404-03")
    : Wire.json(
        200,
        found.map((one) => show(advertiser, one))
      )
}

type Outcome = { readonly code: "success" | "failure"; readonly details: string; readonly campaignId?: object }

const failed = (details: string): Outcome => ({ code: "failure", details })

/** Creates a campaign in the world; the outcome tells why not. */
export const create = (
  call: Pick<Call, "world" | "now">,
  advertiser: Advertiser,
  item: Readonly<Record<string, unknown>>
): Campaign | string => {
  const { name, dailyBudget } = item
  const targetingType =
    item.targetingType === "auto" || item.targetingType === "manual" ? item.targetingType : undefined
  const startDate = item.startDate ?? new Date(call.now).toISOString().slice(0, 10)
  const endDate = item.endDate ?? noEnd
  if (typeof name !== "string" || name === "" || name.length > 255) return "name is missing or too long"
  if (targetingType === undefined) return "targetingType must be auto or manual"
  if (!isBudget(dailyBudget)) return "dailyBudget is missing or below 1"
  if (!Dates.isDay(startDate) || !Dates.isDay(endDate) || endDate < startDate) {
    return "startDate and endDate must be yyyy-MM-dd"
  }
  if (advertiser.campaigns.some((one) => one.name === name)) return "the name is in use"
  if (advertiser.campaigns.length >= 10_000) return "too many campaigns"
  const made: Campaign = {
    id: String(700_000 + Worlds.count(call.world, "walmart-campaign") * 17),
    name,
    status: "live",
    targetingType,
    dailyBudget: String(dailyBudget),
    startDate,
    endDate
  }
  advertiser.campaigns.push(made)
  return made
}

const update = (advertiser: Advertiser, item: Readonly<Record<string, unknown>>): Outcome => {
  const campaign = advertiser.campaigns.find((one) => one.id === String(item.campaignId))
  if (campaign === undefined) return failed("Campaign not found")
  if (item.startDate !== undefined && item.startDate !== campaign.startDate && campaign.status === "live") {
    return failed("a live campaign cannot change its dates")
  }
  if (item.dailyBudget !== undefined && !isBudget(item.dailyBudget)) {
    return failed("dailyBudget is below 1")
  }
  if (item.status !== undefined && item.status !== "enabled" && item.status !== "disabled") {
    return failed("status must be enabled or disabled")
  }
  if (item.status !== undefined) campaign.status = item.status === "enabled" ? "live" : "paused"
  if (isBudget(item.dailyBudget)) campaign.dailyBudget = String(item.dailyBudget)
  if (typeof item.name === "string" && item.name !== "") campaign.name = item.name.slice(0, 255)
  return { code: "success", details: "Campaign updated", campaignId: Wire.digits(campaign.id) }
}

const readItems = (text: string): ReadonlyArray<Readonly<Record<string, unknown>>> | undefined => {
  const body = Wire.readObject(`{"items":${text}}`)?.items
  return Array.isArray(body) &&
    body.length > 0 &&
    body.length <= most &&
    body.every((item: unknown) => typeof item === "object" && item !== null && !Array.isArray(item))
    ? (body as ReadonlyArray<Readonly<Record<string, unknown>>>)
    : undefined
}

const write = (call: Call, caller: Caller, query: URLSearchParams): WireReply => {
  const creates = call.request.method === "POST"
  call.note.operation = creates ? "createWalmartCampaigns" : "updateWalmartCampaigns"
  const items = readItems(call.request.body)
  const id = query.get("advertiserId") ?? items?.[0]?.advertiserId
  const advertiser = scoped(call, caller, id, true, items?.length ?? 1)
  if ("status" in advertiser) return advertiser
  if (items === undefined) return refuse(call, "WMC-400-01", `the body must be an array of 1 to ${most} campaigns`)
  // Failures of single campaigns come inside a 200, as the shape of the answer suggests
  // (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
  return Wire.json(
    200,
    items.map((item): Outcome => {
      if (!creates) return update(advertiser, item)
      const made = create(call, advertiser, item)
      return typeof made === "string"
        ? failed(made)
        : { code: "success", details: "Campaign created", campaignId: Wire.digits(made.id) }
    })
  )
}

/** Answers a call to `/api/v1/campaigns`. */
export const handle = (call: Call, caller: Caller): WireReply => {
  const query = new URLSearchParams(call.request.query)
  return call.request.method === "GET" ? list(call, caller, query) : write(call, caller, query)
}
