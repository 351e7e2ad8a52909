/** The list of companies, one company with its brands and accounts, and adding either (flow F1, steps 1 to 3). */
import { Access, type Company, Id, Text } from "@portolan/domain"
import { Effect, Redacted, Result } from "effect"
import type { Context } from "hono"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import * as Format from "../../page/format.ts"
import { asMember, get, post, type Routes } from "../../page/handle.ts"
import { html, isolateText } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import * as Layout from "../../page/layout.ts"
import { sendMarkup, sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { readNew } from "./form.ts"
import { type Asked, companiesPage, companyPage, newCompanyPage, row } from "./view.ts"

const pageSize = 25

const asked = (c: Context): Asked => ({
  search: (c.req.query("search") ?? "").trim().slice(0, 120),
  cursor: Http.cursorOf(c)
})

export const list = Effect.fnUntraced(function* (context: PageContext, me: Layout.Me, { cursor, search }: Asked) {
  const now = yield* Http.now
  const page = yield* context.companies.list(me, search === "" ? undefined : search, Http.pageOf(pageSize, cursor))
  const mayAdd = Access.may(me.role, "administer")
  const body =
    page.items.length > 0
      ? html`<table class="rows"><thead><tr><th scope="col">Company</th><th scope="col">Brands</th>
      <th scope="col">Added</th></tr></thead>
        <tbody>${page.items.map((company) => row(company, now))}</tbody></table>
        ${Components.pagination("/companies", { search, cursor }, page)}`
      : search !== ""
        ? Components.empty(
            "No company found",
            html`Nothing matches “${isolateText(search)}”. The search looks into company and brand names.`,
            html`<a class="button secondary outline" href="/companies">Show all companies</a>`
          )
        : Components.empty(
            "No companies yet",
            "A company is a business whose marketplace accounts you connect. It has at least one brand.",
            mayAdd
              ? html`<div class="buttons"><a class="button" href="/start">Connect your first account</a>
        <a class="button secondary outline" href="/companies/new">Add your first company</a></div>`
              : Components.onlyLooking("An owner or admin of your organization")
          )
  return { body, isBlank: page.items.length === 0 && search === "" && cursor === "" }
})

const attention = Effect.fnUntraced(function* (context: PageContext, me: Layout.Me) {
  const { items, next } = yield* context.connections.list(
    me,
    { states: ["ReauthorizationNeeded", "Limited"] },
    { limit: 5 }
  )
  if (items.length === 0) return html``
  const few =
    next === undefined
      ? Format.count(items.length, "connection needs", "connections need")
      : "More than five connections need"
  return Components.notice(
    "act",
    `${few} attention`,
    html`<a href="/connections?state=attention">See which and what to do</a>`
  )
})

const sendNewForm = (visit: MemberVisit, state: Fields.FormState, key: string, status: Status = 200) => {
  return sendMember(visit, newCompanyPage({ key, state, status }))
}

const sameNamedNotice = Effect.fnUntraced(function* (context: PageContext, me: Layout.Me, company: Company.Open) {
  const { items } = yield* context.companies.list(me, company.name, { limit: 20 })
  const same = items.filter((other) => other.id !== company.id && Text.folded(other.name) === Text.folded(company.name))
  return Components.notice(
    same.length === 0 ? "good" : "wait",
    same.length === 0 ? "Company added" : "Company added, but there is another one with this name",
    same.length === 0
      ? "Now add its first account."
      : html`If it is the same business, use one of them only: ${same.map(
          (other) =>
            html`<a href="/companies/${other.id}">${isolateText(other.name)}</a> (${other.brands
              .map((brand) => brand.name)
              .join(", ")}) `
        )}`
  )
})

const sendCompany = Effect.fnUntraced(function* (
  visit: MemberVisit,
  company: Company.Open,
  state: Fields.FormState,
  status: Status = 200
) {
  const { c, context, me } = visit
  const cursor = (c.req.method === "GET" ? (c.req.query("cursor") ?? "") : "").slice(0, 2000)
  const page = yield* context.accounts.list(me, company.id, Http.pageOf(12, cursor))
  const accounts = yield* Effect.forEach(
    page.items,
    (account) =>
      Effect.map(context.connections.list(me, { accountId: account.id }, { limit: 100 }), ({ items }) => ({
        account,
        items
      })),
    { concurrency: 4 }
  )
  const added = c.req.query("done") === "company-added" ? yield* sameNamedNotice(context, me, company) : html``
  return sendMember(visit, companyPage({ accounts, added, company, cursor, me, page, state, status }))
})

const showCompanies = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const wanted = asked(c)
  const { body, isBlank } = yield* list(context, me, wanted)
  // The live search asks for the list alone.
  if (c.req.header("HX-Request") === "true") return sendMarkup(c, body)
  const attentionNotice = yield* attention(context, me)
  return sendMember(visit, companiesPage({ attentionNotice, body, isBlank, me, wanted }))
})

const showNewCompany = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { context, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  return sendNewForm(visit, Fields.blank, Redacted.value(yield* context.secrets.token))
})

const addCompany = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  const form = yield* Http.readForm(c)
  const { errors, input } = readNew(form)
  const key = Http.one(form, "key").slice(0, 100)
  if (Result.isFailure(input)) return sendNewForm(visit, { values: Http.typed(form), errors }, key, 422)
  const fingerprint = yield* context.secrets.digest(
    Redacted.make(JSON.stringify(["company", input.success.name, input.success.brand]))
  )
  const { company } = yield* context.companies.add(
    me,
    input.success,
    key === "" ? undefined : { key: `console/${key}`, fingerprint }
  )
  return c.redirect(`/companies/${company.id}?done=company-added`, 303)
})

const showCompany = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const company = yield* context.companies.view(me, yield* Http.idParam(c, Id.CompanyId))
  return yield* sendCompany(visit, company, Fields.blank)
})

const addBrand = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  const id = yield* Http.idParam(c, Id.CompanyId)
  const form = yield* Http.readForm(c)
  const company = yield* context.companies.view(me, id)
  const again = (error: string, status: Status) =>
    sendCompany(visit, company, { values: Http.typed(form), errors: { brand: error } }, status)
  const name = Input.name(Http.one(form, "brand"), "the brand")
  if (Result.isFailure(name)) return yield* again(name.failure, 422)
  return yield* context.companies.addBrand(me, id, name.success).pipe(
    Effect.map(() => c.redirect(`/companies/${id}#brands`, 303)),
    Effect.catchTag("Refused", (refused) =>
      refused.reason === "already-exists" || refused.reason === "too-many"
        ? again(refused.message, 409)
        : Effect.fail(refused)
    )
  )
})

/** `/`, `/companies` and `/companies/{id}`. */
export const routes: Routes = [
  get("/", ({ c }) => c.redirect("/companies", 303)),
  get("/companies", asMember(showCompanies)),
  get("/companies/new", asMember(showNewCompany)),
  post("/companies", asMember(addCompany)),
  get("/companies/:id", asMember(showCompany)),
  post("/companies/:id/brands", asMember(addBrand))
]
