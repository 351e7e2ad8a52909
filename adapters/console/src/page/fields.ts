/** Fields of forms: what was typed, and what is wrong with it. */
import { html, type Markup, nothing } from "./html.ts"

/** What a form shows again after it was refused: what was typed, and what is wrong where. */
export interface FormState {
  readonly values: { readonly [field: string]: string }
  readonly errors: { readonly [field: string]: string }
}

/** A form that nobody has filled in yet. */
export const blank: FormState = { values: {}, errors: {} }

/**
 * A line of text with its label, hint and error. Without `autocomplete` browsers fill it in again after the back
 * button; `off` forbids them that, too.
 */
export const textField = (
  state: FormState,
  name: string,
  label: string,
  more: {
    readonly hint?: string
    readonly autocomplete?: string
    readonly type?: string
    readonly placeholder?: string
    /** Whether it may be left empty. */
    readonly isOptional?: boolean
  } = {}
): Markup => {
  const error = state.errors[name]
  const id = `field-${name}`
  const described = [more.hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`].filter(
    (text) => text !== ""
  )
  return html`<div class="field"><label for="${id}">${label}</label>
    <input id="${id}" name="${name}" type="${more.type ?? "text"}" value="${state.values[name] ?? ""}"${
      more.isOptional !== true && html` required`
    }
      ${more.autocomplete !== undefined && html`autocomplete="${more.autocomplete}"`}${
        more.placeholder !== undefined && html` placeholder="${more.placeholder}"`
      }${error !== undefined && html` aria-invalid="true"`}${
        described.length > 0 && html` aria-describedby="${described.join(" ")}"`
      }>
    ${more.hint !== undefined && html`<small id="${id}-hint" class="hint">${more.hint}</small>`}
    ${error !== undefined && html`<small id="${id}-error" class="error">${error}</small>`}</div>`
}

/** The error of a field that is not a line of text. */
export const fieldError = (state: FormState, name: string): Markup => {
  const error = state.errors[name]
  return error === undefined ? nothing : html`<small id="field-${name}-error" class="error">${error}</small>`
}
