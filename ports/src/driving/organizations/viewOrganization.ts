import type { Access, Text } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { change, on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { readOrganizationView } from "./organizationView.ts"

/** Reads the caller's own organization. */
export const view = Effect.fn("Organizations.view")(function* (deps: Deps<"repository">, caller: Access.Caller) {
  yield* AccessScope.check(caller, "read")
  return yield* readOrganizationView(deps, caller.organizationId)
})

/** Renames the caller's own organization; for owner and admins. */
export const rename = Effect.fn("Organizations.rename")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  name: Text.Name
) {
  yield* AccessScope.requireUnrestricted(caller, "administer")
  const [organization] = yield* change(deps, caller, [
    on("organization", caller.organizationId, { _tag: "Rename", name })
  ])
  return organization
})
