/** The form of a campaign: whom to ask for what. */
import { Id } from "@portolan/domain"
import type { Requests } from "@portolan/ports"
import { Option, Result, Schema } from "effect"
import { words } from "../../messages/words.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import * as RequestForm from "../requests/form.ts"
import { formLimit } from "./view.ts"

const decodeConnection = Schema.decodeUnknownOption(Id.ConnectionId)

/** The ids of connections among some texts; those that are none are left out. */
export const idsIn = (values: ReadonlyArray<string>): ReadonlyArray<Id.ConnectionId> =>
  [...new Set(values.flatMap((text) => Option.toArray(decodeConnection(text))))].slice(0, formLimit)

/** What the form says: whom to ask for what, with errors by field. */
export const read = (form: Http.Form) => {
  const values = Http.typed(form)
  const ids = idsIn(Http.many(form, "connection"))
  const message = RequestForm.read({ name: "x", email: "x@example.com", message: values["message"] ?? "" })
  const fields = ids.map((id) => ({
    id,
    name: Input.name(values[`name-${id}`] ?? "", "owner"),
    email: Input.email(values[`email-${id}`] ?? "")
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
  return { campaign, ids, values, errors: ids.length === 0 ? { ...errors, form: words.campaigns.chooseOne } : errors }
}
