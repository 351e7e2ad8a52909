/** The list of companies, one company with its brands and accounts, and adding either (flow F1, steps 1 to 3). */
import { Access, type Account, AccountType, type Company, Id, Text } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { type DateTime, Effect, Redacted, Result } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { html, type Markup, theirs } from "../Html.ts"
import * as Input from "../Input.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import type { Status } from "../Trouble.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"
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
  <th scope="row" data-label="Company"><a href="/companies/${company.id}">${theirs(company.name)}</a></th>
  <td data-label="Brands"><span class="chips">${company.brands
    .slice(0, brandsShown)
    .map((brand) => html`<span class="chip">${theirs(brand.name)}</span>`)}${
    company.brands.length > brandsShown && html`<span class="chip more">+${company.brands.length - brandsShown}</span>`
  }</span></td>
  <td data-label="Added">${Parts.when(company.createdAt, now)}</td>
</tr>`

const list = Effect.fnUntraced(function* (desk: Desk, me: Layout.Me, { cursor, search }: Asked) {
  const now = yield* Web.now
  const page = yield* desk.companies.list(me, search === "" ? undefined : search, {
    limit: pageSize,
    ...(cursor === "" ? {} : { cursor })
  })
  const mayAdd = Access.may(me.role, "administer")
  const body =
    page.items.length > 0
      ? html`<table class="rows"><thead><tr><th scope="col">Company</th><th scope="col">Brands</th>
      <th scope="col">Added</th></tr></thead>
        <tbody>${page.items.map((company) => row(company, now))}</tbody></table>
        ${Parts.pagination("/companies", { search, cursor }, page)}`
      : search !== ""
        ? Parts.empty(
            "No company found",
            html`Nothing matches “${theirs(search)}”. The search looks into company and brand names.`,
            html`<a class="button secondary outline" href="/companies">Show all companies</a>`
          )
        : Parts.empty(
            "No companies yet",
            "A company is a business whose marketplace accounts you connect. It has at least one brand.",
            mayAdd
              ? html`<div class="buttons"><a class="button" href="/start">Connect your first account</a>
        <a class="button secondary outline" href="/companies/new">Add your first company</a></div>`
              : Parts.onlyLooking("An owner or admin of your organization")
          )
  return { body, isBlank: page.items.length === 0 && search === "" && cursor === "" }
})

const attention = Effect.fnUntraced(function* (desk: Desk, me: Layout.Me) {
  const { items, next } = yield* desk.connections.list(
    me,
    { states: ["ReauthorizationNeeded", "Limited"] },
    { limit: 5 }
  )
  if (items.length === 0) return html``
  const few =
    next === undefined
      ? Words.count(items.length, "connection needs", "connections need")
      : "More than five connections need"
  return Parts.notice(
    "act",
    `${few} attention`,
    html`<a href="/connections?state=attention">See which and what to do</a>`
  )
})

const addForm = (state: Parts.FormState, key: string): Markup => html`<form method="post" action="/companies"
  class="card form">
  <input type="hidden" name="key" value="${key}">
  ${Parts.textField(state, "name", "Company name", {
    hint: "The business, as its owner calls it. One that sells in several countries is one company."
  })}
  ${Parts.textField(state, "brand", "First brand", { hint: "More brands can be added later." })}
  <div class="buttons"><button>Add company</button><a class="button secondary outline" href="/companies">Cancel</a>
    </div>
