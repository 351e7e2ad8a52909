/** What the forms of this room say, read and judged. */
import { AccountType, Channel, Marketplace, Messages } from "@portolan/domain"
import { Option, Result } from "effect"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"

/** Reads the first step; errors by field. */
export const readNew = (form: Http.Form) => {
  const type = AccountType.all().find((one) => one === Http.one(form, "type"))
  const marketplace = Marketplace.find(Http.one(form, "marketplace"))
  const fields = {
    type: Result.fromOption(Option.fromUndefinedOr(type), () => Messages.text("page.choose-account-type")),
    name: Input.name(Http.one(form, "name"), "account"),
    marketplace: Option.match(marketplace, {
      onNone: () => Result.fail(Messages.text("account.choose-marketplace")),
      onSome: (found) =>
        type !== undefined && Channel.required(found.provider, type).length === 0
          ? Result.fail("Choose a marketplace of the same provider as the kind of account.")
          : Result.succeed(found.id)
    })
  }
  return { input: Result.all(fields), errors: Input.errorsOf(fields) }
}
