/** The access scope of a member or a key on the wire. */
import { Access, Id } from "@portolan/domain"
import { Schema } from "effect"

const limitedTo = <S extends Schema.ConstraintDecoder<string>>(id: S) =>
  Schema.Array(Schema.Struct({ id, right: Access.Right })).check(Schema.isMaxLength(200))

/** The accounts that a member or a key can access: all, or those of certain companies, brands and accounts. */
export const Input = Schema.Union([
  Schema.Struct({ to: Schema.Literal("everything") }),
  Schema.Struct({
    to: Schema.Literal("limited"),
    companies: Schema.optionalKey(limitedTo(Id.CompanyId)),
    brands: Schema.optionalKey(limitedTo(Id.BrandId)),
    accounts: Schema.optionalKey(limitedTo(Id.AccountId))
  })
]).annotate({
  description: "All accounts, or those of certain companies, brands and accounts, each to read or to change (`write`)."
})

const listed = Schema.optionalKey(Schema.Array(Schema.Struct({ id: Schema.String, right: Access.Right })))

/** The same, in answers. */
export const Answer = Schema.Struct({
  to: Schema.Literals(["everything", "limited"]),
  companies: listed,
  brands: listed,
  accounts: listed
}).annotate({
  identifier: "Access",
  description: "All accounts, or those of certain companies, brands and accounts, each to read or to change (`write`)."
})

/** Reads an access; all accounts when it was left out. */
export const accessScope = (input: typeof Input.Type | undefined): Access.AccessScope =>
  input === undefined || input.to === "everything"
    ? Access.everything
    : { _tag: "Limited", companies: input.companies ?? [], brands: input.brands ?? [], accounts: input.accounts ?? [] }

/** Writes an access. */
export const of = (access: Access.AccessScope): typeof Answer.Type =>
  access._tag === "Everything"
    ? { to: "everything" }
    : { to: "limited", companies: access.companies, brands: access.brands, accounts: access.accounts }
