/**
 * What the pages of Seller Central and Vendor Central share: for which accounts a person may consent, and the way back
 * to the application with a code (https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow).
 */
import type { Call } from "../core/Call.ts"
import { refuse, refusePerson } from "../core/Call.ts"
import * as Consent from "../core/Consent.ts"
import type { Place } from "../core/Hosts.ts"
import type * as Html from "../core/Html.ts"
import * as SignIn from "../core/SignIn.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Application, Membership, Person, Region } from "../core/World.ts"

/** One of the consoles. */
export type Console = Extract<Place, { readonly kind: "central" }>
/** What an application asks for. */
export type ConsentRequest = { readonly application: Application; readonly redirectUri: string; readonly state: string }
/** An account that a person has in a console. */
export type Reachable = {
  readonly id: string
  readonly name: string
  readonly region: Region
  readonly active: boolean
  readonly membership: Membership
}

/** The name of a console. */
export const service = (console: Console) => (console.account === "seller" ? "Seller Central" : "Vendor Central")

/** The application of an id in the form that Amazon gives them, if there is one. */
export const applicationOf = (call: Call, id: string): Application | undefined =>
  /^amzn1\.(sp\.solution|sellerapps\.app)\.[0-9a-zA-Z-]{1,64}$/.test(id)
    ? Object.values(call.world.applications).find((candidate) => candidate.spApplicationId === id)
    : undefined

/**
 * Judges what an application asks for; `query` has `redirect_uri`, `state` and `version`. The registration has to be
 * complete, and the return address one of the registered ones.
 */
export const judgeRequest = (
  call: Call,
  application: Application,
  query: URLSearchParams
): ConsentRequest | WireReply => {
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

/** Who is signed in for a request, as the pages show it. `path`: where to come back to as somebody else. */
export const presence = (call: Call, console: Console, person: Person, path: string): Html.Presence =>
  SignIn.presence(call, service(console), person, path)

/** The accounts this person may consent for, or the refusal a person without any gets. */
export const eligible = (
  call: Call,
  console: Console,
  person: Person,
  path: string
): ReadonlyArray<Reachable> | WireReply => {
  const no = (id: string) => refusePerson(call, id, presence(call, console, person, path))
  const all = reachable(call, console, person)
  if (all.length === 0) return no("CEN-NONE")
  const allowed = all.filter((one) => mayConsent(call, console, one.membership))
  if (allowed.length === 0) return no(console.account === "seller" ? "CEN-SPDC8143" : "CEN-SPSA2043")
  const active = allowed.filter((one) => one.active)
  return active.length === 0 ? no("CEN-CLOSED") : active
}

/** Gives the application a code for an account, and sends the browser back to it. */
export const sendBack = (
  call: Call,
  console: Console,
  person: Person,
  { account, request }: { readonly account: Reachable; readonly request: ConsentRequest }
): WireReply => {
  const { application } = request
  if (application.consentLimit !== null && console.account === "seller") {
    const partners = Consent.partners(call.world, application.clientId, call.now)
    if (!partners.has(account.id) && partners.size >= application.consentLimit) return refuse(call, "CEN-LIMIT")
  }
  call.note.account = account.id
  const code = Consent.issueCode(call.world, {
    clientId: application.clientId,
    redirectUri: request.redirectUri,
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
    state: request.state,
    selling_partner_id: call.world.policy.forgedId ?? account.id,
    spapi_oauth_code: code
  })
  return Wire.redirect(`${request.redirectUri}${request.redirectUri.includes("?") ? "&" : "?"}${back.toString()}`)
}
