/** Pages of companies: the list, one company, and adding one. */
import { Access, type Account, AccountType, type Company } from "@portolan/domain"
import type { Connections, Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { compactTile, inOrder } from "../accounts/tiles.ts"

const brandsShown = 4

/** What a list was asked for. */
export interface ListQuery {
  readonly search: string
  readonly cursor: string
}

const row = (company: Company.Open, now: DateTime.Utc): Markup => html`<tr>
  <th scope="row" data-label="Company"><a href="/companies/${company.id}">${isolateText(company.name)}</a></th>
  <td data-label="Brands"><span class="chips">${company.brands
    .slice(0, brandsShown)
    .map((brand) => html`<span class="chip">${isolateText(brand.name)}</span>`)}${
    company.brands.length > brandsShown && html`<span class="chip more">+${company.brands.length - brandsShown}</span>`
  }</span></td>
  <td data-label="Added">${Components.when(company.createdAt, now)}</td>
</tr>`

const addForm = (state: Fields.FormState, key: string): Markup => html`<form method="post" action="/companies"
  class="card form">
  <input type="hidden" name="key" value="${key}">
  ${Fields.textField(state, "name", "Company name", {
    hint: "The business, as its owner calls it. One that sells in several countries is one company."
  })}
  ${Fields.textField(state, "brand", "First brand", { hint: "More brands can be added later." })}
  <div class="buttons"><button>Add company</button><a class="button secondary outline" href="/companies">Cancel</a>
    </div>
</form>`

/** What the page shows. */
export interface NewCompanyPageModel {
  readonly key: string
  readonly state: Fields.FormState
  readonly status: Status
}

export const newCompanyPage = ({ key, state, status }: NewCompanyPageModel): MemberPage => ({
  title: "Add a company",
  section: "companies",
  status,
  body: html`
    ${Components.pageHead("Add a company", { crumbs: [{ href: "/companies", label: "Companies" }] })}
    ${addForm(state, key)}`
})

const brandForm = (company: Company.Open, state: Fields.FormState): Markup =>
  html`<details class="inline-form"${state.errors["brand"] !== undefined && html` open`}>
    <summary class="button secondary outline small">Add a brand</summary>
    <form method="post" action="/companies/${company.id}/brands">${Fields.textField(
      state,
      "brand",
      "Brand name"
    )}<button class="small">Add brand</button></form></details>`

const brandsOf = (company: Company.Open, me: Layout.Me, state: Fields.FormState): Markup =>
  html`<section class="block" aria-labelledby="brands"><h2 id="brands">Brands</h2>
    <ul class="chips">${company.brands.map((brand) => html`<li class="chip">${isolateText(brand.name)}</li>`)}</ul>
    ${Access.may(me.role, "administer") && brandForm(company, state)}</section>`

/** Says that a company was added, and which others have its name. */
const addedNotice = (sameNamed: ReadonlyArray<Company.Open>): Markup =>
  sameNamed.length === 0
    ? Components.notice("good", "Company added", "Now add its first account.")
    : Components.notice(
        "wait",
        "Company added, but there is another one with this name",
        html`If it is the same business, use one of them only: ${sameNamed.map(
          (other) =>
            html`<a href="/companies/${other.id}">${isolateText(other.name)}</a> (${other.brands
              .map((brand) => brand.name)
              .join(", ")}) `
        )}`
      )

/** An account with its connections. */
export interface AccountWithConnections {
  readonly account: Account.Present
  readonly items: ReadonlyArray<Connections.ConnectionView>
}

/** What the page shows. */
export interface CompanyPageModel {
  readonly accounts: ReadonlyArray<AccountWithConnections>
  /** Other companies with the same name, when this one was added just now. */
  readonly sameNamed: ReadonlyArray<Company.Open> | undefined
  readonly company: Company.Open
  readonly cursor: string
  readonly me: Layout.Me
  readonly page: { readonly next?: string }
  readonly state: Fields.FormState
  readonly status: Status
}

export const companyPage = ({
  accounts,
  company,
  cursor,
  me,
  page,
  sameNamed,
  state,
  status
}: CompanyPageModel): MemberPage => {
  const mayAdd = Access.may(me.role, "administer")
  const newAccount = html`<a class="button" href="/companies/${company.id}/accounts/new">New account</a>`
  const mainAccount =
    me.accessScope._tag === "Everything"
      ? html`<a class="button secondary outline" href="/companies/${company.id}/main-account">Main account</a>`
      : html``
  return {
    title: company.name,
    section: "companies",
    status,
    body: html`
    ${Components.pageHead(isolateText(company.name), {
      crumbs: [{ href: "/companies", label: "Companies" }],
      ...(accounts.length > 0 ? { actions: html`${mainAccount}${mayAdd && newAccount}` } : {})
    })}
    ${sameNamed !== undefined && addedNotice(sameNamed)}
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
  }
}

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
      html`<p>${Components.badge("act", `Its data is erased on ${Format.day(account.deletion.dueAt)}`)}</p>`
    }</header>
  ${account.marketplaces.map(
    (id) => html`${account.marketplaces.length > 1 && html`<p class="eyebrow">${Labels.marketplaceName(id)}</p>`}
    <ul class="tiles">${inOrder(connections.filter(({ connection }) => connection.marketplaceId === id)).map((view) =>
      compactTile(view, may(me, "connect", account))
    )}</ul>`
  )}
</article>`

/** The companies that a search found, or all. */
export interface CompanyList {
  readonly query: ListQuery
  readonly page: Repository.Page<Company.Open>
  readonly mayAdd: boolean
  readonly now: DateTime.Utc
}

const emptyList = ({ mayAdd, query: { search } }: CompanyList): Markup =>
  search === ""
    ? Components.empty(
        "No companies yet",
        "A company is a business whose marketplace accounts you connect. It has at least one brand.",
        mayAdd
          ? html`<div class="buttons"><a class="button" href="/start">Connect your first account</a>
        <a class="button secondary outline" href="/companies/new">Add your first company</a></div>`
          : Components.onlyLooking("An owner or admin of your organization")
      )
    : Components.empty(
        "No company found",
        html`Nothing matches “${isolateText(search)}”. The search looks into company and brand names.`,
        html`<a class="button secondary outline" href="/companies">Show all companies</a>`
      )

/** The list alone, as the live search asks for it. */
export const companyList = (list: CompanyList): Markup =>
  list.page.items.length === 0
    ? emptyList(list)
    : html`<table class="rows"><thead><tr><th scope="col">Company</th><th scope="col">Brands</th>
      <th scope="col">Added</th></tr></thead>
        <tbody>${list.page.items.map((company) => row(company, list.now))}</tbody></table>
        ${Components.pagination("/companies", { ...list.query }, list.page)}`

/** Connections that need attention: the first few, and whether there are more. */
const attention = ({ items, next }: Repository.Page<Connections.ConnectionView>): Markup => {
  if (items.length === 0) return nothing
  const few =
    next === undefined
      ? Format.count(items.length, "connection needs", "connections need")
      : "More than five connections need"
  return Components.notice(
    "act",
    `${few} attention`,
    html`<a href="/connections?state=attention">See which and what to do</a>`
  )
}

/** What the list of companies shows. */
export interface CompaniesPageModel extends CompanyList {
  /** At most five connections that need attention. */
  readonly needAttention: Repository.Page<Connections.ConnectionView>
}

/** The list of companies, with the search above it. */
export const companiesPage = (model: CompaniesPageModel): MemberPage => {
  const { mayAdd, needAttention, page, query } = model
  const isBlank = page.items.length === 0 && query.search === "" && query.cursor === ""
  return {
    title: "Companies",
    section: "companies",
    body: html`
        ${Components.pageHead("Companies", {
          lead: "Businesses whose marketplace accounts you connect.",
          ...(mayAdd && !isBlank
            ? {
                actions: html`<a class="button secondary outline" href="/start">Connect an account</a><a class="button"
            href="/companies/new">Add company</a>`
              }
            : {})
        })}
        ${attention(needAttention)}
        ${
          !isBlank &&
          html`<search><form method="get" action="/companies" class="search">
          <label for="search" class="sr-only">Search companies and brands</label>
          <input id="search" type="search" name="search" value="${query.search}" maxlength="120" autocomplete="off"
            placeholder="Search companies and brands"
            hx-get="/companies" hx-trigger="input changed delay:250ms" hx-target="#list" hx-swap="innerHTML"
              hx-sync="this:replace"
            hx-status:4xx="swap:none" hx-status:5xx="swap:none">
          <button class="secondary">Search</button></form></search>`
        }
        <div id="list" aria-live="polite">${companyList(model)}</div>`
  }
}
