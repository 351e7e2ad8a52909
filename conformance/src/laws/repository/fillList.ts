/** Fills a list of the port. */
import type { Id } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import * as fixtures from "./fixtures/index.ts"
import type { Services } from "./RepositoryInstance.ts"
import { type Name, lists } from "./lists.ts"

/** Writes items of a list with these values, numbered from `first`; gives their ids with their values. */
export const fill = Effect.fnUntraced(function* (
  services: Services,
  organizationId: Id.OrganizationId,
  list: Name,
  { values, first = 0 }: { readonly values: ReadonlyArray<number>; readonly first?: number }
) {
  const writes = values.map((value, index) => lists[list].item(organizationId, first + index, value))
  // One change an item of the history: within a change, the order of aggregates is nobody's promise.
  const changes = list === "history" || list === "all" ? writes.map((each) => [each]) : [writes]
  for (const each of changes) {
    yield* services.unitOfWork.commit(fixtures.change(organizationId, { writes: each, at: DateTime.makeUnsafe(0) }))
  }
  return writes.map(({ id }, index) => ({ id, value: values[index] ?? 0, n: first + index }))
})
