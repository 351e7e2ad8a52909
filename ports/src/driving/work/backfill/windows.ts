/** What is put on record about one window of a load. */
import { type Backfill, Connection, type Id } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { Outcome } from "../../../driven/Scheduler.ts"
import { shown } from "../../connections/grantRecords.ts"
import { change, decideAndCommit, decideOn, on } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import { complete, completing, done, during, type JobContext, type TaskOf } from "../jobContext.ts"

type Window = TaskOf<"LoadWindow">

/** Decides one command on a load, and completes the job with it. */
export const recordOnLoad = (
  deps: ChangeDeps,
  job: JobContext,
  backfillId: Id.BackfillId,
  command: (at: DateTime.Utc) => Backfill.Command
) => complete(deps, job, [on("backfill", backfillId, command)])

/** Puts rows that have landed on the load, together with the proof that the grant works, and completes the job. */
export const recordLoaded = (
  deps: ChangeDeps,
  job: JobContext,
  { backfillId, windowId }: Window,
  { grantId, rows }: { readonly grantId: Id.GrantId; readonly rows: number }
) =>
  decideAndCommit(deps, completing(job), (context) =>
    Effect.gen(function* () {
      const { at, organizationId } = context
      const read = yield* deps.repository.find("backfill", organizationId, backfillId)
      const loaded = yield* decideOn("backfill", read, { _tag: "LoadWindow", windowId, rows, at })
      const proof = shown(read.state.connectionId, () => ({ _tag: "Prove", grantId, at }))
      return { decided: [loaded, yield* proof(deps, context)], result: done }
    })
  )

/**
 * Puts it on record that a window waits for a person. A consent that was renewed meanwhile has taken up what was
 * blocked then, and this window was not: it comes back at once.
 */
export const blockWindow = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  job: JobContext,
  { backfillId, windowId }: Window,
  { connection, reason }: { readonly connection: Connection.Linked; readonly reason: string }
) {
  const block = on("backfill", backfillId, (at) => ({ _tag: "BlockWindow", windowId, reason, at }))
  yield* change(deps, during(job), [block])
  const { state: now } = yield* deps.repository.find("connection", job.organizationId, connection.id)
  const isRenewed =
    Connection.isLinked(now) &&
    now._tag !== "ReauthorizationNeeded" &&
    (now.link.grantId !== connection.link.grantId || (connection.paused !== undefined && now.paused === undefined))
  return isRenewed ? ({ _tag: "RetryAt", at: yield* DateTime.now } satisfies Outcome) : done
})

/** Forgets the ticket of a window, so that it is asked for anew. */
export const restartWindow = (deps: ChangeDeps, job: JobContext, { backfillId, windowId }: Window, reason: string) =>
  change(deps, during(job), [on("backfill", backfillId, (at) => ({ _tag: "RestartWindow", windowId, reason, at }))])

/** The longest time, in seconds, after which a window that a provider prepares is looked at again. */
const longestWaitSeconds = 3_600

/** Puts the provider's ticket on record while it is still preparing; the same job comes back later. */
export const requestWindow = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  job: JobContext,
  { backfillId, windowId }: Window,
  { retryAfterSeconds, ticket }: { readonly ticket: string; readonly retryAfterSeconds: number }
) {
  const seconds = Math.min(Math.max(1, retryAfterSeconds), longestWaitSeconds)
  yield* change(deps, during(job), [
    on("backfill", backfillId, (at) => ({ _tag: "RequestWindow", windowId, ticket, at }))
  ])
  return { _tag: "RetryAt", at: DateTime.add(yield* DateTime.now, { seconds }) } satisfies Outcome
})
