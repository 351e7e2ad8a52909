/**
 * The consent page of Login with Amazon, `/ap/oa`
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/authorization-grants).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Consent from "../core/Consent.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Html from "../core/Html.ts"
import * as Rule from "../core/Rule.ts"
import * as SignIn from "../core/SignIn.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Application } from "../core/World.ts"

const service = "Login with Amazon"

/**
 * Scopes a browser consent may ask for, with what they mean in words
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/authorization-grants).
 */
export const scopes: Readonly<Record<string, string>> = {
  "advertising::campaign_management": "See and change advertising in every account you have rights on",
  "cpc_advertising:campaign_management": "See and change advertising in every account you have rights on",
  "advertising::audiences": "Use data provider audiences",
  "advertising::test:create_account": "Create test accounts",
  profile: "See your name and e-mail address",
  "profile:user_id": "Recognise you by an identifier",
  postal_code: "See your postal code"
}

type ConsentRequest = {
  readonly application: Application
  readonly redirectUri: string
  readonly state: string | null
  readonly scope: ReadonlyArray<string>
  readonly challenge: string | null
  readonly method: "S256" | "plain"
}

const append = (uri: string, pairs: ReadonlyArray<readonly [string, string]>): string =>
  `${uri}${uri.includes("?") ? "&" : "?"}${new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString()}`

const sendBack = (call: Call, redirectUri: string, state: string | null, id: string, name = ""): WireReply => {
  const rule = Rule.get(id)
  call.note.rule = id
  return Wire.redirect(
    append(redirectUri, [
      ["error", rule.code],
      ["error_description", Rule.text(rule, name)],
      ...(state === null ? [] : [["state", state] as const])
    ])
  )
}

const parse = (call: Call, query: URLSearchParams): ConsentRequest | WireReply => {
  const clientId = query.get("client_id") ?? ""
  const application = clientId.length <= 100 ? Wire.own(call.world.applications, clientId) : undefined
  if (application === undefined) return refuse(call, "LWA-AUT-01")
  call.note.application = application.clientId
  const redirectUri = query.get("redirect_uri")
  if (redirectUri === null || !application.returnUrls.includes(redirectUri)) return refuse(call, "LWA-AUT-02")
  const state = query.get("state")
  if (call.request.query.length > 8192 || (state ?? "").length > 2048) return refuse(call, "LWA-AUT-03")
  const responseType = query.get("response_type")
  if (responseType === null) return sendBack(call, redirectUri, state, "LWA-AUT-07", "response_type")
  if (responseType !== "code") return sendBack(call, redirectUri, state, "LWA-AUT-04")
  const scope = (query.get("scope") ?? "").split(" ").filter((part) => part !== "")
  if (scope.length === 0) return sendBack(call, redirectUri, state, "LWA-AUT-07", "scope")
  if (scope.some((part) => !Object.hasOwn(scopes, part))) return sendBack(call, redirectUri, state, "LWA-AUT-05")
  if (!application.adsApproved && scope.some((part) => part.includes("advertising"))) {
    return sendBack(call, redirectUri, state, "LWA-AUT-06")
  }
  const challenge = query.get("code_challenge")
  const method = query.get("code_challenge_method") ?? "plain"
  if (method !== "S256" && method !== "plain") {
    return sendBack(call, redirectUri, state, "LWA-AUT-08", "code_challenge_method")
  }
  if (challenge !== null && !/^[A-Za-z0-9._~-]{43,128}$/.test(challenge)) {
    return sendBack(call, redirectUri, state, "LWA-AUT-08", "code_challenge")
  }
  return { application, redirectUri, state, scope, challenge, method }
}

const show = (call: Call, query: string): WireReply => {
  call.note.operation = "authorize"
  const consentRequest = parse(call, new URLSearchParams(query))
  if ("status" in consentRequest) return consentRequest
  const person = SignIn.signedIn(call)
  if (person === undefined) return SignIn.signInPage(call, service)
  return Wire.page(
    200,
    Html.decide({
      ...SignIn.presence(call, service, person, `/ap/oa?${query}`),
      application: consentRequest.application.name,
      asks: consentRequest.scope.map((part) => scopes[part] ?? part),
      action: SignIn.local(call, "/ap/consent"),
      fields: { request: query, ticket: Credentials.ticket(call.world, person.id, query, call.now) },
      accounts: [],
      box: "",
      boxMissing: false
    })
  )
}

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
  if (form.get("decision") !== "allow")
    return sendBack(call, consentRequest.redirectUri, consentRequest.state, "LWA-AUT-09")
  const code = Consent.issueCode(call.world, {
    clientId: consentRequest.application.clientId,
    redirectUri: consentRequest.redirectUri,
    challenge: consentRequest.challenge,
    challengeMethod: consentRequest.method,
    issuedAt: call.now,
    person: person.id,
    kind: "ads",
    scope: consentRequest.scope,
    account: null,
    region: null,
    roles: []
  })
  call.note.secrets.push(call.world.codes[code]?.label ?? "code")
  return Wire.redirect(
    append(consentRequest.redirectUri, [
      ["code", code],
      ["scope", consentRequest.scope.join(" ")],
      ...(consentRequest.state === null ? [] : [["state", consentRequest.state] as const])
    ])
  )
}

/** Answers a request to a Login with Amazon page host. */
export const handle = (call: Call): WireReply => {
  const { method, path, query } = call.request
  const session = SignIn.handle(call)
  if (session !== undefined) return session
  if (path === "/ap/oa" && (method === "GET" || method === "HEAD")) return show(call, query)
  if (path === "/ap/consent" && method === "POST") return decide(call)
  return refuse(call, "PAGE-404")
}
