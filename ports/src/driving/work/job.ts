/** What the worker's handlers share: the piece of work at hand, and how a dead or limited grant is put on record. */
import { type Actor, type Aggregate, Connection, type Failure, type Id } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { Repository, type Versioned } from "../../driven/Repository.ts"
import type { Outcome } from "../../driven/Scheduler.ts"
import { type Decided, decide, makeCommit, onConflictAgain } from "../shared/change.ts"

/** The piece of work a handler is about. */
export interface JobContext {
  readonly jobId: Id.JobId
  readonly organizationId: Id.OrganizationId
  readonly actor: Actor.Actor
  /** When the work was due, by the clock of whoever hands it out. */
  readonly dueAt: DateTime.Utc
}

/**
 * Now, for work that has its effect because an instant has come: never before it was due, although this process's clock
 * may be behind the one that handed it out. Otherwise it would find that it is too early, and be done with it.
 */
export const dueNow = ({ dueAt }: JobContext): Effect.Effect<DateTime.Utc> =>
  Effect.map(DateTime.now, (now) => DateTime.max(now, dueAt))

/** What a handler says when it is done. */
export const done: Outcome = { _tag: "Done" }

/** Builds what handlers share, once per service. */
export const makeRecords = Effect.gen(function* () {
  const store = yield* Repository
  const commit = yield* makeCommit

  /** Commits in the name of a job, and completes it. */
  const finish = (job: JobContext, at: DateTime.Utc, decided: ReadonlyArray<Decided>) =>
    Effect.as(commit({ ...commitContext(job), at, completes: job.jobId }, decided), done)

  const commitContext = ({ actor, organizationId }: Pick<JobContext, "actor" | "organizationId">) => ({
    organizationId,
    actor
  })

  /**
   * Puts it on record, for every connection of the grant, that the provider proved the grant dead (rule S-R7).
   */
  const loseGrant = (job: Pick<JobContext, "actor" | "organizationId">, grantId: Id.GrantId) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* DateTime.now
        const connections = yield* store.connectionsOfGrant(job.organizationId, grantId)
        const decided = yield* Effect.forEach(connections, (read) => {
          const { expiresAt } = read.state.link
          const loss =
            expiresAt !== undefined && DateTime.isGreaterThanOrEqualTo(at, expiresAt) ? "expired" : "withdrawn-or-reset"
          return Effect.fromResult(decide("connection", read.state.id, read, { _tag: "LoseGrant", grantId, loss, at }))
        })
        yield* commit({ ...commitContext(job), at }, decided)
      })
    )

  /** Puts it on record what a call with a grant showed about a connection. */
  const prove = (
    read: Versioned<Aggregate.Present<"connection">>,
    command: (at: DateTime.Utc) => Extract<Connection.Command, { readonly _tag: "Prove" | "CheckRights" }>
  ) =>
    Effect.gen(function* () {
      if (!Connection.isLinked(read.state)) return []
      return [yield* Effect.fromResult(decide("connection", read.state.id, read, command(yield* DateTime.now)))]
    })

  /** Says what a missing right means for a connection, in a change of its own. */
  const limit = (
    job: JobContext,
    connectionId: Id.ConnectionId,
    grantId: Id.GrantId,
    { missing }: Failure.PermissionMissing
  ) =>
    onConflictAgain(
      Effect.gen(function* () {
        const read = yield* store.find("connection", job.organizationId, connectionId)
        const decided = yield* prove(read, (at) => ({ _tag: "CheckRights", grantId, at, missing }))
        yield* commit({ ...commitContext(job), at: yield* DateTime.now }, decided)
      })
    )

  return { finish, commitContext, limit, loseGrant, prove, commit }
})
