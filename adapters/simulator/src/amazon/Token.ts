/**
 * The token endpoint and the user profile of Login with Amazon
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/access-tokens,
 * https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html).
 */
import { createHash } from "node:crypto"
import * as Basic from "../core/basic.ts"
import type { Call } from "../core/Call.ts"
import { noStore, refuse } from "../core/Call.ts"
import * as Consent from "../core/Consent.ts"
import * as Credentials from "../core/Credentials.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Application, Grant } from "../core/World.ts"
import * as World from "../core/World.ts"

type Fields = Readonly<Record<string, string>>

/**
 * Scopes of grantless Selling Partner operations
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/authorization-grants,
 * https://developer-docs.amazon.com/sp-api/docs/notification-type-values).
 */
const grantless = new Set([
  "sellingpartnerapi::notifications",
  "sellingpartnerapi::client_credential:rotation",
  "sellingpartnerapi::shipments:track"
])

const read = (call: Call): Fields | undefined => {
  const type = (call.request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase()
  if (type === "application/x-www-form-urlencoded") return Object.fromEntries(new URLSearchParams(call.request.body))
  // A JSON body is accepted too, as field reports show
  // (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/access-tokens).
  if (type !== "application/json") return undefined
  const body = Wire.readObject(call.request.body)
  return body === undefined
    ? undefined
    : Object.fromEntries(
        Object.entries(body).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []))
      )
}

/** The credentials of a Basic header, in the reading that names an application where one does. */
const basic = (call: Call): Basic.Pair | undefined => {
  const readings = Basic.readings(call.request.headers.authorization)
  return readings.find(([id]) => Object.hasOwn(call.world.applications, id)) ?? readings[0]
}

const authenticate = (call: Call, fields: Fields): Application | WireReply => {
  const header = basic(call)
  const clientId = header?.[0] ?? Wire.own(fields, "client_id")
  const secret = header?.[1] ?? Wire.own(fields, "client_secret")
  if (clientId === undefined || clientId === "") return refuse(call, "LWA-TOK-01", "client_id")
  if (secret === undefined || secret === "") return refuse(call, "LWA-TOK-01", "client_secret")
  const application = Wire.own(call.world.applications, clientId)
  if (application === undefined) return refuse(call, "LWA-TOK-03")
  call.note.application = clientId
  const previous = application.previousSecret
  const isOld = previous !== null && previous.secret === secret
  if (isOld && call.now < previous.until) return application
  if (
    isOld ||
    (application.clientSecret === secret &&
      application.secretExpiresAt !== null &&
      call.now >= application.secretExpiresAt)
  ) {
    return refuse(call, "LWA-TOK-04")
  }
  return application.clientSecret === secret ? application : refuse(call, "LWA-TOK-03")
}

const proves = (verifier: string | undefined, challenge: string, method: "S256" | "plain"): boolean =>
  verifier !== undefined &&
  verifier.length <= 128 &&
  (method === "plain" ? verifier : createHash("sha256").update(verifier).digest("base64url")) === challenge

const answer = (call: Call, grant: Grant, refreshToken: string): WireReply => {
  grant.issued += 1
  call.note.grant = grant.id
  call.note.account = grant.account
  call.note.secrets.push(`issued access:${grant.id}#${grant.issued}`)
  const accessToken = Credentials.access(call.world, {
    grant: grant.id,
    clientId: grant.clientId,
    serial: grant.issued,
    issuedAt: call.now,
    scope: ""
  })
  return Wire.json(
    200,
    {
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: "bearer",
      expires_in: call.world.policy.accessTokenSeconds
    },
    noStore
  )
}

const exchange = (call: Call, application: Application, fields: Fields): WireReply => {
  const text = Wire.own(fields, "code")
  const redirectUri = Wire.own(fields, "redirect_uri")
  if (text === undefined || text === "") return refuse(call, "LWA-TOK-01", "code")
  const hasRedirect = redirectUri !== undefined && redirectUri !== ""
  if (!hasRedirect && call.world.policy.codeRedirectUri === "required") {
    return refuse(call, "LWA-TOK-01", "redirect_uri")
  }
  const code = Wire.own(call.world.codes, text)
  if (code === undefined) return refuse(call, "LWA-TOK-05")
  call.note.secrets.push(code.label)
  if (code.clientId !== application.clientId) return refuse(call, "LWA-TOK-08")
  if (code.usedAt !== null) return refuse(call, "LWA-TOK-07")
  if (call.now - code.issuedAt > call.world.policy.codeSeconds * 1000) return refuse(call, "LWA-TOK-06")
  if (hasRedirect && code.redirectUri !== redirectUri) return refuse(call, "LWA-TOK-09")
  if (code.challenge !== null && !proves(Wire.own(fields, "code_verifier"), code.challenge, code.challengeMethod)) {
    return refuse(call, "LWA-TOK-10")
  }
  code.usedAt = call.now
  const grant = Consent.grant(call.world, code)
  return answer(call, grant, grant.refreshTokens[0]?.token ?? "")
}

