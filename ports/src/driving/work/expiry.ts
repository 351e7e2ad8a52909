import { Messages } from "@portolan/domain"
import { Effect } from "effect"
import { decideAndCommit, decideOn, on } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { complete, completing, done, type JobContext, type TaskOf } from "./jobContext.ts"

/** Closes an authorization whose browser never came back, and puts that on its link. */
export const expireAuthorization = Effect.fn("JobHandlers.expireAuthorization")(function* (
  deps: ChangeDeps,
  job: JobContext,
  { authorizationId }: TaskOf<"ExpireAuthorization">
) {
  return yield* decideAndCommit(deps, completing(job), (context) =>
    Effect.gen(function* () {
      const { at, organizationId } = context
      const read = yield* deps.repository.find("authorization", organizationId, authorizationId)
      const expired = yield* decideOn("authorization", read, { _tag: "Expire", at })
      const { origin } = read.state
      if (expired.events.length === 0 || origin._tag !== "ByLink") return { decided: [expired], result: done }
      const outcome = Messages.text("outcome.timed-out")
      const ended = on("invitation", origin.invitationId, { _tag: "EndAttempt", authorizationId, outcome, at })
      return { decided: [expired, yield* ended(deps, context)], result: done }
    })
  )
})

/** Ends a link whose time is over. */
export const expireInvitation = Effect.fn("JobHandlers.expireInvitation")(
  (deps: ChangeDeps, job: JobContext, { invitationId }: TaskOf<"ExpireInvitation">) =>
    complete(deps, job, [on("invitation", invitationId, (at) => ({ _tag: "Expire", at }))])
)
