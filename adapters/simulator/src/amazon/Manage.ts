/**
 * Where a consent begins at Amazon: "Manage Your Apps", with "Re-authorize" for what is authorised, else "Authorize",
 * as in the Appstore. Either opens the application's log-in URI, and the application sends the browser on to
 * `/apps/authorize/confirm/...`
 * (https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow,
 * https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow-renew). Assumed: one
 * page has both buttons, the confirmation is on the host of the console, and it shows nothing by itself.
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Consent from "../core/Consent.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Html from "../core/Html.ts"
import * as SignIn from "../core/SignIn.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Application, Person } from "../core/World.ts"
import * as Shared from "./CentralAccount.ts"

const managePath = "/apps/manage"
const confirmPath = "/apps/authorize/confirm/"

/** What `amazon_state` is good for: this person, application and account. */
const subjectOf = ({ spApplicationId }: Application, account: string) => `marketplace/${spApplicationId}/${account}`

const show = (call: Call, console: Shared.Console): WireReply => {
  call.note.operation = "manageApplications"
  const person = SignIn.signedIn(call)
  if (person === undefined) return SignIn.signInPage(call, Shared.service(console))
  const accounts = Shared.eligible(call, console, person, managePath)
  if ("status" in accounts) return accounts
  const rows = Object.values(call.world.applications).flatMap((application) => {
    if (application.spApplicationId === null) return []
    const partners = Consent.partners(call.world, application.clientId, call.now)
    return accounts.map(({ id, name }) => ({
      application: application.name,
      account: `${name} (${id})`,
      isAuthorized: partners.has(id),
      fields: {
        application: application.spApplicationId ?? "",
        account: id,
        ticket: Credentials.ticket(call.world, person.id, subjectOf(application, id), call.now)
      }
    }))
  })
  return Wire.page(
    200,
    Html.manage({
      ...Shared.presence(call, console, person, managePath),
      title: "Manage Your Apps",
      words: ["Authorize", "Re-authorize"],
      action: SignIn.local(call, `${managePath}/start`),
      rows
    })
  )
}

/** Opens the log-in URI of an application. */
const begin = (call: Call): WireReply => {
  call.note.operation = "beginAuthorization"
  const form = new URLSearchParams(call.request.body.slice(0, 65_536))
  const application = Shared.applicationOf(call, form.get("application") ?? "")
  if (application === undefined) return refuse(call, "CEN-SPDC300")
  if (application.loginUri === null) return refuse(call, "CEN-MD9100")
  const account = form.get("account") ?? ""
  const ticket = form.get("ticket") ?? ""
  const person = SignIn.signedIn(call)
  if (person === undefined || !isTicketOf(call, person, subjectOf(application, account), ticket)) {
    return refuse(call, "LWA-AUT-10")
  }
  const start = new URLSearchParams({
    amazon_callback_uri: `https://${call.request.host}${confirmPath}${application.spApplicationId}`,
    amazon_state: `${account}.${ticket}`,
    selling_partner_id: call.world.policy.forgedId ?? account,
    ...(application.draft ? { version: "beta" } : {})
  })
  return Wire.redirect(`${application.loginUri}${application.loginUri.includes("?") ? "&" : "?"}${start.toString()}`)
}

const isTicketOf = (call: Call, person: Person, subject: string, ticket: string): boolean =>
  Credentials.isTicket(call.world, ticket, person.id, subject, call.now)

/** The browser comes from the application: it goes back there with a code. */
const confirm = (call: Call, console: Shared.Console, applicationId: string): WireReply => {
  call.note.operation = "confirmAuthorization"
  const { path, query: text } = call.request
  const query = new URLSearchParams(text)
  const application = Shared.applicationOf(call, applicationId)
  if (application === undefined) return refuse(call, "CEN-SPDC300")
  const request = Shared.judgeRequest(call, application, query)
  if ("status" in request) return request
  const person = SignIn.signedIn(call)
  if (person === undefined) return SignIn.signInPage(call, Shared.service(console))
  const [account = "", ...ticket] = (query.get("amazon_state") ?? "").split(".")
  if (!isTicketOf(call, person, subjectOf(application, account), ticket.join("."))) return refuse(call, "CEN-START")
  const accounts = Shared.eligible(call, console, person, `${path}?${text}`)
  if ("status" in accounts) return accounts
  const found = accounts.find(({ id }) => id === account)
  return found === undefined
    ? refuse(call, "CEN-START")
    : Shared.sendBack(call, console, person, { account: found, request })
}

/** Answers what is about beginning at Amazon; undefined for any other path. */
export const handle = (call: Call, console: Shared.Console): WireReply | undefined => {
  const { method, path } = call.request
  const isRead = method === "GET" || method === "HEAD"
  if (path === managePath && isRead) return show(call, console)
  if (path === `${managePath}/start` && method === "POST") return begin(call)
  return path.startsWith(confirmPath) && isRead ? confirm(call, console, path.slice(confirmPath.length)) : undefined
}
