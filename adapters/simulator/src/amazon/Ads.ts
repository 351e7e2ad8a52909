/**
 * The Amazon Ads API: access checks, profiles and campaigns
 * (https://advertising.amazon.com/API/docs/en-us/reference/api-overview,
 * https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/profiles).
 */
import type { Call } from "../core/Call.ts"
import { notSimulated, refuse } from "../core/Call.ts"
import * as Check from "../describe/check.ts"
import type { Found } from "../describe/Descriptions.ts"
import * as AdsReports from "./AdsReports.ts"
import * as Consent from "../core/Consent.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Data from "../core/Data.ts"
import { Marketplace } from "@portolan/domain"
import { Option } from "effect"
import * as Quota from "../core/Quota.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Odd from "../core/Odd.ts"
import * as Wire from "../core/Wire.ts"
import type { Access, Campaign, Person, Profile, Region } from "../core/World.ts"
import * as World from "../core/World.ts"

/** Who calls: the consenting person, whose console permissions decide everything, and the application. */
export type Caller = { readonly person: Person; readonly clientId: string; readonly region: Region }

const advertisingScopes = new Set(["advertising::campaign_management", "cpc_advertising:campaign_management"])

const admit = (call: Call, region: Region): Caller | WireReply => {
  const { world, now, request } = call
  const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1]
  const access = token === undefined ? undefined : Credentials.readAccess(world, token)
  const grant = access === undefined ? undefined : Wire.own(world.grants, access.grant)
  if (access === undefined) return refuse(call, "ADS-401-01")
  call.note.application = access.clientId
  call.note.secrets.push(`access:${access.grant === "" ? "grantless" : access.grant}#${access.serial}`)
  call.note.grant = grant?.id ?? null
  const isOld = now - access.issuedAt >= world.policy.accessTokenSeconds * 1000
  if (isOld || (grant !== undefined && (!Consent.isActive(grant, now) || access.serial <= grant.withdrawnSerial))) {
    return refuse(call, "ADS-401-01")
  }
  const header = request.headers["amazon-advertising-api-clientid"]
  if (header === undefined || header === "") return refuse(call, "ADS-401-02")
  if (header !== access.clientId) return refuse(call, "ADS-401-03")
  const person = grant === undefined ? undefined : Wire.own(world.people, grant.person)
  const approved = Wire.own(world.applications, access.clientId)?.adsApproved === true
  if (person === undefined || !approved || grant?.scope.some((scope) => advertisingScopes.has(scope)) !== true) {
    return refuse(call, "ADS-401-04")
  }
  return { person, clientId: access.clientId, region }
}

const throttled = (call: Call, clientId: string): WireReply | undefined => {
  const rate = call.world.policy.adsRate
  if (rate === null) return undefined
  const key = `ads|${clientId}|${call.request.host}`
  return Quota.take(call.world, key, rate, call.now)
    ? undefined
    : refuse(call, "ADS-429-01", "", { "retry-after": String(Quota.secondsUntil(call.world, key, rate)) })
}

/** What a person may do with a profile that the API shows already. */
export const accessTo = (person: Person, profile: Profile, now: number): Access | undefined =>
  profile.visibleFrom !== null && profile.visibleFrom <= now ? Wire.own(person.profiles, profile.id) : undefined

/**
 * Checks the profile header: present, of this region, and within the person's rights. Agencies have no sponsored ads.
 */
export const scoped = (call: Call, caller: Caller, writes: boolean): Profile | WireReply => {
  const id = call.request.headers["amazon-advertising-api-scope"]
  if (id === undefined || id === "") return refuse(call, "ADS-401-05")
  call.note.account = id.slice(0, 40)
  const profile = Wire.own(call.world.profiles, id)
  if (
    profile === undefined ||
    profile.region !== caller.region ||
    profile.visibleFrom === null ||
    profile.visibleFrom > call.now
  ) {
    return refuse(call, "ADS-401-06", id.slice(0, 40))
  }
  const access = accessTo(caller.person, profile, call.now)
  if (access === undefined) return refuse(call, "ADS-401-07", id)
  if (writes && access !== "edit") return refuse(call, "ADS-401-08")
  return profile.type === "agency" ? refuse(call, "ADS-400-01") : profile
}

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

