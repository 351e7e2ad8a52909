/** The list of companies, one company with its brands and accounts, and adding either (flow F1, steps 1 to 3). */
import { Access, type Account, AccountType, type Company, Id, Text } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { type DateTime, Effect, Redacted, Result } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, isolateText } from "../page/html.ts"
import * as Input from "../page/input.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import type { Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"
import { may } from "./may.ts"
import { compactTile, inOrder } from "./tiles.ts"

const pageSize = 25
const brandsShown = 4

/** What a list was asked for. */
interface Asked {
  readonly search: string
  readonly cursor: string
}

const asked = (c: Context): Asked => ({
  search: (c.req.query("search") ?? "").trim().slice(0, 120),
  cursor: (c.req.query("cursor") ?? "").slice(0, 2000)
})

const row = (company: Company.Open, now: DateTime.Utc): Markup => html`<tr>
  <th scope="row" data-label="Company"><a href="/companies/${company.id}">${isolateText(company.name)}</a></th>
  <td data-label="Brands"><span class="chips">${company.brands
    .slice(0, brandsShown)
    .map((brand) => html`<span class="chip">${isolateText(brand.name)}</span>`)}${
    company.brands.length > brandsShown && html`<span class="chip more">+${company.brands.length - brandsShown}</span>`
  }</span></td>
  <td data-label="Added">${Components.when(company.createdAt, now)}</td>
</tr>`

const list = Effect.fnUntraced(function* (context: PageContext, me: Layout.Me, { cursor, search }: Asked) {
  const now = yield* Http.now
  const page = yield* context.companies.list(me, search === "" ? undefined : search, {
    limit: pageSize,
    ...(cursor === "" ? {} : { cursor })
  })
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
      ? Labels.count(items.length, "connection needs", "connections need")
      : "More than five connections need"
  return Components.notice(
    "act",
    `${few} attention`,
    html`<a href="/connections?state=attention">See which and what to do</a>`
  )
})

const addForm = (state: Components.FormState, key: string): Markup => html`<form method="post" action="/companies"
  class="card form">
  <input type="hidden" name="key" value="${key}">
  ${Components.textField(state, "name", "Company name", {
    hint: "The business, as its owner calls it. One that sells in several countries is one company."
  })}
  ${Components.textField(state, "brand", "First brand", { hint: "More brands can be added later." })}
  <div class="buttons"><button>Add company</button><a class="button secondary outline" href="/companies">Cancel</a>
    </div>
</form>`

const newPage = (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  state: Components.FormState,
  key: string,
  status: Status = 200
) =>
  Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Add a company",
      "companies",
      html`
    ${Components.pageHead("Add a company", { crumbs: [{ href: "/companies", label: "Companies" }] })}
    ${addForm(state, key)}`
    ),
    status
  )

/** Reads every field; all names good, or the errors by field. */
const readNew = (form: Http.Form) => {
  const name = Input.name(Http.one(form, "name"), "the company")
  const brand = Input.name(Http.one(form, "brand"), "the brand")
  return { input: Result.all({ name, brand }), errors: Input.errorsOf({ name, brand }) }
}

const brandForm = (company: Company.Open, state: Components.FormState): Markup =>
  html`<details class="inline-form"${state.errors["brand"] !== undefined && html` open`}>
    <summary class="button secondary outline small">Add a brand</summary>
    <form method="post" action="/companies/${company.id}/brands">${Components.textField(
      state,
      "brand",
      "Brand name"
    )}<button class="small">Add brand</button></form></details>`

const brandsOf = (company: Company.Open, me: Layout.Me, state: Components.FormState): Markup =>
  html`<section class="block" aria-labelledby="brands"><h2 id="brands">Brands</h2>
    <ul class="chips">${company.brands.map((brand) => html`<li class="chip">${isolateText(brand.name)}</li>`)}</ul>
    ${Access.may(me.role, "administer") && brandForm(company, state)}</section>`

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

const companyPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  company: Company.Open,
  state: Components.FormState,
  status: Status = 200
) {
  const cursor = (c.req.method === "GET" ? (c.req.query("cursor") ?? "") : "").slice(0, 2000)
  const page = yield* context.accounts.list(
    me,
    { companyId: company.id },
    { limit: 12, ...(cursor === "" ? {} : { cursor }) }
  )
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
  const mayAdd = Access.may(me.role, "administer")
  const newAccount = html`<a class="button" href="/companies/${company.id}/accounts/new">New account</a>`
  const mainAccount =
    me.accessScope._tag === "Everything"
      ? html`<a class="button secondary outline" href="/companies/${company.id}/main-account">Main account</a>`
      : html``
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      company.name,
      "companies",
      html`
    ${Components.pageHead(isolateText(company.name), {
      crumbs: [{ href: "/companies", label: "Companies" }],
      ...(accounts.length > 0 ? { actions: html`${mainAccount}${mayAdd && newAccount}` } : {})
    })}
    ${added}
    ${brandsOf(company, me, state)}
    <section class="block" aria-labelledby="accounts"><h2 id="accounts">Accounts</h2>
      ${
        accounts.length === 0
          ? Components.empty(
              "No accounts yet",
              "An account is one seller or vendor account in one marketplace. Each gets a tile for every API it needs.",
              mayAdd ? newAccount : Components.onlyLooking("An owner or admin of your organization")
            )
          : html`<div class="cards">${accounts.map(({ account, items }) => accountCard(me, account, items))}</div>`
      }
      ${Components.pagination(`/companies/${company.id}`, { cursor }, page)}
      <p class="muted"><a href="/accounts/removed">Removed accounts</a> are kept apart, and can be restored.</p>
    </section>`
    ),
    status
  )
})

const accountCard = (
  me: Layout.Me,
  account: Account.Present,
  connections: ReadonlyArray<Connections.ConnectionView>
): Markup => html`<article class="card account">
  <header><h3><a href="/accounts/${account.id}">${isolateText(account.name)}</a></h3>
    <p class="muted">${account.marketplaces.map(Labels.marketplaceName).join(", ")} · ${AccountType.label(
      account.accountType
    )}</p>
    ${
      account.deletion !== undefined &&
      html`<p>${Components.badge("act", `Its data is erased on ${Labels.day(account.deletion.dueAt)}`)}</p>`
    }</header>
  ${account.marketplaces.map(
    (id) => html`${account.marketplaces.length > 1 && html`<p class="eyebrow">${Labels.marketplaceName(id)}</p>`}
    <ul class="tiles">${inOrder(connections.filter(({ connection }) => connection.marketplaceId === id)).map((view) =>
      compactTile(view, may(me, "connect", account))
    )}</ul>`
  )}
</article>`

/** `/`, `/companies` and `/companies/{id}`. */
export const routes: Routes = (app, context) => {
  app.get("/", (c) => c.redirect("/companies", 303))

  app.get(
    "/companies",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        const wanted = asked(c)
        const { body, isBlank } = yield* list(context, me, wanted)
        // The live search asks for the list alone.
        if (c.req.header("HX-Request") === "true") return Http.send(c, body)
        return Http.send(
          c,
          Layout.memberPage(
            context,
            me,
            "Companies",
            "companies",
            html`
        ${Components.pageHead("Companies", {
          lead: "Businesses whose marketplace accounts you connect.",
          ...(Access.may(me.role, "administer") && !isBlank
            ? {
                actions: html`<a class="button secondary outline" href="/start">Connect an account</a><a class="button"
            href="/companies/new">Add company</a>`
              }
            : {})
        })}
        ${yield* attention(context, me)}
        ${
          !isBlank &&
          html`<search><form method="get" action="/companies" class="search">
          <label for="search" class="sr-only">Search companies and brands</label>
          <input id="search" type="search" name="search" value="${wanted.search}" maxlength="120" autocomplete="off"
            placeholder="Search companies and brands"
            hx-get="/companies" hx-trigger="input changed delay:250ms" hx-target="#list" hx-swap="innerHTML"
              hx-sync="this:replace"
            hx-status:4xx="swap:none" hx-status:5xx="swap:none">
          <button class="secondary">Search</button></form></search>`
        }
        <div id="list" aria-live="polite">${body}</div>`
          )
        )
      })
    )
  )

  app.get(
    "/companies/new",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        return newPage(context, c, me, Components.blank, Redacted.value(yield* context.secrets.token))
      })
    )
  )

  app.post(
    "/companies",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const form = yield* Http.readForm(c)
        const { errors, input } = readNew(form)
        const key = Http.one(form, "key").slice(0, 100)
        if (Result.isFailure(input)) return newPage(context, c, me, { values: Http.typed(form), errors }, key, 422)
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
    )
  )

  app.get(
    "/companies/:id",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        const company = yield* context.companies.view(me, yield* Http.idParam(c, Id.CompanyId))
        return yield* companyPage(context, c, me, company, Components.blank)
      })
    )
  )

  app.post(
    "/companies/:id/brands",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const id = yield* Http.idParam(c, Id.CompanyId)
        const form = yield* Http.readForm(c)
        const company = yield* context.companies.view(me, id)
        const again = (error: string, status: Status) =>
          companyPage(context, c, me, company, { values: Http.typed(form), errors: { brand: error } }, status)
        const name = Input.name(Http.one(form, "brand"), "the brand")
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
    )
  )
}
