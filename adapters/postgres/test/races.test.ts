/** What only separate connections can show: who wins, and that nothing is lost or doubled. */
import { describe, expect, it } from "@effect/vitest"
import { EventLog, Scheduler, Secrets, TokenVault, UnitOfWork } from "@portolan/ports"
import { DateTime, Deferred, Duration, Effect, Exit, Redacted, Ref, Scope } from "effect"
import { change, company, hold, job, rename } from "./support/change.ts"
import { asSuperuser, freshDatabase } from "./support/databases.ts"
import { client } from "./support/subjects.ts"

describe("two clients of one database", () => {
  it.live("of commits from one version exactly one wins, again and again", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const clients = yield* Effect.all([client(url), client(url), client(url)])
      const [first] = clients
      const organizationId = yield* (yield* first(Secrets.Secrets)).id("organization")
      const { state, write } = yield* first(company(organizationId, "Zero"))
      yield* first(
        Effect.flatMap(UnitOfWork.UnitOfWork, (unit) => unit.commit(change(organizationId, { writes: [write] })))
      )
      for (let version = 1; version <= 10; version++) {
        const exits = yield* Effect.all(
          clients.map((here, index) =>
            Effect.exit(
              here(
                Effect.gen(function* () {
                  const unit = yield* UnitOfWork.UnitOfWork
                  return yield* unit.commit(
                    change(organizationId, { writes: [yield* rename(state, version, `By ${index} at ${version}`)] })
                  )
                })
              )
            )
          ),
          { concurrency: "unbounded" }
        )
        expect(exits.filter(Exit.isSuccess)).toHaveLength(1)
        for (const exit of exits) {
          if (Exit.isFailure(exit)) {
            expect(Exit.findErrorOption(exit)).toMatchObject({
              value: { _tag: "VersionConflict", expected: version, found: version + 1 }
            })
          }
        }
      }
    })
  )

  it.live("of claims on one profile exactly one wins, whoever's they are", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const clients = yield* Effect.all([client(url), client(url), client(url)])
      const [first] = clients
      const { id } = yield* first(Secrets.Secrets)
      const [home, away] = [yield* id("organization"), yield* id("organization")]
      for (let round = 0; round < 10; round++) {
        const exits = yield* Effect.all(
          clients.map((here, index) =>
            Effect.exit(
              here(
                Effect.gen(function* () {
                  const unit = yield* UnitOfWork.UnitOfWork
                  return yield* unit.commit(
                    change(index === 0 ? away : home, {
                      claims: [yield* hold(`p${round}`), yield* hold(`q${round}`)].toReversed()
                    })
                  )
                })
              )
            )
          ),
          { concurrency: "unbounded" }
        )
        expect(exits.filter(Exit.isSuccess)).toHaveLength(1)
        for (const exit of exits) {
          if (Exit.isFailure(exit))
            expect(Exit.findErrorOption(exit)).toMatchObject({ value: { _tag: "ProfileTaken" } })
        }
      }
    })
  )

  it.live("positions of the history have no gaps and no reader ever skips one", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const clients = yield* Effect.all([client(url), client(url), client(url)])
      const [first] = clients
      const organizationId = yield* (yield* first(Secrets.Secrets)).id("organization")
      const done = yield* Ref.make(false)
      const read = first(
        Effect.gen(function* () {
          const log = yield* EventLog.EventLog
          const seen: Array<number> = []
          while (!(yield* Ref.get(done)) || (yield* log.after(organizationId, seen.length, 1)).length > 0) {
            for (const event of yield* log.after(organizationId, seen.length, 50)) seen.push(event.position)
          }
          return seen
        })
      )
      const write = Effect.all(
        clients.map((here) =>
          here(
            Effect.gen(function* () {
              const unit = yield* UnitOfWork.UnitOfWork
              for (let index = 0; index < 15; index++) {
                const one = yield* company(organizationId, `One ${index}`)
                const two = yield* company(organizationId, `Two ${index}`)
                yield* unit.commit(change(organizationId, { writes: [one.write, two.write] }))
              }
            })
          )
        ),
        { concurrency: "unbounded" }
      )
      const [seen] = yield* Effect.all([read, Effect.andThen(write, Ref.set(done, true))], { concurrency: "unbounded" })
      expect(seen).toEqual(Array.from({ length: 90 }, (_, index) => index + 1))
    })
  )

  it.live("a secret that is created by many at once is one caller's, and a lease has one holder", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const clients = yield* Effect.all([client(url), client(url), client(url)])
      const [first] = clients
      for (let round = 0; round < 5; round++) {
        const organizationId = yield* (yield* first(Secrets.Secrets)).id("organization")
        const created = yield* Effect.all(
          clients.map((here, index) =>
            Effect.exit(
              here(
                Effect.flatMap(TokenVault.TokenVault, (vault) =>
                  Effect.as(vault.create(organizationId, "a", Redacted.make(`by ${index}`)), index)
                )
              )
            )
          ),
          { concurrency: "unbounded" }
        )
        const winners = created.flatMap((exit) => (Exit.isSuccess(exit) ? [exit.value] : []))
        expect(winners).toHaveLength(1)
        const stored = yield* first(Effect.flatMap(TokenVault.TokenVault, (vault) => vault.get(organizationId, "a")))
        expect(Redacted.value(stored.secret)).toBe(`by ${winners[0]}`)
        const leased = yield* Effect.all(
          clients.map((here) =>
            Effect.exit(
              here(
                Effect.flatMap(TokenVault.TokenVault, (vault) =>
                  vault.acquireLease(organizationId, "a", Duration.seconds(30))
                )
              )
            )
          ),
          { concurrency: "unbounded" }
        )
        expect(leased.filter(Exit.isSuccess)).toHaveLength(1)
      }
    })
  )

  it.live("two schedulers hand each piece to one of them", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const [one, two] = yield* Effect.all([client(url), client(url)])
      const { id } = yield* one(Secrets.Secrets)
      const organizations = [yield* id("organization"), yield* id("organization"), yield* id("organization")]
      const now = yield* DateTime.now
      const total = 60
      const seen = yield* Ref.make<ReadonlyArray<string>>([])
      const enough = yield* Deferred.make<void>()
      const handle = ({ job }: Scheduler.Due) =>
        Ref.updateAndGet(seen, (all) => [...all, job.id]).pipe(
          Effect.tap((all) => (all.length >= total ? Deferred.succeed(enough, undefined) : Effect.void)),
          Effect.as({ _tag: "Done" as const })
        )
      for (let index = 0; index < total; index += 3) {
        for (const organizationId of organizations) {
          yield* one(
            Effect.gen(function* () {
              yield* (yield* UnitOfWork.UnitOfWork).commit(
                change(organizationId, { jobs: [yield* job(organizationId, now)] })
              )
            })
          )
        }
      }
      for (const here of [one, two]) {
        yield* here(Effect.flatMap(Scheduler.Scheduler, (scheduler) => scheduler.consume(handle, { concurrency: 4 })))
      }
      yield* Deferred.await(enough).pipe(Effect.timeout("30 seconds"))
      yield* Effect.sleep("500 millis")
      const all = yield* Ref.get(seen)
      expect([all.length, new Set(all).size]).toEqual([total, total])
    })
  )

  it.live("a small organization does not wait behind the backlog of a large one", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url)
      const { id } = yield* here(Secrets.Secrets)
      const [large, small] = [yield* id("organization"), yield* id("organization")]
      const now = yield* DateTime.now
      const commit = (organizationId: typeof large, count: number) =>
        here(
          Effect.gen(function* () {
            const jobs = yield* Effect.all(Array.from({ length: count }, () => job(organizationId, now)))
            yield* (yield* UnitOfWork.UnitOfWork).commit(change(organizationId, { jobs }))
          })
        )
      yield* commit(large, 300)
      yield* commit(small, 3)
      const served = yield* Ref.make<ReadonlyArray<string>>([])
      const enough = yield* Deferred.make<void>()
      yield* here(
        Effect.flatMap(Scheduler.Scheduler, (scheduler) =>
          scheduler.consume(
            ({ job }) =>
              Ref.updateAndGet(served, (all) => [...all, job.organizationId]).pipe(
                Effect.tap((all) =>
                  all.filter((one) => one === small).length === 3 ? Deferred.succeed(enough, undefined) : Effect.void
                ),
                Effect.as({ _tag: "Done" as const })
              ),
            { concurrency: 2 }
          )
        )
      )
      yield* Deferred.await(enough).pipe(Effect.timeout("20 seconds"))
      expect((yield* Ref.get(served)).filter((one) => one === large).length).toBeLessThan(15)
    })
  )

  it.live("work of a worker that vanished is handed out again when its claim ends, and the late worker is fenced", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const [one, two] = yield* Effect.all([client(url), client(url)])
      const { id } = yield* one(Secrets.Secrets)
      const organizationId = yield* id("organization")
      const piece = yield* one(job(organizationId, yield* DateTime.now))
      yield* one(
        Effect.flatMap(UnitOfWork.UnitOfWork, (unit) => unit.commit(change(organizationId, { jobs: [piece] })))
      )
      const started = yield* Deferred.make<void>()
      const letGo = yield* Deferred.make<void>()
      const first = yield* Scope.make()
      yield* one(
        Effect.flatMap(Scheduler.Scheduler, (scheduler) =>
          scheduler.consume(
            () =>
              Deferred.succeed(started, undefined).pipe(
                Effect.andThen(Deferred.await(letGo)),
                Effect.as({ _tag: "DeadLettered" as const, reason: "too late" })
              ),
            { concurrency: 1 }
          )
        )
      ).pipe(Scope.provide(first))
      yield* Deferred.await(started).pipe(Effect.timeout("5 seconds"))
      // As if the process had died: nobody prolongs the claim, and its end is now.
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        await sql`update portolan.jobs set claimed_until = now() - interval '1 second'`
      })
      const again = yield* Deferred.make<string>()
      yield* two(
        Effect.flatMap(Scheduler.Scheduler, (scheduler) =>
          scheduler.consume(({ job }) => Effect.as(Deferred.succeed(again, job.id), { _tag: "Done" as const }), {
            concurrency: 1
          })
        )
      )
      expect(yield* Deferred.await(again).pipe(Effect.timeout("5 seconds"))).toBe(piece.id)
      yield* Effect.sleep("200 millis")
      yield* Deferred.succeed(letGo, undefined)
      yield* Scope.close(first, Exit.void)
      expect(
        yield* one(Effect.flatMap(Scheduler.Scheduler, (scheduler) => scheduler.deadLetters(organizationId)))
      ).toEqual([])
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        expect((await sql`select status from portolan.jobs`).map((row) => row.status)).toEqual(["done"])
      })
    })
  )

  it.live("a worker that stops finishes what is under way and takes nothing more", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url)
      const organizationId = yield* (yield* here(Secrets.Secrets)).id("organization")
      const now = yield* DateTime.now
      const pieces = yield* here(Effect.all(Array.from({ length: 5 }, () => job(organizationId, now))))
      yield* here(
        Effect.flatMap(UnitOfWork.UnitOfWork, (unit) => unit.commit(change(organizationId, { jobs: pieces })))
      )
      const scope = yield* Scope.make()
      const started = yield* Deferred.make<void>()
      yield* here(
        Effect.flatMap(Scheduler.Scheduler, (scheduler) =>
          scheduler.consume(
            () =>
              Deferred.succeed(started, undefined).pipe(
                Effect.andThen(Effect.sleep("300 millis")),
                Effect.as({ _tag: "Done" as const })
              ),
            { concurrency: 2 }
          )
        )
      ).pipe(Scope.provide(scope))
      yield* Deferred.await(started).pipe(Effect.timeout("5 seconds"))
      yield* Effect.sleep("100 millis")
      yield* Scope.close(scope, Exit.void)
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        const found = await sql`select status, count(*)::integer from portolan.jobs group by status order by status`
        expect(found.map((row) => [row.status, row.count])).toEqual([
          ["done", 2],
          ["waiting", 3]
        ])
        expect(
          await sql`select from portolan.jobs where status = 'waiting' and claimed_until is not null`
        ).toHaveLength(0)
      })
    })
  )

  it.live("more callers than connections still finish, also after many were interrupted", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url, 3)
      const organizationId = yield* (yield* here(Secrets.Secrets)).id("organization")
      const add = (name: string) =>
        here(
          Effect.gen(function* () {
            yield* (yield* UnitOfWork.UnitOfWork).commit(
              change(organizationId, { writes: [(yield* company(organizationId, name)).write] })
            )
          })
        )
      yield* Effect.all(
        Array.from({ length: 30 }, (_, index) => Effect.timeoutOption(add(`Cut ${index}`), Duration.millis(index % 5))),
        { concurrency: "unbounded" }
      )
      yield* Effect.all(
        Array.from({ length: 24 }, (_, index) => add(`Kept ${index}`)),
        { concurrency: "unbounded" }
      ).pipe(Effect.timeout("20 seconds"))
    })
  )
})
