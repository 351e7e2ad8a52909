/** What people type to ask somebody: a name, an address, a few words; shared by requests and renewal campaigns. */
import { Requests } from "@portolan/ports"
import { Result } from "effect"
import * as Fields from "../../page/fields.ts"
import { html, type Markup } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"

/** Reads a person and a message; errors by field. */
export const read = (typed: { readonly [field: string]: string }) => {
  const message = (typed["message"] ?? "").replaceAll("\r\n", "\n").trim()
  const fields = {
    name: Input.name(typed["name"] ?? "", "owner"),
    email: Input.email(typed["email"] ?? ""),
    message:
      message.length > Requests.messageLimit
        ? Result.fail(
            `A message has at most ${Requests.messageLimit} characters; this one has ${message.length.toLocaleString(
              "en-GB"
            )}.`
          )
        : Result.succeed(message)
  }
  return { input: Result.all(fields), errors: Input.errorsOf(fields) }
}

/** The requester's own words. */
export const messageField = (state: Fields.FormState): Markup =>
  html`<div class="field"><label for="field-message">Your message</label>
  <textarea id="field-message" name="message" rows="4" maxlength="${
    Requests.messageLimit
  }" aria-describedby="field-message-hint"${
    state.errors["message"] !== undefined && html` aria-invalid="true"`
  }>${state.values["message"] ?? ""}</textarea>
  <small id="field-message-hint" class="hint">Optional. It is quoted in the mail under your name.</small>
  ${Fields.fieldError(state, "message")}</div>`

/** Carries values through a page that only shows them. */
export const hidden = (values: { readonly [field: string]: string }): ReadonlyArray<Markup> =>
  Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

/** What was typed, with every field of the form. */
export const typedIn = (form: Http.Form) => {
  const { email = "", marketplace = "", message = "", name = "" } = Http.typed(form)
  return { email, marketplace, message, name }
}
