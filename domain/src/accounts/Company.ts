/** A business whose accounts are connected. It has at least one brand (rules K-R2, K-R4). */
import { Schema } from "effect"
import { BrandId, CompanyId, OrganizationId } from "../kernel/Id.ts"
import { decider, fold, happened, nothing } from "../kernel/Machine.ts"
import { folded, Name } from "../kernel/Text.ts"
import { say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/** A brand belongs to a company and is assigned to its accounts (rule K-R5). */
export const Brand = Schema.Struct({ id: BrandId, name: Name })
export type Brand = typeof Brand.Type

/** Brands one company may have. A limit of this product, not of a provider. */
export const brandLimit = 200

/** A company with its brands. */
export const Open = Schema.TaggedStruct("Open", {
  id: CompanyId,
  organizationId: OrganizationId,
  name: Name,
  brands: Schema.NonEmptyArray(Brand),
  createdAt: Schema.DateTimeUtc
})
export type Open = typeof Open.Type

/** Absent until added. */
export const State = Schema.Union([Schema.TaggedStruct("Absent", {}), Open])
export type State = typeof State.Type
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a company. */
export const Event = Schema.TaggedUnion({
  CompanyAdded: { company: Open },
  CompanyRenamed: { name: Name },
  BrandAdded: { brand: Brand }
})
export type Event = typeof Event.Type

/** What can be asked of a company. A duplicate company name is not refused: it warns (rule K-R2). */
export type Command =
  | { readonly _tag: "Add"; readonly company: Omit<Open, "_tag"> }
  | { readonly _tag: "Rename"; readonly name: Name }
  | { readonly _tag: "AddBrand"; readonly brand: Brand }

const subject = "Company"

/** Two brands with names that read alike would be mixed up, and two with one id could not be distinguished. */
const brandObstacle = (command: string, companyName: string, brands: ReadonlyArray<Brand>, brand: Brand) => {
  if (brands.some((other) => other.id === brand.id || folded(other.name) === folded(brand.name))) {
    return refuse(subject, command, "already-exists", {
      detail: say("company.brand-exists", { company: companyName }),
      nextStep: say("company.use-existing-brand")
    })
  }
  return brands.length >= brandLimit
    ? refuse(subject, command, "too-many", {
        detail: say("company.too-many-brands", { limit: brandLimit }),
        nextStep: say("company.split")
      })
    : undefined
}

/** Decides what a company's command leads to. */
export const decide = decider<State, Command, Event>(
  {
    Absent: {
      Add: (_, { company }) => {
        for (const [index, brand] of company.brands.entries()) {
          const obstacle = brandObstacle("Add", company.name, company.brands.slice(0, index), brand)
          if (obstacle !== undefined) return obstacle
        }
        return happened<Event>({ _tag: "CompanyAdded", company: { ...company, _tag: "Open" } })
      }
    },
    Open: {
      Add: () =>
        refuse(subject, "Add", "already-exists", { detail: say("company.exists"), nextStep: say("step.open-instead") }),
      Rename: (state, { name }) => (state.name === name ? nothing : happened<Event>({ _tag: "CompanyRenamed", name })),
      AddBrand: (state, { brand }) =>
        brandObstacle("AddBrand", state.name, state.brands, brand) ?? happened<Event>({ _tag: "BrandAdded", brand })
    }
  },
  impossible(subject, { Absent: say("company.add-first"), Open: say("company.open") })
)

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "CompanyAdded") return state._tag === "Absent" ? event.company : state
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "CompanyRenamed":
      return { ...state, name: event.name }
    case "BrandAdded":
      return state.brands.some(({ id }) => id === event.brand.id)
        ? state
        : { ...state, brands: [...state.brands, event.brand] }
  }
}

/** Folds a history. */
export const replay = fold(evolve)
