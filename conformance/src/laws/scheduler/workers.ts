/** SCHED-15, 23, 24, 28: several jobs and several workers at once. */
import { Deferred, Duration, Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import { clientsOf } from "../clients.ts"
import type { SchedulerInstance } from "./SchedulerInstance.ts"
import { check, done, jobOf, namesOf, nowOf, type Place, quiet, watch } from "./support.ts"

const hour = 3_600_000

/** One worker at a time has a job. */
export const sched15: Law<SchedulerInstance> = {
  id: "SCHED-15",
  title: "Of several workers one is handed a job, and no other while that one has it",
  rationale: "Two workers with one job spend one refresh token twice, and the provider revokes the consent.",
  checkFirst:
    "Look at how a job is claimed: found and marked by one statement, with rows that another worker is about to " +
    "claim skipped, not waited for and then taken as well.",
  see: ["Scheduler.consume"],
  level: core,
  parts: [
    check({
      name: "race",
      kind: "race",
      interleavings: 3,
      effort: 0.5,
      minimum: 8,
      input: fc.record({
        workers: fc.integer({ min: 2, max: 3 }),
        jobs: fc.array(fc.constantFrom<Place>(0, 0, 1, 2), { minLength: 1, maxLength: 6 }),
        concurrency: fc.integer({ min: 1, max: 2 })
      }),
      check: (instance, { concurrency, jobs: places, workers }, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const jobs = places.map((place, n) => jobOf(instance, place, n, now - hour))
          for (const job of jobs) yield* instance.schedule([job])
          const client = yield* clientsOf(instance.probes.clients, instance.scheduler, workers)
          const all: Array<{ readonly job: (typeof jobs)[number] }> = []
          const everybody = yield* Deferred.make<void>()
          for (let worker = 0; worker < workers; worker++) {
            yield* client(worker).consume(
              ({ job }) =>
                Effect.gen(function* () {
                  if (all.push({ job }) >= jobs.length) yield* Deferred.succeed(everybody, undefined)
                  yield* Effect.sleep("3 millis")
                  return done
                }),
              { concurrency }
            )
          }
          yield* Effect.timeoutOption(Deferred.await(everybody), "8 seconds")
          yield* quiet(testCase)
          yield* mustEqual("several workers were not handed each job once", {
            expected: jobs.map((_, n) => `job ${n}`),
            actual: namesOf(jobs, all).toSorted()
          })
        })
    })
  ]
}

/** A worker that stops. */
export const sched23: Law<SchedulerInstance> = {
  id: "SCHED-23",
  title: "A worker that stops finishes what is under way, begins nothing more, and leaves the rest to the next at once",
  rationale:
    "Every release stops all workers. Work that is cut off is done twice; work that a stopped worker still holds " +
    "waits for nothing.",
  checkFirst:
    "Look at what the scope's end does: no further claim, then waiting for handlers and for their outcomes to be " +
    "written, then nothing is left claimed.",
  see: ["Scheduler.consume"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "liveness",
      effort: 0.4,
      minimum: 8,
      input: fc.record({ waiting: fc.integer({ min: 1, max: 3 }), turns: fc.integer({ min: 0, max: 5 }) }),
      check: (instance, { turns, waiting }, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const jobs = Array.from({ length: waiting + 1 }, (_, n) => jobOf(instance, 0, n, now - hour + n))
          yield* instance.schedule(jobs)
          const begun = yield* Deferred.make<void>()
          let ended = 0
          let handed = 0
          yield* Effect.scoped(
            Effect.gen(function* () {
              yield* instance.scheduler.consume(
                () =>
                  Effect.gen(function* () {
                    handed += 1
                    yield* Deferred.succeed(begun, undefined)
                    for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
                    yield* Effect.sleep("20 millis")
                    ended += 1
                    return done
                  }),
                { concurrency: 1 }
              )
              yield* Effect.timeoutOption(Deferred.await(begun), "8 seconds")
            })
          )
          const before = handed
          yield* mustEqual("a worker that stopped cut off what was under way, or had nothing to do", {
            expected: [true, before],
            actual: [before > 0, ended]
          })
          const next = yield* watch(instance, testCase)
          yield* next.until(jobs.length - before)
          yield* quiet(testCase)
          yield* mustEqual("after a worker stopped, it went on, or the next was not handed the rest, once", {
            expected: [before, jobs.map((_, n) => `job ${n}`).slice(before)],
            actual: [handed, namesOf(jobs, next.handed).toSorted()]
          })
        })
    })
  ]
}

