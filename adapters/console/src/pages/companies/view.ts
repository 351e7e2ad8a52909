/** Pages of companies: the list, one company, and adding one. */
import { Access, type Account, AccountType, type Company, Messages } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { compactTile, inOrder } from "../accounts/tiles.ts"
import { companyControls, companyDone, removedNotice } from "./removalView.ts"

const addForm = (state: Fields.FormState, key: string): Markup => html`<form method="post" action="/companies"
  class="card form">
  <input type="hidden" name="key" value="${key}">
  ${Fields.textField(state, "name", words.companies.name, { hint: words.companies.nameHint })}
  ${Fields.textField(state, "brand", words.companies.firstBrand, { hint: words.companies.firstBrandHint })}
  <div class="buttons"><button>${
    words.companies.add
  }</button><a class="button secondary outline" href="/companies">${words.shared.cancel}</a>
    </div>
</form>`

/** What the form of a new company shows. */
export interface NewCompanyPageModel {
  readonly key: string
  readonly state: Fields.FormState
  readonly status: Status
}

/** The form of a new company. */
export const newCompanyPage = ({ key, state, status }: NewCompanyPageModel): MemberPage => ({
  title: words.companies.addTitle,
  section: "companies",
  status,
  body: html`
    ${Components.pageHead(words.companies.addTitle, {
      crumbs: [{ href: "/companies", label: words.shared.companies }]
    })}
    ${addForm(state, key)}`
})

const brandForm = (company: Company.Present, state: Fields.FormState): Markup =>
  html`<details class="inline-form"${state.errors["brand"] !== undefined && html` open`}>
    <summary class="button secondary outline small">${words.companies.addBrandTitle}</summary>
    <form method="post" action="/companies/${company.id}/brands">${Fields.textField(
      state,
      "brand",
      words.companies.brandName
    )}<button class="small secondary">${words.companies.addBrand}</button></form></details>`

/** Puts brands right: another name, or away with one that was added by mistake. */
const brandsForm = (company: Company.Present, state: Fields.FormState): Markup =>
  html`<details class="inline-form"${state.errors["brand-name"] !== undefined && html` open`}>
    <summary class="button secondary outline small">${words.companies.changeBrands}</summary>
    <p class="muted">${words.companies.brandEffects}</p>
    ${company.brands.map(
      ({
        id,
        name
      }) => html`<form method="post" action="/companies/${company.id}/brands/${id}" class="press wide-press">
        <label for="brand-${id}">${words.companies.nameOfBrand({ brand: name })}</label>
        <div class="joined"><input id="brand-${id}" name="brand-name" value="${
          state.values["brand"] === id ? (state.values["brand-name"] ?? name) : name
        }" required autocomplete="off"><button class="small secondary">${words.shared.save}</button></div></form>
      ${
        company.brands.length > 1 &&
        Components.confirmed({
          label: words.companies.removeBrand({ brand: name }),
          question: words.companies.removeBrandQuestion({ brand: name }),
          action: `/companies/${company.id}/brands/${id}/remove`,
          yes: words.companies.yesRemoveBrand
        })
      }`
    )}
    ${Fields.fieldError(state, "brand-name")}</details>`

const mayChange = (me: Layout.Me, company: Company.Present): boolean =>
  Access.may(me.role, "administer") && company._tag === "Open"

const brandsOf = (company: Company.Present, me: Layout.Me, state: Fields.FormState): Markup =>
  html`<section class="block" aria-labelledby="brands"><h2 id="brands">${words.shared.brands}</h2>
    <ul class="chips">${company.brands.map((brand) => html`<li class="chip">${isolateText(brand.name)}</li>`)}</ul>
    ${mayChange(me, company) && brandsForm(company, state)}
    ${mayChange(me, company) && brandForm(company, state)}</section>`

