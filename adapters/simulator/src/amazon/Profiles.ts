/**
 * Advertising profiles
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/profiles).
 */
import { Marketplace } from "@portolan/domain"
import { Option } from "effect"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Data from "../core/Data.ts"
import * as Odd from "../core/Odd.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Profile } from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import * as Check from "../describe/check.ts"
import type { Parameter } from "../describe/Described.ts"
import * as Own from "../describe/own.ts"
import type { Caller } from "./AdsDoor.ts"
import { accessTo } from "./AdsDoor.ts"

const describe = (profile: Profile) => ({
  profileId: Wire.digits(profile.id),
  countryCode: Option.match(Marketplace.find(profile.marketplaceId), {
    onNone: () => "US",
    onSome: (one) => one.adsCountryCode
  }),
  currencyCode: Data.currency(profile.marketplaceId),
  ...(profile.dailyBudget === null ? {} : { dailyBudget: Wire.digits(profile.dailyBudget) }),
  timezone: Data.timeZone(profile.marketplaceId),
  accountInfo: {
    marketplaceStringId: profile.marketplaceId,
    id: profile.accountId,
    type: profile.type,
    name: profile.accountName,
    ...(profile.subType === null ? {} : { subType: profile.subType }),
    validPaymentMethod: profile.validPaymentMethod
  }
})

/** What the list can be narrowed by. */
export const filters: ReadonlyArray<Parameter> = [
  Own.query("apiProgram", Own.oneOf("billing", "campaign", "paymentMethod", "store", "report", "account", "posts")),
  Own.query("accessLevel", Own.oneOf("edit", "view")),
  Own.query("profileTypeFilter", Own.list(Own.oneOf("seller", "vendor", "agency"))),
  Own.query("validPaymentMethodFilter", Own.flag)
]

/** `GET /v2/profiles`: those that the person may edit, or also look at. */
export const list = (call: Call, caller: Caller, { query }: Input): WireReply => {
  const kinds = Check.texts(query, "profileTypeFilter")
  const payment = query.validPaymentMethodFilter
  const shown = Object.keys(caller.person.profiles).flatMap((id) => {
    const profile = Wire.own(call.world.profiles, id)
    const access = profile === undefined ? undefined : accessTo(caller.person, profile, call.now)
    const matches =
      profile !== undefined &&
      access !== undefined &&
      profile.region === caller.region &&
      (query.accessLevel === "view" || access === "edit") &&
      kinds?.includes(profile.type) !== false &&
      (payment === undefined || profile.validPaymentMethod === payment)
    return matches ? [describe(profile)] : []
  })
  return Wire.json(200, Odd.entries(call, shown.slice(0, 5000), { accountInfo: null }))
}

/** `GET /v2/profiles/{profileId}`. */
export const one = (call: Call, caller: Caller, { path: { profileId = "" } }: Input): WireReply => {
  call.note.account = profileId.slice(0, 40)
  const profile = Wire.own(call.world.profiles, profileId)
  const isReachable =
    profile !== undefined &&
    profile.region === caller.region &&
    accessTo(caller.person, profile, call.now) !== undefined
  return isReachable ? Wire.json(200, describe(profile)) : refuse(call, "ADS-404-01")
}
