/** Commits changes to the world in memory: one pure step from contents to contents, or a refusal and no step. */
import { type Aggregate, type Job, Profile, Window } from "@portolan/domain"
import { UnitOfWork } from "@portolan/ports"
import { Effect, HashMap, HashSet, Layer, Option, Result } from "effect"
import { type Contents, type Held, Memory, type Tenant, tenant, withTenant, write, read } from "./Memory.ts"
import { idsOf, windowsOf } from "./repository/windows.ts"

type Refusal = Exclude<UnitOfWork.CommitError, { readonly _tag: "StoreUnavailable" }>
type Step = Result.Result<readonly [UnitOfWork.Committed, Contents], Refusal>

const { AlreadyDone, JobGone, KeyReused, ProfileTaken, VersionConflict } = UnitOfWork

const checkKey = (own: Tenant, idempotency: UnitOfWork.IdempotencyRecord | undefined): Refusal | undefined => {
  if (idempotency === undefined) return undefined
  const before = Option.getOrUndefined(HashMap.get(own.idempotentResource, idempotency.key))
  if (before === undefined) return undefined
  return before.fingerprint === idempotency.fingerprint
    ? new AlreadyDone({ key: idempotency.key, resource: before.resource })
    : new KeyReused({ key: idempotency.key })
}

const checkCompletes = (contents: Contents, change: UnitOfWork.Change): Refusal | undefined => {
  if (change.completes === undefined) return undefined
  const task = Option.getOrUndefined(HashMap.get(contents.tasks, change.completes))
  return task?.status === "waiting" && task.job.organizationId === change.organizationId
    ? undefined
    : new JobGone({ jobId: change.completes })
}

const checkVersions = (own: Tenant, change: UnitOfWork.Change): Refusal | undefined => {
  for (const { expected, id, kind } of change.writes) {
    const found = Option.getOrUndefined(HashMap.get(own.aggregates, `${kind}/${id}`))?.version ?? 0
    if (found !== expected) return new VersionConflict({ kind, id, expected, found })
  }
  return undefined
}

type Holds = HashMap.HashMap<string, ReadonlyArray<Held>>

const heldAt = (holds: Holds, key: Profile.Key) =>
  Option.getOrElse(HashMap.get(holds, Profile.keyText(key)), (): ReadonlyArray<Held> => [])

/** Whose hold stands in the way of another one, if any: one's own organization's, or one that counts for all. */
const obstacleTo = (held: ReadonlyArray<Held>, next: Held): Held | undefined =>
  held.find((one) => one.organizationId === next.organizationId && one.connectionId !== next.connectionId) ??
  held.find(
    (one) => one.organizationId !== next.organizationId && one.claimed === undefined && next.claimed === undefined
  )

/** The holds of a profile after one more, which never makes a hold that counts for all count for less. */
const held = (before: ReadonlyArray<Held>, next: Held): ReadonlyArray<Held> => {
  const own = before.find((one) => one.organizationId === next.organizationId)
  const others = before.filter((one) => one !== own)
  return [...others, own === undefined || own.claimed === true ? next : own]
}

/** Frees before it binds, so that one change can move a profile from one connection to another. */
const settleClaims = (
  contents: Contents,
  { claims, organizationId }: UnitOfWork.Change
): Result.Result<Holds, Refusal> => {
  let holds = contents.claims
  for (const { _tag, connectionId, key } of claims) {
    if (_tag === "Hold") continue
    const kept = heldAt(holds, key).filter(
      (one) => !(one.organizationId === organizationId && one.connectionId === connectionId)
    )
    holds = HashMap.set(holds, Profile.keyText(key), kept)
  }
  for (const claim of claims) {
    if (claim._tag === "Release") continue
    const { _tag, ...hold } = claim
    const next = { ...hold, organizationId }
    const before = heldAt(holds, claim.key)
    const obstacle = obstacleTo(before, next)
    if (obstacle !== undefined) {
      const { accountId, connectionId } = obstacle
      const holder = obstacle.organizationId === organizationId ? { holder: { accountId, connectionId } } : {}
      return Result.fail(new ProfileTaken({ profile: claim.key.externalId, ...holder }))
    }
    holds = HashMap.set(holds, Profile.keyText(claim.key), held(before, next))
  }
  return Result.succeed(holds)
}

const record = (change: UnitOfWork.Change, own: Tenant): ReadonlyArray<Aggregate.Recorded> =>
  change.writes
    .flatMap((write) =>
      write.events.map(({ event, id }) => ({
        id,
        event,
        organizationId: change.organizationId,
        aggregate: { kind: write.kind, id: write.id },
        version: write.expected + 1,
        at: change.at,
        actor: change.actor
      }))
    )
    .map((event, index) => ({ ...event, position: own.events.length + index + 1 }))