const programs = new Set(["billing", "campaign", "paymentMethod", "store", "report", "account", "posts"])
const types = new Set(["seller", "vendor", "agency"])

const profiles = (call: Call, caller: Caller): WireReply => {
  call.note.operation = "listProfiles"
  const query = new URLSearchParams(call.request.query)
  const program = query.get("apiProgram") ?? "campaign"
  const level = query.get("accessLevel") ?? "edit"
  const kinds = query
    .get("profileTypeFilter")
    ?.split(",")
    .map((kind) => kind.trim())
  const payment = query.get("validPaymentMethodFilter")
  if (!programs.has(program)) return refuse(call, "ADS-400-02", "Invalid apiProgram")
  if (level !== "edit" && level !== "view") return refuse(call, "ADS-400-02", "Invalid accessLevel")
  if (kinds?.some((kind) => !types.has(kind)) === true) return refuse(call, "ADS-400-02", "Invalid profileTypeFilter")
  if (payment !== null && payment !== "true" && payment !== "false") {
    return refuse(call, "ADS-400-02", "Invalid validPaymentMethodFilter")
  }
  const shown = Object.keys(caller.person.profiles).flatMap((id) => {
    const profile = Wire.own(call.world.profiles, id)
    const access = profile === undefined ? undefined : accessTo(caller.person, profile, call.now)
    const matches =
      profile !== undefined &&
      access !== undefined &&
      profile.region === caller.region &&
      (level === "view" || access === "edit") &&
      (kinds === undefined || kinds.includes(profile.type)) &&
      (payment === null || String(profile.validPaymentMethod) === payment)
    return matches ? [describe(profile)] : []
  })
  return Wire.json(200, Odd.entries(call, shown.slice(0, 5000), { accountInfo: null }))
}

const oneProfile = (call: Call, caller: Caller, id: string): WireReply => {
  call.note.operation = "getProfile"
  call.note.account = id
  const profile = Wire.own(call.world.profiles, id)
  const isReachable =
    profile !== undefined &&
    profile.region === caller.region &&
    accessTo(caller.person, profile, call.now) !== undefined
  return isReachable ? Wire.json(200, describe(profile)) : refuse(call, "ADS-404-01")
}

const campaignType = "application/vnd.spcampaign.v3+json"

