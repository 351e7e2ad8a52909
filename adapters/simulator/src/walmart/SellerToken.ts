/**
 * The token endpoint of Walmart Marketplace, `POST /v3/token`
 * (https://developer.walmart.com/us-marketplace/docs/tokenapi).
 */
import * as Basic from "../core/basic.ts"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import * as Worlds from "../core/World.ts"
import * as Seal from "./Seal.ts"
import type { Application, Code, Grant } from "./Walmart.ts"

/**
 * What every call names itself to (https://developer.walmart.com/us-marketplace/docs/tokenapi,
 * https://developer.walmart.com/us-marketplace/docs/authentication-authorization).
 */
export const serviceName = "Walmart Marketplace"
const DAY_MS = 86_400_000

const authenticate = (call: Call): Application | undefined => {
  for (const [id, secret] of Basic.readings(call.request.headers.authorization)) {
    const application = Wire.own(call.world.walmart.applications, id)
    if (application?.clientSecret === secret) return application
  }
  return undefined
}

/** Whether a grant still stands. */
export const isActive = (grant: Grant, now: number): boolean => grant.revokedAt === null && now < grant.expiresAt

const access = (call: Call, clientId: string, grant: Grant | undefined): Readonly<Record<string, unknown>> => {
  const serial = grant === undefined ? Worlds.count(call.world, "walmart-grantless") : (grant.issued += 1)
  call.note.grant = grant?.id ?? null
  call.note.account = grant?.sellerId ?? null
  call.note.secrets.push(`issued access:${grant?.id ?? "walmart-grantless"}#${serial}`)
  return {
    access_token: Seal.access(call.world, { grant: grant?.id ?? "", clientId, serial, issuedAt: call.now }),
    token_type: "Bearer",
    expires_in: call.world.policy.walmartAccessTokenSeconds
  }
}

/** Refuses a code or refresh token that is no good. */
const dead = (call: Call, id: string): WireReply => refuse(call, id, "", {}, call.world.policy.walmartDeadTokenStatus)

const makeGrant = (call: Call, code: Code): Grant => {
  const { walmart, policy } = call.world
  const id = `W${Worlds.count(call.world, "walmart-grant")}`
  const grant: Grant = {
    id,
    clientId: code.clientId,
    person: code.person,
    sellerId: code.sellerId,
    scopes: { ...code.scopes },
    consentedAt: code.issuedAt,
    expiresAt: code.issuedAt + policy.walmartRefreshDays * DAY_MS,
    revokedAt: null,
    refreshToken: Seal.refresh(call.world, id),
    withdrawnSerial: 0,
    issued: 0
  }
  walmart.grants[id] = grant
  if ((call.world.counters["walmart-grant"] ?? 0) % 1000 === 0) Worlds.trim(walmart.grants, 100_000)
  return grant
}

const exchange = (call: Call, application: Application, form: URLSearchParams): WireReply => {
  const text = form.get("code") ?? ""
  const redirectUri = form.get("redirect_uri") ?? ""
  if (text === "") return refuse(call, "WMP-TOK-05", "code")
  if (redirectUri === "") return refuse(call, "WMP-TOK-05", "redirect_uri")
  const partner = call.request.headers["wm_partner.id"] ?? ""
  if (partner === "") return refuse(call, "WMP-TOK-02", "WM_PARTNER.ID")
  const code = Wire.own(call.world.walmart.codes, text)
  if (code === undefined || code.clientId !== application.clientId) return dead(call, "WMP-TOK-07")
  call.note.secrets.push(code.label)
  if (code.usedAt !== null) return dead(call, "WMP-TOK-09")
  if (call.now - code.issuedAt > call.world.policy.walmartCodeSeconds * 1000) return dead(call, "WMP-TOK-08")
  if (code.redirectUri !== redirectUri) return refuse(call, "WMP-TOK-10")
  if (code.sellerId !== partner) return refuse(call, "WMP-TOK-03", "WM_PARTNER.ID")
  code.usedAt = call.now
  const grant = makeGrant(call, code)
  const { access_token, ...rest } = access(call, application.clientId, grant)
  return Wire.json(200, { access_token, refresh_token: grant.refreshToken, ...rest })
}

const refresh = (call: Call, application: Application, form: URLSearchParams): WireReply => {
  const token = form.get("refresh_token") ?? ""
  if (token === "") return refuse(call, "WMP-TOK-05", "refresh_token")
  const partner = call.request.headers["wm_partner.id"] ?? ""
  if (partner === "") return refuse(call, "WMP-TOK-02", "WM_PARTNER.ID")
  const grant = Seal.readRefresh(call.world, token)
  if (grant === undefined || grant.clientId !== application.clientId) return dead(call, "WMP-TOK-11")
  call.note.secrets.push(`refresh:${grant.id}`)
  call.note.grant = grant.id
  if (grant.revokedAt !== null) return dead(call, "WMP-TOK-12")
  if (call.now >= grant.expiresAt) return dead(call, "WMP-TOK-13")
  if (grant.sellerId !== partner) return refuse(call, "WMP-TOK-03", "WM_PARTNER.ID")
  // No new refresh token comes with it: the first one is kept for its year
  // (https://developer.walmart.com/us-marketplace/docs/tokenapi).
  return Wire.json(200, access(call, application.clientId, grant))
}

/** Answers a call to the token endpoint. */
export const handle = (call: Call): WireReply => {
  call.note.operation = "walmartToken"
  const { headers, body } = call.request
  const application = authenticate(call)
  if (application === undefined) return refuse(call, "WMP-TOK-01")
  call.note.application = application.clientId
  if ((headers["wm_svc.name"] ?? "") === "") return refuse(call, "WMP-TOK-02", "WM_SVC.NAME")
  if (headers["wm_svc.name"] !== serviceName) return refuse(call, "WMP-TOK-03", "WM_SVC.NAME")
  if ((headers["wm_qos.correlation_id"] ?? "") === "") return refuse(call, "WMP-TOK-02", "WM_QOS.CORRELATION_ID")
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase()
  if (type !== "application/x-www-form-urlencoded") return refuse(call, "WMP-TOK-04")
  const form = new URLSearchParams(body.slice(0, 65_536))
  const grantType = form.get("grant_type") ?? ""
  call.note.fields = { grant_type: grantType.slice(0, 60) }
  if (grantType === "") return refuse(call, "WMP-TOK-05", "grant_type")
  if (grantType === "client_credentials") return Wire.json(200, access(call, application.clientId, undefined))
  if (grantType === "authorization_code") return exchange(call, application, form)
  return grantType === "refresh_token" ? refresh(call, application, form) : refuse(call, "WMP-TOK-06")
}
