/**
 * Hands out due work. The queue (pg-boss) wakes a worker up; the intent's row decides.
 *
 * One transaction takes a wake-up out of the queue, claims its intent until a deadline, and leaves a second wake-up for
 * that deadline. So at any instant waiting work has a wake-up that is due when the work is: before it was claimed, and,
 * if the worker dies, when its claim ends. A worker that lives prolongs its claim; one that was taken over is fenced by
 * the claim's number and can neither finish nor put off the work any more.
 */
import { Backoff, Id, type Job } from "@portolan/domain"
import { Scheduler, type StoreUnavailable } from "@portolan/ports"
import {
  Cause,
  DateTime,
  Deferred,
  Duration,
  Effect,
  Exit,
  Fiber,
  FiberSet,
  Layer,
  PubSub,
  Random,
  Schedule,
  Schema,
  Semaphore
} from "effect"
import { sql } from "kysely"
import { readTask } from "./codec.ts"
import { Jobs } from "./Jobs.ts"
import { narrow, Store, transact, type Trx, widen } from "./Store.ts"

/** How long a claim lasts unless it is prolonged: the longest that work of a dead worker waits. */
export const claimLife = Duration.seconds(10)

/** What a scheduler may be told. */
export interface Options {
  /** At least a second. A claim is prolonged three times in its life; a worker that is held up for longer loses it. */
  readonly claimLife?: Duration.Duration
}

/** What a worker stands on. */
interface Ground {
  readonly store: Store["Service"]
  readonly jobs: Jobs["Service"]
  readonly lifeSeconds: number
}

/** How often the queue is looked at when nothing tells of work. */
export const pollEvery = Duration.millis(250)

/** How often work is looked for whose wake-up was lost, and how late it must be to count as such. */
const sweepEvery = Duration.seconds(30)
const lostAfterSeconds = 30

/** How long work that is under way may take to end when the scope closes. */
export const grace = Duration.seconds(10)

interface Claimed {
  readonly due: Scheduler.Due
  /** The claim's number: every claim of an intent has a larger one. */
  readonly claim: number
}

interface ClaimRow {
  readonly due_at: Date
  readonly task: unknown
  readonly failures: number
  readonly claim: number
  /** A moment after the claim's end, by the database's clock. */
  readonly again: Date
}

const isOrganization = Schema.is(Id.OrganizationId)
const isJob = Schema.is(Id.JobId)

/** What taking from the queue led to. `Stale`: a wake-up without work; there may be more behind it. */
type Taken = { readonly _tag: "Empty" } | { readonly _tag: "Stale" } | ({ readonly _tag: "Work" } & Claimed)

const claim = async (
  { jobs, lifeSeconds, store }: Ground,
  trx: Trx,
  passOver: ReadonlyArray<string>
): Promise<Taken> => {
  const token = await jobs.take(trx, passOver)
  if (token === undefined) return { _tag: "Empty" }
  const { jobId, organizationId } = token
  if (!isOrganization(organizationId) || !isJob(jobId)) return { _tag: "Stale" }
  await narrow(store, trx, { organizationId })
  const { rows } = await sql<ClaimRow>`update portolan.jobs
    set claim = claim + 1, claimed_until = now() + make_interval(secs => ${lifeSeconds})
    where organization_id = ${organizationId} and id = ${jobId} and status = 'waiting' and due_at <= now()
      and (claimed_until is null or claimed_until <= now())
    returning due_at, task, failures, claim, claimed_until + interval '500 milliseconds' as again`.execute(trx)
  const row = rows[0]
  if (row === undefined) {
    await renew(trx, jobs, organizationId, jobId)
    return { _tag: "Stale" }
  }
  const task = readTask(row.task)
  if (Exit.isFailure(task)) {
    // Work of another version is kept for an operator and holds up nothing (law SCHED-20).
    await park(trx, organizationId, jobId, row.claim, "This version does not know this kind of work.")
    return { _tag: "Stale" }
  }
  await widen(trx)
  await jobs.send(trx, [{ organizationId, jobId, at: new Date(row.again) }])
  const job: Job.Job = { id: jobId, organizationId, dueAt: DateTime.makeUnsafe(row.due_at), task: task.value }
  return { _tag: "Work", claim: row.claim, due: { job, failures: row.failures } }
}

