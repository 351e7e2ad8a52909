/** Which companies, brands and accounts a member's or a key's access is limited to (rules K-R17, S-R9). */
import { Access, type Id, Messages, Refusal, type Refused } from "@portolan/domain"
import { Effect } from "effect"
import type { InvalidCursor } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"
import { forEachSideBySide } from "../shared/sideBySide.ts"

interface Limit<I extends string> {
  readonly id: I
  readonly right: Access.Right
}

/** Each thing once, with the strongest right that was asked for, in the order of ids: equal limits are equal values. */
const normalized = <I extends string>(limits: ReadonlyArray<Limit<I>>): ReadonlyArray<Limit<I>> => {
  const rights = new Map<I, Access.Right>()
  for (const { id, right } of limits) rights.set(id, right === "write" ? right : (rights.get(id) ?? right))
  return [...rights].map(([id, right]) => ({ id, right })).toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

const refused = (reason: Refused.Reason, detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Access", "Limit", reason, { detail, nextStep })

/**
 * Normalizes a limited access, so that equal limits are equal values. Refuses one without any limit, and one that names
 * something the organization does not have.
 */
export const validateScope = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  organizationId: Id.OrganizationId,
  accessScope: Access.AccessScope
): Effect.fn.Return<Access.AccessScope, Refused.Refused | InvalidCursor | StoreError> {
  if (accessScope._tag === "Everything") return accessScope
  const limited = {
    _tag: accessScope._tag,
    companies: normalized(accessScope.companies),
    brands: normalized(accessScope.brands),
    accounts: normalized(accessScope.accounts)
  }
  if (limited.companies.length + limited.brands.length + limited.accounts.length === 0) {
    return yield* refused(
      "contradiction",
      Messages.say("access.limited-to-nothing"),
      Messages.say("access.choose-something")
    )
  }
  if (!(yield* allExist(deps, organizationId, limited))) {
    return yield* refused(
      "not-yours",
      Messages.say("access.chosen-is-foreign"),
      Messages.say("access.choose-from-lists")
    )
  }
  return limited
})

const allExist = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  organizationId: Id.OrganizationId,
  { accounts, brands, companies }: Exclude<Access.AccessScope, { readonly _tag: "Everything" }>
) {
  const exists = (kind: "company" | "account", id: string) =>
    deps.repository.find(kind, organizationId, id).pipe(
      Effect.as(true),
      Effect.catchTag("NotFound", () => Effect.succeed(false))
    )
  const found = [
    ...(yield* forEachSideBySide(companies, ({ id }) => exists("company", id))),
    ...(yield* forEachSideBySide(accounts, ({ id }) => exists("account", id)))
  ]
  if (found.includes(false)) return false
  if (brands.length === 0) return true
  const known = yield* brandsOf(deps, organizationId)
  return brands.every(({ id }) => known.has(id))
})

const brandsOf = ({ repository }: Deps<"repository">, organizationId: Id.OrganizationId) =>
  Effect.map(
    everyPage((page) => repository.companies(organizationId, { states: ["Open", "Removed"] }, page)),
    (companies) => new Set<string>(companies.flatMap(({ brands }) => brands.map(({ id }) => id)))
  )
