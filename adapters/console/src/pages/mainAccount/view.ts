/** The page that gathers a company's accounts under one login. */
import { type Account, type Company, Messages } from "@portolan/domain"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { accountsSection, loginsSection } from "./lists.ts"
import { planSection, shareSection, type Shown } from "./plan.ts"

const { shared } = words

/** What the page shows after a form was refused. */
export interface RefusedForms {
  readonly login?: Fields.FormState
  readonly account?: Fields.FormState
  readonly mail?: Fields.FormState
  readonly notice?: Markup
}

/** What the page of a main account shows. */
export interface MainAccountPageModel extends Shown {
  readonly company: Company.Present
  readonly now: DateTime.Utc
  /** The company's accounts here. */
  readonly own: ReadonlyArray<Account.Present>
  /** What was done just now. */
  readonly done: string | undefined
  readonly refused: RefusedForms
  readonly status: Status
}

const doneTexts: { readonly [done: string]: readonly [title: string, text: string] } = {
  saved: [shared.noted, words.mainAccount.upToDate],
  looked: [shared.lookedJustNow, words.mainAccount.inPlan],
  shared: [words.mainAccount.addressReady, words.mainAccount.sendToPeople],
  unshared: [words.mainAccount.addressWithdrawn, words.mainAccount.whoeverOpens],
  mailed: [words.mainAccount.mailOnItsWay, words.mainAccount.carriesAddress]
}

const doneNotice = (done: string | undefined): Markup => {
  const text = doneTexts[done ?? ""]
  return text === undefined ? nothing : Components.notice("good", text[0], text[1])
}

/** The page of a company's main account. */
export const mainAccountPage = (model: MainAccountPageModel): MemberPage => {
  const { company, done, mayAct, now, own, refused, status, view } = model
  return {
    title: words.mainAccount.title({ company: company.name }),
    section: "companies",
    status,
    body: html`
    ${Components.pageHead(shared.mainAccount, {
      crumbs: [
        { href: "/companies", label: shared.companies },
        { href: `/companies/${company.id}`, label: isolateText(company.name) }
      ],
      lead: words.mainAccount.lead
    })}
    ${refused.notice ?? nothing}
    ${doneNotice(done)}
    <div class="split"><div>${planSection(model)}${accountsSection(model, own, refused.account ?? Fields.blank)}</div>
      <div>${loginsSection(model, now, refused.login ?? Fields.blank)}${
        mayAct &&
        (view.plan.main !== undefined || view.address !== undefined) &&
        shareSection(model, refused.mail ?? Fields.blank)
      }
      ${!mayAct && Components.onlyLooking(Messages.text("page.who-connects"))}</div></div>`
  }
}