/** A wake-up that came while the work is claimed by a living worker, or too early, is sent again for later. */
const renew = async (trx: Trx, jobs: Jobs["Service"], organizationId: Id.OrganizationId, jobId: Id.JobId) => {
  const { rows } = await sql<{ readonly next: Date }>`
    select greatest(due_at, claimed_until, now()) + interval '100 milliseconds' as next from portolan.jobs
    where organization_id = ${organizationId} and id = ${jobId} and status = 'waiting'`.execute(trx)
  const next = rows[0]?.next
  if (next === undefined) return
  await widen(trx)
  await jobs.send(trx, [{ organizationId, jobId, at: new Date(next) }])
}

const park = (trx: Trx, organizationId: string, jobId: string, claim: number, reason: string) =>
  sql`update portolan.jobs set status = 'parked', failures = failures + 1, reason = ${reason}, parked_at = now(),
    claimed_until = null where organization_id = ${organizationId} and id = ${jobId} and status = 'waiting'
    and claim = ${claim}`.execute(trx)

/** Writes down what became of a piece, if this claim still stands and the work's own change did not complete it. */
const settle = async (trx: Trx, jobs: Jobs["Service"], { claim, due }: Claimed, outcome: Scheduler.Outcome) => {
  const { id, organizationId } = due.job
  const mine = sql`organization_id = ${organizationId} and id = ${id} and status = 'waiting' and claim = ${claim}`
  switch (outcome._tag) {
    case "Done":
      await sql`update portolan.jobs set status = 'done', claimed_until = null where ${mine}`.execute(trx)
      return
    case "DeadLettered":
      await park(trx, organizationId, id, claim, outcome.reason)
      return
    case "Failed":
      if (due.failures + 1 >= Backoff.attemptLimit) {
        await park(trx, organizationId, id, claim, outcome.reason)
        return
      }
      await putOff(outcome.at, sql`failures = failures + 1, reason = ${outcome.reason},`)
      return
    case "RetryAt":
      await putOff(outcome.at, sql``)
  }
  async function putOff(at: DateTime.Utc, more: ReturnType<typeof sql>) {
    const { rows } = await sql`update portolan.jobs set ${more} due_at = ${DateTime.formatIso(at)}::timestamptz,
      claimed_until = null where ${mine} returning 1`.execute(trx)
    if (rows.length === 0) return
    await widen(trx)
    await jobs.send(trx, [{ organizationId, jobId: id, at: DateTime.toDateUtc(at) }])
  }
}

/** Now by the database's clock, which decides when work is due, whatever a worker's own clock says. */
interface Stamped {
  readonly at: Date
}

/** Gives a claim back unspent; the work is due at once for the next worker (law SCHED-23). */
const release = async (trx: Trx, jobs: Jobs["Service"], { claim, due }: Claimed) => {
  const { id, organizationId } = due.job
  const { rows } =
    await sql<Stamped>`update portolan.jobs set claimed_until = null where organization_id = ${organizationId}
    and id = ${id} and status = 'waiting' and claim = ${claim} returning now() as at`.execute(trx)
  if (rows[0] === undefined) return
  await widen(trx)
  await jobs.send(trx, [{ organizationId, jobId: id, at: new Date(rows[0].at) }])
}

/** Sends wake-ups for late work that has none. Nothing should ever be found; if the queue's tables are lost, all is. */
const sweep = async (trx: Trx, jobs: Jobs["Service"]) => {
  await sql`select set_config('portolan.sweep', 'on', true)`.execute(trx)
  const { rows } = await sql<{ readonly organization_id: Id.OrganizationId; readonly id: Id.JobId } & Stamped>`
    select late.organization_id, late.id, now() as at from portolan.jobs late
    where late.status = 'waiting' and late.due_at < now() - make_interval(secs => ${lostAfterSeconds})
      and coalesce(late.claimed_until, '-infinity') < now() - make_interval(secs => ${lostAfterSeconds})
      and not exists (select from pgboss.job j where j.singleton_key = late.id and j.state in ('created', 'retry'))
    limit 1000`.execute(trx)
  await jobs.send(
    trx,
    rows.map((row) => ({ organizationId: row.organization_id, jobId: row.id, at: new Date(row.at) }))
  )
  return rows.length
}

/** Seconds for which due work has been waiting while no claim is alive. */
const oldestDueAge = async (trx: Trx) => {
  await sql`select set_config('portolan.sweep', 'on', true)`.execute(trx)
  const { rows } = await sql<{ readonly seconds: number }>`
    select case when coalesce(bool_or(claimed_until > now()), false) then 0
      else greatest(0, coalesce(extract(epoch from now() - min(due_at)), 0)) end::float8 as seconds
    from portolan.jobs where status = 'waiting'`.execute(trx)
  return Duration.seconds(rows[0]?.seconds ?? 0)
}

