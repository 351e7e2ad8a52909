/** The form of a new account. */
import { type Company, Messages } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { marketplaceSelect, typeChoice } from "./accountFields.ts"

const brandChoice = (company: Company.Present, brands: ReadonlyArray<string>, state: Fields.FormState): Markup =>
  html`<fieldset class="choices compact"><legend>${words.accounts.brands}</legend>
  ${company.brands.map(
    (brand, index) => html`<label class="choice">
    <input type="checkbox" name="brands" value="${brand.id}"${
      (brands.length === 0 ? index === 0 : brands.includes(brand.id)) && html` checked`
    }><span>${isolateText(brand.name)}</span></label>`
  )}
  ${Fields.fieldError(state, "brands")}</fieldset>
  <div class="field"><label for="field-default">${words.accounts.defaultBrand}</label>
    <select id="field-default" name="default" aria-describedby="field-default-hint">${company.brands.map(
      (brand) =>
        html`<option value="${brand.id}"${state.values["default"] === brand.id && html` selected`}>${
          brand.name
        }</option>`
    )}</select>
    <small id="field-default-hint" class="hint">${words.accounts.defaultBrandHint}</small>
    ${Fields.fieldError(state, "default")}</div>`

/** What the form shows. */
export interface NewAccountPageModel {
  /** The brands that are ticked. */
  readonly brands: ReadonlyArray<string>
  readonly company: Company.Present
  readonly context: PageContext
  readonly key: string
  readonly state: Fields.FormState
  readonly status: Status
}

/** The form of a new account. */
export const newAccountPage = ({ brands, company, context, key, state, status }: NewAccountPageModel): MemberPage => ({
  title: words.shared.newAccount,
  section: "companies",
  status,
  body: html`
    ${Components.pageHead(words.shared.newAccount, {
      crumbs: [
        { href: "/companies", label: words.shared.companies },
        { href: `/companies/${company.id}`, label: isolateText(company.name) }
      ],
      lead: words.accounts.newAccountLead
    })}
    ${
      state.errors["form"] !== undefined &&
      Components.notice("act", Messages.text("page.account-not-created"), state.errors["form"])
    }
    <form method="post" action="/companies/${company.id}/accounts" class="card form">
      <input type="hidden" name="key" value="${key}">
      ${Fields.textField(state, "name", words.accounts.accountName, { hint: words.accounts.accountNameHint })}
      ${marketplaceSelect(context, state)}
      ${typeChoice(context, state)}
      ${brandChoice(company, brands, state)}
      <div class="buttons"><button>${words.accounts.createAccount}</button><a class="button secondary outline"
        href="/companies/${company.id}">${words.shared.cancel}</a></div>
    </form>`
})
