/** Choosing a role, and which companies, brands and accounts somebody sees (rules K-R17, S-R8, S-R9). */
import { Access, type Account, type Company, Id } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { words } from "../../messages/words.ts"
import type { PageContext } from "../../page/context.ts"
import * as Fields from "../../page/fields.ts"
import { type Content, html, isolateText, type Markup } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import * as Layout from "../../page/layout.ts"

const { members } = words

/** The most companies a form offers to choose from; an installation with more limits access through the API. */
const companiesShown = 100
const accountsShown = 100

/** What each role may do, in one line. */
const roleHint: { readonly [R in Access.GivenRole]: string } = words.members.roles

/** A company with what can be chosen of it. */
export interface Choosable {
  readonly company: Company.Open
  readonly accounts: ReadonlyArray<Account.Present>
}

/** What there is to choose from. */
export const choosable = Effect.fnUntraced(function* (context: PageContext, me: Layout.Me) {
  const { items } = yield* context.companies.list(me, undefined, { limit: companiesShown })
  return yield* Effect.forEach(
    items,
    (company) =>
      Effect.map(context.accounts.list(me, { companyId: company.id }, { limit: accountsShown }), (page): Choosable => ({
        company,
        accounts: page.items
      })),
    { concurrency: 4 }
  )
})

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

/** The part of a form that says which accounts somebody sees. `legend` asks it. */
export const accessScopeFields = (state: Fields.FormState, all: ReadonlyArray<Choosable>, legend: string): Markup => {
  const { values } = state
  const to = values["to"] ?? "everything"
  const radio = (value: string, title: string, hint: string) =>
    html`<label class="choice"><input type="radio" name="to" value="${value}"${to === value && html` checked`}>
    <span><strong>${title}</strong><small>${hint}</small></span></label>`
  return html`<fieldset class="choices"><legend>${legend}</legend>
      ${radio("everything", members.allAccounts, members.laterToo)}
      ${radio("limited", members.chosenOnly, members.othersHidden)}
      ${
        all.length === 0
          ? html`<p class="muted">${members.nothingToChoose}</p>`
          : all.map((one) => companyPart(values, one))
      }
      ${Fields.fieldError(state, "to")}</fieldset>`
}

/** The part of a form that says what a person may do and see. */
export const accessFields = (state: Fields.FormState, all: ReadonlyArray<Choosable>): Markup =>
  html`<fieldset class="choices"><legend>${members.role}</legend>${Access.GivenRole.literals.toReversed().map(
    (role) => html`<label class="choice">
      <input type="radio" name="role" value="${role}" required${
        (state.values["role"] ?? "viewer") === role && html` checked`
      }>
      <span><strong>${role}</strong><small>${roleHint[role]}</small></span></label>`
  )}${Fields.fieldError(state, "role")}</fieldset>
    ${accessScopeFields(state, all, members.whichAccounts)}`

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
