/**
 * Choosing a company where there may be thousands: the matches of a search, and always the one that is chosen already.
 * Works without scripts; with them the matches follow what is typed.
 */
import { type Company, Id } from "@portolan/domain"
import { Effect, Option, Schema } from "effect"
import { words } from "../messages/words.ts"
import type { PageContext } from "./context.ts"
import * as Fields from "./fields.ts"
import * as Http from "./http.ts"
import { type Content, html, type Markup } from "./html.ts"
import type * as Layout from "./layout.ts"

/** The field in which a company is searched for, beside the choice. */
export const searchField = "company-search"

/** The button that only searches; a form that it sends changes nothing. */
export const searchButton = "searching"

const offered = 25

/** The companies to choose from. */
export interface CompanyChoice {
  readonly companies: ReadonlyArray<Company.Present>
  /** Whether more companies match than are shown. */
  readonly isCut: boolean
  readonly search: string
  readonly selectedId: string | undefined
}

/** Whether a form was sent to search, and not to be carried out. */
export const isSearching = (form: Http.Form): boolean => form.has(searchButton)

/** Where a form with a search is shown again with what was typed: sent to search, it changes nothing. */
export const searched = (path: string) => ({ path, sent: { [searchButton]: "1" } })

const isCompanyId = Schema.is(Id.CompanyId)

/** Finds the companies to choose from. A company that is not there is not offered. */
export const companyChoice = Effect.fnUntraced(function* (
  context: PageContext,
  me: Layout.Me,
  { search: typed = "", selectedId }: { readonly search?: string; readonly selectedId?: string | undefined }
) {
  const search = typed.trim().slice(0, 120)
  const { items, next } = yield* context.companies.list(me, search === "" ? {} : { search }, { limit: offered })
  const isMissing = selectedId !== undefined && !items.some(({ id }) => id === selectedId)
  const selected =
    isMissing && isCompanyId(selectedId)
      ? Option.toArray(yield* Effect.option(context.companies.view(me, selectedId)))
      : []
  const inUse = selected.filter(({ _tag }) => _tag === "Open")
  return { companies: [...inUse, ...items], isCut: next !== undefined, search, selectedId } satisfies CompanyChoice
})

/** What a choice of companies looks like: in a form that is sent, or among the filters of a list. */
export interface CompanyFieldModel {
  readonly choice: CompanyChoice
  /** The first entry: that nothing is chosen. */
  readonly blank: string
  readonly label: Content
  /** Where the form that it stands in is sent, and how. */
  readonly form: { readonly action: string; readonly method: "get" | "post" }
  /** An entry after the companies. */
  readonly last?: readonly [value: string, label: string]
  readonly hint?: Content
  readonly error?: string | undefined
}

/** The search and the choice. Without many companies the search is left out. */
export const companyField = ({ blank, choice, error, form, hint, label, last }: CompanyFieldModel): Markup => {
  const { companies, isCut, search, selectedId } = choice
  const option = (value: string, text: string) =>
    html`<option value="${value}"${(selectedId ?? "") === value && html` selected`}>${text}</option>`
  const state = { values: {}, errors: error === undefined ? {} : { company: error } }
  return html`<div class="field company-choice">
    ${
      (isCut || search !== "") &&
      html`<label for="field-company-search">${words.shared.searchCompanies}</label>
      <div class="joined"><input id="field-company-search" type="search" name="${searchField}" value="${search}"
        maxlength="120" autocomplete="off" hx-${form.method}="${form.action}" hx-trigger="input changed delay:250ms"
        hx-include="closest form" hx-vals='{"${searchButton}": "1"}' hx-select="#company-options"
        hx-target="#company-options" hx-swap="outerHTML" hx-sync="this:replace"
        hx-status:4xx="swap:none" hx-status:5xx="swap:none">
      <button class="secondary" name="${searchButton}" value="1" formnovalidate>${words.shared.search}</button></div>`
    }
    <div id="company-options"><label for="field-company">${label}</label>
    <select id="field-company" name="company"${error !== undefined && html` aria-invalid="true"`}>
      ${option("", blank)}
      ${companies.map(({ id, name }) => option(id, name))}
      ${last !== undefined && option(...last)}</select>
    ${isCut && html`<small class="hint">${words.shared.firstCompanies({ quantity: companies.length })}</small>`}</div>
    ${hint !== undefined && html`<small class="hint">${hint}</small>`}
    ${Fields.fieldError(state, "company")}</div>`
}
