/**
 * The consent page of Seller Central and Vendor Central, `/apps/authorize/consent`
 * (https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow,
 * https://developer-docs.amazon.com/sp-api/docs/authorization-errors). The callback tells neither region nor
 * marketplace. After a cancel the person just stays: no redirect is documented.
 */
import type { Call } from "../core/Call.ts"
import { refuse, refusePerson } from "../core/Call.ts"
import * as Consent from "../core/Consent.ts"
import * as Credentials from "../core/Credentials.ts"
import type { Place } from "../core/Hosts.ts"
import * as Html from "../core/Html.ts"
import * as SignIn from "../core/SignIn.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Application, Membership, Person, Region } from "../core/World.ts"

type Console = Extract<Place, { readonly kind: "central" }>
type ConsentRequest = { readonly application: Application; readonly redirectUri: string; readonly state: string }
type Reachable = {
  readonly id: string
  readonly name: string
  readonly region: Region
  readonly active: boolean
  readonly membership: Membership
}

const service = (console: Console) => (console.account === "seller" ? "Seller Central" : "Vendor Central")

const parse = (call: Call, query: URLSearchParams): ConsentRequest | WireReply => {
  const id = query.get("application_id") ?? ""
  const application = /^amzn1\.(sp\.solution|sellerapps\.app)\.[0-9a-zA-Z-]{1,64}$/.test(id)
    ? Object.values(call.world.applications).find((candidate) => candidate.spApplicationId === id)
    : undefined
  if (application === undefined) return refuse(call, "CEN-SPDC300")
  call.note.application = application.clientId
  const first = application.returnUrls[0]
  if (application.loginUri === null || first === undefined) return refuse(call, "CEN-MD9100")
  const redirectUri = query.get("redirect_uri") ?? first
  if (redirectUri.includes("#")) return refuse(call, "CEN-MD5110")
  if (!application.returnUrls.includes(redirectUri)) return refuse(call, "CEN-MD5101")
  if (application.draft && query.get("version") !== "beta") return refuse(call, "CEN-MD1000")
  const state = query.get("state")
  if (state === null || state === "") return refuse(call, "CEN-STATE")
  if (call.request.query.length > 8192 || state.length > 2048) return refuse(call, "LWA-AUT-03")
  return { application, redirectUri, state }
}

const reachable = (call: Call, console: Console, person: Person): ReadonlyArray<Reachable> =>
  person.memberships.flatMap((membership) => {
    const seller = console.account === "seller" ? Wire.own(call.world.sellers, membership.account) : undefined
    const vendor = console.account === "vendor" ? Wire.own(call.world.vendors, membership.account) : undefined
    const marketplaces = seller?.participations.map((one) => one.marketplaceId) ?? vendor?.marketplaces ?? []
    const account = seller ?? vendor
    return account !== undefined && marketplaces.some((id) => console.marketplaces.includes(id))
      ? [{ id: account.id, name: account.name, region: account.region, active: account.active, membership }]
      : []
  })

const mayConsent = (call: Call, console: Console, membership: Membership): boolean =>
  membership.primary ||
  (membership.mayAuthorize && (console.account === "vendor" || call.world.policy.delegatesMayConsent))

/** Who is signed in for a request, as the pages show it. */
const presence = (call: Call, console: Console, person: Person, query: string): Html.Presence =>
  SignIn.presence(call, service(console), person, `/apps/authorize/consent?${query}`)

/** The accounts this person may consent for, or the refusal a person without any gets. */
const eligible = (
  call: Call,
  console: Console,
  person: Person,
  query: string
): ReadonlyArray<Reachable> | WireReply => {
  const no = (id: string) => refusePerson(call, id, presence(call, console, person, query))
  const all = reachable(call, console, person)
  if (all.length === 0) return no("CEN-NONE")
  const allowed = all.filter((one) => mayConsent(call, console, one.membership))
  if (allowed.length === 0) return no(console.account === "seller" ? "CEN-SPDC8143" : "CEN-SPSA2043")
  const active = allowed.filter((one) => one.active)
  return active.length === 0 ? no("CEN-CLOSED") : active
}

const show = (call: Call, console: Console, query: string, boxMissing: boolean): WireReply => {
  call.note.operation = "authorizeApplication"
  const consentRequest = parse(call, new URLSearchParams(query))
  if ("status" in consentRequest) return consentRequest
  const person = SignIn.signedIn(call)
  if (person === undefined) return SignIn.signInPage(call, service(console))
  const accounts = eligible(call, console, person, query)
  if ("status" in accounts) return accounts
  return Wire.page(
    200,
    Html.decide({
      ...presence(call, console, person, query),
      application: consentRequest.application.name,
      asks: consentRequest.application.roles.map((role) => `Use the data of the role "${role}"`),
      action: SignIn.local(call, "/apps/authorize/decision"),
      fields: { request: query, ticket: Credentials.ticket(call.world, person.id, query, call.now) },
      accounts: accounts.map(({ id, name }) => ({ id, name: `${name} (${id})` })),
      box: `I direct the provider to give ${consentRequest.application.name} access to this account.`,
      boxMissing
    })
  )
}

const decide = (call: Call, console: Console): WireReply => {
  call.note.operation = "decide"
  const form = new URLSearchParams(call.request.body.slice(0, 65_536))
  const query = form.get("request") ?? ""
  const consentRequest = parse(call, new URLSearchParams(query))
  if ("status" in consentRequest) return consentRequest
  const person = SignIn.signedIn(call)
  if (person === undefined || !Credentials.isTicket(call.world, form.get("ticket") ?? "", person.id, query, call.now)) {
    return refuse(call, "LWA-AUT-10")
  }
  if (form.get("decision") !== "allow") return Wire.page(200, Html.stayed(service(console)))
  if (form.get("agreed") !== "yes") return show(call, console, query, true)
  const accounts = eligible(call, console, person, query)
  if ("status" in accounts) return accounts
  const account = accounts.find((one) => one.id === form.get("account"))
  if (account === undefined) return refusePerson(call, "CEN-NONE", presence(call, console, person, query))
  const { application } = consentRequest
  if (application.consentLimit !== null && console.account === "seller") {
    const partners = Consent.partners(call.world, application.clientId, call.now)
    if (!partners.has(account.id) && partners.size >= application.consentLimit) return refuse(call, "CEN-LIMIT")
  }
  call.note.account = account.id
  const code = Consent.issueCode(call.world, {
    clientId: application.clientId,
    redirectUri: consentRequest.redirectUri,
    challenge: null,
    challengeMethod: "plain",
    issuedAt: call.now,
    person: person.id,
    kind: "selling-partner",
    scope: [],
    account: account.id,
    region: account.region,
    roles: [...application.roles]
  })
  call.note.secrets.push(call.world.codes[code]?.label ?? "code")
  const back = new URLSearchParams({
    state: consentRequest.state,
    selling_partner_id: call.world.policy.forgedId ?? account.id,
    spapi_oauth_code: code
  })
  return Wire.redirect(
    `${consentRequest.redirectUri}${consentRequest.redirectUri.includes("?") ? "&" : "?"}${back.toString()}`
  )
}

/** Answers a request to a Seller Central or Vendor Central host. */
export const handle = (call: Call, console: Console): WireReply => {
  const { method, path, query } = call.request
  const session = SignIn.handle(call)
  if (session !== undefined) return session
  if (path === "/apps/authorize/consent" && (method === "GET" || method === "HEAD")) {
    return show(call, console, query, false)
  }
  if (path === "/apps/authorize/decision" && method === "POST") return decide(call, console)
  return refuse(call, "PAGE-404")
}
