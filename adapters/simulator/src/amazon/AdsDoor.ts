/**
 * Who may call the Amazon Ads API, and for which profile
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/profiles).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Consent from "../core/Consent.ts"
import * as Credentials from "../core/Credentials.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Access, Person, Profile, Region } from "../core/World.ts"

/** Who calls: the consenting person, whose console permissions decide everything, and the application. */
export type Caller = { readonly person: Person; readonly clientId: string; readonly region: Region }

const advertisingScopes = new Set(["advertising::campaign_management", "cpc_advertising:campaign_management"])

/** Accepts the token and the application of a call; refuses one that may not use the API. */
export const admit = (call: Call, region: Region): Caller | WireReply => {
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