type Handle = (due: Scheduler.Due) => Effect.Effect<Scheduler.Outcome>

const worker = Effect.fnUntraced(function* (
  ground: Ground,
  handle: Handle,
  concurrency: number,
  stopping: Deferred.Deferred<void>
) {
  const { jobs, lifeSeconds, store } = ground
  const slots = yield* Semaphore.make(concurrency)
  const running = yield* FiberSet.make<void>()
  const busy = new Map<string, number>()
  let last: string | undefined
  const signals = yield* PubSub.subscribe(store.database.changed)

  const sightOf = ({ due }: Claimed) => ({ organizationId: due.job.organizationId })
  const persist = <A>(what: Effect.Effect<A, StoreUnavailable.StoreUnavailable>) =>
    // What could not be written down is found again when the claim ends; a short outage is ridden out before that.
    what.pipe(
      Effect.retry(Schedule.exponential("200 millis").pipe(Schedule.upTo({ times: 5 }))),
      Effect.catchTag("StoreUnavailable", (error) => Effect.logWarning("work will be handed out again", error.message))
    )
  const prolong = (claimed: Claimed) =>
    Effect.sleep(Duration.seconds(lifeSeconds / 3)).pipe(
      Effect.andThen(
        transact(store, "prolonging a claim", sightOf(claimed), (trx) =>
          sql`
      update portolan.jobs set claimed_until = now() + make_interval(secs => ${lifeSeconds})
      where organization_id = ${claimed.due.job.organizationId} and id = ${claimed.due.job.id}
        and status = 'waiting' and claim = ${claimed.claim} and claimed_until > now()`.execute(trx)
        )
      ),
      Effect.ignore,
      Effect.forever
    )
  const outcomeOf = Effect.fnUntraced(function* ({ due }: Claimed, exit: Exit.Exit<Scheduler.Outcome>) {
    if (Exit.isSuccess(exit)) return exit.value
    if (Cause.hasInterruptsOnly(exit.cause)) return undefined
    yield* Effect.logError("A handler died", exit.cause)
    const at = DateTime.addDuration(yield* DateTime.now, Backoff.delay(due.failures + 1, yield* Random.next))
    return { _tag: "Failed", at, reason: "The handler died." } satisfies Scheduler.Outcome
  })
  const runClaimed = (claimed: Claimed) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const heart = yield* Effect.forkDetach(Effect.interruptible(prolong(claimed)))
        const exit = yield* Effect.exit(restore(handle(claimed.due)))
        yield* Fiber.interrupt(heart)
        const outcome = yield* outcomeOf(claimed, exit)
        yield* persist(
          transact(store, "writing down what became of work", sightOf(claimed), (trx) =>
            outcome === undefined ? release(trx, jobs, claimed) : settle(trx, jobs, claimed, outcome)
          )
        )
      })
    )
  const occupy = (organizationId: string, by: number) => {
    const count = (busy.get(organizationId) ?? 0) + by
    if (count > 0) busy.set(organizationId, count)
    else busy.delete(organizationId)
  }
  /** Whoever is not being served comes first; only then those who are (law SCHED-17). */
  const next = Effect.gen(function* () {
    const passOver = [...new Set([...busy.keys(), ...(last === undefined ? [] : [last])])]
    const others = yield* transact(store, "looking for work", "wide", (trx) => claim(ground, trx, passOver))
    return others._tag !== "Empty" || passOver.length === 0
      ? others
      : yield* transact(store, "looking for work", "wide", (trx) => claim(ground, trx, []))
  }).pipe(
    Effect.catchTag("StoreUnavailable", (error) =>
      Effect.as(Effect.logWarning("no work can be fetched", error.message), { _tag: "Empty" } as const)
    )
  )

  const waitForMore = Effect.raceFirst(
    Effect.raceFirst(PubSub.take(signals), Deferred.await(stopping)),
    Effect.sleep(pollEvery)
  )
  while (!(yield* Deferred.isDone(stopping))) {
    yield* slots.take(1)
    const taken = (yield* Deferred.isDone(stopping)) ? ({ _tag: "Empty" } as const) : yield* next
    if (taken._tag !== "Work") {
      yield* slots.release(1)
      if (taken._tag === "Empty") yield* waitForMore
      continue
    }
    const { organizationId } = taken.due.job
    last = organizationId
    occupy(organizationId, 1)
    yield* FiberSet.run(
      running,
      Effect.ensuring(
        runClaimed(taken),
        Effect.suspend(() => {
          occupy(organizationId, -1)
          return slots.release(1)
        })
      )
    )
  }
  yield* FiberSet.awaitEmpty(running)
}, Effect.scoped)

