/** The page that gathers a company's accounts under one login. */
import type { Account, Company } from "@portolan/domain"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { accountsSection, loginsSection } from "./lists.ts"
import { planSection, shareSection, type View } from "./plan.ts"

/** What was wrong with a form, to show it again. */
export interface Again {
  readonly login?: Fields.FormState
  readonly account?: Fields.FormState
  readonly mail?: Fields.FormState
  readonly notice?: Markup
}

/** What the sendMainAccount shows. */
export interface MainAccountPageModel {
  readonly again: Again
  readonly base: string
  readonly company: Company.Open
  readonly may: boolean
  readonly now: DateTime.Utc
  readonly own: ReadonlyArray<Account.Present>
  readonly said: readonly [title: string, text: string] | undefined
  readonly status: Status
  readonly view: View
}

export const mainAccountPage = ({
  again,
  base,
  company,
  may,
  now,
  own,
  said,
  status,
  view
}: MainAccountPageModel): MemberPage => ({
  title: `${company.name}: main account`,
  section: "companies",
  status,
  body: html`
    ${Components.pageHead("Main account", {
      crumbs: [
        { href: "/companies", label: "Companies" },
        { href: `/companies/${company.id}`, label: isolateText(company.name) }
      ],
      lead: "Gather all accounts under one login. Each account has one administrator, and only the administrator can let another login in."
    })}
    ${again.notice ?? nothing}
    ${said !== undefined && Components.notice("good", said[0], said[1])}
    <div class="split"><div>${planSection(view, base, may)}${accountsSection(
      view,
      own,
      base,
      may,
      again.account ?? Fields.blank
    )}</div>
      <div>${loginsSection(view, base, may, now, again.login ?? Fields.blank)}${
        may &&
        (view.plan.main !== undefined || view.address !== undefined) &&
        shareSection(view, base, again.mail ?? Fields.blank)
      }
      ${!may && Components.onlyLooking("An owner, admin or member of your organization")}</div></div>`
})
