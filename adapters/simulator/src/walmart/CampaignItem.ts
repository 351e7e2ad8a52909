/**
 * One Sponsored Search campaign as a partner writes it
 * (https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access).
 */
import * as Dates from "../core/Dates.ts"
import type { Schema } from "../describe/Described.ts"
import * as Kept from "../describe/kept.ts"
import * as Own from "../describe/own.ts"

/** The end of a campaign that has none. */
export const noEnd = "9999-12-31"

type Common = {
  readonly status?: "enabled" | "disabled"
  readonly startDate?: string
  readonly endDate?: string
  readonly biddingStrategy?: { readonly strategy: "DYNAMIC" | "FIXED" }
}

/** A campaign to be made. */
export type Creation = Common & {
  readonly name: string
  readonly targetingType: "auto" | "manual"
  readonly dailyBudget: number
}

/** A campaign to be changed. */
export type Change = Common & {
  readonly campaignId: number | string
  readonly name?: string
  readonly targetingType?: "auto" | "manual"
  readonly dailyBudget?: number
}

const id: Schema = {
  anyOf: [
    { type: "integer", minimum: 1 },
    { type: "string", pattern: "^[0-9]{1,18}$" }
  ]
}
const name: Schema = { type: "string", minLength: 1, maxLength: 255 }
/** More than anybody spends in a day, and still a plain number when written. */
const budget: Schema = { type: "number", minimum: 1, maximum: 1_000_000_000 }
const targeting = Own.oneOf("auto", "manual")

const common = {
  "advertiserId?": id,
  "campaignType?": Kept.withUnmodelled(Own.oneOf("sponsoredProducts"), "sba", "video"),
  "status?": Own.oneOf("enabled", "disabled"),
  "budgetType?": Kept.withUnmodelled(Own.oneOf("daily"), "total", "both"),
  "totalBudget?": Kept.unmodelled,
  "rollover?": Kept.withUnmodelled(Own.flag, true),
  "startDate?": Own.day,
  "endDate?": Own.day,
  "biddingStrategy?": Own.fields({ strategy: Kept.withUnmodelled(Own.oneOf("DYNAMIC", "FIXED"), "TROAS") }),
  "channel?": Own.oneOf("WALMART")
}

/** What makes a campaign. */
export const creation = Own.fields({ ...common, name, targetingType: targeting, dailyBudget: budget })
/** What changes one. */
export const change = Own.fields({
  ...common,
  campaignId: id,
  "name?": name,
  "targetingType?": targeting,
  "dailyBudget?": budget
})
/** What deletes one. */
export const deletion = Own.fields({ campaignId: id, "advertiserId?": id })

/** The bodies: items are judged one by one, so that a bad one does not refuse the others. */
export const list = Own.list({ type: "object" }, 1, 50)

/** What is wrong with the days of a campaign; undefined when nothing is. */
export const offDays = (startDate: string, endDate: string, today: string): string | undefined => {
  if (!Dates.isDay(startDate) || !Dates.isDay(endDate)) return "startDate and endDate must be yyyy-MM-dd"
  if (startDate < today) return "startDate lies in the past"
  return endDate < startDate ? "endDate lies before startDate" : undefined
}
