/** The page that takes an account to another company: the choice, and what it does, before it is done. */
import { type Account, type Company, type Effects, Messages } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import { type CompanyChoice, companyField } from "../../page/companyChoice.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { html, isolateText } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { effectLists } from "../lifecycle/view.ts"

/** What the page shows. */
export interface AccountCompanyPageModel {
  readonly account: Account.Present
  readonly choice: CompanyChoice
  /** The present company. */
  readonly company: Company.Present
  readonly effects: ReadonlyArray<Effects.Effect>
  readonly status: Status
  readonly wrong: string | undefined
}

/** The page that takes an account to another company. */
export const accountCompanyPage = (model: AccountCompanyPageModel): MemberPage => {
  const { account, choice, company, effects, status, wrong } = model
  const action = `/accounts/${account.id}/company`
  return {
    title: words.accounts.otherCompany({ account: account.name }),
    section: "companies",
    status,
    body: html`
    ${Components.pageHead(words.accounts.otherCompany({ account: account.name }), {
      crumbs: [
        { href: `/companies/${company.id}`, label: isolateText(company.name) },
        { href: `/accounts/${account.id}`, label: isolateText(account.name) }
      ],
      lead: words.accounts.inCompany({ company: isolateText(company.name) })
    })}
    <section class="card form">${effectLists(effects)}
    <form method="post" action="${action}">
      ${companyField({
        blank: words.start.chooseCompany,
        choice: { ...choice, companies: choice.companies.filter(({ id }) => id !== company.id) },
        error: wrong,
        form: { action, method: "post" },
        label: words.accounts.rightCompany
      })}
      <div class="buttons"><button>${words.accounts.takeThere}</button><a class="button secondary outline"
        href="/accounts/${account.id}">${Messages.text("page.go-to-account")}</a></div></form></section>`
  }
}