const rotate = (call: Call, grant: Grant): string => {
  const { rotation, rotationGraceSeconds } = call.world.policy
  const newest = grant.refreshTokens.at(-1)
  if (rotation === "off" || newest === undefined) return newest?.token ?? ""
  newest.retiredAt = call.now + (rotation === "grace" ? rotationGraceSeconds * 1000 : 0)
  const token = Credentials.refresh(call.world, grant.id, World.count(call.world, `refresh/${grant.id}`) + 1)
  grant.refreshTokens = [...grant.refreshTokens.slice(-4), { token, retiredAt: null }]
  return token
}

const refresh = (call: Call, application: Application, fields: Fields): WireReply => {
  const token = Wire.own(fields, "refresh_token")
  if (token === undefined || token === "") return refuse(call, "LWA-TOK-01", "refresh_token")
  const grant = Credentials.readRefresh(call.world, token)
  if (grant === undefined) return refuse(call, "LWA-TOK-11")
  call.note.secrets.push(`refresh:${grant.id}`)
  call.note.grant = grant.id
  if (grant.clientId !== application.clientId) return refuse(call, "LWA-TOK-14")
  if (grant.revokedAt !== null) return refuse(call, "LWA-TOK-12")
  if (grant.expiresAt !== null && call.now >= grant.expiresAt) return refuse(call, "LWA-TOK-13")
  const held = grant.refreshTokens.find((one) => one.token === token)
  if (held === undefined || (held.retiredAt !== null && call.now >= held.retiredAt)) return refuse(call, "LWA-TOK-17")
  // The same refresh token comes back; older access tokens live on
  // (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/access-tokens).
  return answer(
    call,
    grant,
    held.retiredAt === null ? rotate(call, grant) : (grant.refreshTokens.at(-1)?.token ?? token)
  )
}

const clientCredentials = (call: Call, application: Application, fields: Fields): WireReply => {
  const scope = Wire.own(fields, "scope")
  if (scope === undefined || scope === "") return refuse(call, "LWA-TOK-01", "scope")
  if (application.spApplicationId === null || scope.split(" ").some((part) => !grantless.has(part))) {
    return refuse(call, "LWA-TOK-15")
  }
  const serial = World.count(call.world, "grantless")
  call.note.secrets.push(`issued access:grantless#${serial}`)
  return Wire.json(
    200,
    {
      access_token: Credentials.access(call.world, {
        grant: "",
        clientId: application.clientId,
        serial,
        issuedAt: call.now,
        scope
      }),
      token_type: "bearer",
      expires_in: call.world.policy.accessTokenSeconds
    },
    noStore
  )
}

const token = (call: Call): WireReply => {
  call.note.operation = "token"
  if (call.request.method !== "POST" || call.request.body.length > 65_536) return refuse(call, "LWA-TOK-16")
  const fields = read(call)
  if (fields === undefined) return refuse(call, "LWA-TOK-02")
  const type = Wire.own(fields, "grant_type")
  call.note.fields = { grant_type: (type ?? "").slice(0, 60) }
  if (type === undefined || type === "") return refuse(call, "LWA-TOK-01", "grant_type")
  if (type !== "authorization_code" && type !== "refresh_token" && type !== "client_credentials") {
    return refuse(call, "LWA-TOK-02")
  }
  const application = authenticate(call, fields)
  if ("status" in application) return application
  if (type === "authorization_code") return exchange(call, application, fields)
  return type === "refresh_token" ? refresh(call, application, fields) : clientCredentials(call, application, fields)
}

const profile = (call: Call): WireReply => {
  call.note.operation = "userProfile"
  const query = new URLSearchParams(call.request.query)
  const bearer = /^bearer (.+)$/i.exec(call.request.headers.authorization ?? "")?.[1]
  const text = bearer ?? call.request.headers["x-amz-access-token"] ?? query.get("access_token")
  if (text === null || text === "") return refuse(call, "LWA-PRO-01")
  const access = Credentials.readAccess(call.world, text)
  const grant = access === undefined ? undefined : Wire.own(call.world.grants, access.grant)
  if (
    access === undefined ||
    grant === undefined ||
    !Consent.isActive(grant, call.now) ||
    access.serial <= grant.withdrawnSerial ||
    call.now - access.issuedAt >= call.world.policy.accessTokenSeconds * 1000
  )
    return refuse(call, "LWA-PRO-02")
  call.note.grant = grant.id
  call.note.secrets.push(`access:${grant.id}#${access.serial}`)
  const person = Wire.own(call.world.people, grant.person)
  if (person === undefined) return refuse(call, "LWA-PRO-02")
  if (grant.scope.includes("profile")) {
    return Wire.json(200, { email: person.email, name: person.name, user_id: person.userId })
  }
  return grant.scope.includes("profile:user_id")
    ? Wire.json(200, { user_id: person.userId })
    : refuse(call, "LWA-PRO-03")
}

/** Answers a request to a Login with Amazon API host. */
export const handle = (call: Call): WireReply => {
  if (call.request.path === "/auth/o2/token") return token(call)
  if (call.request.path === "/user/profile" && call.request.method === "GET") return profile(call)
  return refuse(call, "LWA-404")
}
