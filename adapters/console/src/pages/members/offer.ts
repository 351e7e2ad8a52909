/**
 * What a form about access offers to choose from. An organization may have thousands of companies, so a form shows what
 * is chosen already and what a search finds; a right on anything else stays in the form, unseen, and is kept.
 */
import { Access, type Account, type Company, Id } from "@portolan/domain"
import { Effect, Option, Schema } from "effect"
import type { PageContext } from "../../page/context.ts"
import type * as Fields from "../../page/fields.ts"
import type * as Layout from "../../page/layout.ts"
import { together } from "../../page/together.ts"

/** The field of the search. */
export const searchField = "access-search"

const companiesFound = 20
const companiesKept = 50
const accountsShown = 100

/** A company with what can be chosen of it. */
export interface Choosable {
  readonly company: Company.Present
  readonly accounts: ReadonlyArray<Account.Present>
}

/** What there is to choose from. */
export interface Offer {
  readonly all: ReadonlyArray<Choosable>
  /** Rights that are chosen on what is not shown, by id. */
  readonly kept: ReadonlyArray<readonly [id: string, right: Access.Right]>
  readonly search: string
  /** Whether more companies match than are shown. */
  readonly isCut: boolean
}

const isRight = Schema.is(Access.Right)
const isCompany = Schema.is(Id.CompanyId)
const isBrand = Schema.is(Id.BrandId)
const isAccount = Schema.is(Id.AccountId)

/** The rights that a form has, by the id of what they are on. */
const rightsIn = (values: Fields.FormState["values"]) =>
  Object.entries(values).flatMap(([id, right]) =>
    isRight(right) && (isCompany(id) || isBrand(id) || isAccount(id)) ? [[id, right] as const] : []
  )

/** The companies behind what is chosen, the first few. */
const companiesBehind = Effect.fnUntraced(function* (
  context: PageContext,
  me: Layout.Me,
  rights: ReadonlyArray<readonly [id: string, right: Access.Right]>
) {
  const ids = rights.map(([id]) => id)
  const owners = yield* Effect.forEach(
    ids.filter((id) => isAccount(id)).slice(0, companiesKept),
    (id) => Effect.option(Effect.map(context.accounts.view(me, id), ({ companyId }) => companyId)),
    together
  )
  return new Set([...ids.filter((id) => isCompany(id)), ...owners.flatMap(Option.toArray)].slice(0, companiesKept))
})

/** What a form offers that holds these values. */
export const offerAccess = Effect.fnUntraced(function* (
  context: PageContext,
  me: Layout.Me,
  values: Fields.FormState["values"]
) {
  const search = (values[searchField] ?? "").trim().slice(0, 120)
  const { items, next } = yield* context.companies.list(me, search === "" ? {} : { search }, { limit: companiesFound })
  const rights = rightsIn(values)
  const behind = [...(yield* companiesBehind(context, me, rights))].filter((id) => !items.some((one) => one.id === id))
  const selected = yield* Effect.forEach(behind, (id) => Effect.option(context.companies.view(me, id)), together)
  const all = yield* Effect.forEach(
    [...selected.flatMap(Option.toArray), ...items],
    (company) =>
      Effect.map(context.accounts.list(me, { companyId: company.id }, { limit: accountsShown }), (page): Choosable => ({
        company,
        accounts: page.items
      })),
    together
  )
  const shown = new Set<string>(
    all.flatMap(({ accounts, company }) => [
      company.id,
      ...company.brands.map(({ id }) => id),
      ...accounts.map(({ id }) => id)
    ])
  )
  return { all, kept: rights.filter(([id]) => !shown.has(id)), search, isCut: next !== undefined } satisfies Offer
})