/** A change that contradicts itself is a mistake of the program, not an answer to a person. */
const assertCoherent = ({ jobs, organizationId, writes }: UnitOfWork.Change): void => {
  const names = writes.map(({ id, kind }) => `${kind}/${id}`)
  if (new Set(names).size < names.length) throw new Error("a change writes one aggregate twice")
  const alien = writes.find(({ id, next }) => next.id !== id || next.organizationId !== organizationId)
  if (alien !== undefined) throw new Error(`the ${alien.kind} ${alien.id} does not belong where the change puts it`)
  const foreign = jobs.find((job) => job.organizationId !== organizationId)
  if (foreign !== undefined) throw new Error(`the intent ${foreign.id} belongs to another organization`)
}

/** Asked once nothing refuses the change: a change that is repeated (law REPO-24) names intents that exist, rightly. */
const assertNewJobs = (contents: Contents, { jobs }: UnitOfWork.Change): void => {
  const known = jobs.find((job) => HashMap.has(contents.tasks, job.id))
  if (known !== undefined) throw new Error(`the intent ${known.id} exists`)
}

/** The jobs of classes that this change leaves without an open window. Sums are not kept: they are added up here. */
const jobsOfEndedClasses = ({ sums = [] }: UnitOfWork.Change, own: Tenant): ReadonlyArray<Job.Job> =>
  sums.flatMap(({ backfillId, dataClass, whenOver }) =>
    whenOver !== undefined &&
    !windowsOf(own, backfillId).some(({ state }) => state.dataClass === dataClass && Window.tally(state).open > 0)
      ? [whenOver]
      : []
  )

/** Whether a job with the same task waits, and no worker has begun it. */
const isWaiting = (
  { tasks, waiting }: Pick<Contents, "tasks" | "waiting">,
  { organizationId, task }: Job.Job
): boolean =>
  [...waiting].some((id) => {
    const other = Option.getOrUndefined(HashMap.get(tasks, id))
    return (
      other?.running === false &&
      other.job.organizationId === organizationId &&
      other.job.task._tag === "SettleLoad" &&
      task._tag === "SettleLoad" &&
      other.job.task.backfillId === task.backfillId
    )
  })

const apply = (contents: Contents, change: UnitOfWork.Change): Step => {
  assertCoherent(change)
  const own = tenant(contents, change.organizationId)
  const { completes, jobs, idempotency, writes } = change
  const refusal = checkKey(own, idempotency) ?? checkCompletes(contents, change) ?? checkVersions(own, change)
  if (refusal !== undefined) return Result.fail(refusal)
  return Result.map(settleClaims(contents, change), (claims) => {
    assertNewJobs(contents, change)
    const events = [...own.events, ...record(change, own)]
    let { tasks, waiting } = contents
    if (completes !== undefined) {
      tasks = HashMap.modify(tasks, completes, (task) => ({ ...task, status: "done" as const }))
      waiting = HashSet.remove(waiting, completes)
    }
    const written = {
      ...own,
      windows: writes.reduce(
        (all, write) =>
          write.kind === "window" && write.expected === 0
            ? HashMap.set(all, write.next.backfillId, [...idsOf(all, write.next.backfillId), write.id])
            : all,
        own.windows
      ),
      aggregates: writes.reduce(
        (all, { expected, id, kind, next }) =>
          HashMap.set(all, `${kind}/${id}`, { kind, state: next, version: expected + 1 }),
        own.aggregates
      )
    }
    const whenOver = jobsOfEndedClasses(change, written).filter((job) => !isWaiting({ tasks, waiting }, job))
    for (const job of [...jobs, ...whenOver]) {
      tasks = HashMap.set(tasks, job.id, { job, status: "waiting", failures: 0, running: false })
      waiting = HashSet.add(waiting, job.id)
    }
    const next = withTenant({ ...contents, claims, tasks, waiting }, change.organizationId, {
      ...written,
      events,
      idempotentResource:
        idempotency === undefined
          ? own.idempotentResource
          : HashMap.set(own.idempotentResource, idempotency.key, idempotency)
    })
    const versions = new Map(writes.map(({ expected, id }) => [id, expected + 1]))
    return [{ versions, position: events.length }, next] as const
  })
}

/** Commits changes to `Memory`. */
export const layer: Layer.Layer<UnitOfWork.UnitOfWork, never, Memory> = Layer.effect(
  UnitOfWork.UnitOfWork,
  Effect.gen(function* () {
    const memory = yield* Memory
    return UnitOfWork.UnitOfWork.of({
      commit: Effect.fn("UnitOfWork.commit")(function* (change: UnitOfWork.Change) {
        const outcome = yield* write<Result.Result<UnitOfWork.Committed, Refusal>>(memory, (contents) => {
          const step = apply(contents, change)
          return Result.isSuccess(step)
            ? [Result.succeed(step.success[0]), step.success[1]]
            : [Result.fail(step.failure), contents]
        })
        return yield* Effect.fromResult(outcome)
      }),
      idempotentResource: Effect.fn("UnitOfWork.idempotentResource")(function* (organizationId, key, fingerprint) {
        const own = yield* read(memory, (contents) => tenant(contents, organizationId))
        const before = Option.getOrUndefined(HashMap.get(own.idempotentResource, key))
        if (before === undefined) return undefined
        return before.fingerprint === fingerprint ? before.resource : yield* new KeyReused({ key })
      })
    })
  })
)
