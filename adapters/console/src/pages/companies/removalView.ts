/** Pages to remove a company that is there twice, to put it back, and the list of removed ones. */
import { type Account, type Company, type Effects, Messages } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { type CompanyChoice, companyField } from "../../page/companyChoice.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { confirmation } from "../lifecycle/view.ts"

const { companies, history, lifecycle, shared } = words

const crumbsOf = ({ id, name }: Company.Present) => [
  { href: "/companies", label: shared.companies },
  { href: `/companies/${id}`, label: isolateText(name) }
]

/** What the page before a company is removed shows. */
export interface RemovalPageModel {
  readonly company: Company.Present
  readonly effects: ReadonlyArray<Effects.Effect>
  /** Its accounts in use: the first ones, and whether there are more. */
  readonly accounts: Repository.Page<Account.Present>
  readonly choice: CompanyChoice
  /** The company that was chosen to take the accounts over. */
  readonly into: Company.Present | undefined
  readonly status: Status
  readonly wrong: string | undefined
}

const accountsOf = ({ items, next }: Repository.Page<Account.Present>): Markup => html`
  ${Components.notice(
    "wait",
    next === undefined
      ? companies.hasAccounts({ quantity: items.length })
      : companies.hasManyAccounts({ quantity: items.length }),
    companies.moveFirst
  )}
  <section class="card form"><ul>${items.map(
    ({ id, name }) => html`<li><a href="/accounts/${id}">${isolateText(name)}</a> ·
      <a href="/accounts/${id}/company">${lifecycle.changeCompany}<span class="sr-only"> ${name}</span></a></li>`
  )}</ul></section>`

const mergeForm = ({ choice, company, into, wrong }: RemovalPageModel): Markup => {
  const action = `/companies/${company.id}/remove`
  return html`<form method="get" action="${action}" class="card form"><h2>${companies.mergeTitle}</h2>
    ${companyField({
      choice: { ...choice, companies: choice.companies.filter(({ id }) => id !== company.id) },
      blank: Messages.text("company.choose-other"),
      label: companies.mergeInto,
      form: { action, method: "get" },
      error: wrong
    })}
    <div class="buttons"><button class="${into === undefined ? "" : "secondary"}">${companies.seeMerge}</button>
      <a class="button secondary outline" href="/companies/${company.id}">${companies.keep}</a></div></form>`
}

/** The page before a company is removed: with accounts in use, the company that takes them over comes first. */
export const removalPage = (model: RemovalPageModel): MemberPage => {
  const { accounts, company, effects, into, status } = model
  const at = `/companies/${company.id}`
  const hasAccounts = accounts.items.length > 0
  const confirmed = into !== undefined || !hasAccounts
  const text = {
    button: into === undefined ? lifecycle.commands.remove.button : companies.mergeNow,
    keep: companies.keep,
    isDanger: true
  }
  const named = { company: isolateText(company.name) }
  return {
    title: companies.removalTitle({ company: company.name }),
    section: "companies",
    status,
    body: html`
    ${Components.pageHead(
      into === undefined
        ? companies.removalQuestion(named)
        : companies.mergeQuestion({ ...named, into: isolateText(into.name) }),
      { crumbs: crumbsOf(company) }
    )}
    ${hasAccounts && accountsOf(accounts)}
    ${hasAccounts && mergeForm(model)}
    ${
      confirmed &&
      confirmation({
        at,
        command: into === undefined ? "remove" : "merge",
        effects,
        extra: into !== undefined && html`<input type="hidden" name="company" value="${into.id}">`,
        text
      })
    }`
  }
}

/** The page before a company is put back. */
export const restorePage = (company: Company.Present, effects: ReadonlyArray<Effects.Effect>): MemberPage => ({
  title: companies.restoreTitle({ company: company.name }),
  section: "companies",
  body: html`
    ${Components.pageHead(companies.restoreQuestion({ company: isolateText(company.name) }), {
      crumbs: crumbsOf(company)
    })}
    ${confirmation({
      at: `/companies/${company.id}`,
      command: "restore",
      effects,
      text: { button: lifecycle.commands.restore.button, keep: lifecycle.commands.restore.keep, isDanger: false }
    })}`
})

/** What people read about a company that was removed; nothing for one in use. */
export const removedNotice = (company: Company.Present, mayAct: boolean, now: DateTime.Utc): Markup =>
  company._tag === "Open"
    ? nothing
    : Components.notice(
        "idle",
        companies.wasRemoved,
        html`${companies.takenOff({ at: Components.when(company.removedAt, now) })}${
          mayAct && html` <a href="/companies/${company.id}/restore">${companies.restore}</a>`
        }`
      )

/** What can be done to a company beside its accounts. */
export const companyControls = (company: Company.Present): Markup =>
  company._tag === "Removed"
    ? nothing
    : html`<section class="block later" aria-labelledby="manage"><h2 id="manage">${companies.manage}</h2>
    <p class="muted">${companies.manageHint} ${lifecycle.seeEffects}</p>
    <p class="buttons"><a class="button secondary outline small"
      href="/companies/${company.id}/remove">${companies.remove}</a></p></section>`

const doneWords: { readonly [done: string]: readonly [title: string, body: string] } = {
  remove: [history.companyRemoved, companies.removedHow],
  restore: [history.companyRestored, history.backOnLists]
}

/** The notice of a finished command, if there was one. */
export const companyDone = (done: string | undefined): Markup => {
  const said = done !== undefined && Object.hasOwn(doneWords, done) ? doneWords[done] : undefined
  return said === undefined ? nothing : Components.notice("good", said[0], said[1])
}

/** What the list of removed companies shows. */
export interface RemovedCompaniesPageModel {
  readonly cursor: string
  readonly mayRestore: boolean
  readonly now: DateTime.Utc
  readonly page: Repository.Page<Company.Present>
}

const row = (company: Company.Present, { mayRestore, now }: RemovedCompaniesPageModel): Markup => html`<tr>
  <th scope="row" data-label="${shared.company}"><a href="/companies/${company.id}">${isolateText(
    company.name
  )}</a></th>
  <td data-label="${lifecycle.removed}">${company._tag === "Removed" && Components.when(company.removedAt, now)}</td>
  <td class="end">${
    mayRestore &&
    html`<a class="button small secondary outline" href="/companies/${company.id}/restore">${
      lifecycle.restore
    }<span class="sr-only"> ${company.name}</span></a>`
  }</td></tr>`

/** The list of removed companies. */
export const removedCompaniesPage = (model: RemovedCompaniesPageModel): MemberPage => ({
  title: companies.removedCompanies,
  section: "companies",
  body: html`
    ${Components.pageHead(companies.removedCompanies, {
      crumbs: [{ href: "/companies", label: shared.companies }],
      lead: companies.removedLead
    })}
    ${
      model.page.items.length === 0
        ? Components.empty(
            companies.noneRemoved,
            companies.listedHere,
            html`<a class="button secondary outline" href="/companies">${shared.goToCompanies}</a>`
          )
        : html`<table class="rows"><thead><tr>${[shared.company, lifecycle.removed].map(
            (head) => html`<th scope="col">${head}</th>`
          )}<th scope="col"><span class="sr-only">${shared.action}</span></th></tr></thead>
        <tbody>${model.page.items.map((company) => row(company, model))}</tbody></table>${Components.pagination(
          "/companies/removed",
          { cursor: model.cursor },
          model.page
        )}`
    }`
})
