/** The queue: what it sends, what it finds without a notification, and what retention removes. */
import { describe, expect, it } from "@effect/vitest"
import { type Id } from "@portolan/domain"
import { EventLog, Retention, Scheduler, Secrets, UnitOfWork } from "@portolan/ports"
import { DateTime, Deferred, Effect, Fiber, Redacted, Stream } from "effect"
import { Database } from "../src/index.ts"
import { change, company, job } from "./support/change.ts"
import { asSuperuser, freshDatabase } from "./support/databases.ts"
import { client } from "./support/subjects.ts"

/** A job as a program writes it that sends no notification: no trigger runs. */
const insertUntold = (url: Redacted.Redacted<string>, organizationId: string, id: string, task: unknown) =>
  asSuperuser(Redacted.value(url), async (sql) => {
    await sql.begin(async (trx) => {
      await trx`set local session_replication_role = replica`
      await trx`insert into portolan.jobs (organization_id, id, due_at, task)
        values (${organizationId}, ${id}, now(), ${JSON.stringify(task)}::text::json)`
    })
  })

const commitJob = (organizationId: Id.OrganizationId) =>
  Effect.gen(function* () {
    const one = yield* job(organizationId, yield* DateTime.now)
    yield* (yield* UnitOfWork.UnitOfWork).commit(change(organizationId, { jobs: [one] }))
    return one
  })

