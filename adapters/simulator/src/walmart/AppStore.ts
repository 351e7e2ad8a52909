/**
 * Walmart's App Store, in Seller Center: "Connect" opens the application's App Log-in URL, and the application sends
 * the browser on to the ordinary consent page
 * (https://developer.walmart.com/us-marketplace/docs/log-in-and-authorize-app-scope). Assumed: the store is at
 * `/app-store`, who consented already sees "Reconnect" there, and the names of what is appended to the address, which
 * the policy has (`walmartStartSeller`, `walmartStartCallback`).
 */
import type { Call } from "../core/Call.ts"
import { refuse, refusePerson } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Html from "../core/Html.ts"
import * as SignIn from "../core/SignIn.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Person } from "../core/World.ts"
import type { Application, Seller } from "./Walmart.ts"

const service = "Walmart Seller Center"
const storePath = "/app-store"

/** What a ticket of the page is good for: this person, application and seller. */
const subjectOf = ({ clientId }: Application, seller: string) => `app-store/${clientId}/${seller}`

const sellersOf = (call: Call, person: Person): ReadonlyArray<Seller> =>
  Object.values(call.world.walmart.sellers).filter(
    (seller) => seller.active && Wire.own(seller.people, person.id) === "admin"
  )

/** Whether a seller's consent to an application is in force. */
const isConnected = (call: Call, { clientId }: Application, { id }: Seller): boolean =>
  Object.values(call.world.walmart.grants).some(
    (grant) =>
      grant.clientId === clientId && grant.sellerId === id && grant.revokedAt === null && grant.expiresAt > call.now
  )

const show = (call: Call): WireReply => {
  call.note.operation = "walmartAppStore"
  const person = SignIn.signedIn(call)
  if (person === undefined) return SignIn.signInPage(call, service)
  const presence = SignIn.presence(call, service, person, storePath)
  const sellers = sellersOf(call, person)
  if (sellers.length === 0) return refusePerson(call, "WML-NONE", presence)
  const rows = Object.values(call.world.walmart.applications).flatMap((application) =>
    sellers.map((seller) => ({
      application: application.name,
      account: `${seller.name} (${seller.id}, ${seller.market})`,
      isAuthorized: isConnected(call, application, seller),
      fields: {
        application: application.clientId,
        account: seller.id,
        ticket: Credentials.ticket(call.world, person.id, subjectOf(application, seller.id), call.now)
      }
    }))
  )
  const action = SignIn.local(call, `${storePath}/start`)
  return Wire.page(200, Html.manage({ ...presence, title: "App Store", words: ["Connect", "Reconnect"], action, rows }))
}

/** Opens the App Log-in URL of an application. */
const begin = (call: Call): WireReply => {
  call.note.operation = "beginWalmartAuthorization"
  const form = new URLSearchParams(call.request.body.slice(0, 65_536))
  const application = Wire.own(call.world.walmart.applications, form.get("application") ?? "")
  if (application === undefined) return refuse(call, "WML-AUT-01")
  if (application.loginUri === undefined) return refuse(call, "WML-STO-01")
  const seller = form.get("account") ?? ""
  const person = SignIn.signedIn(call)
  const subject = subjectOf(application, seller)
  if (
    person === undefined ||
    !Credentials.isTicket(call.world, form.get("ticket") ?? "", person.id, subject, call.now) ||
    !sellersOf(call, person).some(({ id }) => id === seller)
  ) {
    return refuse(call, "LWA-AUT-10")
  }
  const { forgedId, walmartStartCallback, walmartStartSeller } = call.world.policy
  const start = new URLSearchParams({
    ...(walmartStartSeller === null ? {} : { [walmartStartSeller]: forgedId ?? seller }),
    ...(walmartStartCallback === null
      ? {}
      : { [walmartStartCallback]: `https://${call.request.host}${storePath}/done` })
  })
  const joint = application.loginUri.includes("?") ? "&" : "?"
  return Wire.redirect(start.size === 0 ? application.loginUri : `${application.loginUri}${joint}${start.toString()}`)
}

/** Answers a request to Walmart's Seller Center. */
export const handle = (call: Call): WireReply => {
  const { method, path } = call.request
  const session = SignIn.handle(call)
  if (session !== undefined) return session
  if (path === storePath && (method === "GET" || method === "HEAD")) return show(call)
  if (path === `${storePath}/start` && method === "POST") return begin(call)
  return refuse(call, "PAGE-404")
}
