import { type Access, type Id, Text } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { change, onNew } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { createUnless, earlierResource, type IdempotencyKey, idempotencyRecord } from "../shared/idempotency.ts"
import { sideBySide } from "../shared/sideBySide.ts"

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
  const [sameNamed, earlier] = yield* sideBySide(
    named(deps, organizationId, name),
    earlierResource(deps, caller, idempotencyKey)
  )
  return yield* createUnless(
    deps,
    caller,
    { idempotencyKey, earlier },
    {
      create: Effect.map(create, ([company]) => ({ company, sameNamed })),
      show: (resource) =>
        Effect.flatMap(deps.repository.find("company", organizationId, resource), ({ state: company }) =>
          Effect.map(named(deps, organizationId, company.name), (all) => ({
            company,
            sameNamed: all.filter((other) => other.id !== company.id)
          }))
        )
    }
  )
})

/** The companies with a name. */
const named = ({ repository }: Deps<"repository">, organizationId: Id.OrganizationId, name: Text.Name) =>
  Effect.map(repository.companies(organizationId, { search: name }, { limit: 20 }), ({ items }) =>
    items.filter((other) => Text.folded(other.name) === Text.folded(name))
  )
