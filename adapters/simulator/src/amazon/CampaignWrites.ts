/**
 * Sponsored Products campaigns, created, changed and archived item by item: what is accepted is stored, what is not is
 * refused, and the answer is 207 either way
 * (https://advertising.amazon.com/API/docs/en-us/sponsored-products/3-0/openapi/prod).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Data from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Campaign, Profile } from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import type { Schema } from "../describe/Described.ts"
import * as Kept from "../describe/kept.ts"
import * as Own from "../describe/own.ts"
import { change, creation, failed, type Failure, type Item, misfit, misplaced } from "./CampaignItem.ts"
import * as Campaigns from "./Campaigns.ts"

/** The bodies: items are judged one by one, so that a bad one does not refuse the others. */
export const writeSchema = Own.fields({ campaigns: Own.list({}, 1, 1000) })

/** What archives campaigns. */
export const archiveSchema = Own.fields({ campaignIdFilter: Own.fields({ include: Own.list(Own.text, 1, 1000) }) })

type Outcome = Campaign | Failure

const absent = (entityId: string): Failure => ({
  ...failed("entityNotFoundError", "ENTITY_NOT_FOUND", "no such campaign"),
  entityId
})

const createOne = (call: Call, profile: Profile, raw: unknown): Outcome => {
  const wrong = misfit(raw, creation) ?? misplaced(call, profile, raw as Item, undefined)
  if (wrong !== undefined) return wrong
  const item = raw as Item & Required<Pick<Item, "name" | "state" | "targetingType" | "budget">>
  const made = Campaigns.create(call.world, profile.id, {
    name: item.name,
    state: item.state,
    targetingType: item.targetingType,
    startDate: item.startDate ?? Dates.dayIn(Data.timeZone(profile.marketplaceId), call.now),
    budget: String(item.budget.budget),
    ...(item.endDate == null ? {} : { endDate: item.endDate }),
    ...(item.dynamicBidding === undefined ? {} : { dynamicBidding: item.dynamicBidding }),
    ...(item.portfolioId == null ? {} : { portfolioId: item.portfolioId })
  })
  if (made === "full") return failed("entityQuotaError", "QUOTA_EXCEEDED", "the profile holds no more campaigns")
  return made === "duplicate" ? failed("duplicateValueError", "NAME_NOT_UNIQUE", "the name is in use") : made
}

const changeOne = (call: Call, profile: Profile, raw: unknown): Outcome => {
  const wrong = misfit(raw, change)
  if (wrong !== undefined) return wrong
  const item = raw as Item
  const all = Campaigns.of(call.world, profile.id)
  const found = all.find((one) => one.id === item.campaignId)
  if (found === undefined) return absent(item.campaignId ?? "")
  if (found.state === "ARCHIVED")
    return failed("entityStateError", "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED", "an archived campaign cannot change")
  const isTaken = all.some((one) => one !== found && one.name === item.name && one.state !== "ARCHIVED")
  if (isTaken) return failed("duplicateValueError", "NAME_NOT_UNIQUE", "the name is in use")
  const misplacement = misplaced(call, profile, item, found)
  if (misplacement !== undefined) return misplacement
  const { budget: money, endDate, portfolioId } = item
  const { dynamicBidding = found.dynamicBidding } = item
  found.name = item.name ?? found.name
  found.state = item.state ?? found.state
  found.targetingType = item.targetingType ?? found.targetingType
  found.startDate = item.startDate ?? found.startDate
  if (dynamicBidding !== undefined) found.dynamicBidding = dynamicBidding
  if (money !== undefined) found.budget = String(money.budget)
  // Null takes away what a campaign had.
  if (endDate === null) delete found.endDate
  else if (endDate !== undefined) found.endDate = endDate
  if (portfolioId === null) delete found.portfolioId
  else if (portfolioId !== undefined) found.portfolioId = portfolioId
  return found
}

const archiveOne = (call: Call, profile: Profile, id: string): Outcome => {
  const found = Campaigns.of(call.world, profile.id).find((one) => one.id === id)
  if (found === undefined) return absent(id)
  found.state = "ARCHIVED"
  return found
}

const isFailure = (outcome: Outcome): outcome is Failure => "errorType" in outcome

/** Errors that name the kind of thing that they are about. */
const aboutEntity: ReadonlySet<string> = new Set(["entityNotFoundError", "entityStateError", "entityQuotaError"])

const errorOf = ({ entityId, errorType, message, reason }: Failure, index: number) => ({
  index,
  errors: [
    {
      errorType,
      errorValue: {
        [errorType]: {
          ...(entityId === undefined ? {} : { entityId }),
          ...(aboutEntity.has(errorType) ? { entityType: "CAMPAIGN" } : {}),
          message,
          reason,
          cause: { location: `$.campaigns[${index}]` }
        }
      }
    }
  ]
})

const answer = (outcomes: ReadonlyArray<Outcome>, isWhole: boolean): WireReply => {
  const success = outcomes.flatMap((one, index) =>
    isFailure(one) ? [] : [{ ...(isWhole ? { campaign: Campaigns.show(one) } : {}), campaignId: one.id, index }]
  )
  const error = outcomes.flatMap((one, index) => (isFailure(one) ? [errorOf(one, index)] : []))
  return Wire.json(
    207,
    { campaigns: { success, error } },
    isWhole ? { "preference-applied": "return=representation" } : {}
  )
}

/** Whether the client wants the campaigns back, and not only their ids (https://www.rfc-editor.org/rfc/rfc7240). */
const isWhole = (input: Input): boolean => input.header.prefer === "return=representation"

/**
 * Something in an item that Amazon takes and this simulator does not keep, or that nobody knows where the world says
 * that such a field is refused.
 */
const unkept = (call: Call, items: ReadonlyArray<unknown>, schema: Schema): string | undefined => {
  for (const item of items) {
    const found = Kept.unkept(schema, item)
    if (found !== undefined) return found
    const stray = call.world.policy.adsUnknownFields === "refused" ? Kept.stray(schema, item) : undefined
    if (stray !== undefined) return stray
  }
  return undefined
}

const write =
  (schema: Schema, one: (call: Call, profile: Profile, raw: unknown) => Outcome) =>
  (call: Call, profile: Profile, input: Input): WireReply => {
    const items = (input.body as { readonly campaigns: ReadonlyArray<unknown> }).campaigns
    const stray = unkept(call, items, schema)
    if (stray !== undefined) return refuse(call, "ADS-400-04", `campaigns: ${stray}`)
    return answer(
      items.map((raw) => one(call, profile, raw)),
      isWhole(input)
    )
  }

/** `POST /sp/campaigns`. */
export const create = write(creation, createOne)

/** `PUT /sp/campaigns`. Unknown fields are ignored without a word, as recorded, unless the world refuses them. */
export const update = write(change, changeOne)

/** `POST /sp/campaigns/delete`. */
export const archive = (call: Call, profile: Profile, input: Input): WireReply => {
  const { campaignIdFilter } = input.body as { readonly campaignIdFilter: { readonly include: ReadonlyArray<string> } }
  return answer(
    campaignIdFilter.include.map((id) => archiveOne(call, profile, id)),
    isWhole(input)
  )
}
