/**
 * One operation of the Selling Partner API on its way: who may call it, how often, and whether the request is one that
 * it takes (https://developer-docs.amazon.com/sp-api/docs/resolve-common-http-and-authorization-error-codes).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Consent from "../core/Consent.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Quota from "../core/Quota.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Application, Grant, Region } from "../core/World.ts"
import * as Check from "../describe/check.ts"
import type { Operation } from "../describe/Described.ts"
import type { Found } from "../describe/Descriptions.ts"
import { own } from "../describe/validator.ts"
import type { Partner } from "./Partner.ts"

/** An operation that a selling partner's consent opens. */
export type OfPartner = {
  readonly kind: "seller" | "vendor" | "any"
  readonly described: Operation
  /** One of these roles is needed. */
  readonly roles: ReadonlyArray<string>
  readonly run: (call: Call, partner: Partner, input: Check.Input) => WireReply
}

/** An operation that an application calls for itself, with a token of this scope. */
export type Grantless = {
  readonly kind: "grantless"
  readonly described: Operation
  readonly scope: string
  readonly run: (call: Call, application: Application, input: Check.Input) => WireReply
}

/** An operation with a rule of this simulator. */
export type SpOperation = OfPartner | Grantless

/** A token that was accepted: the application, and the consent behind it unless it is grantless. */
export type Holder = {
  readonly access: Credentials.Access
  readonly grant: Grant | undefined
  readonly application: Application | undefined
}

/** Accepts the token of a call; refuses one that is absent, damaged, revoked, expired, or of a dead secret. */
export const holder = (call: Call): Holder | WireReply => {
  const { note, now, request, world } = call
  const token = request.headers["x-amz-access-token"]
  if (token === undefined || token === "") return refuse(call, "SPA-403-01")
  const access = Credentials.readAccess(world, token)
  if (access === undefined) return refuse(call, "SPA-403-03")
  note.application = access.clientId
  note.secrets.push(`access:${access.grant === "" ? "grantless" : access.grant}#${access.serial}`)
  const grant = access.grant === "" ? undefined : Wire.own(world.grants, access.grant)
  note.grant = grant?.id ?? null
  if (grant !== undefined && !Consent.isActive(grant, now)) return refuse(call, "SPA-403-03")
  const isOld = now - access.issuedAt >= world.policy.accessTokenSeconds * 1000
  if (isOld || (grant !== undefined && access.serial <= grant.withdrawnSerial)) return refuse(call, "SPA-403-02")
  const application = Wire.own(world.applications, access.clientId)
  const expires = application?.secretExpiresAt ?? null
  if (expires !== null && now >= expires) return refuse(call, "SPA-403-04")
  return { access, grant, application }
}

const admitPartner = (call: Call, region: Region, operation: OfPartner, held: Holder): Partner | WireReply => {
  const { world } = call
  const { access, grant } = held
  const account = Wire.own(world.sellers, grant?.account) ?? Wire.own(world.vendors, grant?.account)
  if (grant === undefined || account === undefined) return refuse(call, "SPA-403-07")
  call.note.account = account.id
  if (account.region !== region) {
    const answersEmpty = operation.described.name === "getMarketplaceParticipations"
    return world.policy.regionMismatch === "empty" && answersEmpty
      ? Wire.json(200, { payload: [] })
      : refuse(call, "SPA-403-06")
  }
  if (operation.kind !== "any" && operation.kind !== account.kind) return refuse(call, "SPA-403-07")
  if (operation.roles.length > 0 && !operation.roles.some((role) => grant.roles.includes(role))) {
    return refuse(call, "SPA-403-08")
  }
  return account.active ? { account, clientId: access.clientId, roles: grant.roles } : refuse(call, "SPA-403-11")
}

const admitApplication = (call: Call, operation: Grantless, held: Holder): Application | WireReply => {
  const isOfScope = held.access.scope.split(" ").includes(operation.scope)
  return held.application !== undefined && isOfScope ? held.application : refuse(call, "SPA-403-07")
}

/** Refuses a request that its description does not allow; `undefined` when it does. */
export const refuseFault = (call: Call, fault: Check.Fault): WireReply => {
  if (fault.kind === "unmodelled") return refuse(call, "SPA-400-03", fault.text)
  return refuse(call, fault.kind === "media" ? "SPA-415-01" : "SPA-400-01", fault.text)
}

/**
 * Reads a request as the official description allows it, where one was given, and as this simulator understands it.
 */
const read = (
  call: Call,
  operation: SpOperation,
  found: Found | undefined,
  path: Found["path"]
): Check.Input | WireReply => {
  const agent = call.request.headers["user-agent"] ?? ""
  if (agent === "" || agent.length > 500) return refuse(call, "SPA-400-02")
  if (found !== undefined) {
    const official = Check.request(found.operation, found.document.validator, call.request, found.path)
    if (Check.isWrong(official)) return refuseFault(call, official)
  }
  const input = Check.request(operation.described, own, call.request, path)
  return Check.isWrong(input) ? refuseFault(call, input) : input
}

/** Takes from the quota of an operation; the rate that applies, or the refusal when it is used up. */
export const spend = (call: Call, key: string, rate: Quota.Rate | undefined): WireReply | undefined =>
  rate !== undefined && !Quota.take(call.world, key, rate, call.now) ? refuse(call, "SPA-429-01") : undefined

/** The rate header comes with 20x, 400 and 404 only (https://github.com/amzn/selling-partner-api-docs). */
export const withRate = (reply: WireReply, rate: Quota.Rate | undefined, text = String(rate?.perSecond)): WireReply =>
  rate !== undefined && (reply.status < 300 || reply.status === 400 || reply.status === 404)
    ? { ...reply, headers: { ...reply.headers, "x-amzn-ratelimit-limit": text } }
    : reply

/** Answers a call to an operation with a rule of this simulator. */
export const perform = (
  call: Call,
  region: Region,
  operation: SpOperation,
  at: { readonly path: Found["path"]; readonly found: Found | undefined }
): WireReply => {
  const { name, path, method } = operation.described
  call.note.operation = name
  const held = holder(call)
  if ("status" in held) return held
  const admitted =
    operation.kind === "grantless"
      ? admitApplication(call, operation, held)
      : admitPartner(call, region, operation, held)
  if ("status" in admitted) return admitted
  const rate = Quota.scaled(call.world, name, at.found?.operation.rate ?? undefined)
  const account = call.note.account ?? "application"
  const refused = spend(call, `${held.access.clientId}|${account}|${method} ${path}|${region}`, rate)
  if (refused !== undefined) return refused
  const input = read(call, operation, at.found, at.path)
  if ("status" in input) return withRate(input, rate)
  const reply =
    operation.kind === "grantless"
      ? operation.run(call, admitted as Application, input)
      : operation.run(call, admitted as Partner, input)
  return withRate(reply, rate)
}
