import { type Aggregate, type Grant, type Id, Messages } from "@portolan/domain"
import { Effect } from "effect"
import { loseGrant } from "../connections/grantRecords.ts"
import { change, decideAndCommit, decideOn, on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { open } from "../tokens/storedTokens.ts"
import { complete, during, type JobContext, type TaskOf } from "./jobContext.ts"

type EndDeps = ChangeDeps & Deps<"provider" | "vault">

/** Ends that the provider has shown: a connection that still uses such a grant has lost it. */
const proven: ReadonlySet<Grant.End> = new Set([
  "refused-by-provider",
  "rotation-lost",
  "access-removed",
  "different-identity"
])

/** Ends a grant that is not used, asks the provider to end it too after a disconnection, and forgets its tokens. */
export const endGrant = Effect.fn("JobHandlers.endGrant")(function* (
  deps: EndDeps,
  job: JobContext,
  task: TaskOf<"EndGrant">
) {
  yield* endUnused(deps, job, task)
  return yield* complete(deps, job, [])
})

/** The same as part of another job, which it does not complete. A grant that is in use stays. */
export const endUnused = Effect.fnUntraced(function* (
  deps: EndDeps,
  job: JobContext,
  { end, grantId }: Pick<TaskOf<"EndGrant">, "end" | "grantId">
) {
  const grant = yield* decideEnd(deps, job, grantId, end).pipe(
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )
  if (grant?._tag === "Active") return
  // Nothing can be linked to it any more; what was linked at the last moment loses it like the rest.
  if (proven.has(end))
    yield* loseGrant(deps, during(job), { grantId, ...(end === "rotation-lost" ? { rotationLost: true } : {}) })
  if (grant?._tag === "Ended" && grant.end === "disconnected" && grant.revocation === undefined) {
    const revocation = yield* revoke(deps, grant)
    if (revocation !== undefined) {
      yield* change(deps, during(job), [on("grant", grantId, (at) => ({ _tag: "RecordRevocation", revocation, at }))])
    }
  }
  yield* deps.vault.remove(job.organizationId, grantId)
})

/**
 * Ends a grant, unless a live connection still uses it (rule X-R12), or it was given for a choice that still waits. A
 * grant that the provider proved dead ends anyway. Gives the grant as it is then.
 */
const decideEnd = (deps: EndDeps, job: JobContext, grantId: Id.GrantId, end: Grant.End) =>
  decideAndCommit(deps, during(job), ({ at, organizationId }) =>
    Effect.gen(function* () {
      // The grant first: a connection that is linked after its users were listed makes this attempt start over.
      const read = yield* deps.repository.find("grant", organizationId, grantId)
      const grant = read.state
      if (grant._tag === "Ended") return { decided: [], result: grant }
      if (!proven.has(end) && (yield* isNeeded(deps, grant))) return { decided: [], result: grant }
      const ended = yield* decideOn("grant", read, { _tag: "End", end, at })
      return { decided: [ended], result: ended.next as Aggregate.Present<"grant"> }
    })
  )

/** Whether a connection uses a grant, or a choice waits that it was given for; dismissing that one ends it. */
const isNeeded = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { advertiser, authorizationId, id, organizationId }: Grant.Active
) {
  // Unlinking an advertiser does not end our partnership; only the advertiser's admin can.
  if (advertiser !== undefined) return true
  if ((yield* repository.connectionsOfGrant(organizationId, id)).length > 0) return true
  if (authorizationId === undefined) return false
  const { state } = yield* repository.find("authorization", organizationId, authorizationId)
  return state._tag === "AwaitingSelection" && state.grantId === id
})

/**
 * Asks the provider to end a consent (rule C14). Best effort: no failure of it keeps the tokens from being forgotten.
 */
const revoke = ({ provider, repository, vault }: EndDeps, grant: Aggregate.Present<"grant">) =>
  Effect.gen(function* () {
    const { authorizationId, channel, id, organizationId, region } = grant
    if (authorizationId === undefined) return undefined
    const { state } = yield* repository.find("authorization", organizationId, authorizationId)
    const { accountType, marketplaceId } = state
    const { secret } = yield* vault.get(organizationId, id)
    const { refreshToken } = yield* open(secret)
    return yield* provider
      .revoke({ channel, region, accountType, marketplaceId, refreshToken })
      .pipe(Effect.timeout("30 seconds"))
  }).pipe(
    Effect.catch((error): Effect.Effect<Grant.Revocation> =>
      Effect.succeed({ outcome: "failed", detail: Messages.text("grant.not-asked", { error: error._tag }) })
    )
  )