/** Refuses a call whose media types are not the vendored ones; `undefined` when they are. */
const media = (call: Call): WireReply | undefined => {
  const content = (call.request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase()
  if (content !== campaignType) return refuse(call, "ADS-415-01")
  const accept = (call.request.headers.accept ?? "*/*").toLowerCase()
  return accept.includes(campaignType) || accept.includes("*/*") ? undefined : refuse(call, "ADS-406-02")
}

const show = (campaign: Campaign): unknown => ({
  budget: { budget: Wire.digits(campaign.budget), budgetType: "DAILY" },
  campaignId: campaign.id,
  dynamicBidding: { placementBidding: [], strategy: "LEGACY_FOR_SALES" },
  name: campaign.name,
  startDate: campaign.startDate,
  state: campaign.state,
  targetingType: campaign.targetingType
})

const strings = (value: unknown): ReadonlyArray<string> | undefined => {
  const include = typeof value === "object" && value !== null && "include" in value ? value.include : undefined
  return Array.isArray(include) ? include.filter((item) => typeof item === "string") : undefined
}

const list = (call: Call, profile: Profile): WireReply => {
  call.note.operation = "listCampaigns"
  const body = call.request.body.trim() === "" ? {} : Wire.readObject(call.request.body)
  if (body === undefined) return refuse(call, "ADS-400-02", "Could not parse the request body")
  const states = strings(body.stateFilter)
  const ids = strings(body.campaignIdFilter)
  const names = strings(body.nameFilter)
  const isExact =
    typeof body.nameFilter === "object" &&
    body.nameFilter !== null &&
    "queryTermMatchType" in body.nameFilter &&
    body.nameFilter.queryTermMatchType === "EXACT_MATCH"
  const size = body.maxResults === undefined ? 100 : body.maxResults
  if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > 1000) {
    return refuse(call, "ADS-400-02", "maxResults is out of range")
  }
  const isNamed = (campaign: Campaign, name: string) =>
    isExact ? campaign.name === name : campaign.name.toLowerCase().includes(name.toLowerCase())
  const all = (Wire.own(call.world.campaigns, profile.id) ?? []).filter(
    (campaign) =>
      (states === undefined || states.includes(campaign.state)) &&
      (ids === undefined || ids.includes(campaign.id)) &&
      (names === undefined || names.some((name) => isNamed(campaign, name)))
  )
  const [offset, signature] =
    typeof body.nextToken === "string"
      ? body.nextToken.split(".")
      : ["0", Credentials.sign(call.world, `page/${profile.id}/0`)]
  if (!/^\d{1,9}$/.test(offset ?? "") || signature !== Credentials.sign(call.world, `page/${profile.id}/${offset}`)) {
    return refuse(call, "ADS-400-02", "Invalid nextToken")
  }
  const end = Number(offset) + size
  return Wire.json(200, {
    campaigns: all.slice(Number(offset), end).map(show),
    totalResults: all.length,
    ...(end < all.length ? { nextToken: `${end}.${Credentials.sign(call.world, `page/${profile.id}/${end}`)}` } : {})
  })
}

/** Creates a campaign in the world, unless one of that name lives in the profile already. */
export const create = (
  world: World.World,
  profileId: string,
  name: string,
  budget: string,
  day: string
): Campaign | undefined => {
  const existing = Wire.own(world.campaigns, profileId) ?? []
  if (
    existing.some((campaign) => campaign.name === name && campaign.state !== "ARCHIVED") ||
    existing.length >= 10_000
  ) {
    return undefined
  }
  const made: Campaign = {
    id: String(300_000_000_000_000 + World.count(world, "campaign") * 7_919_131),
    name,
    state: "ENABLED",
    targetingType: "AUTO",
    startDate: day,
    budget
  }
  world.campaigns[profileId] = [...existing, made]
  return made
}

type Outcome = { readonly campaignId?: string; readonly errorType?: string; readonly message?: string }

const write = (call: Call, profile: Profile): WireReply => {
  call.note.operation = call.request.method === "POST" ? "createCampaigns" : "updateCampaigns"
  const body = Wire.readObject(call.request.body)
  const items = body?.campaigns
  if (!Array.isArray(items) || items.length === 0 || items.length > 1000) {
    return refuse(call, "ADS-400-02", "campaigns is missing, empty or too long")
  }
  const outcomes = items.map((raw: unknown): Outcome => {
    const item: Record<string, unknown> =
      typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>) : {}
    const budget =
      typeof item.budget === "object" && item.budget !== null && "budget" in item.budget
        ? item.budget.budget
        : undefined
    if (call.request.method === "POST") {
      if (typeof item.name !== "string" || item.name === "") {
        return { errorType: "missingValueError", message: "name is missing" }
      }
      if (typeof budget !== "number" || budget < 1) {
        return { errorType: "rangeError", message: "budget is missing or below 1" }
      }
      const made = create(
        call.world,
        profile.id,
        item.name.slice(0, 128),
        String(budget),
        typeof item.startDate === "string" ? item.startDate.slice(0, 10) : new Date(call.now).toISOString().slice(0, 10)
      )
      return made === undefined
        ? { errorType: "duplicateValueError", message: "the name is in use" }
        : { campaignId: made.id }
    }
    const found = (Wire.own(call.world.campaigns, profile.id) ?? []).find((campaign) => campaign.id === item.campaignId)
    if (found === undefined) return { errorType: "entityNotFoundError", message: "no such campaign" }
    // Unknown fields are ignored without a word, as recorded
    // (https://advertising.amazon.com/API/docs/en-us/guides/account-management/permissions).
    if (item.state === "ENABLED" || item.state === "PAUSED") found.state = item.state
    if (typeof item.name === "string" && item.name !== "") found.name = item.name.slice(0, 128)
    if (typeof budget === "number" && budget >= 1) found.budget = String(budget)
    return { campaignId: found.id }
  })
  return Wire.json(207, {
    campaigns: {
      success: outcomes.flatMap((one, index) =>
        one.campaignId === undefined ? [] : [{ campaignId: one.campaignId, index }]
      ),
      error: outcomes.flatMap((one, index) =>
        one.errorType === undefined
          ? []
          : [
              {
                index,
                errors: [
                  {
                    errorType: one.errorType,
                    errorValue: { [one.errorType]: { message: one.message, reason: one.errorType } }
                  }
                ]
              }
            ]
      )
    }
  })
}