describe("the queue", () => {
  it.live("hears of a job and of an event that another process commits, and again after its connection was cut", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const [here, there] = yield* Effect.all([client(url), client(url)])
      const organizationId = yield* (yield* there(Secrets.Secrets)).id("organization")
      const { signals } = yield* here(Database.Database)
      const seen: Array<string> = []
      let news = yield* Deferred.make<void>()
      yield* here(
        Effect.flatMap(Scheduler.Scheduler, ({ consume }) =>
          consume(
            ({ job: { id } }) =>
              Effect.as(
                Effect.suspend(() => (seen.push(id), Deferred.succeed(news, undefined))),
                { _tag: "Done" } as const
              ),
            { concurrency: 2 }
          )
        )
      )
      const follower = yield* Effect.forkChild(
        here(
          Effect.flatMap(EventLog.EventLog, (log) =>
            log.follow(organizationId, 0).pipe(Stream.take(2), Stream.runCollect)
          )
        )
      )
      const listening = Effect.gen(function* () {
        while (!signals.hearsAll) yield* Effect.sleep("20 millis")
      }).pipe(Effect.timeout("10 seconds"))
      for (let round = 0; round < 2; round++) {
        yield* listening
        news = yield* Deferred.make<void>()
        const one = yield* there(commitJob(organizationId))
        // Less than a look by itself takes to come.
        yield* Deferred.await(news).pipe(Effect.timeout("8 seconds"))
        expect(seen.at(-1)).toBe(one.id)
        const { write } = yield* there(company(organizationId, `Round ${round}`))
        yield* there(
          Effect.flatMap(UnitOfWork.UnitOfWork, (unit) => unit.commit(change(organizationId, { writes: [write] })))
        )
        yield* asSuperuser(
          Redacted.value(url),
          (sql) => sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and query like '%portolan_ping%' and pid <> pg_backend_pid()`
        )
      }
      const events = yield* Fiber.join(follower).pipe(Effect.timeout("8 seconds"))
      expect(events.map(({ position }) => position)).toEqual([1, 2])
    })
  )

  it.live("finds a job without a notification, beside wake-ups that a former version left", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url)
      const { id } = yield* here(Secrets.Secrets)
      const [organizationId, jobId] = [yield* id("organization"), yield* id("job")]
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        await sql`create schema pgboss`
        await sql`create table pgboss.job (name text, data jsonb)`
        await sql`insert into pgboss.job values ('portolan.work', ${sql.json({ organizationId, jobId })})`
      })
      const task = { _tag: "ExpireInvitation", invitationId: yield* id("invitation") }
      yield* insertUntold(url, organizationId, jobId, task)
      const handed = yield* Deferred.make<Scheduler.Due>()
      yield* here(
        Effect.flatMap(Scheduler.Scheduler, ({ consume }) =>
          consume((due) => Effect.as(Deferred.succeed(handed, due), { _tag: "Done" } as const), { concurrency: 1 })
        )
      )
      const { job } = yield* Deferred.await(handed).pipe(Effect.timeout("8 seconds"))
      expect(job).toMatchObject({ id: jobId, organizationId, task })
    })
  )

  it.live(
    "claims, of 300 jobs of one organization and one of another behind them, one of each before a second one",
    () =>
      Effect.gen(function* () {
        const { url } = yield* freshDatabase
        yield* client(url)
        yield* asSuperuser(Redacted.value(url), async (sql) => {
          await sql`insert into portolan.jobs (organization_id, id, due_at, task)
          select case when n < 300 then 'large' else 'small' end, n::text, now() - interval '1 hour' + n * interval '1 s',
            '{}'::json from generate_series(1, 300) as n`
          const claim = (turn: string | null) => sql`select * from portolan.claim_jobs(2, 10, '{}', ${turn})`
          const first = await claim(null)
          expect(first.flatMap(({ id, organization_id }) => (id === null ? [] : [organization_id]))).toEqual([
            "large",
            "large"
          ])
          const turn = first.find(({ next_turn }) => next_turn !== null)?.["next_turn"]
          expect(turn).toBe("")
          const second = await claim(turn)
          const found = second.flatMap(({ id, organization_id }) => (id === null ? [] : [organization_id]))
          expect(found.toSorted()).toEqual(["large", "small"])
          // What is claimed is not handed out again; one call claims all that is left, and says when to come back.
          const rest = await sql`select * from portolan.claim_jobs(400, 10, '{}', null)`
          expect(rest.filter(({ id }) => id !== null)).toHaveLength(296)
          const wait = rest.find(({ wait_seconds }) => wait_seconds !== null)?.["wait_seconds"]
          expect(wait).toBeGreaterThan(0)
          expect(wait).toBeLessThanOrEqual(10)
        })
      })
  )
})

describe("retention", () => {
  it.live("removes what its rules let go in batches, and leaves everything else", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url)
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        await sql`insert into portolan.jobs (organization_id, id, due_at, task, status)
          select 'o' || n % 3, n::text, now() - n % 2 * interval '8 days', '{}'::json,
            case when n % 3 = 0 then 'parked' when n % 5 = 0 then 'waiting' else 'done' end
          from generate_series(1, 6000) as n`
        await sql`insert into portolan.idempotency_keys (organization_id, key, fingerprint, resource, remembered_at)
          values ('o1', 'old', 'f', 'r', now() - interval '3 days'), ('o1', 'young', 'f', 'r', now() - interval '1 day')`
        await sql`insert into portolan.kept_mails (organization_id, id, at, mail) values
          ('o1', 'old', extract(epoch from now() - interval '91 days') * 1000, '{}'),
          ('o1', 'young', extract(epoch from now()) * 1000, '{}')`
      })
      const removed = yield* here(Effect.flatMap(Retention.Retention, ({ forget }) => forget))
      expect(removed).toEqual([
        { rule: "done-jobs", rows: 1600 },
        { rule: "idempotency-keys", rows: 1 },
        { rule: "kept-mails", rows: 1 }
      ])
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        const left = await sql`select status, count(*)::int from portolan.jobs group by status order by status`
        expect(left.map(({ count, status }) => [status, count])).toEqual([
          ["done", 1600],
          ["parked", 2000],
          ["waiting", 800]
        ])
        // A batch has no more rows than it is told.
        await sql.begin(async (trx) => {
          await trx`insert into portolan.idempotency_keys (organization_id, key, fingerprint, resource, remembered_at)
            select 'o1', n::text, 'f', 'r', now() - interval '9 days' from generate_series(1, 5) as n`
          const [one] = await trx`select portolan.forget('idempotency-keys', interval '2 days', 3) as removed`
          expect(one?.["removed"]).toBe(3)
        })
      })
    })
  )
})
