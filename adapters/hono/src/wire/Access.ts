/** What somebody's access is limited to, on the wire (rules K-R17, S-R9). */
import { Access, Id } from "@portolan/domain"
import { Schema } from "effect"

const chosen = <S extends Schema.ConstraintDecoder<string>>(id: S) =>
  Schema.Array(Schema.Struct({ id, right: Access.Right })).check(Schema.isMaxLength(200))

/** Which accounts somebody reaches: all of them, or those of chosen companies, brands and accounts. */
export const Input = Schema.Union([
  Schema.Struct({ to: Schema.Literal("everything") }),
  Schema.Struct({
    to: Schema.Literal("chosen"),
    companies: Schema.optionalKey(chosen(Id.CompanyId)),
    brands: Schema.optionalKey(chosen(Id.BrandId)),
    accounts: Schema.optionalKey(chosen(Id.AccountId))
  })
]).annotate({
  description: "All accounts, or those of chosen companies, brands and accounts, each to read or to change (`write`)."
})

const listed = Schema.optionalKey(Schema.Array(Schema.Struct({ id: Schema.String, right: Access.Right })))

/** Which accounts somebody reaches. */
export const Answer = Schema.Struct({
  to: Schema.Literals(["everything", "chosen"]),
  companies: listed,
  brands: listed,
  accounts: listed
}).annotate({
  identifier: "Access",
  description: "All accounts, or those of chosen companies, brands and accounts, each to read or to change (`write`)."
})

/** Reads an access; all accounts when it was left out. */
export const accessScope = (input: typeof Input.Type | undefined): Access.AccessScope =>
  input === undefined || input.to === "everything"
    ? Access.everything
    : { _tag: "Chosen", companies: input.companies ?? [], brands: input.brands ?? [], accounts: input.accounts ?? [] }

/** Writes an access. */
export const of = (access: Access.AccessScope): typeof Answer.Type =>
  access._tag === "Everything"
    ? { to: "everything" }
    : { to: "chosen", companies: access.companies, brands: access.brands, accounts: access.accounts }
