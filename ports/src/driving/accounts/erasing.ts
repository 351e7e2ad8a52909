/** The worker's side of deleting data: erases what was loaded for an account once nobody can call it off any more (rule C14). */
import { Connection, type Job } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { DataSink } from "../../driven/DataSink.ts"
import { decide, onConflictAgain } from "../shared/change.ts"
import { done, dueNow, type JobContext, makeRecords } from "../work/job.ts"

/** Builds the handler, once per service. */
export const makeErasing = Effect.gen(function* () {
  const store = yield* Repository
  const sink = yield* DataSink
  const { finish } = yield* makeRecords

  /**
   * Erases, and puts on record how many rows there were. Killed half-way it begins again: erasing twice is erasing once.
   * Whoever connected the account again meanwhile wants its data; then the erasure is called off instead.
   */
  const erase = (job: JobContext, { accountId }: Extract<Job.Task, { readonly _tag: "EraseData" }>) =>
    Effect.gen(function* () {
      const { organizationId } = job
      const at = yield* dueNow(job)
      const { state: account } = yield* store.find("account", organizationId, accountId)
      // Called off, or asked for anew with a later date: that one has work of its own.
      if (account.deletion === undefined || DateTime.isGreaterThan(account.deletion.dueAt, at)) return done
      const { items } = yield* store
        .connections(organizationId, { accountId }, { limit: 100 })
        .pipe(Effect.catchTag("InvalidCursor", Effect.die))
      if (items.some(Connection.isLinked)) {
        return yield* onConflictAgain(
          Effect.gen(function* () {
            const read = yield* store.find("account", organizationId, accountId)
            return yield* finish(job, at, [
              yield* Effect.fromResult(
                decide("account", accountId, read, { _tag: "AbandonErasure", at, by: job.actor })
              )
            ])
          })
        )
      }
      const erased = yield* Effect.forEach(items, ({ id }) => sink.erase(organizationId, id))
      const rows = erased.reduce((sum, count) => sum + count, 0)
      return yield* onConflictAgain(
        Effect.gen(function* () {
          const read = yield* store.find("account", organizationId, accountId)
          return yield* finish(job, at, [
            yield* Effect.fromResult(decide("account", accountId, read, { _tag: "RecordErasure", rows, at }))
          ])
        })
      )
    })

  return { erase }
})
