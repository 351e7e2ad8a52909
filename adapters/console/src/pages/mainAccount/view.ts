/** The page that gathers a company's accounts under one login. */
import { type Account, type Company, Messages } from "@portolan/domain"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { accountsSection, loginsSection } from "./lists.ts"
import { planSection, shareSection, type Shown } from "./plan.ts"

/** What the page shows after a form was refused. */
export interface RefusedForms {
  readonly login?: Fields.FormState
  readonly account?: Fields.FormState
  readonly mail?: Fields.FormState
  readonly notice?: Markup
}

/** What the page of a main account shows. */
export interface MainAccountPageModel extends Shown {
  readonly company: Company.Open
  readonly now: DateTime.Utc
  /** The company's accounts here. */
  readonly own: ReadonlyArray<Account.Present>
  /** What was done just now. */
  readonly done: string | undefined
  readonly refused: RefusedForms
  readonly status: Status
}

const doneTexts: { readonly [done: string]: readonly [title: string, text: string] } = {
  saved: ["Noted", "The plan below is up to date."],
  looked: ["Looked just now", "What the login sees is in the plan."],
  shared: ["The address is ready", "Send it to the people named in the plan."],
  unshared: ["Address withdrawn", "Whoever opens it is told so."],
  mailed: ["The mail is on its way", "It carries the address of the plan."]
}

const doneNotice = (done: string | undefined): Markup => {
  const text = doneTexts[done ?? ""]
  return text === undefined ? nothing : Components.notice("good", text[0], text[1])
}

/** The page of a company's main account. */
export const mainAccountPage = (model: MainAccountPageModel): MemberPage => {
  const { company, done, mayAct, now, own, refused, status, view } = model
  return {
    title: `${company.name}: main account`,
    section: "companies",
    status,
    body: html`
    ${Components.pageHead("Main account", {
      crumbs: [
        { href: "/companies", label: "Companies" },
        { href: `/companies/${company.id}`, label: isolateText(company.name) }
      ],
      lead:
        "Gather all accounts under one login. Each account has one administrator, and only the administrator can let " +
        "another login in."
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
