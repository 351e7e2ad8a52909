/** The list of companies, one company with its brands and accounts, and adding either (flow F1, steps 1 to 3). */
import { Access, type Company, Id, Text } from "@portolan/domain"
import { type DateTime, Effect, Redacted, Result } from "effect"
import type { Context } from "hono"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import * as Layout from "../../page/layout.ts"
import { sendMarkup, sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { readNew } from "./form.ts"
import { companiesPage, companyList, type ListQuery } from "./listView.ts"
import { removalRoutes } from "./removalRoutes.ts"
import { companyPage, newCompanyPage } from "./view.ts"

const pageSize = 25

const queryOf = (c: Context): ListQuery => ({
  search: (c.req.query("search") ?? "").trim().slice(0, 120),
  cursor: Http.cursorOf(c)
})

const sendNewForm = (visit: MemberVisit, state: Fields.FormState, key: string, status: Status = 200) =>
  sendMember(visit, newCompanyPage({ key, state, status }))

/** The other companies with the same name. */
const sameNamedAs = Effect.fnUntraced(function* (context: PageContext, me: Layout.Me, company: Company.Present) {
  const { items } = yield* context.companies.list(me, { search: company.name }, { limit: 20 })
  return items.filter((other) => other.id !== company.id && Text.folded(other.name) === Text.folded(company.name))
})

const sendCompany = Effect.fnUntraced(function* (
  visit: MemberVisit,
  id: Id.CompanyId,
  state: Fields.FormState,
  status: Status = 200
) {
  const { c, context, me } = visit
  const cursor = c.req.method === "GET" ? Http.cursorOf(c) : ""
  const [company, page] = yield* Effect.all(
    [context.companies.view(me, id), context.accounts.list(me, { companyId: id }, Http.pageOf(12, cursor))],
    together
  )
  const accounts = yield* Effect.forEach(
    page.items,
    (account) =>
      Effect.map(context.connections.list(me, { accountId: account.id }, { limit: 100 }), ({ items }) => ({
        account,
        items
      })),
    together
  )
  const now = yield* Http.now
  const done = c.req.query("done")
  const sameNamed = done === "company-added" ? yield* sameNamedAs(context, me, company) : undefined
  return yield* sendMember(
    visit,
    companyPage({ accounts, company, cursor, done, me, now, page, sameNamed, state, status })
  )
})

const showCompanies = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const query = queryOf(c)
  const search = query.search === "" ? undefined : query.search
  const listed = context.companies.list(me, { search }, Http.pageOf(pageSize, query.cursor))
  const withPage = (page: Effect.Success<typeof listed>, now: DateTime.Utc) => ({
    mayAdd: Access.may(me.role, "administer"),
    now,
    page,
    query
  })
  // The live search asks for the list alone.
  if (c.req.header("HX-Request") === "true") return sendMarkup(c, companyList(withPage(yield* listed, yield* Http.now)))
  const attention = context.connections.list(me, { states: ["ReauthorizationNeeded", "Limited"] }, Http.pageOf(1, ""))
  const [page, needAttention] = yield* Effect.all([listed, attention], together)
  const list = withPage(page, yield* Http.now)
  return yield* sendMember(visit, companiesPage({ ...list, needAttention }))
})

const showNewCompany = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { context, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  return yield* sendNewForm(visit, Fields.blank, Redacted.value(yield* context.secrets.token))
})

const addCompany = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  const form = yield* Http.readForm(c)
  const { errors, input } = readNew(form)
  const key = Http.one(form, "key").slice(0, 100)
  if (Result.isFailure(input)) return yield* sendNewForm(visit, { values: Http.typed(form), errors }, key, 422)
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
  return yield* sendCompany(visit, yield* Http.idParam(visit.c, Id.CompanyId), Fields.blank)
})

const addBrand = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  const id = yield* Http.idParam(c, Id.CompanyId)
  const form = yield* Http.readForm(c)
  const again = (error: string, status: Status) =>
    sendCompany(visit, id, { values: Http.typed(form), errors: { brand: error } }, status)
  const name = Input.name(Http.one(form, "brand"), "brand")
  if (Result.isFailure(name)) return yield* again(name.failure, 422)
  return yield* context.companies.addBrand(me, { companyId: id, name: name.success }).pipe(
    Effect.map(() => c.redirect(`/companies/${id}#brands`, 303)),
    Effect.catchTag("Refused", (refused) =>
      refused.reason === "already-exists" || refused.reason === "too-many"
        ? again(refused.message, 409)
        : Effect.fail(refused)
    )
  )
})

/** The form of a brand, shown again with what is wrong. */
const changeBrand = (command: "rename" | "remove") =>
  Effect.fnUntraced(function* (visit: MemberVisit) {
    const { c, context, me } = visit
    const id = yield* Http.idParam(c, Id.CompanyId)
    const brandId = yield* Http.idNamed(c, "brand", Id.BrandId)
    const text = Http.one(yield* Http.readForm(c), "brand-name")
    const again = (error: string, status: Status) =>
      sendCompany(
        visit,
        id,
        { values: { brand: brandId, "brand-name": text }, errors: { "brand-name": error } },
        status
      )
    const name = Input.name(text, "brand")
    if (command === "rename" && Result.isFailure(name)) return yield* again(name.failure, 422)
    const changed =
      command === "rename" && Result.isSuccess(name)
        ? context.companies.renameBrand(me, id, { brandId, name: name.success })
        : context.companies.removeBrand(me, id, brandId)
    return yield* changed.pipe(
      Effect.map(() => c.redirect(`/companies/${id}#brands`, 303)),
      Effect.catchTag("Refused", (refused) =>
        refused.subject === "Company" ? again(refused.message, 409) : Effect.fail(refused)
      )
    )
  })

/** `/`, `/companies` and `/companies/{id}`. */
export const routes: Routes = [
  get("/", ({ c }) => c.redirect("/companies", 303)),
  get("/companies", asMember(showCompanies)),
  get("/companies/new", asMember(showNewCompany)),
  ...removalRoutes,
  post("/companies", asMember(addCompany), "/companies/new"),
  get("/companies/:id", asMember(showCompany)),
  post("/companies/:id/brands", asMember(addBrand), "/companies/:id"),
  post("/companies/:id/brands/:brand", asMember(changeBrand("rename")), "/companies/:id"),
  post("/companies/:id/brands/:brand/remove", asMember(changeBrand("remove")), "/companies/:id")
]
