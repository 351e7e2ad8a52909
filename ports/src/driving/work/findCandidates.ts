import { type Id, Job, Messages, type Profile } from "@portolan/domain"
import { DateTime, Duration, Effect } from "effect"
import { change, decideAndCommit, decideOn, on } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import type { TokenDeps } from "../tokens/AccessTokens.ts"
import { accessTo, callWithToken } from "../tokens/callProvider.ts"
import { complete, completing, done, during, type JobContext, retryAfter, type TaskOf } from "./jobContext.ts"

/** How long profiles are looked for without a person's doing; a new campaign takes up to a day to show (rule P-R2). */
const lookFor = Duration.days(14)

/** Looks again what a waiting consent gives access to; comes back every hour while there is nothing. */
export const findCandidates = Effect.fn("JobHandlers.findCandidates")(function* (
  deps: ChangeDeps & TokenDeps<"provider">,
  job: JobContext,
  { authorizationId }: TaskOf<"FindCandidates">
) {
  const { organizationId } = job
  const { state } = yield* deps.repository.find("authorization", organizationId, authorizationId)
  if (state._tag !== "AwaitingSelection" || state.candidates.length > 0) return done
  const { state: grant } = yield* deps.repository.find("grant", organizationId, state.grantId)
  return yield* callWithToken(deps, grant, (accessToken) =>
    deps.provider.discover(accessTo(state, accessToken, grant))
  ).pipe(
    Effect.flatMap((candidates) =>
      Effect.gen(function* () {
        if (candidates.length > 0) return yield* recordCandidates(deps, job, authorizationId, candidates)
        if (state.listFailed) yield* recordEmpty(deps, job, authorizationId)
        const isLookedFor = DateTime.isLessThan(yield* DateTime.now, DateTime.addDuration(state.consentedAt, lookFor))
        return isLookedFor ? yield* retryAfter(Duration.hours(Job.lookAgainHours)) : done
      })
    ),
    // The consent was withdrawn while it waited: there is nothing to choose any more.
    Effect.catchTag("GrantRefused", () => dismissLost(deps, job, authorizationId)),
    Effect.catchTag("PermissionMissing", () => Effect.succeed(done))
  )
})

/** Puts profiles on record, unless the consent was dismissed or chosen from during the request. */
const recordCandidates = (
  deps: ChangeDeps,
  job: JobContext,
  authorizationId: Id.AuthorizationId,
  candidates: ReadonlyArray<Profile.Candidate>
) =>
  complete(deps, job, [
    on("authorization", authorizationId, (at, state) =>
      state._tag === "AwaitingSelection" ? { _tag: "FindCandidates", candidates, at } : []
    )
  ])

/** Puts it on record that a list which could not be read before is empty, which tells more. */
const recordEmpty = (deps: ChangeDeps, job: JobContext, authorizationId: Id.AuthorizationId) =>
  change(deps, during(job), [
    on("authorization", authorizationId, (at, state) =>
      state._tag === "AwaitingSelection" && state.listFailed !== undefined
        ? { _tag: "FindCandidates", candidates: [], at }
        : []
    )
  ])

const because = Messages.text("authorization.withdrawn-before-choice")

const dismissLost = (deps: ChangeDeps, job: JobContext, authorizationId: Id.AuthorizationId) =>
  decideAndCommit(deps, completing(job), (context) =>
    Effect.gen(function* () {
      const { actor: by, at, organizationId } = context
      const read = yield* deps.repository.find("authorization", organizationId, authorizationId)
      if (read.state._tag !== "AwaitingSelection") return { decided: [], result: done }
      const dismissed = yield* decideOn("authorization", read, { _tag: "Dismiss", at, by, because })
      const drop = on("connection", read.state.connectionId, { _tag: "DropSelection", authorizationId })
      return { decided: [dismissed, yield* drop(deps, context)], result: done }
    })
  )
