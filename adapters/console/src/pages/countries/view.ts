/** Pages to add a country to an account. */
import { type Account, type Expansion, type Marketplace, Messages } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { marketplaceSelect } from "../accounts/accountFields.ts"

const nextStep = (
  account: Account.Present,
  marketplace: Marketplace.Marketplace,
  { decision, needsConsent }: Expansion.Expansion
): Markup => {
  switch (decision) {
    case "add-marketplace":
      return html`<form method="post" action="/accounts/${account.id}/countries">
        <input type="hidden" name="marketplace" value="${marketplace.id}"><button>${words.countries.add({
          country: marketplace.country
        })}</button></form>
        <p class="muted">${needsConsent ? words.countries.authorizeOnce : words.countries.chooseProfile}</p>`
    case "add-account":
      return html`<a class="button" href="/companies/${account.companyId}/accounts/new?marketplace=${
        marketplace.id
      }&amp;type=${account.accountType}">${words.countries.newAccount}</a>`
    case "already-there":
    case "impossible":
      return html`<a class="button" href="/accounts/${account.id}">${Messages.text("page.go-to-account")}</a>`
  }
}

const decision = (
  account: Account.Present,
  marketplace: Marketplace.Marketplace,
  decided: Expansion.Expansion
): Markup => html`
  <section class="card" aria-labelledby="decision"><h2 id="decision">${words.countries.titles[decided.decision]({
    country: marketplace.country
  })}</h2>
    <p>${decided.explanation}</p>
    ${nextStep(account, marketplace, decided)}
  </section>`

/** What the page that says what a further country needs shows. */
export interface NewCountryPageModel {
  readonly account: Account.Present
  readonly context: PageContext
  readonly decided: Expansion.Expansion | undefined
  readonly marketplace: Marketplace.Marketplace | undefined
  readonly status: Status
  /** The marketplace that was asked about; text that may name none. */
  readonly text: string
}

/** The page that says what a further country needs. */
export const newCountryPage = ({
  account,
  context,
  decided,
  marketplace,
  status,
  text
}: NewCountryPageModel): MemberPage => ({
  title: words.countries.title,
  section: "companies",
  status,
  body: html`
    ${Components.pageHead(words.countries.title, {
      crumbs: [{ href: `/accounts/${account.id}`, label: isolateText(account.name) }],
      lead: words.countries.lead
    })}
    <form method="get" action="/accounts/${account.id}/countries/new" class="card form">
      ${marketplaceSelect(
        context,
        { values: { marketplace: text }, errors: {} },
        { provider: account.provider, without: account.marketplaces }
      )}
      <div class="buttons"><button class="${decided === undefined ? "" : "secondary"}">${
        words.countries.seeNeeds
      }</button>
        <a class="button secondary outline" href="/accounts/${account.id}">${words.shared.cancel}</a></div></form>
    ${marketplace !== undefined && decided !== undefined && decision(account, marketplace, decided)}`
})

/** Leads to adding a country, for those who may. */
export const addCountry = (me: Layout.Me, account: Account.Present): Markup =>
  may(me, "administer", account) && account._tag === "Open"
    ? html`<a class="button secondary outline" href="/accounts/${account.id}/countries/new">${
        words.countries.title
      }</a>`
    : nothing
