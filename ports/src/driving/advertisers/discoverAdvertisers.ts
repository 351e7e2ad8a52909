import { Advertiser } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { JobContext, TaskOf } from "../work/jobContext.ts"
import { type SyncDeps, syncAdvertisers } from "./advertiserSync.ts"

/**
 * Synchronizes the directory of a region, and comes back after 15 minutes, for ever: neither a failure nor credentials
 * that an operator must correct end the synchronization (rule W-R5).
 */
export const discoverAdvertisers = Effect.fnUntraced(function* (
  deps: SyncDeps,
  job: JobContext,
  { region }: TaskOf<"DiscoverAdvertisers">
) {
  yield* Effect.catch(syncAdvertisers(deps, job, region), (error) =>
    Effect.logWarning(`advertisers of ${region} could not be looked for`, error.message)
  )
  return { _tag: "RetryAt", at: DateTime.add(yield* DateTime.now, { minutes: Advertiser.lookMinutes }) } as const
})