/** As many at a time as was said. */
export const sched24: Law<SchedulerInstance> = {
  id: "SCHED-24",
  title: "A worker has as many jobs under way as it was told, side by side, and never more",
  rationale:
    "More at once break the provider's limits, and its answers then fail for everybody; fewer leave customers " +
    "waiting behind a slow one.",
  checkFirst:
    "Look at what counts as under way: from the claim until the handler has ended, for this worker; a slot that is " +
    "free is filled while others are still busy.",
  see: ["Scheduler.consume"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "race",
      needs: [],
      interleavings: 2,
      effort: 0.3,
      minimum: 6,
      input: fc.record({ concurrency: fc.integer({ min: 1, max: 4 }), more: fc.integer({ min: 1, max: 4 }) }),
      check: (instance, { concurrency, more }, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const count = concurrency + more
          yield* instance.schedule(Array.from({ length: count }, (_, n) => jobOf(instance, 0, n, now - hour)))
          const full = yield* Deferred.make<void>()
          let underWay = 0
          let most = 0
          const watched = yield* watch(
            instance,
            testCase,
            () =>
              Effect.gen(function* () {
                underWay += 1
                most = Math.max(most, underWay)
                if (underWay >= concurrency) yield* Deferred.succeed(full, undefined)
                yield* Effect.timeoutOption(Deferred.await(full), "3 seconds")
                for (let turn = 0; turn < 5; turn++) yield* Effect.yieldNow
                yield* Effect.sleep("2 millis")
                underWay -= 1
                return done
              }),
            { concurrency }
          )
          yield* watched.until(count)
          yield* mustEqual("not as many jobs were under way at once as the worker was told", {
            expected: concurrency,
            actual: most
          })
        })
    })
  ]
}

/** How far behind the work is. */
export const sched28: Law<SchedulerInstance> = {
  id: "SCHED-28",
  title: "The age of the oldest due job is how long it has waited, and zero when none waits or one is under way",
  rationale:
    "Support is woken by this number. One that is wrong wakes them for a full queue, or lets them sleep " +
    "through a stop.",
  checkFirst:
    "Look at what is left out: jobs that are not due yet, done or stopped; any job under way makes the age zero, and " +
    "jobs of every organization count.",
  see: ["Scheduler.oldestDueAge"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      effort: 0.4,
      minimum: 8,
      input: fc.array(
        fc.record({ place: fc.constantFrom<Place>(0, 1), due: fc.constantFrom(-90_000, -hour, 2 * hour) }),
        { maxLength: 4 }
      ),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const age = Effect.map(instance.scheduler.oldestDueAge, Duration.toMillis)
          const jobs = list.map(({ due, place }, n) => jobOf(instance, place, n, now + due))
          for (const job of jobs) yield* instance.schedule([job])
          const expected = Math.max(0, ...list.map(({ due }) => -due))
          const seen = yield* age
          yield* must(
            expected === 0 ? seen === 0 : seen >= expected - 5 && seen < expected + 20_000,
            "the age of the oldest due job is another",
            { expected: `${expected} ms`, actual: `${seen} ms` }
          )
          const count = list.filter(({ due }) => due < 0).length
          if (count === 0) return
          const begun = yield* Deferred.make<void>()
          const go = yield* Deferred.make<void>()
          const watched = yield* watch(instance, testCase, () =>
            Effect.gen(function* () {
              yield* Deferred.succeed(begun, undefined)
              yield* Effect.timeoutOption(Deferred.await(go), "8 seconds")
              return done
            })
          )
          yield* Deferred.await(begun).pipe(Effect.timeoutOption("8 seconds"))
          const during = yield* age
          yield* Deferred.succeed(go, undefined)
          yield* watched.until(count)
          yield* quiet(testCase)
          yield* mustEqual("work counts as waiting while a job is under way, or after all was done", {
            expected: [0, 0],
            actual: [during, yield* age]
          })
        })
    })
  ]
}
