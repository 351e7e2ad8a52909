/**
 * The consent page of Seller Central and Vendor Central, `/apps/authorize/consent`
 * (https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow,
 * https://developer-docs.amazon.com/sp-api/docs/authorization-errors). The callback tells neither region nor
 * marketplace. After a cancel the person just stays: no redirect is documented.
 */
import type { Call } from "../core/Call.ts"
import { refuse, refusePerson } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Html from "../core/Html.ts"
import * as SignIn from "../core/SignIn.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import * as Shared from "./CentralAccount.ts"
import * as Manage from "./Manage.ts"

const pathOf = (query: string) => `/apps/authorize/consent?${query}`

const parse = (call: Call, query: URLSearchParams): Shared.ConsentRequest | WireReply => {
  const application = Shared.applicationOf(call, query.get("application_id") ?? "")
  return application === undefined ? refuse(call, "CEN-SPDC300") : Shared.judgeRequest(call, application, query)
}

const show = (call: Call, console: Shared.Console, query: string, boxMissing: boolean): WireReply => {
  call.note.operation = "authorizeApplication"
  const consentRequest = parse(call, new URLSearchParams(query))
  if ("status" in consentRequest) return consentRequest
  const person = SignIn.signedIn(call)
  if (person === undefined) return SignIn.signInPage(call, Shared.service(console))
  const accounts = Shared.eligible(call, console, person, pathOf(query))
  if ("status" in accounts) return accounts
  return Wire.page(
    200,
    Html.decide({
      ...Shared.presence(call, console, person, pathOf(query)),
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

const decide = (call: Call, console: Shared.Console): WireReply => {
  call.note.operation = "decide"
  const form = new URLSearchParams(call.request.body.slice(0, 65_536))
  const query = form.get("request") ?? ""
  const consentRequest = parse(call, new URLSearchParams(query))
  if ("status" in consentRequest) return consentRequest
  const person = SignIn.signedIn(call)
  if (person === undefined || !Credentials.isTicket(call.world, form.get("ticket") ?? "", person.id, query, call.now)) {
    return refuse(call, "LWA-AUT-10")
  }
  if (form.get("decision") !== "allow") return Wire.page(200, Html.stayed(Shared.service(console)))
  if (form.get("agreed") !== "yes") return show(call, console, query, true)
  const accounts = Shared.eligible(call, console, person, pathOf(query))
  if ("status" in accounts) return accounts
  const account = accounts.find((one) => one.id === form.get("account"))
  if (account === undefined)
    return refusePerson(call, "CEN-NONE", Shared.presence(call, console, person, pathOf(query)))
  return Shared.sendBack(call, console, person, { account, request: consentRequest })
}

/** Answers a request to a Seller Central or Vendor Central host. */
export const handle = (call: Call, console: Shared.Console): WireReply => {
  const { method, path, query } = call.request
  const session = SignIn.handle(call)
  if (session !== undefined) return session
  if (path === "/apps/authorize/consent" && (method === "GET" || method === "HEAD")) {
    return show(call, console, query, false)
  }
  if (path === "/apps/authorize/decision" && method === "POST") return decide(call, console)
  const atManage = Manage.handle(call, console)
  if (atManage !== undefined) return atManage
  return refuse(call, "PAGE-404")
}
