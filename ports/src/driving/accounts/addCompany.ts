import { type Access, type Company, Text } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { change, onNew } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { type IdempotencyKey, idempotencyRecord, withIdempotency } from "../shared/idempotency.ts"

/**
 * Adds a company with its first brand, and lists others of the same name, so that the person can be warned (rule K-R2).
 */
export const add = Effect.fn("Companies.add")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  { brand, name }: { readonly name: Text.Name; readonly brand: Text.Name },
  idempotencyKey?: IdempotencyKey
) {
  yield* AccessScope.requireUnrestricted(caller, "administer")
  const { organizationId } = caller
  const id = yield* deps.secrets.id("company")
  const first = { id: yield* deps.secrets.id("brand"), name: brand }
  const create = change(deps, { ...caller, ...idempotencyRecord(idempotencyKey, id) }, [
    onNew("company", id, (createdAt) => ({
      _tag: "Add",
      company: { id, organizationId, name, createdAt, brands: [first] }
    }))
  ])
  return yield* withIdempotency(deps, caller, idempotencyKey, {
    create: Effect.flatMap(create, ([company]) => withSameNamed(deps, company)),
    show: (resource) =>
      Effect.flatMap(deps.repository.find("company", organizationId, resource), ({ state }) =>
        withSameNamed(deps, state)
      )
  })
})

const withSameNamed = Effect.fnUntraced(function* ({ repository }: Deps<"repository">, company: Company.Present) {
  const { items } = yield* repository.companies(company.organizationId, { search: company.name }, { limit: 20 })
  const sameNamed = items.filter(
    (other) => other.id !== company.id && Text.folded(other.name) === Text.folded(company.name)
  )
  return { company, sameNamed }
})
