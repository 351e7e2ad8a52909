/** A worker process that is killed, and one that comes after it. */
import { spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Scheduler, Secrets, UnitOfWork } from "@portolan/ports"
import { DateTime, Deferred, Duration, Effect, Layer, Ref } from "effect"
import { Database, PostgresAdapters } from "../src/index.ts"
import { change, job } from "./support/change.ts"
import { options, secrets } from "./support/subjects.ts"

const quick = PostgresAdapters.layer({ ...options, claimLife: Duration.seconds(2) })

/** Starts a worker that prints the id of each piece it takes and never finishes one; kills it after the first. */
const killedWorker = (address: string) =>
  Effect.callback<string>((resume) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "support", "stuckWorker.ts"), address], {
      stdio: ["ignore", "pipe", "inherit"]
    })
    child.stdout.once("data", (text: Buffer) => {
      child.once("exit", () => resume(Effect.succeed(String(text).trim())))
      child.kill("SIGKILL")
    })
    return Effect.sync(() => void child.kill("SIGKILL"))
  })

const drain = (total: number) =>
  Effect.gen(function* () {
    const scheduler = yield* Scheduler.Scheduler
    const unit = yield* UnitOfWork.UnitOfWork
    const seen = yield* Ref.make<ReadonlyArray<string>>([])
    const enough = yield* Deferred.make<void>()
    yield* scheduler.consume(
      ({ job }) =>
        Effect.gen(function* () {
          yield* Effect.orDie(unit.commit(change(job.organizationId, { completes: job.id })))
          const all = yield* Ref.updateAndGet(seen, (before) => [...before, job.id])
          if (all.length >= total) yield* Deferred.succeed(enough, undefined)
          return { _tag: "Done" as const }
        }),
      { concurrency: 2 }
    )
    yield* Deferred.await(enough).pipe(Effect.timeout("20 seconds"))
    return yield* Ref.get(seen)
  })

const plan = Effect.gen(function* () {
  const organizationId = yield* (yield* Secrets.Secrets).id("organization")
  const now = yield* DateTime.now
  const jobs = yield* Effect.all(Array.from({ length: 6 }, () => job(organizationId, now)))
  yield* (yield* UnitOfWork.UnitOfWork).commit(change(organizationId, { jobs }))
  return jobs.map(({ id }) => id)
})

// On a server, `apps/worker/test/kill.test.ts` kills worker after worker.
describe("kill -9 of a worker", () => {
  it.live("loses nothing in a folder: the next process goes on at once", () =>
    Effect.gen(function* () {
      const path = yield* Effect.acquireRelease(
        Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-killed-"))),
        (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
      )
      const dataDir = join(path, "data")
      const world = Layer.merge(secrets, Layer.provideMerge(quick, Database.layerPGlite({ dataDir })))
      const planned = yield* Effect.provide(plan, world, { local: true })
      expect(planned).toContain(yield* killedWorker(dataDir))
      const done = yield* Effect.provide(Effect.scoped(drain(6)), world, { local: true })
      expect(done.toSorted()).toEqual(planned.toSorted())
    })
  )
})
