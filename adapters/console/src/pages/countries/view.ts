/** Pages to add a country to an account. */
import { type Account, type Expansion, type Marketplace, Messages } from "@portolan/domain"
import { may } from "../../page/access.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { marketplaceSelect } from "../accounts/accountFields.ts"

const titles: { readonly [D in Expansion.Decision]: (country: string) => string } = {
  "already-there": (country) => `${country} belongs to this account already`,
  "add-marketplace": (country) => `${country} joins this account`,
  "add-account": (country) => `${country} needs an account of its own`
}

const nextStep = (
  account: Account.Present,
  marketplace: Marketplace.Marketplace,
  { decision, needsConsent }: Expansion.Expansion
): Markup => {
  switch (decision) {
    case "add-marketplace":
      return html`<form method="post" action="/accounts/${account.id}/countries">
        <input type="hidden" name="marketplace" value="${marketplace.id}"><button>Add ${
          marketplace.country
        }</button></form>
        <p class="muted">${
          needsConsent
            ? "After that it has to be authorized once."
            : "After that you choose its profile; nobody has to go to the provider again when the consent lists it."
        }</p>`
    case "add-account":
      return html`<a class="button" href="/companies/${
        account.companyId
      }/accounts/new">New account in the same company</a>`
    case "already-there":
      return html`<a class="button" href="/accounts/${account.id}">${Messages.text("page.go-to-account")}</a>`
  }
}

const decision = (
  account: Account.Present,
  marketplace: Marketplace.Marketplace,
  decided: Expansion.Expansion
): Markup => html`
  <section class="card" aria-labelledby="decision"><h2 id="decision">${titles[decided.decision](
    marketplace.country
  )}</h2>
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
  title: "Add a country",
  section: "companies",
  status,
  body: html`
    ${Components.pageHead("Add a country", {
      crumbs: [{ href: `/accounts/${account.id}`, label: isolateText(account.name) }],
      lead:
        "A country of the same region and kind joins the account, where the provider treats it as " +
        "the same seller. We look, and say why."
    })}
    <form method="get" action="/accounts/${account.id}/countries/new" class="card form">
      ${marketplaceSelect(
        context,
        { values: { marketplace: text }, errors: {} },
        { provider: account.provider, without: account.marketplaces }
      )}
      <div class="buttons"><button class="${decided === undefined ? "" : "secondary"}">See what it needs</button>
        <a class="button secondary outline" href="/accounts/${account.id}">Cancel</a></div></form>
    ${marketplace !== undefined && decided !== undefined && decision(account, marketplace, decided)}`
})

/** Leads to adding a country, for those who may. */
export const addCountry = (me: Layout.Me, account: Account.Present): Markup =>
  may(me, "administer", account) && account._tag === "Open"
    ? html`<a class="button secondary outline" href="/accounts/${account.id}/countries/new">Add a country</a>`
    : nothing
