/** What the forms of this room say, read and judged. */
import { Result } from "effect"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"

/** Reads every field; all names good, or the errors by field. */
export const readNew = (form: Http.Form) => {
  const name = Input.name(Http.one(form, "name"), "company")
  const brand = Input.name(Http.one(form, "brand"), "brand")
  return { input: Result.all({ name, brand }), errors: Input.errorsOf({ name, brand }) }
}
