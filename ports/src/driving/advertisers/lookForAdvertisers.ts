import { type Access, Id, Region } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { offers } from "../../driven/Deployment.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { regions } from "./advertiserRegions.ts"
import { type SyncDeps, syncAdvertisers } from "./advertiserSync.ts"

/**
 * Asks the provider now instead of waiting for the next synchronization. Gives the number of advertisers that it lists.
 */
export const look = Effect.fn("Directory.look")((deps: SyncDeps, operator: Access.Operator, region: Region.Region) =>
  syncAdvertisers(deps, operator, region)
)

/**
 * Starts the synchronization of every region whose channel this installation offers. Calling it again changes nothing:
 * each region has one job, which comes back.
 */
export const begin = Effect.fn("Directory.begin")(function* (deps: ChangeDeps & Deps<"deployment">) {
  const { deployment, secrets, unitOfWork } = deps
  const catalogue = yield* CurrentCatalogue
  const { installation: organizationId } = Id
  for (const region of regions(catalogue)) {
    const channel = Region.partnership(region, catalogue)
    if (channel === undefined || !offers(deployment, channel)) continue
    const at = yield* DateTime.now
    const id = yield* secrets.id("job")
    yield* unitOfWork
      .commit({
        organizationId,
        actor: { _tag: "System", part: "start" },
        at,
        writes: [],
        claims: [],
        jobs: [{ id, organizationId, dueAt: at, task: { _tag: "DiscoverAdvertisers", region } }],
        idempotency: { key: `discover/${region}`, fingerprint: region, resource: id }
      })
      .pipe(Effect.catchTag("AlreadyDone", () => Effect.void))
  }
})
