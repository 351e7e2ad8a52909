/** The first step of setting up an account. */
import { Messages } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import { type CompanyChoice, companyField } from "../../page/companyChoice.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { MemberPage } from "../../page/send.ts"
import { marketplaceSelect, typeChoice } from "../accounts/accountFields.ts"
import { currentOf, pathOf, type Ways } from "./ways.ts"

const { shared, start } = words

const begun = (under: ReadonlyArray<Ways>): Markup =>
  under.length === 0
    ? nothing
    : html`<section class="card" aria-labelledby="under-way"><h2 id="under-way">${start.goOn}</h2>
    <ul class="plain">${under.map(
      (ways) => html`<li><a href="${pathOf(ways)}">${isolateText(ways.account.name)}</a>
      <span class="muted">${Labels.marketplaceName(ways.way.marketplaceId)} · ${start.next({
        step: currentOf(ways.way)?.title ?? start.nothingNext
      })}</span></li>`
    )}</ul></section>`

/** Nothing is chosen for a person: an account in the wrong company is somebody else's data (rule C12). */
const companyOf = (choice: CompanyChoice, error: string | undefined): Markup =>
  choice.companies.length === 0 && choice.search === ""
    ? nothing
    : companyField({
        choice,
        error,
        blank: start.chooseCompany,
        label: shared.company,
        form: { action: "/start", method: "post" },
        last: ["new", start.newCompany],
        hint: start.businessHint
      })

/** What the first step shows. */
export interface NewStartPageModel {
  readonly choice: CompanyChoice
  readonly context: PageContext
  readonly key: string
  readonly state: Fields.FormState
  readonly status: Status
  readonly under: ReadonlyArray<Ways>
}

/** The first step: what the account is. */
export const newStartPage = ({ choice, context, key, state, status, under }: NewStartPageModel): MemberPage => ({
  title: shared.connectAccount,
  section: "companies",
  status,
  body: html`
    ${Components.pageHead(shared.connectAccount, {
      crumbs: [{ href: "/companies", label: shared.companies }],
      lead: start.lead
    })}
    ${
      state.errors["form"] !== undefined &&
      Components.notice("act", Messages.text("page.account-not-created"), state.errors["form"])
    }
    ${begun(under)}
    <form method="post" action="/start" class="card form"><input type="hidden" name="key" value="${key}">
      <p class="eyebrow">${start.stepOne}</p>
      ${typeChoice(context, state, start.whatKind)}
      ${Fields.textField(state, "name", start.nameOfAccount, { hint: start.nameHint })}
      ${companyOf(choice, state.errors["company"])}
      ${marketplaceSelect(context, state)}
      <div class="buttons"><button>${start.continueOn}</button><a class="button secondary outline"
        href="/companies">${shared.cancel}</a></div>
    </form>`
})