</form>`

const newPage = (desk: Desk, c: Context, me: Layout.Me, state: Parts.FormState, key: string, status: Status = 200) =>
  Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "Add a company",
      "companies",
      html`
    ${Parts.pageHead("Add a company", { crumbs: [{ href: "/companies", label: "Companies" }] })}
    ${addForm(state, key)}`
    ),
    status
  )

/** Reads every field; all names good, or the errors by field. */
const readNew = (form: Web.Form) => {
  const name = Input.name(Web.one(form, "name"), "the company")
  const brand = Input.name(Web.one(form, "brand"), "the brand")
  return { input: Result.all({ name, brand }), errors: Input.errorsOf({ name, brand }) }
}

const brandForm = (company: Company.Open, state: Parts.FormState): Markup =>
  html`<details class="inline-form"${state.errors["brand"] !== undefined && html` open`}>
    <summary class="button secondary outline small">Add a brand</summary>
    <form method="post" action="/companies/${company.id}/brands">${Parts.textField(
      state,
      "brand",
      "Brand name"
    )}<button class="small">Add brand</button></form></details>`

const brandsOf = (company: Company.Open, me: Layout.Me, state: Parts.FormState): Markup =>
  html`<section class="block" aria-labelledby="brands"><h2 id="brands">Brands</h2>
    <ul class="chips">${company.brands.map((brand) => html`<li class="chip">${theirs(brand.name)}</li>`)}</ul>
    ${Access.may(me.role, "administer") && brandForm(company, state)}</section>`

const sameNamedNotice = Effect.fnUntraced(function* (desk: Desk, me: Layout.Me, company: Company.Open) {
  const { items } = yield* desk.companies.list(me, company.name, { limit: 20 })
  const same = items.filter((other) => other.id !== company.id && Text.folded(other.name) === Text.folded(company.name))
  return Parts.notice(
    same.length === 0 ? "good" : "wait",
    same.length === 0 ? "Company added" : "Company added, but there is another one with this name",
    same.length === 0
      ? "Now add its first account."
      : html`If it is the same business, use one of them only: ${same.map(
          (other) =>
            html`<a href="/companies/${other.id}">${theirs(other.name)}</a> (${other.brands
              .map((brand) => brand.name)
              .join(", ")}) `
        )}`
  )
})

const companyPage = Effect.fnUntraced(function* (
  desk: Desk,
  c: Context,
  me: Layout.Me,
  company: Company.Open,
  state: Parts.FormState,
  status: Status = 200
) {
  const cursor = (c.req.method === "GET" ? (c.req.query("cursor") ?? "") : "").slice(0, 2000)
  const page = yield* desk.accounts.list(me, company.id, { limit: 12, ...(cursor === "" ? {} : { cursor }) })
  const accounts = yield* Effect.forEach(
    page.items,
    (account) =>
      Effect.map(desk.connections.list(me, { accountId: account.id }, { limit: 100 }), ({ items }) => ({
        account,
        items
      })),
    { concurrency: 4 }
  )
  const added = c.req.query("done") === "company-added" ? yield* sameNamedNotice(desk, me, company) : html``
  const mayAdd = Access.may(me.role, "administer")
  const newAccount = html`<a class="button" href="/companies/${company.id}/accounts/new">New account</a>`
  const mainAccount =
    me.accessScope._tag === "Everything"
      ? html`<a class="button secondary outline" href="/companies/${company.id}/main-account">Main account</a>`
      : html``
  return Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      company.name,
      "companies",
      html`
    ${Parts.pageHead(theirs(company.name), {
      crumbs: [{ href: "/companies", label: "Companies" }],
      ...(accounts.length > 0 ? { actions: html`${mainAccount}${mayAdd && newAccount}` } : {})
    })}
    ${added}
    ${brandsOf(company, me, state)}
    <section class="block" aria-labelledby="accounts"><h2 id="accounts">Accounts</h2>
      ${
        accounts.length === 0
          ? Parts.empty(
              "No accounts yet",
              "An account is one seller or vendor account in one marketplace. Each gets a tile for every API it needs.",
              mayAdd ? newAccount : Parts.onlyLooking("An owner or admin of your organization")
            )
          : html`<div class="cards">${accounts.map(({ account, items }) => accountCard(me, account, items))}</div>`
      }
      ${Parts.pagination(`/companies/${company.id}`, { cursor }, page)}
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
  <header><h3><a href="/accounts/${account.id}">${theirs(account.name)}</a></h3>
    <p class="muted">${account.marketplaces.map(Words.marketplaceName).join(", ")} · ${AccountType.label(
      account.accountType
    )}</p>
    ${
      account.deletion !== undefined &&
      html`<p>${Parts.badge("act", `Its data is erased on ${Words.day(account.deletion.dueAt)}`)}</p>`
    }</header>
  ${account.marketplaces.map(
    (id) => html`${account.marketplaces.length > 1 && html`<p class="eyebrow">${Words.marketplaceName(id)}</p>`}
    <ul class="tiles">${inOrder(connections.filter(({ connection }) => connection.marketplaceId === id)).map((view) =>
      compactTile(view, may(me, "connect", account))
    )}</ul>`
  )}
</article>`

/** `/`, `/companies` and `/companies/{id}`. */
export const routes: Routes = (app, desk) => {
  app.get("/", (c) => c.redirect("/companies", 303))

  app.get(
    "/companies",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        const wanted = asked(c)
        const { body, isBlank } = yield* list(desk, me, wanted)
        // The live search asks for the list alone.
        if (c.req.header("HX-Request") === "true") return Web.send(c, body)
        return Web.send(
          c,
          Layout.memberPage(
            desk,
            me,
            "Companies",
            "companies",
            html`
        ${Parts.pageHead("Companies", {
          lead: "Businesses whose marketplace accounts you connect.",
          ...(Access.may(me.role, "administer") && !isBlank
            ? {
                actions: html`<a class="button secondary outline" href="/start">Connect an account</a><a class="button"
            href="/companies/new">Add company</a>`
              }
            : {})
        })}
        ${yield* attention(desk, me)}
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
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        return newPage(desk, c, me, Parts.blank, Redacted.value(yield* desk.secrets.token))
      })
    )
  )

  app.post(
    "/companies",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const form = yield* Web.readForm(c)
        const { errors, input } = readNew(form)
        const key = Web.one(form, "key").slice(0, 100)
        if (Result.isFailure(input)) return newPage(desk, c, me, { values: Web.typed(form), errors }, key, 422)
        const fingerprint = yield* desk.secrets.digest(
          Redacted.make(JSON.stringify(["company", input.success.name, input.success.brand]))
        )
        const { company } = yield* desk.companies.add(
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
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        const company = yield* desk.companies.view(me, yield* Web.idParam(c, Id.CompanyId))
        return yield* companyPage(desk, c, me, company, Parts.blank)
      })
    )
  )

  app.post(
    "/companies/:id/brands",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        yield* Effect.fromResult(Access.check(me, "administer"))
        const id = yield* Web.idParam(c, Id.CompanyId)
        const form = yield* Web.readForm(c)
        const company = yield* desk.companies.view(me, id)
        const again = (error: string, status: Status) =>
          companyPage(desk, c, me, company, { values: Web.typed(form), errors: { brand: error } }, status)
        const name = Input.name(Web.one(form, "brand"), "the brand")
        if (Result.isFailure(name)) return yield* again(name.failure, 422)
        return yield* desk.companies.addBrand(me, id, name.success).pipe(
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
