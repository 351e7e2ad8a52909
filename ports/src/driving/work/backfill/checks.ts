import { Connection } from "@portolan/domain"
import { Effect } from "effect"
import type { ChangeDeps } from "../../shared/deps.ts"
import { complete, type JobContext, type TaskOf } from "../jobContext.ts"
import { recordOnLoad } from "./windows.ts"

/** Reports a missed deadline, once, when it is true. */
export const checkDeadline = Effect.fn("JobHandlers.checkDeadline")(
  (deps: ChangeDeps, job: JobContext, { backfillId, dataClass }: TaskOf<"CheckDeadline">) =>
    recordOnLoad(deps, job, backfillId, (at) => ({ _tag: "CheckDeadline", dataClass, at }))
)

/**
 * Reports, once, that a load is not in sync after 48 hours, when it is true (rule P-R13). Nobody is alarmed about what
 * is paused: resuming plans the rest, and that is checked in its turn.
 */
export const checkSync = Effect.fn("JobHandlers.checkSync")(function* (
  deps: ChangeDeps,
  job: JobContext,
  { backfillId }: TaskOf<"CheckSync">
) {
  const { organizationId } = job
  const { state: backfill } = yield* deps.repository.find("backfill", organizationId, backfillId)
  const { state: connection } = yield* deps.repository.find("connection", organizationId, backfill.connectionId)
  return Connection.isLinked(connection) && connection.paused !== undefined
    ? yield* complete(deps, job, [])
    : yield* recordOnLoad(deps, job, backfillId, (at) => ({ _tag: "CheckSync", at }))
})