/** Says that a company was added, and which others have its name. */
const addedNotice = (sameNamed: ReadonlyArray<Company.Present>): Markup =>
  sameNamed.length === 0
    ? Components.notice("good", words.companies.wasAdded, words.companies.nowAddAccount)
    : Components.notice(
        "wait",
        words.companies.addedAgain,
        words.companies.sameBusiness({
          companies: html`${sameNamed.map(
            (other) =>
              html`<a href="/companies/${other.id}">${isolateText(other.name)}</a> (${other.brands
                .map((brand) => brand.name)
                .join(", ")}) `
          )}`
        })
      )

/** An account with its connections. */
export interface AccountWithConnections {
  readonly account: Account.Present
  readonly items: ReadonlyArray<Connections.ConnectionView>
}

/** What the page of a company shows. */
export interface CompanyPageModel {
  readonly accounts: ReadonlyArray<AccountWithConnections>
  /** Other companies with the same name, when this one was added just now. */
  readonly sameNamed: ReadonlyArray<Company.Present> | undefined
  readonly company: Company.Present
  readonly cursor: string
  /** What was done just now. */
  readonly done: string | undefined
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly page: Components.ListPage
  readonly state: Fields.FormState
  readonly status: Status
}

/** The page of a company. */
export const companyPage = ({
  accounts,
  company,
  cursor,
  done,
  me,
  now,
  page,
  sameNamed,
  state,
  status
}: CompanyPageModel): MemberPage => {
  const mayAdminister = Access.may(me.role, "administer") && me.accessScope._tag === "Everything"
  const mayAdd = Access.may(me.role, "administer") && company._tag === "Open"
  const newAccount = html`<a class="button" href="/companies/${company.id}/accounts/new">${words.shared.newAccount}</a>`
  const renewals = html`<a class="button secondary outline" href="/renewals?company=${company.id}">${
    words.renewals.title
  }</a>`
  const mainAccount =
    me.accessScope._tag === "Everything"
      ? html`<a class="button secondary outline" href="/companies/${company.id}/main-account">${
          words.shared.mainAccount
        }</a>`
      : html``
  return {
    title: company.name,
    section: "companies",
    status,
    body: html`
    ${Components.pageHead(isolateText(company.name), {
      crumbs: [{ href: "/companies", label: words.shared.companies }],
      ...(accounts.length > 0 ? { actions: html`${renewals}${mainAccount}${mayAdd && newAccount}` } : {})
    })}
    ${sameNamed !== undefined && addedNotice(sameNamed)}
    ${companyDone(done)}
    ${removedNotice(company, mayAdminister, now)}
    ${brandsOf(company, me, state)}
    <section class="block" aria-labelledby="accounts"><h2 id="accounts">${words.shared.accounts}</h2>
      ${
        accounts.length === 0
          ? Components.empty(
              words.companies.noAccounts,
              words.companies.noAccountsHint,
              mayAdd ? newAccount : Components.onlyLooking(Messages.text("page.who-administers"))
            )
          : html`<div class="cards">${accounts.map(({ account, items }) => accountCard(me, account, items))}</div>`
      }
      ${Components.pagination(`/companies/${company.id}`, { cursor }, page)}
      <p class="muted">${words.companies.removedApart({
        removed: html`<a href="/accounts/removed">${words.shared.removedAccounts}</a>`
      })}</p>
    </section>
    ${mayAdminister && companyControls(company)}`
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
      html`<p>${Components.badge(
        "act",
        Messages.text("page.erased-on", { at: Format.day(account.deletion.dueAt) })
      )}</p>`
    }</header>
  ${account.marketplaces.map(
    (id) => html`${account.marketplaces.length > 1 && html`<p class="eyebrow">${Labels.marketplaceName(id)}</p>`}
    <ul class="tiles">${inOrder(connections.filter(({ connection }) => connection.marketplaceId === id)).map((view) =>
      compactTile(view, may(me, "connect", account))
    )}</ul>`
  )}
</article>`
