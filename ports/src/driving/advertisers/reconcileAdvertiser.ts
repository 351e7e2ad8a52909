/**
 * Carries what the directory says about an advertiser into the organization that it is assigned to (flow F3; rules
 * W-R4, W-R5).
 */
import { type Advertiser, type Connection, Id, Messages } from "@portolan/domain"
import { Effect } from "effect"
import { decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { complete, type JobContext, type TaskOf } from "../work/jobContext.ts"
import { grantIdOf } from "./advertiserGrant.ts"
import { findOptional } from "./findOptional.ts"
import { noteAccess } from "./noteAccess.ts"
import { type Assigned, openGrant, updateGrant } from "./openGrant.ts"

type ReconcileDeps = ChangeDeps & Deps<"notifier">

/**
 * Opens, updates or ends the organization's grant for one assignment of an advertiser, as the directory says now. Two
 * of these jobs may come in any order: each reads the present directory and changes the grant of its own assignment
 * only.
 */
export const reconcileAdvertiser = Effect.fnUntraced(function* (
  deps: ReconcileDeps,
  job: JobContext,
  { advertiserId, assignmentEpoch, tenantId }: TaskOf<"ReconcileAdvertiser">
) {
  const readEntry = Effect.map(deps.repository.find("advertiser", Id.installation, advertiserId), ({ state }) => state)
  const isAssigned = (now: Advertiser.Present) =>
    now._tag === "Listed" && now.assignmentEpoch === assignmentEpoch && now.assignment?.tenantId === tenantId
  const grantId = yield* grantIdOf(deps, advertiserId, assignmentEpoch)
  const entry = yield* readEntry
  const assigned: Assigned = { tenantId, grantId, entry }
  const grant = yield* findOptional(deps.repository.find("grant", tenantId, grantId))
  if (isAssigned(entry)) {
    yield* updateGrant(deps, job, assigned, grant?.state ?? (yield* openGrant(deps, job, assigned)))
    // Taken away while it was opened: the job for that may have come before there was a grant to end.
    const now = yield* readEntry
    if (isAssigned(now)) yield* noteAccess(deps, job, { tenantId, advertiser: now.advertiser, isReady: true })
    else yield* endGrant(deps, job, { ...assigned, entry: now })
  } else if (grant !== undefined) yield* endGrant(deps, job, assigned)
  return yield* complete(deps, job, [])
})

/**
 * The advertiser no longer lets this organization in: its connection says so, and the grant ends. What an operator took
 * back is disconnected, so that the organization it belongs to can link it; what was lost waits to come back.
 */
const endGrant = Effect.fnUntraced(function* (
  deps: ReconcileDeps,
  job: JobContext,
  { entry, grantId, tenantId }: Assigned
) {
  const { advertiser } = entry
  const isTakenBack = entry.assignment?.tenantId !== tenantId
  yield* decideAndCommit(deps, { organizationId: tenantId, actor: job.actor }, ({ actor: by, at }) =>
    Effect.gen(function* () {
      // The grant first: a link that is made after its connections were listed makes this attempt start over.
      const grant = yield* deps.repository.find("grant", tenantId, grantId)
      const connections = yield* deps.repository.connectionsOfGrant(tenantId, grantId)
      const release: Connection.Command = isTakenBack
        ? { _tag: "Disconnect", at, by }
        : { _tag: "LoseGrant", grantId, loss: "access-removed", at }
      const ended = yield* decideOn("grant", grant, { _tag: "End", end: "access-removed", at })
      const released = yield* Effect.forEach(connections, (read) => decideOn("connection", read, release))
      return { decided: [ended, ...released], result: undefined }
    })
  )
  yield* noteAccess(deps, job, { tenantId, advertiser, isReady: false })
  if (!isTakenBack) return
  yield* deps.notifier.notify({
    id: job.jobId,
    organizationId: tenantId,
    topic: "advertiser-unassigned",
    audience: "members-and-support",
    subject: Messages.text("advertiser.taken-back-title", { advertiser: advertiser.name }),
    text: Messages.text("advertiser.taken-back", { advertiser: advertiser.name, externalId: advertiser.key.externalId })
  })
})
