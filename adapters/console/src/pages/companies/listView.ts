/** The list of companies. */
import { type Company, Messages } from "@portolan/domain"
import type { Connections, Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"

/** What a list was asked for. */
export interface ListQuery {
  readonly search: string
  readonly cursor: string
}

const brandsShown = 4

const row = (company: Company.Present, now: DateTime.Utc): Markup => html`<tr>
  <th scope="row" data-label="${
    words.shared.company
  }"><a href="/companies/${company.id}">${isolateText(company.name)}</a></th>
  <td data-label="${words.shared.brands}"><span class="chips">${company.brands
    .slice(0, brandsShown)
    .map((brand) => html`<span class="chip">${isolateText(brand.name)}</span>`)}${
    company.brands.length > brandsShown && html`<span class="chip more">+${company.brands.length - brandsShown}</span>`
  }</span></td>
  <td data-label="${words.companies.added}">${Components.when(company.createdAt, now)}</td>
</tr>`

/** The companies that a search found, or all. */
export interface CompanyList {
  readonly query: ListQuery
  readonly page: Repository.Page<Company.Present>
  readonly mayAdd: boolean
  readonly now: DateTime.Utc
}

const emptyList = ({ mayAdd, query: { search } }: CompanyList): Markup =>
  search === ""
    ? Components.empty(
        words.companies.none,
        words.companies.noneHint,
        mayAdd
          ? html`<div class="buttons"><a class="button" href="/start">${words.companies.connectFirst}</a>
        <a class="button secondary outline" href="/companies/new">${words.companies.addFirst}</a></div>`
          : Components.onlyLooking(Messages.text("page.who-administers"))
      )
    : Components.empty(
        words.companies.notFound,
        words.companies.nothingMatches({ search: isolateText(search) }),
        html`<a class="button secondary outline" href="/companies">${words.companies.showAll}</a>`
      )

/** The list alone, as the live search asks for it. */
export const companyList = (list: CompanyList): Markup =>
  list.page.items.length === 0
    ? emptyList(list)
    : html`<table class="rows"><thead><tr><th scope="col">${
        words.shared.company
      }</th><th scope="col">${words.shared.brands}</th>
      <th scope="col">${words.companies.added}</th></tr></thead>
        <tbody>${list.page.items.map((company) => row(company, list.now))}</tbody></table>
        ${Components.pagination("/companies", { ...list.query }, list.page)}`

/** How many connections need attention. */
const attention = ({ total }: Repository.Page<Connections.ConnectionView>): Markup => {
  if (total === undefined || total.count === 0) return nothing
  return Components.notice(
    "act",
    words.companies.needAttention({ of: total }),
    html`<a href="/connections?state=attention">${words.companies.seeWhich}</a>`
  )
}

/** What the list of companies shows. */
export interface CompaniesPageModel extends CompanyList {
  /** Connections that need attention; the page shows their total. */
  readonly needAttention: Repository.Page<Connections.ConnectionView>
}

/** The list of companies, with the search above it. */
export const companiesPage = (model: CompaniesPageModel): MemberPage => {
  const { mayAdd, needAttention, page, query } = model
  const isBlank = page.items.length === 0 && query.search === "" && query.cursor === ""
  return {
    title: words.shared.companies,
    section: "companies",
    body: html`
        ${Components.pageHead(words.shared.companies, {
          lead: words.companies.lead,
          ...(mayAdd && !isBlank
            ? {
                actions: html`<a class="button secondary outline" href="/start">${
                  words.shared.connectAccount
                }</a><a class="button"
            href="/companies/new">${words.companies.add}</a>`
              }
            : {})
        })}
        ${attention(needAttention)}
        ${
          !isBlank &&
          html`<search><form method="get" action="/companies" class="search">
          <label for="search" class="sr-only">${words.companies.searchLabel}</label>
          <input id="search" type="search" name="search" value="${query.search}" maxlength="120" autocomplete="off"
            placeholder="${words.companies.searchLabel}"
            hx-get="/companies" hx-trigger="input changed delay:250ms" hx-target="#list" hx-swap="innerHTML"
              hx-sync="this:replace"
            hx-status:4xx="swap:none" hx-status:5xx="swap:none">
          <button class="secondary">${words.shared.search}</button></form></search>`
        }
        <div id="list" aria-live="polite">${companyList(model)}</div>
        ${
          !isBlank &&
          html`<p class="muted">${words.companies.removedApart({
            removed: html`<a href="/companies/removed">${words.companies.removedCompanies}</a>`
          })}</p>`
        }`
  }
}
