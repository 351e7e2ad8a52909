import { type Id, Job, Messages, type Profile } from "@portolan/domain"
import { DateTime, Duration, Effect } from "effect"
import { usingFor } from "../../driven/TokenUse.ts"
import { reviewIdentity } from "../authorizations/identity/reviewIdentity.ts"
import { dismissConsent } from "../authorizations/pending/dismissConsent.ts"
import { change, decideAndCommit, on } from "../shared/change.ts"
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
  const looked = callWithToken(deps, grant, (accessToken) =>
    deps.provider.discover(accessTo(state, accessToken, grant))
  ).pipe(
    Effect.flatMap((candidates) =>
      Effect.gen(function* () {
        const { accountId, connectionId } = state
        const about = { grant, accountId, connectionId, candidates, access: state }
        if (yield* reviewIdentity(deps, during(job), about)) {
          const because = Messages.text("authorization.of-somebody-else")
          return yield* dismissLost(deps, job, authorizationId, because)
        }
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
  return yield* usingFor(state.connectionId, looked)
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

const dismissLost = (
  deps: ChangeDeps,
  job: JobContext,
  authorizationId: Id.AuthorizationId,
  because = Messages.text("authorization.withdrawn-before-choice")
) =>
  decideAndCommit(deps, completing(job), (context) =>
    Effect.gen(function* () {
      const { organizationId } = context
      const read = yield* deps.repository.find("authorization", organizationId, authorizationId)
      if (read.state._tag !== "AwaitingSelection") return { decided: [], result: done }
      const { decided } = yield* dismissConsent(deps, context, read, because)
      return { decided, result: done }
    })
  )
