/** What the forms of this room say, read and judged. */
import { Id } from "@portolan/domain"
import type { Requests } from "@portolan/ports"
import { Result, Schema } from "effect"
import type { PageContext } from "../../page/context.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import * as RequestForm from "../requests/form.ts"
import { chosenOf, field } from "./view.ts"

export const decodeConnection = Schema.decodeUnknownOption(Id.ConnectionId)

/** What the form says: whom to ask for what, with errors by field. */
export const read = (form: Http.Form) => {
  const values = Http.typed(form)
  const ids = chosenOf(Http.many(form, "connection"))
  const message = RequestForm.read({ name: "x", email: "x@example.com", message: values["message"] ?? "" })
  const fields = ids.map((id) => ({
    id,
    name: Input.name(values[`name-${id}`] ?? "", "the owner"),
    email: RequestForm.email(values[`email-${id}`] ?? "")
  }))
  const errors = Object.assign(
    {},
    message.errors,
    ...fields.map(({ email, id, name }) => Input.errorsOf({ [`name-${id}`]: name, [`email-${id}`]: email }))
  ) as { readonly [field: string]: string }
  const items = fields.flatMap(({ email, id, name }) =>
    Result.isSuccess(email) && Result.isSuccess(name)
      ? [{ connectionId: id, owner: { name: name.success, email: email.success } }]
      : []
  )
  const campaign: Requests.Campaign = {
    items,
    ...(Result.isSuccess(message.input) ? { message: message.input.success.message } : {})
  }
  return {
    campaign,
    ids,
    values,
    errors: ids.length === 0 ? { ...errors, form: "Choose at least one connection." } : errors
  }
}

/** What the page shows. */
export interface CampaignPreviewPageModel {
  readonly context: PageContext
  readonly form: Http.Form
  readonly preview: Requests.CampaignPreview
}