/**
 * First parts of the paths of APIs that exist (https://advertising.amazon.com/API/docs/en-us). What lies below one of
 * them may be an operation that nobody described here.
 */
const apis: ReadonlySet<string> = new Set(
  "adsAccounts adsApi billing dsp invoices managerAccounts portfolios reporting sb sd sp st streams termsTokens".split(
    " "
  )
)

/** A path without a rule here. */
const unknown = (call: Call, found: Found | undefined): WireReply => {
  const { method, path } = call.request
  if (found !== undefined) return notSimulated(call, found.operation.name)
  const isOfApi = apis.has(path.split("/")[1] ?? "") && !call.descriptions.covers("ads", path)
  return isOfApi ? notSimulated(call, `${method} ${path}`) : refuse(call, "ADS-404-01")
}

/** Refuses what the official description does not allow, where one was given. */
const refuseUndescribed = (call: Call, found: Found | undefined): WireReply | undefined => {
  if (found === undefined) return undefined
  call.note.operation = found.operation.name
  const input = Check.request(found.operation, found.document.validator, call.request, found.path)
  if (!Check.isWrong(input)) return undefined
  return input.kind === "media" ? refuse(call, "ADS-415-01") : refuse(call, "ADS-400-02", input.text)
}

const route = (call: Call, caller: Caller): WireReply => {
  const { method, path } = call.request
  const found = call.descriptions.find("ads", method, path)
  const refused = refuseUndescribed(call, found)
  if (refused !== undefined) return refused
  const one = /^\/v2\/profiles\/([0-9]{1,20})$/.exec(path)?.[1]
  if (path === "/v2/profiles" && method === "GET") return profiles(call, caller)
  if (one !== undefined && method === "GET") return oneProfile(call, caller, one)
  const isList = path === "/sp/campaigns/list" && method === "POST"
  if (isList || (path === "/sp/campaigns" && (method === "POST" || method === "PUT"))) {
    const profile = scoped(call, caller, !isList)
    return "status" in profile ? profile : (media(call) ?? (isList ? list(call, profile) : write(call, profile)))
  }
  if (path === "/reporting/reports" || path.startsWith("/reporting/reports/")) {
    const profile = scoped(call, caller, false)
    return "status" in profile ? profile : AdsReports.handle(call, profile, caller.clientId)
  }
  return unknown(call, found)
}

/** Answers a request to an Ads API host of one region. */
export const handle = (call: Call, region: Region): WireReply => {
  const caller = admit(call, region)
  const reply = "status" in caller ? caller : (throttled(call, caller.clientId) ?? route(call, caller))
  const id = Credentials.sign(call.world, `rid/${call.world.counters.requests ?? 0}`)
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, 20)
    .toUpperCase()
  return { ...reply, headers: { ...reply.headers, "x-amz-rid": id, vary: "Content-Type,Accept-Encoding,User-Agent" } }
}
