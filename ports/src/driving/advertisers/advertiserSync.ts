/**
 * Synchronization of the installation's directory with the provider's list (flow F3; rules W-R4, W-R5, W-R12): which
 * advertisers let us in. What an operator assigned is carried into the organization's own grants by
 * `reconcileAdvertiser.ts`.
 */
import { type Advertiser, Id, Profile, type Region } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import * as LeftOut from "../../driven/LeftOut.ts"
import type { Versioned } from "../../driven/Repository.ts"
import { change, decideAndCommit, decideOptional, on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"
import { fixedId } from "../shared/fixedId.ts"
import type { JobContext } from "../work/jobContext.ts"
import { grantIdOf } from "./advertiserGrant.ts"
import { findOptional } from "./findOptional.ts"

/** The ports of the synchronization. */
export type SyncDeps = ChangeDeps & Deps<"provider">

/** Who synchronizes: the worker, or an operator who asks for it. */
type By = Pick<JobContext, "actor">

/** Hours between proofs of an advertiser's connection; the synchronizations in between leave no trace. */
const proofHours = 24

/** Whether the list shows nothing new of an entry; then nothing is read or written for it. */
const isUpToDate = (entry: Advertiser.Present, listed: Profile.Advertiser) =>
  entry._tag === "Listed" && entry.misses === 0 && Profile.sameAdvertiser(entry.advertiser, listed)

/**
 * Reads the provider's list once and brings the directory up to date; gives the number of advertisers listed. A list
 * that could not be read says nothing about anybody: only a complete one counts misses. One that is empty where several
 * were listed is not believed, because an outage looks like that, and several admins who take us off at once do not.
 * Who is listed and cannot be read is not missing; an entry that does not even tell its id may be anybody, so while
 * there is one, nobody counts as missing.
 */
export const syncAdvertisers = Effect.fnUntraced(function* (deps: SyncDeps, by: By, region: Region.Region) {
  const [listed, leftOut] = yield* LeftOut.collect(deps.provider.advertisers(region))
  const directory = yield* everyPage((page) => deps.repository.advertisers({ region, states: ["Listed"] }, page))
  const missing = new Map(directory.map((entry) => [entry.id, entry]))
  for (const advertiser of listed) {
    const id = yield* fixedId(deps, "advertiser", Profile.keyText(advertiser.key))
    const entry = missing.get(id)
    missing.delete(id)
    if (entry !== undefined && isUpToDate(entry, advertiser)) yield* prove(deps, by, entry)
    else {
      const organizationId = Id.installation
      yield* record(deps, by, id, (at) => ({ _tag: "See", id, organizationId, advertiser, at }))
    }
  }
  const isUnreadable = ({ advertiser }: Advertiser.Present) =>
    leftOut.some(({ key }) => key === undefined || key === advertiser.key.externalId)
  if (listed.length === 0 && missing.size > 1) {
    yield* Effect.logWarning(
      `the list of advertisers of ${region} is empty where ${missing.size} were listed; it is not believed`
    )
  } else {
    for (const entry of missing.values())
      if (!isUnreadable(entry)) yield* record(deps, by, entry.id, (at) => ({ _tag: "Miss", at }))
  }
  return listed.length
})

/** Puts on record what the list shows of an advertiser, which may not be in the directory yet. */
const record = (
  deps: ChangeDeps,
  { actor }: By,
  id: Id.AdvertiserId,
  command: (at: DateTime.Utc) => Advertiser.Command
) =>
  decideAndCommit(deps, { organizationId: Id.installation, actor }, ({ at, organizationId }) =>
    Effect.gen(function* () {
      const read: Versioned<Advertiser.Present> | undefined = yield* findOptional(
        deps.repository.find("advertiser", organizationId, id)
      )
      const decided = yield* decideOptional("advertiser", id, read, command(at))
      return { decided: [decided], result: undefined }
    })
  )

/** A listed advertiser proves its connection; once a day that is put on record. */
const prove = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  { actor }: By,
  { assignment, assignmentEpoch, id }: Advertiser.Present
) {
  if (assignment === undefined) return
  const { tenantId: organizationId } = assignment
  const grantId = yield* grantIdOf(deps, id, assignmentEpoch)
  const at = yield* DateTime.now
  for (const { state } of yield* deps.repository.connectionsOfGrant(organizationId, grantId)) {
    if (DateTime.isLessThan(at, DateTime.add(state.provenAt, { hours: proofHours }))) continue
    yield* change(deps, { organizationId, actor, now: Effect.succeed(at) }, [
      on("connection", state.id, { _tag: "Prove", grantId, at })
    ])
  }
})
