/** The first step of setting up an account. */
import { type Company, Messages } from "@portolan/domain"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { MemberPage } from "../../page/send.ts"
import { marketplaceSelect, typeChoice } from "../accounts/accountFields.ts"
import { currentOf, pathOf, type Ways } from "./ways.ts"

const lead =
  "A few steps: name the account, let us in at the provider, choose which account it is, and we load its history. " +
  "You can leave at any step and come back."

const begun = (under: ReadonlyArray<Ways>): Markup =>
  under.length === 0
    ? nothing
    : html`<section class="card" aria-labelledby="under-way"><h2 id="under-way">Go on with one you began</h2>
    <ul class="plain">${under.map(
      (ways) => html`<li><a href="${pathOf(ways)}">${isolateText(ways.account.name)}</a>
      <span class="muted">${Labels.marketplaceName(ways.way.marketplaceId)} · next: ${
        currentOf(ways.way)?.title ?? "done"
      }</span></li>`
    )}</ul></section>`

const companyChoice = (
  companies: ReadonlyArray<{ readonly id: string; readonly name: string }>,
  companyId: string | undefined
): Markup =>
  companies.length === 0
    ? nothing
    : html`<div class="field"><label for="field-company">Company</label><select id="field-company" name="company">
      ${companies.map(
        ({ id, name }) => html`<option value="${id}"${companyId === id && html` selected`}>${name}</option>`
      )}
      <option value="new"${companyId === "new" && html` selected`}>A new company, named like the
        account</option></select>
      <small class="hint">A business that sells in several countries is one company.</small></div>`

/** What the first step shows. */
export interface NewStartPageModel {
  readonly companies: ReadonlyArray<Company.Open>
  readonly context: PageContext
  readonly key: string
  readonly state: Fields.FormState
  readonly status: Status
  readonly under: ReadonlyArray<Ways>
}

/** The first step: what the account is. */
export const newStartPage = ({ companies, context, key, state, status, under }: NewStartPageModel): MemberPage => ({
  title: "Connect an account",
  section: "companies",
  status,
  body: html`
    ${Components.pageHead("Connect an account", { crumbs: [{ href: "/companies", label: "Companies" }], lead })}
    ${
      state.errors["form"] !== undefined &&
      Components.notice("act", Messages.text("page.account-not-created"), state.errors["form"])
    }
    ${begun(under)}
    <form method="post" action="/start" class="card form"><input type="hidden" name="key" value="${key}">
      <p class="eyebrow">Step 1</p>
      ${typeChoice(context, state, "What kind of account is it?")}
      ${Fields.textField(state, "name", "Name of the account", { hint: "Usually the brand, e.g. “Nordwind”." })}
      ${companyChoice(companies, state.values["company"])}
      ${marketplaceSelect(context, state)}
      <div class="buttons"><button>Continue</button><a class="button secondary outline"
        href="/companies">Cancel</a></div>
    </form>`
})
