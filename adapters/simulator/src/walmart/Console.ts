/**
 * Walmart's advertising console: an account admin lets API partners in, changes and removes them
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview, W-R1).
 */
import type { Call } from "../core/Call.ts"
import { refuse, refusePerson } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import type * as Html from "../core/Html.ts"
import * as Rule from "../core/Rule.ts"
import * as SignIn from "../core/SignIn.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Person } from "../core/World.ts"
import * as Access from "./Access.ts"
import * as ConsolePage from "./ConsolePage.ts"
import type { AccessType, Advertiser } from "./Walmart.ts"
import { partnerLimit } from "./Walmart.ts"

const service = "the Walmart advertising console"
const pathOf = (id: string): string => `/admin/advertiser/${id}/api-partners`

const presence = (call: Call, person: Person, path: string): Html.Presence =>
  SignIn.presence(call, service, person, path)

const line = (one: Advertiser, person: Person): string => {
  const type = one.type === "1p" ? "supplier (1P)" : "marketplace seller (3P)"
  const role = one.people[person.id] === "admin" ? "an account admin" : "a user"
  return `Advertiser ID ${one.id}, ${type}, ${one.market}. You are ${role}.`
}

const choose = (call: Call): WireReply => {
  call.note.operation = "chooseWalmartAdvertiser"
  const person = SignIn.signedIn(call)
  if (person === undefined) return SignIn.signInPage(call, service)
  const mine = Object.values(call.world.walmart.advertisers).filter((one) => Object.hasOwn(one.people, person.id))
  return Wire.page(
    200,
    ConsolePage.choose(
      presence(call, person, "/"),
      mine.map((one) => ({
        id: one.id,
        name: one.name,
        line: line(one, person),
        href: SignIn.local(call, pathOf(one.id))
      }))
    )
  )
}

const done: Readonly<Record<string, string>> = {
  add: "The partner was added. It can take a while until the partner sees this account.",
  change: "The access type was changed.",
  remove: "The partner was removed. It has no access any more."
}

const page = (call: Call, advertiser: Advertiser, person: Person, action: string, wrong: string | null): WireReply => {
  const { people, walmart } = call.world
  const isAdmin = advertiser.people[person.id] === "admin"
  const activeAccess = advertiser.access.filter((row) => row.revokedAt === null)
  const rule = wrong === null ? null : Rule.get(wrong)
  if (rule !== null) call.note.rule = rule.id
  const path = pathOf(advertiser.id)
  return Wire.page(
    rule?.status ?? 200,
    ConsolePage.admin({
      ...presence(call, person, path),
      advertiser: advertiser.name,
      line: line(advertiser, person),
      back: SignIn.local(call, "/"),
      action: SignIn.local(call, path),
      ticket: Credentials.ticket(call.world, person.id, path, call.now),
      partners: activeAccess.map((row) => ({
        id: row.partner,
        name: Wire.own(walmart.partners, row.partner)?.name ?? row.partner,
        type: row.type,
        since: new Date(row.grantedAt).toISOString().slice(0, 10)
      })),
      others: Object.values(walmart.partners).filter((one) => !activeAccess.some((row) => row.partner === one.id)),
      full: activeAccess.length >= partnerLimit,
      askInstead: isAdmin
        ? null
        : Object.entries(advertiser.people).flatMap(([id, role]) =>
            role === "admin" ? [Wire.own(people, id)?.name ?? id] : []
          ),
      done: Wire.own(done, action) ?? "",
      wrong: rule === null ? null : { rule: rule.id, code: rule.code, text: Rule.text(rule) }
    })
  )
}

/** The advertiser of a path if the person has a part in it, with the person; or the page to show instead. */
const entered = (call: Call, id: string): { readonly advertiser: Advertiser; readonly person: Person } | WireReply => {
  const person = SignIn.signedIn(call)
  if (person === undefined) return SignIn.signInPage(call, service)
  const advertiser = Wire.own(call.world.walmart.advertisers, id)
  if (advertiser === undefined || !Object.hasOwn(advertiser.people, person.id)) {
    return refusePerson(call, "WMA-NONE", presence(call, person, "/"))
  }
  call.note.account = advertiser.id
  return { advertiser, person }
}

const isType = (text: string): text is AccessType => text === "read" || text === "write"

/** Does what a form asks for; the id of the rule that refuses it, or null. */
const perform = (call: Call, advertiser: Advertiser, form: URLSearchParams): string | null => {
  const partner = form.get("partner") ?? ""
  const access = form.get("access") ?? ""
  if (!Object.hasOwn(call.world.walmart.partners, partner)) return "WMA-FORM"
  switch (form.get("action")) {
    case "remove":
      return Access.remove(advertiser, partner, call.now) ? null : "WMA-FORM"
    case "change":
      return isType(access) && Access.change(advertiser, partner, access) ? null : "WMA-FORM"
    case "add": {
      if (!isType(access)) return "WMA-FORM"
      const refusal = Access.add(call.world, advertiser, partner, access, call.now)
      if (refusal === undefined) return null
      return refusal === "limit" ? "WMA-LIMIT" : "WMA-TWICE"
    }
    default:
      return "WMA-FORM"
  }
}

const submit = (call: Call, id: string): WireReply => {
  call.note.operation = "changeWalmartPartners"
  const inside = entered(call, id)
  if ("status" in inside) return inside
  const { advertiser, person } = inside
  const form = new URLSearchParams(call.request.body.slice(0, 65_536))
  const path = pathOf(advertiser.id)
  if (!Credentials.isTicket(call.world, form.get("ticket") ?? "", person.id, path, call.now)) {
    return refuse(call, "LWA-AUT-10")
  }
  if (advertiser.people[person.id] !== "admin") return refusePerson(call, "WMA-ADMIN", presence(call, person, path))
  const wrong = perform(call, advertiser, form)
  if (wrong !== null) return page(call, advertiser, person, "", wrong)
  const location = SignIn.local(call, `${path}?done=${form.get("action") ?? ""}`)
  return { status: 303, headers: { location, "cache-control": "no-store" }, body: "" }
}

/** Answers a request to the advertising console. */
export const handle = (call: Call): WireReply => {
  const { method, path, query } = call.request
  const session = SignIn.handle(call)
  if (session !== undefined) return session
  const reads = method === "GET" || method === "HEAD"
  if (path === "/" && reads) return choose(call)
  const id = /^\/(?:admin\/advertiser|view\/report\/advertiser)\/([0-9]{1,18})(?:\/api-partners)?$/.exec(path)?.[1]
  if (id === undefined) return refuse(call, "PAGE-404")
  if (method === "POST") return submit(call, id)
  if (!reads) return refuse(call, "PAGE-404")
  call.note.operation = "showWalmartPartners"
  const inside = entered(call, id)
  return "status" in inside
    ? inside
    : page(call, inside.advertiser, inside.person, new URLSearchParams(query).get("done") ?? "", null)
}
