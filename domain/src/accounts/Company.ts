/** A business whose accounts are connected. It has at least one brand (rules K-R2, K-R4). */
import type { DateTime } from "effect"
import * as Array from "effect/Array"
import * as Schema from "effect/Schema"
import { Actor } from "../kernel/Actor.ts"
import { BrandId, CompanyId, OrganizationId } from "../kernel/Id.ts"
import { type Decision, decider, fold, happened, nothing } from "../kernel/Machine.ts"
import { folded, Name } from "../kernel/Text.ts"
import { say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/** A brand belongs to a company and is assigned to its accounts (rule K-R5). */
export const Brand = Schema.Struct({ id: BrandId, name: Name })
export type Brand = typeof Brand.Type

/** Brands one company may have. A limit of this product, not of a provider. */
export const brandLimit = 200

const fields = {
  id: CompanyId,
  organizationId: OrganizationId,
  name: Name,
  brands: Schema.NonEmptyArray(Brand),
  createdAt: Schema.DateTimeUtc
}

/** A company with its brands. */
export const Open = Schema.TaggedStruct("Open", fields)
export type Open = typeof Open.Type

/** A company taken off the lists, such as a duplicate; it has no account in use, and its history stays. */
export const Removed = Schema.TaggedStruct("Removed", { ...fields, removedAt: Schema.DateTimeUtc, removedBy: Actor })
export type Removed = typeof Removed.Type
/** A company, in use or taken off the lists. */
export type Present = Open | Removed

/** Absent until added. */
export const State = Schema.Union([Schema.TaggedStruct("Absent", {}), Open, Removed])
export type State = typeof State.Type
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a company. */
export const Event = Schema.TaggedUnion({
  CompanyAdded: { company: Open },
  CompanyRenamed: { name: Name },
  BrandAdded: { brand: Brand },
  BrandRenamed: { brandId: BrandId, name: Name },
  BrandRemoved: { brandId: BrandId },
  CompanyRemoved: { at: Schema.DateTimeUtc, by: Actor },
  CompanyRestored: { at: Schema.DateTimeUtc, by: Actor }
})
export type Event = typeof Event.Type

/** What can be asked of a company. A duplicate company name is not refused: it warns (rule K-R2). */
export type Command =
  | { readonly _tag: "Add"; readonly company: Omit<Open, "_tag"> }
  | { readonly _tag: "Rename"; readonly name: Name }
  | { readonly _tag: "AddBrand"; readonly brand: Brand }
  | { readonly _tag: "RenameBrand"; readonly brandId: BrandId; readonly name: Name }
  /** Refused for the last brand of the company, and for one that accounts have (rules K-R4, K-R6). */
  | { readonly _tag: "RemoveBrand"; readonly brandId: BrandId; readonly accounts: number }
  /** Takes a duplicate off the lists. `accounts`: how many accounts in use it has; refused while there is one. */
  | { readonly _tag: "Remove"; readonly accounts: number; readonly at: DateTime.Utc; readonly by: Actor }
  | { readonly _tag: "Restore"; readonly at: DateTime.Utc; readonly by: Actor }

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

const noBrand = (command: string, { name: company }: Open) =>
  refuse(subject, command, "does-not-exist", {
    detail: say("company.brand-missing", { company }),
    nextStep: say("company.open")
  })

const renameBrand = (state: Open, { brandId, name }: Extract<Command, { readonly _tag: "RenameBrand" }>) => {
  const brand = state.brands.find(({ id }) => id === brandId)
  if (brand === undefined) return noBrand("RenameBrand", state)
  if (brand.name === name) return nothing
  const others = state.brands.filter(({ id }) => id !== brandId)
  return others.some((other) => folded(other.name) === folded(name))
    ? refuse(subject, "RenameBrand", "already-exists", {
        detail: say("company.brand-exists", { company: state.name }),
        nextStep: say("company.use-existing-brand")
      })
    : happened<Event>({ _tag: "BrandRenamed", brandId, name })
}

const removeBrand = (state: Open, { accounts, brandId }: Extract<Command, { readonly _tag: "RemoveBrand" }>) => {
  const brand = state.brands.find(({ id }) => id === brandId)
  // It is gone already.
  if (brand === undefined) return nothing
  if (state.brands.length === 1) {
    return refuse(subject, "RemoveBrand", "contradiction", {
      detail: say("company.last-brand", { company: state.name }),
      nextStep: say("company.rename-brand-instead")
    })
  }
  return accounts > 0
    ? refuse(subject, "RemoveBrand", "not-possible-now", {
        detail: say("company.brand-in-use", { brand: brand.name, accounts }),
        nextStep: say("company.give-other-brand")
      })
    : happened<Event>({ _tag: "BrandRemoved", brandId })
}

const remove = ({ name }: Open, { accounts, at, by }: Extract<Command, { readonly _tag: "Remove" }>) =>
  accounts > 0
    ? refuse(subject, "Remove", "not-possible-now", {
        detail: say("company.has-accounts", { company: name, accounts }),
        nextStep: say("company.move-accounts")
      })
    : happened<Event>({ _tag: "CompanyRemoved", at, by })

const gone = (of: string, command: string, { name }: Removed) =>
  refuse(of, command, "not-possible-now", {
    detail: say("company.was-removed", { company: name }),
    nextStep: say("company.restore-first")
  })

/** Refuses to begin anything with a company that was removed; the refusal names the command (rule C14). */
export const inUse = (company: Present, of: string, command: string): Decision<never> =>
  company._tag === "Open" ? nothing : gone(of, command, company)

const exists = () =>
  refuse(subject, "Add", "already-exists", { detail: say("company.exists"), nextStep: say("step.open-instead") })

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
      Add: exists,
      Rename: (state, { name }) => (state.name === name ? nothing : happened<Event>({ _tag: "CompanyRenamed", name })),
      RenameBrand: renameBrand,
      RemoveBrand: removeBrand,
      AddBrand: (state, { brand }) =>
        brandObstacle("AddBrand", state.name, state.brands, brand) ?? happened<Event>({ _tag: "BrandAdded", brand }),
      Remove: remove,
      Restore: () => nothing
    },
    Removed: {
      Add: exists,
      Rename: (state) => gone(subject, "Rename", state),
      RenameBrand: (state) => gone(subject, "RenameBrand", state),
      RemoveBrand: (state) => gone(subject, "RemoveBrand", state),
      AddBrand: (state) => gone(subject, "AddBrand", state),
      Remove: () => nothing,
      Restore: (_, { at, by }) => happened<Event>({ _tag: "CompanyRestored", at, by })
    }
  },
  impossible(subject, {
    Absent: say("company.add-first"),
    Open: say("company.open"),
    Removed: say("company.restore-first")
  })
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
    case "BrandRenamed": {
      const { brandId, name } = event
      return { ...state, brands: Array.map(state.brands, (one) => (one.id === brandId ? { ...one, name } : one)) }
    }
    case "BrandRemoved": {
      const left = state.brands.filter(({ id }) => id !== event.brandId)
      // A company has at least one brand, whatever is told.
      return Array.isReadonlyArrayNonEmpty(left) ? { ...state, brands: left } : state
    }
    case "CompanyRemoved":
      return state._tag === "Open" ? { ...state, _tag: "Removed", removedAt: event.at, removedBy: event.by } : state
    case "CompanyRestored": {
      if (state._tag === "Open") return state
      const { removedAt: _at, removedBy: _by, ...rest } = state
      return { ...rest, _tag: "Open" }
    }
  }
}

/** Folds a history. */
export const replay = fold(evolve)
