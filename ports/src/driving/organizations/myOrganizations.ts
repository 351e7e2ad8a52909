import type { Id } from "@portolan/domain"
import { Effect } from "effect"
import type { Person } from "../../driven/Identity.ts"
import { NotFound } from "../../driven/Repository.ts"
import type { Deps } from "../shared/deps.ts"
import { effectiveAccess } from "./effectiveAccess.ts"
import { membershipOf } from "./membershipOf.ts"
import type { Membership } from "./organizationView.ts"
import { forEachSideBySide } from "../shared/sideBySide.ts"

/** Organizations that a person belongs to, oldest membership first; none that is closed for good. */
export const mine = Effect.fn("Organizations.mine")(function* (
  { readModels }: Deps<"readModels">,
  { personId }: Person
) {
  const workplaces = yield* readModels.workplaces(personId)
  const all = yield* forEachSideBySide(workplaces, ({ member, organization: kept }) =>
    kept.pipe(
      Effect.map((organization): ReadonlyArray<Membership> =>
        organization._tag === "Closed"
          ? []
          : [{ organization, memberId: member.id, ...effectiveAccess(organization, member) }]
      ),
      Effect.catchTag("NotFound", () => Effect.succeed([]))
    )
  )
  return all.flat()
})

/** Makes a session work in another organization of its person. One they do not belong to is not found. */
export const choose = Effect.fn("Organizations.choose")(function* (
  deps: Deps<"identity" | "repository">,
  headers: Headers,
  organizationId: Id.OrganizationId
) {
  const { personId } = yield* deps.identity.whoIs(headers)
  if ((yield* membershipOf(deps, organizationId, personId)) === undefined) {
    return yield* new NotFound({ kind: "organization", id: organizationId })
  }
  const { state: organization } = yield* deps.repository.find("organization", organizationId, organizationId)
  if (organization._tag === "Closed") return yield* new NotFound({ kind: "organization", id: organizationId })
  yield* deps.identity.choose(headers, organizationId)
  return organization
})
