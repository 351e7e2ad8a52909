/**
 * From decisions to one committed change. A conversation reads, decides on each aggregate with `decide`, and hands the
 * decisions to `commit`; whatever events call for (work, profile claims) is worked out here, in one place.
 */
import { type Actor, Aggregate, type Id, Job, Machine, type Refused } from "@portolan/domain"
import { type DateTime, Effect, Result, Schedule } from "effect"
import type { Versioned } from "../../driven/Repository.ts"
import { Secrets } from "../../driven/Secrets.ts"
import { type Claim, type CommitError, UnitOfWork, type VersionConflict, type Write } from "../../driven/UnitOfWork.ts"

/** What was decided on one aggregate: the next state, and the events that lead there. No events: nothing to write. */
export interface DecidedOn<K extends Aggregate.Kind> {
  readonly kind: K
  readonly id: string
  readonly expected: number
  readonly next: Aggregate.Types[K]["state"]
  readonly events: ReadonlyArray<Aggregate.Types[K]["event"]>
  /** Nothing happens to it, but the change holds only if nothing happened to it since it was read. */
  readonly stands?: true
}

/** What was decided on an aggregate of any kind. */
export type Decided = { readonly [K in Aggregate.Kind]: DecidedOn<K> }[Aggregate.Kind]

/** Decides one or more commands in a row on an aggregate as it was read; `undefined` stands for one that is yet to be. */
export const decide = <K extends Aggregate.Kind>(
  kind: K,
  id: string,
  read: Versioned<Aggregate.Types[K]["state"]> | undefined,
  ...commands: ReadonlyArray<Aggregate.Types[K]["command"]>
): Result.Result<DecidedOn<K>, Refused.Refused> => {
  const machine = Aggregate.machine(kind)
  let next: Aggregate.Types[K]["state"] = read?.state ?? machine.initial
  const events: Array<Aggregate.Types[K]["event"]> = []
  for (const command of commands) {
    const decision = machine.decide(next, command)
    if (Result.isFailure(decision)) return Result.fail(decision.failure)
    events.push(...decision.success)
    next = Machine.fold(machine.evolve)(next, decision.success)
  }
  return Result.succeed({ kind, id, expected: read?.version ?? 0, next, events })
}

/**
 * Says that a change rests on an aggregate as it was read, without anything happening to it. Its version goes up, so of two
 * changes that rule each other out (an account is removed while it is connected, a grant ends while it is linked) the slower
 * one reads and decides again (law REPO-21).
 */
export const standing = <K extends Aggregate.Kind>(
  kind: K,
  id: string,
  read: Versioned<Aggregate.Present<K>>
): DecidedOn<K> => ({ kind, id, expected: read.version, next: read.state, events: [], stands: true })

/** Who, when, and what else belongs to the change. */
export interface CommitContext {
  readonly organizationId: Id.OrganizationId
  readonly actor: Actor.Actor
  readonly at: DateTime.Utc
  readonly completes?: Id.JobId
  readonly idempotency?: { readonly key: string; readonly fingerprint: string; readonly resource: string }
}

const claims = (decided: Decided): ReadonlyArray<Claim> =>
  decided.kind !== "connection"
    ? []
    : decided.events.flatMap((event): ReadonlyArray<Claim> => {
        switch (event._tag) {
          case "Linked":
            return [
              {
                _tag: "Hold",
                key: event.link.profile.key,
                connectionId: event.connectionId,
                accountId: event.accountId
              }
            ]
          case "Disconnected":
            return event.released === undefined
              ? []
              : [{ _tag: "Release", key: event.released.profile.key, connectionId: event.connectionId }]
          default:
            return []
        }
      })

const wanted = <K extends Aggregate.Kind>(decided: DecidedOn<K>): ReadonlyArray<Job.JobRequest> => {
  const react: (next: Aggregate.Present<K>, event: Aggregate.Types[K]["event"]) => ReadonlyArray<Job.JobRequest> =
    Job.of[decided.kind as K]
  return decided.events.flatMap((event) => react(decided.next as Aggregate.Present<K>, event))
}

/** Commits decisions. Nothing to write and nothing to complete: nothing is sent to the store. */
export type Commit = (commitContext: CommitContext, decided: ReadonlyArray<Decided>) => Effect.Effect<void, CommitError>

/** Builds `commit` from the ports, once per service. */
export const makeCommit = Effect.gen(function* () {
  const unitOfWork = yield* UnitOfWork
  const secrets = yield* Secrets

  const write = Effect.fnUntraced(function* (decided: Decided) {
    const events: Array<{ readonly id: Id.EventId; readonly event: Decided["events"][number] }> = []
    for (const event of decided.events) events.push({ id: yield* secrets.id("event"), event })
    const { expected, id, kind, next } = decided
    return { kind, id, expected, next, events } as Write
  })

  const commit: Commit = Effect.fn("UnitOfWork.commit")(function* (commitContext, all) {
    const isChange = all.some(({ events }) => events.length > 0)
    const changed = all.filter(({ events, stands }) => isChange && (events.length > 0 || stands === true))
    if (!isChange && commitContext.completes === undefined && commitContext.idempotency === undefined) return
    const { organizationId } = commitContext
    const jobs: Array<Job.Job> = []
    for (const { dueAt, task } of changed.flatMap((decided) => wanted(decided))) {
      jobs.push({ id: yield* secrets.id("job"), organizationId, dueAt, task })
    }
    const writes: Array<Write> = []
    for (const decided of changed) writes.push(yield* write(decided))
    yield* unitOfWork.commit({ ...commitContext, writes, claims: changed.flatMap(claims), jobs })
  })
  return commit
})

/** How often a conversation reads and decides again when somebody was faster. */
export const conflictRetries = 12

/**
 * Runs a read-decide-commit again when the version moved meanwhile, with a little scatter. The effect must do nothing
 * but read, decide and commit.
 */
export const onConflictAgain = <A, E, R>(effect: Effect.Effect<A, E | VersionConflict, R>) =>
  Effect.retry(effect, {
    times: conflictRetries,
    while: (error) => isConflict(error),
    schedule: Schedule.exponential("5 millis", 1.5).pipe(Schedule.jittered)
  })

const isConflict = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "VersionConflict"
