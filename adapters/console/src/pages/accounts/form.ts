/** What the forms of this room say, read and judged. */
import { AccountType, type Company, Marketplace, Messages } from "@portolan/domain"
import { Option, Result } from "effect"
import { words } from "../../messages/words.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"

/** Reads a new account; errors by field. */
export const readNew = (form: Http.Form, company: Company.Present) => {
  const brands = company.brands.filter((brand) => Http.many(form, "brands").includes(brand.id)).map((brand) => brand.id)
  const fallback = Http.one(form, "default")
  const fields = {
    name: Input.name(Http.one(form, "name"), "account"),
    marketplace: Option.match(Marketplace.find(Http.one(form, "marketplace")), {
      onNone: () => Result.fail(Messages.text("account.choose-marketplace")),
      onSome: (found) => Result.succeed(found.id)
    }),
    type: Result.fromOption(
      Option.fromUndefinedOr(AccountType.all().find((type) => type === Http.one(form, "type"))),
      () => words.accounts.chooseType
    ),
    brands: brands.length > 0 ? Result.succeed(brands) : Result.fail(words.accounts.chooseBrand),
    default: Result.fromOption(
      Option.fromUndefinedOr(brands.find((brand) => brand === fallback)),
      () => words.accounts.chooseTicked
    )
  }
  return { input: Result.all(fields), errors: Input.errorsOf(fields) }
}
