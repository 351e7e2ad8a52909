/**
 * One campaign as a client writes it, and what is wrong with it
 * (https://advertising.amazon.com/API/docs/en-us/sponsored-products/3-0/openapi/prod).
 */
import { Marketplace } from "@portolan/domain"
import { Option } from "effect"
import type { Call } from "../core/Call.ts"
import * as Data from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import type { Campaign, Profile } from "../core/World.ts"
import type { Schema } from "../describe/Described.ts"
import * as Kept from "../describe/kept.ts"
import * as Own from "../describe/own.ts"
import { own } from "../describe/validator.ts"

type Bidding = NonNullable<Campaign["dynamicBidding"]>

/** A campaign as a client writes it. */
export type Item = {
  readonly campaignId?: string
  readonly name?: string
  readonly state?: "ENABLED" | "PAUSED"
  readonly targetingType?: Campaign["targetingType"]
  readonly startDate?: string
  readonly endDate?: string | null
  readonly budget?: { readonly budget: number; readonly budgetType: "DAILY" }
  readonly dynamicBidding?: Bidding
  readonly portfolioId?: string | null
}

const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] })

const bidding = Own.fields({
  "strategy?": Own.oneOf("LEGACY_FOR_SALES", "AUTO_FOR_SALES", "MANUAL", "RULE_BASED"),
  "placementBidding?": Own.list(
    Own.fields({
      placement: Own.oneOf(
        "PLACEMENT_TOP",
        "PLACEMENT_PRODUCT_PAGE",
        "PLACEMENT_REST_OF_SEARCH",
        "SITE_AMAZON_BUSINESS"
      ),
      percentage: Own.whole(0, 900)
    }),
    0,
    10
  ),
  "shopperCohortBidding?": Kept.unmodelled
})

const name = { type: "string", minLength: 1, maxLength: 128 }
const budget = Own.fields({ budget: { type: "number" }, budgetType: Own.oneOf("DAILY") })
/** `PROPOSED` is a state of campaigns that Amazon proposes. */
const state = Kept.withUnmodelled(Own.oneOf("ENABLED", "PAUSED"), "PROPOSED")

const common = {
  "startDate?": Own.day,
  "endDate?": nullable(Own.day),
  "dynamicBidding?": bidding,
  "autoManageCampaign?": Kept.unmodelled,
  "offAmazonSettings?": Kept.unmodelled,
  "siteRestrictions?": Kept.unmodelled,
  "tags?": Kept.unmodelled
}

/** A campaign to be made. */
export const creation = Own.atLeast({
  ...common,
  name,
  state,
  targetingType: Own.oneOf("AUTO", "MANUAL"),
  budget,
  "portfolioId?": Own.text
})

/** A campaign to be changed. */
export const change = Own.atLeast({
  ...common,
  campaignId: Own.text,
  "name?": name,
  "state?": state,
  "targetingType?": Own.oneOf("AUTO", "MANUAL"),
  "budget?": budget,
  "portfolioId?": nullable(Own.text)
})

/** What is wrong with an item: the selector of the error, its reason, and words. */
export type Failure = {
  readonly errorType: string
  readonly reason: string
  readonly message: string
  /** The campaign that there is not. */
  readonly entityId?: string
}

/** A failure. */
export const failed = (errorType: string, reason: string, message: string): Failure => ({ errorType, reason, message })

/** The lowest daily budget by country (https://advertising.amazon.com/API/docs/en-us/reference/concepts/limits). */
const lowest: Readonly<Record<string, number>> = {
  AU: 1.4,
  SG: 1.39,
  BR: 1.32,
  PL: 2,
  TR: 2,
  AE: 4,
  SA: 4,
  EG: 7,
  SE: 9,
  ZA: 20,
  IN: 50,
  JP: 100
}

const lowestBudget = (profile: Profile): number =>
  Option.match(Marketplace.find(profile.marketplaceId), {
    onNone: () => 1,
    onSome: ({ countryCode }) => lowest[countryCode] ?? 1
  })

/** What is wrong with an item on its own; undefined when nothing is. */
export const misfit = (item: unknown, schema: Schema): Failure | undefined => {
  const [wrong] = own.request(schema, item)
  if (wrong === undefined) return undefined
  if (wrong.endsWith("is missing")) return failed("missingValueError", "MISSING_VALUE", wrong)
  return wrong.includes("must be one of")
    ? failed("rangeError", "INVALID_ENUM_VALUE", wrong)
    : failed("malformedValueError", "PATTERN_NOT_MATCHED", wrong)
}

/** What is wrong with an item for this profile, today; `was` is the campaign that it changes. */
export const misplaced = (call: Call, profile: Profile, item: Item, was: Campaign | undefined): Failure | undefined => {
  const least = lowestBudget(profile)
  if (item.budget !== undefined && item.budget.budget < least) {
    return failed("rangeError", "TOO_LOW", `budget.budget is below ${least}`)
  }
  const today = Dates.dayIn(Data.timeZone(profile.marketplaceId), call.now)
  const start = item.startDate ?? was?.startDate ?? today
  const end = item.endDate === undefined ? was?.endDate : (item.endDate ?? undefined)
  const isMoved = item.startDate !== undefined && item.startDate !== was?.startDate
  if (!Dates.isDay(start) || (end !== undefined && !Dates.isDay(end))) {
    return failed("dateError", "INVALID_DATE", "startDate and endDate are days, yyyy-MM-dd")
  }
  if (isMoved && start < today)
    return failed("dateError", "START_DATE_EARLIER_THAN_TODAY", "startDate lies in the past")
  if (isMoved && was !== undefined && was.startDate <= today) {
    return failed("dateError", "UPDATING_READ_ONLY_START_DATE", "startDate of a campaign that has begun cannot change")
  }
  if (end !== undefined && end < start)
    return failed("dateError", "START_DATE_AFTER_END_DATE", "endDate lies before startDate")
  if (item.endDate !== undefined && end !== undefined && end < today) {
    return failed("dateError", "END_DATE_EARLIER_THAN_TODAY", "endDate lies in the past")
  }
  return undefined
}
