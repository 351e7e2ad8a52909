/** The job that erases what was loaded for an account, once nobody can call it off any more (rule C14). */
import { Connection } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { complete, done, dueNow, type JobContext, type TaskOf } from "../work/jobContext.ts"
import { connectionsOf } from "./accountConnections.ts"

/**
 * Erases, and puts on record how many rows there were. A process that dies half-way begins again: erasing twice is
 * erasing once. When the account was connected again meanwhile, its data is wanted; then the erasure is called off
 * instead.
 */
export const eraseData = Effect.fnUntraced(function* (
  deps: ChangeDeps & Deps<"dataSink">,
  job: JobContext,
  { accountId }: TaskOf<"EraseData">
) {
  const { organizationId } = job
  const at = yield* dueNow(job)
  const { state: account } = yield* deps.repository.find("account", organizationId, accountId)
  // Called off, or asked for anew with a later date: that one has a job of its own.
  if (account.deletion === undefined || DateTime.isGreaterThan(account.deletion.dueAt, at)) return done
  const connections = yield* connectionsOf(deps, account, Connection.everyState)
  if (connections.some(Connection.isLinked)) {
    return yield* complete(deps, job, [on("account", accountId, { _tag: "AbandonErasure", at, by: job.actor })])
  }
  const erased = yield* Effect.forEach(connections, ({ id }) => deps.dataSink.erase(organizationId, id))
  const rows = erased.reduce((sum, count) => sum + count, 0)
  return yield* complete(deps, job, [on("account", accountId, { _tag: "RecordErasure", rows, at })])
})
