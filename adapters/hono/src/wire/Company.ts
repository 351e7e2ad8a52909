/** Companies and brands on the wire. */
import { Id, type Company } from "@portolan/domain"
import { Schema } from "effect"
import { By, by, Instant, instant, NameInput } from "./Text.ts"

/** A brand of a company. */
export const Brand = Schema.Struct({ id: Id.BrandId, name: Schema.String }).annotate({
  identifier: "Brand",
  description: "A brand of a company, assigned to its accounts."
})

/** A company. */
export const Answer = Schema.Struct({
  id: Id.CompanyId,
  name: Schema.String,
  brands: Schema.Array(Brand),
  createdAt: Instant,
  state: Schema.Literals(["open", "removed"]),
  removedAt: Schema.optionalKey(Instant),
  removedBy: Schema.optionalKey(By)
}).annotate({
  identifier: "Company",
  description: "A business whose accounts are connected. It has at least one brand."
})

/** A company that was just added, with those of the same name (rule K-R2). */
export const Added = Schema.Struct({
  ...Answer.fields,
  sameNamed: Schema.Array(Schema.Struct({ id: Id.CompanyId, name: Schema.String })).annotate({
    description: "Other companies with the same name, for information."
  })
}).annotate({ identifier: "AddedCompany", description: "The new company, and others that have the same name." })

/** What adding a company takes. */
export const New = Schema.Struct({ name: NameInput, brand: NameInput })
/** What adding a brand or renaming takes. */
export const Named = Schema.Struct({ name: NameInput })

/** Which companies a list shows. */
export const Listed = Schema.Literals(["open", "removed", "any"]).annotate({
  description: "Companies in use by default."
})

/** The states of a list. */
export const states = (listed: typeof Listed.Type | undefined): ReadonlyArray<Company.Present["_tag"]> => {
  switch (listed) {
    case "removed":
      return ["Removed"]
    case "any":
      return ["Open", "Removed"]
    default:
      return ["Open"]
  }
}

/** The company that takes over. */
export const Merged = Schema.Struct({ into: Id.CompanyId })

/** Writes a company. */
export const of = (company: Company.Present): typeof Answer.Type => ({
  id: company.id,
  name: company.name,
  brands: company.brands.map(({ id, name }) => ({ id, name })),
  createdAt: instant(company.createdAt),
  state: company._tag === "Open" ? "open" : "removed",
  ...(company._tag === "Open" ? {} : { removedAt: instant(company.removedAt), removedBy: by(company.removedBy) })
})
