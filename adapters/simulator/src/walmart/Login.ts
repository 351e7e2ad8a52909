/**
 * The page on which a Walmart seller lets an application in, `/authorize`
 * (https://developer.walmart.com/us-marketplace/docs/log-in-and-authorize-app-scope).
 */
import type { Call } from "../core/Call.ts"
import { refuse, refusePerson } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Html from "../core/Html.ts"
import * as SignIn from "../core/SignIn.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Person } from "../core/World.ts"
import * as Worlds from "../core/World.ts"
import * as Seal from "./Seal.ts"
import type { Application, Market, Seller } from "./Walmart.ts"
import { clientType } from "./Walmart.ts"

const service = "Walmart Seller Center"

type ConsentRequest = {
  readonly application: Application
  readonly redirectUri: string
  readonly state: string | null
  readonly nonce: string
  readonly market: Market
}

const nonceKey = (application: Application, nonce: string): string => `${application.clientId}/${nonce}`

const parse = (call: Call, query: URLSearchParams): ConsentRequest | WireReply => {
  if (!query.has("clientId") && query.has("client_id")) return refuse(call, "WML-AUT-06")
  const application = Wire.own(call.world.walmart.applications, query.get("clientId"))
  if (application === undefined) return refuse(call, "WML-AUT-01")
  call.note.application = application.clientId
  const redirectUri = query.get("redirectUri")
  if (redirectUri === null && query.has("redirect_uri")) return refuse(call, "WML-AUT-06")
  if (redirectUri === null || !application.redirectUris.includes(redirectUri)) return refuse(call, "WML-AUT-02")
  const state = query.get("state")
  const nonce = query.get("nonce") ?? ""
  if (call.request.query.length > 8192 || (state ?? "").length > 2048 || nonce.length > 2048) {
    return refuse(call, "WML-AUT-07")
  }
  if (query.get("responseType") !== "code") {
    return refuse(call, query.has("response_type") && !query.has("responseType") ? "WML-AUT-06" : "WML-AUT-03")
  }
  if (nonce === "" || Object.hasOwn(call.world.walmart.nonces, nonceKey(application, nonce))) {
    return refuse(call, "WML-AUT-04")
  }
  const market = (Object.keys(clientType) as Array<Market>).find((one) => clientType[one] === query.get("clientType"))
  return market === undefined ? refuse(call, "WML-AUT-05") : { application, redirectUri, state, nonce, market }
}

const sellersOf = (call: Call, person: Person, market: Market): ReadonlyArray<Seller> =>
  Object.values(call.world.walmart.sellers).filter(
    (seller) => seller.active && seller.market === market && Wire.own(seller.people, person.id) === "admin"
  )

const levels = { full_access: "See and change", view_only: "See" } as const

const asks = (application: Application): ReadonlyArray<string> =>
  Object.entries(application.scopes).flatMap(([scope, level]) =>
    level === "no_access" ? [] : [`${levels[level]}: ${scope}`]
  )

const presence = (call: Call, person: Person, query: string): Html.Presence =>
  SignIn.presence(call, service, person, `/authorize?${query}`)

const show = (call: Call, query: string): WireReply => {
  call.note.operation = "authorizeWalmart"
  const consentRequest = parse(call, new URLSearchParams(query))
  if ("status" in consentRequest) return consentRequest
  const person = SignIn.signedIn(call)
  if (person === undefined) return SignIn.signInPage(call, service)
  const sellers = sellersOf(call, person, consentRequest.market)
  if (sellers.length === 0) return refusePerson(call, "WML-NONE", presence(call, person, query))
  return Wire.page(
    200,
    Html.decide({
      ...presence(call, person, query),
      application: consentRequest.application.name,
      asks: asks(consentRequest.application),
      action: SignIn.local(call, "/decision"),
      fields: { request: query, ticket: Credentials.ticket(call.world, person.id, query, call.now) },
      accounts: sellers.map(({ id, name }) => ({ id, name: `${name} (${id})` })),
      box: "",
      boxMissing: false
    })
  )
}

const append = (uri: string, pairs: Readonly<Record<string, string>>): string =>
  `${uri}${uri.includes("?") ? "&" : "?"}${new URLSearchParams(pairs).toString()}`

const decide = (call: Call): WireReply => {
  call.note.operation = "decide"
  const form = new URLSearchParams(call.request.body.slice(0, 65_536))
  const query = form.get("request") ?? ""
  const consentRequest = parse(call, new URLSearchParams(query))
  if ("status" in consentRequest) return consentRequest
  const person = SignIn.signedIn(call)
  if (person === undefined || !Credentials.isTicket(call.world, form.get("ticket") ?? "", person.id, query, call.now)) {
    return refuse(call, "LWA-AUT-10")
  }
  const state = consentRequest.state === null ? {} : { state: consentRequest.state }
  const { application, redirectUri } = consentRequest
  if (form.get("decision") !== "allow") {
    return call.world.policy.walmartDecline === "stay"
      ? Wire.page(200, Html.stayed(service))
      : Wire.redirect(append(redirectUri, { error: "access_denied", clientId: application.clientId, ...state }))
  }
  const seller = sellersOf(call, person, consentRequest.market).find((one) => one.id === form.get("account"))
  if (seller === undefined) return refusePerson(call, "WML-NONE", presence(call, person, query))
  call.note.account = seller.id
  const { walmart } = call.world
  const serial = Worlds.count(call.world, "walmart-code")
  const code = Seal.code(call.world, serial)
  walmart.codes[code] = {
    label: `walmart-code:${serial}`,
    clientId: application.clientId,
    redirectUri,
    issuedAt: call.now,
    person: person.id,
    sellerId: seller.id,
    scopes: { ...application.scopes },
    usedAt: null
  }
  walmart.nonces[nonceKey(application, consentRequest.nonce)] = call.now
  if (serial % 500 === 0) {
    Worlds.trim(walmart.codes, 5_000)
    Worlds.trim(walmart.nonces, 5_000)
  }
  call.note.secrets.push(`walmart-code:${serial}`)
  const sellerId = call.world.policy.forgedId ?? seller.id
  return Wire.redirect(append(redirectUri, { code, type: "auth", clientId: application.clientId, ...state, sellerId }))
}

/** Answers a request to Walmart's login host. */
export const handle = (call: Call): WireReply => {
  const { method, path, query } = call.request
  const session = SignIn.handle(call)
  if (session !== undefined) return session
  if (path === "/authorize" && (method === "GET" || method === "HEAD")) return show(call, query)
  if (path === "/decision" && method === "POST") return decide(call)
  return refuse(call, "PAGE-404")
}
