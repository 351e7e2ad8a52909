import { type Backfill, Connection, type Id, Window } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { decideAndCommit, decideOn, on } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import { complete, completing, done, type JobContext, type TaskOf } from "../jobContext.ts"

/** Reports a missed deadline, once, when it is true. */
export const checkDeadline = Effect.fn("JobHandlers.checkDeadline")(
  (deps: ChangeDeps, job: JobContext, { backfillId, dataClass }: TaskOf<"CheckDeadline">) =>
    complete(deps, job, [on("backfill", backfillId, (at) => ({ _tag: "CheckDeadline", dataClass, at }))])
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
  if (Connection.isLinked(connection) && connection.paused !== undefined) return yield* complete(deps, job, [])
  return yield* onTallies(deps, job, backfillId, (tallies, at) => ({ _tag: "CheckSync", tallies, at }))
})

/** Records which classes are complete, when it is true: a later plan may have added windows meanwhile. */
export const settleLoad = Effect.fn("JobHandlers.settleLoad")(
  (deps: ChangeDeps, job: JobContext, { backfillId }: TaskOf<"SettleLoad">) =>
    onTallies(deps, job, backfillId, (tallies, at) => {
      const open = tallies.flatMap((one) => (one.open > 0 ? [one.dataClass] : []))
      return { _tag: "Settle", open, at }
    })
)

/**
 * Decides on a load by what its windows add up to, and completes the job. The sums are read after the load: a plan that
 * comes in between moves the load's version, and it is all read again.
 */
const onTallies = (
  deps: ChangeDeps,
  job: JobContext,
  backfillId: Id.BackfillId,
  command: (tallies: ReadonlyArray<Window.ClassTally>, at: DateTime.Utc) => Backfill.Command
) =>
  decideAndCommit(deps, completing(job), ({ at, organizationId }) =>
    Effect.gen(function* () {
      const load = yield* deps.repository.find("backfill", organizationId, backfillId)
      const tallies = yield* deps.repository.tallies(organizationId, load.state.connectionId)
      const own = Window.talliesOf(backfillId, tallies)
      return { decided: [yield* decideOn("backfill", load, command(own, at))], result: done }
    })
  )
