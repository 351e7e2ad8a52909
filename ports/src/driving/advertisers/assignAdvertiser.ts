import { type Access, type Advertiser, Id, Organization } from "@portolan/domain"
import { Effect } from "effect"
import { change, decideAndCommit, decideOn, on } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"

/** Says to which organization an advertiser belongs. */
export const assign = Effect.fn("Directory.assign")(
  (deps: ChangeDeps, { actor }: Access.Operator, id: Id.AdvertiserId, tenantId: Id.OrganizationId) =>
    decideAndCommit(deps, { organizationId: Id.installation, actor }, ({ at, organizationId }) =>
      Effect.gen(function* () {
        const read = yield* deps.repository.find("advertiser", organizationId, id)
        const { state: tenant } = yield* deps.repository.find("organization", tenantId, tenantId)
        yield* Effect.fromResult(Organization.inUse(tenant, "Advertiser", "Assign"))
        const assignment = { tenantId, tenantName: tenant.name, at, by: actor }
        const decided = yield* decideOn("advertiser", read, { _tag: "Assign", assignment })
        return { decided: [decided], result: decided.next as Advertiser.Present }
      })
    )
)

/** Takes an advertiser back from an organization; a connection that lives on it loses its access. */
export const unassign = Effect.fn("Directory.unassign")(function* (
  deps: ChangeDeps,
  { actor }: Access.Operator,
  id: Id.AdvertiserId
) {
  const [advertiser] = yield* change(deps, { organizationId: Id.installation, actor }, [
    on("advertiser", id, (at) => ({ _tag: "Unassign", at, by: actor }))
  ])
  return advertiser
})