/**
 * Frees what a dead process had claimed. For the embedded database only: this process has it for itself, so a claim
 * that is there at the start is nobody's.
 */
const freeAll = async (trx: Trx, jobs: Jobs["Service"]) => {
  const { rows } = await sql<{ readonly organization_id: Id.OrganizationId; readonly id: Id.JobId } & Stamped>`
    update portolan.jobs set claimed_until = null where claimed_until is not null and status = 'waiting'
    returning organization_id, id, now() as at`.execute(trx)
  await jobs.send(
    trx,
    rows.map((row) => ({ organizationId: row.organization_id, jobId: row.id, at: new Date(row.at) }))
  )
}

/** Hands out the work of `Store`. */
export const layer = (
  options: Options = {}
): Layer.Layer<Scheduler.Scheduler, StoreUnavailable.StoreUnavailable, Store | Jobs> =>
  Layer.effect(
    Scheduler.Scheduler,
    Effect.gen(function* () {
      const store = yield* Store
      const jobs = yield* Jobs
      const ground: Ground = {
        store,
        jobs,
        lifeSeconds: Math.max(1, Duration.toSeconds(options.claimLife ?? claimLife))
      }
      if (store.database.kind === "pglite") {
        yield* transact(store, "freeing the work of the last run", "wide", (trx) => freeAll(trx, jobs))
      }
      const sweeping = transact(store, "looking for lost work", "wide", (trx) => sweep(trx, jobs)).pipe(
        Effect.tap((found) =>
          found > 0 ? Effect.logWarning(`${found} pieces of late work had no wake-up`) : Effect.void
        ),
        Effect.catchTag("StoreUnavailable", (error) =>
          Effect.logWarning("lost work could not be looked for", error.message)
        ),
        Effect.andThen(Effect.sleep(sweepEvery)),
        Effect.forever
      )
      return Scheduler.Scheduler.of({
        consume: Effect.fnUntraced(function* (handle, { concurrency }) {
          const stopping = yield* Deferred.make<void>()
          const sweeper = yield* Effect.forkDetach(sweeping)
          const fiber = yield* Effect.forkDetach(worker(ground, handle, Math.max(1, Math.trunc(concurrency)), stopping))
          yield* Effect.addFinalizer(() =>
            Deferred.succeed(stopping, undefined).pipe(
              Effect.andThen(Effect.timeoutOption(Fiber.await(fiber), grace)),
              Effect.andThen(Fiber.interruptAll([fiber, sweeper]))
            )
          )
        }),

        oldestDueAge: transact(store, "looking at waiting work", "wide", oldestDueAge),

        deadLetters: Effect.fn("Scheduler.deadLetters")(function* (organizationId) {
          const { rows } = yield* transact(store, "listing dead letters", { organizationId }, (trx) =>
            sql<{
              readonly id: string
              readonly task: string
              readonly reason: string | null
              readonly failures: number
              readonly parked_at: Date
            }>`select id, task ->> '_tag' as task, reason, failures, parked_at from portolan.jobs
          where organization_id = ${organizationId} and status = 'parked'
          order by parked_at desc, id desc limit 100`.execute(trx)
          )
          return rows.map((row) => ({
            jobId: row.id,
            organizationId,
            task: row.task,
            reason: row.reason ?? "",
            failures: row.failures,
            deadLetteredAt: DateTime.makeUnsafe(row.parked_at)
          }))
        }),

        redeliver: Effect.fn("Scheduler.redeliver")(function* (organizationId, jobId) {
          const there = yield* transact(store, "redelivering a dead letter", { organizationId }, async (trx) => {
            const { rows } =
              await sql<Stamped>`update portolan.jobs set status = 'waiting', failures = 0, due_at = now(),
            claimed_until = null, reason = null, parked_at = null
            where organization_id = ${organizationId} and id = ${jobId} and status = 'parked'
            returning now() as at`.execute(trx)
            if (rows[0] === undefined) return false
            await widen(trx)
            await jobs.send(trx, [{ organizationId, jobId, at: new Date(rows[0].at) }])
            return true
          })
          if (there) yield* PubSub.publish(store.database.changed, undefined)
          return there
        })
      })
    })
  )
