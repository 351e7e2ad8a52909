/** Choosing a role, and which companies, brands and accounts somebody sees (rules K-R17, S-R8, S-R9). */
import { Access, Id } from "@portolan/domain"
import { Schema } from "effect"
import { words } from "../../messages/words.ts"
import { searchButton } from "../../page/companyChoice.ts"
import * as Fields from "../../page/fields.ts"
import { type Content, html, isolateText, type Markup } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import { type Choosable, type Offer, searchField } from "./offer.ts"

const { members } = words

/** What each role may do, in one line. */
const roleHint: { readonly [R in Access.GivenRole]: string } = words.members.roles

const rightOf = (values: Fields.FormState["values"], field: string, label: Content): Markup => {
  const option = (value: string, text: string) =>
    html`<option value="${value}"${(values[field] ?? "") === value && html` selected`}>${text}</option>`
  return html`<div class="right"><label for="${field}">${label}</label>
    <select id="${field}" name="${field}" class="small">
      ${option("", words.shared.no)}${option("read", members.read)}${option("write", members.write)}</select></div>`
}

const companyPart = (values: Fields.FormState["values"], { accounts, company }: Choosable): Markup =>
  html`<details class="access"${
    [company.id, ...company.brands.map(({ id }) => id), ...accounts.map(({ id }) => id)].some(
      (id) => (values[id] ?? "") !== ""
    ) && html` open`
  }>
    <summary>${isolateText(company.name)}</summary>
    ${rightOf(values, company.id, members.wholeCompany({ name: isolateText(company.name) }))}
    ${company.brands.map((brand) => rightOf(values, brand.id, members.brand({ name: isolateText(brand.name) })))}
    ${accounts.map(({ id, name }) => rightOf(values, id, members.account({ name: isolateText(name) })))}</details>`

/** Finds further companies; a form that it sends changes nothing. `action`: where the form is sent. */
const companySearch = ({ isCut, search }: Offer, action: string): Markup | false =>
  (isCut || search !== "") &&
  html`<div class="field"><label for="field-access-search">${words.shared.searchCompanies}</label>
    <div class="joined"><input id="field-access-search" type="search" name="${searchField}" value="${search}"
      maxlength="120" autocomplete="off" hx-post="${action}" hx-trigger="input changed delay:250ms"
      hx-include="closest form" hx-vals='{"${searchButton}": "1"}' hx-select="#access-offer" hx-target="#access-offer"
      hx-swap="outerHTML" hx-sync="this:replace" hx-status:4xx="swap:none" hx-status:5xx="swap:none">
    <button class="secondary" name="${searchButton}" value="1"
      formnovalidate>${words.shared.search}</button></div></div>`

/** What the part of a form about access shows. */
export interface AccessScopeModel {
  /** Where the form is sent. */
  readonly action: string
  readonly offer: Offer
  readonly state: Fields.FormState
}

/** The part of a form that says which accounts somebody sees. `legend` asks it. */
export const accessScopeFields = ({ action, offer, state }: AccessScopeModel, legend: string): Markup => {
  const { values } = state
  const { all, isCut, kept } = offer
  const to = values["to"] ?? "everything"
  const radio = (value: string, title: string, hint: string) =>
    html`<label class="choice"><input type="radio" name="to" value="${value}"${to === value && html` checked`}>
    <span><strong>${title}</strong><small>${hint}</small></span></label>`
  return html`<fieldset class="choices"><legend>${legend}</legend>
      ${radio("everything", members.allAccounts, members.laterToo)}
      ${radio("limited", members.chosenOnly, members.othersHidden)}
      ${companySearch(offer, action)}
      <div id="access-offer">
      ${
        all.length === 0
          ? html`<p class="muted">${members.nothingToChoose}</p>`
          : all.map((one) => companyPart(values, one))
      }
      ${isCut && html`<p class="muted">${words.shared.firstCompanies({ quantity: all.length })}</p>`}
      ${kept.length > 0 && html`<p class="muted">${members.rightsKept({ quantity: kept.length })}</p>`}
      ${kept.map(([id, right]) => html`<input type="hidden" name="${id}" value="${right}">`)}
      </div>
      ${Fields.fieldError(state, "to")}</fieldset>`
}

/** The part of a form that says what a person may do and see. */
export const accessFields = (model: AccessScopeModel): Markup =>
  html`<fieldset class="choices"><legend>${members.role}</legend>${Access.GivenRole.literals.toReversed().map(
    (role) => html`<label class="choice">
      <input type="radio" name="role" value="${role}" required${model.state.values["role"] === role && html` checked`}>
      <span><strong>${role}</strong><small>${roleHint[role]}</small></span></label>`
  )}${Fields.fieldError(model.state, "role")}</fieldset>
    ${accessScopeFields(model, members.whichAccounts)}`

/** An access as values of the form. */
export const valuesOf = (role: Access.GivenRole, accessScope: Access.AccessScope): Fields.FormState["values"] => ({
  role,
  to: accessScope._tag === "Everything" ? "everything" : "limited",
  ...(accessScope._tag === "Everything"
    ? {}
    : Object.fromEntries(
        [...accessScope.companies, ...accessScope.brands, ...accessScope.accounts].map(({ id, right }) => [id, right])
      ))
})

const isRight = Schema.is(Access.Right)
const isCompany = Schema.is(Id.CompanyId)
const isBrand = Schema.is(Id.BrandId)
const isAccount = Schema.is(Id.AccountId)
const isRole = Schema.is(Access.GivenRole)

const rightsOf = <I extends string>(form: Http.Form, isId: (name: string) => name is I) =>
  [...form].flatMap(([name, [right]]) => (isId(name) && isRight(right) ? [{ id: name, right }] : []))

/** Reads the role; nothing for one that cannot be given. */
export const roleIn = (form: Http.Form): Access.GivenRole | undefined => {
  const role = Http.one(form, "role")
  return isRole(role) ? role : undefined
}

/** Reads which accounts were chosen. */
export const accessScopeIn = (form: Http.Form): Access.AccessScope =>
  Http.one(form, "to") !== "limited"
    ? Access.everything
    : {
        _tag: "Limited",
        companies: rightsOf(form, isCompany),
        brands: rightsOf(form, isBrand),
        accounts: rightsOf(form, isAccount)
      }

/** A reach in few words, for a list. */
export const describeAccessScope = (accessScope: Access.AccessScope): string => {
  if (accessScope._tag === "Everything") return members.allAccounts
  const part = (quantity: number, said: (counted: { readonly quantity: number }) => string) =>
    quantity === 0 ? [] : [said({ quantity })]
  return [
    ...part(accessScope.companies.length, members.companies),
    ...part(accessScope.brands.length, members.brands),
    ...part(accessScope.accounts.length, members.accounts)
  ].join(", ")
}
