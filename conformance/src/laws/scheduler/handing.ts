/** SCHED-01, 02, 08, 17: what is handed out, when, and how often. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import { clientsOf } from "../clients.ts"
import type { SchedulerInstance } from "./SchedulerInstance.ts"
import { check, done, jobOf, namesOf, nowOf, type Place, quiet, watch } from "./support.ts"

const place = fc.constantFrom<Place>(0, 0, 1, 2)

const hour = 3_600_000

/** Due work runs. */
export const sched01: Law<SchedulerInstance> = {
  id: "SCHED-01",
  title: "Every due job is handed out, with the content it was scheduled with, whenever it became due",
  rationale:
    "A job that nobody is handed is a first load that never begins. One that lost a field works on something else.",
  checkFirst:
    "Look at the condition for due work: everything at or before now, however long ago, also what was scheduled " +
    "while the worker slept; and at what is decoded from the row.",
  see: ["Scheduler.consume", "Due"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      effort: 0.5,
      minimum: 10,
      input: fc.record({
        jobs: fc.array(fc.record({ place, due: fc.constantFrom(-30 * 24 * hour, -hour, -1, 0, 40) }), {
          minLength: 1,
          maxLength: 6
        }),
        worker: fc.constantFrom("before", "after"),
        concurrency: fc.integer({ min: 1, max: 3 })
      }),
      check: (instance, { concurrency, jobs: list, worker }, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const jobs = list.map((each, n) => jobOf(instance, each.place, n, now + each.due))
          const schedule = Effect.forEach(jobs, (job) => instance.schedule([job]), { discard: true })
          if (worker === "after") yield* schedule
          const watched = yield* watch(instance, testCase, undefined, { concurrency })
          if (worker === "before") yield* schedule
          yield* watched.until(jobs.length)
          const byId = watched.handed.toSorted((one, other) => (one.job.id < other.job.id ? -1 : 1))
          yield* mustEqual("jobs were not handed out as they were scheduled, with no failure yet", {
            expected: jobs.toSorted((one, other) => (one.id < other.id ? -1 : 1)).map((job) => ({ job, failures: 0 })),
            actual: byId.map(({ failures, job }) => ({ job, failures }))
          })
        })
    })
  ]
}

/** Not before it is due. */
export const sched02: Law<SchedulerInstance> = {
  id: "SCHED-02",
  title: "No job is handed out before it is due by the clock of the queue, however far off that is",
  rationale:
    "A reminder that comes early reminds of nothing, and a token that is asked for before the provider allows it " +
    "counts as an attack.",
  checkFirst:
    "Look at whose clock is compared, and at long sleeps: a timer that holds 32 bits fires at once when a job is due " +
    "in a month.",
  see: ["Scheduler.consume"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      effort: 0.4,
      minimum: 8,
      input: fc.record({
        soon: fc.array(fc.integer({ min: 5, max: 60 }), { minLength: 1, maxLength: 3 }),
        far: fc.constantFrom(2 * hour, 25 * 24 * hour, 400 * 24 * hour)
      }),
      check: (instance, { far, soon }, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const jobs = [...soon, far].map((due, n) => jobOf(instance, 0, n, now + due))
          yield* instance.schedule(jobs)
          const watched = yield* watch(instance, testCase, undefined, { concurrency: 2 })
          yield* watched.until(soon.length)
          yield* quiet(testCase)
          yield* mustEqual("a job that is far off was handed out, or one that was due was not", {
            expected: soon.map((_, n) => `job ${n}`).toSorted(),
            actual: namesOf(jobs, watched.handed).toSorted()
          })
          const early = watched.handed.find(({ at, job }) => at < job.dueAt.epochMilliseconds)
          yield* must(early === undefined, "a job was handed out before it was due", {
            expected: `from ${early?.job.dueAt.epochMilliseconds} on`,
            actual: early?.at
          })
        })
    })
  ]
}

/** Done is done. */
export const sched08: Law<SchedulerInstance> = {
  id: "SCHED-08",
  title: "A job that is done is handed to nobody again, whichever worker looks",
  rationale: "Work that is done twice loads a year of data twice, or sends the same mail to the same owner again.",
  checkFirst:
    "Look at where the outcome is written: in the queue, before the worker takes its next job, and not only in the " +
    "worker's memory.",
  see: ["Scheduler.consume", "Outcome"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      effort: 0.4,
      minimum: 8,
      input: fc.integer({ min: 1, max: 4 }),
      check: (instance, count, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const jobs = Array.from({ length: count }, (_, n) => jobOf(instance, 0, n, now - hour))
          yield* instance.schedule(jobs)
          const client = yield* clientsOf(instance.probes.clients, instance.scheduler, 2)
          yield* Effect.scoped(
            Effect.flatMap(watch(instance, testCase, undefined, { scheduler: client(0) }), (first) =>
              first.until(count)
            )
          )
          const second = yield* watch(instance, testCase, undefined, { scheduler: client(1) })
          yield* quiet(testCase)
          yield* mustEqual("a job that is done was handed out again", {
            expected: [],
            actual: namesOf(jobs, second.handed)
          })
        })
    })
  ]
}

/** Nobody waits behind somebody else's backlog. */
export const sched17: Law<SchedulerInstance> = {
  id: "SCHED-17",
  title: "An organization with little work gets its turn within two jobs of another, however much of it waits",
  rationale: "One customer who connects two hundred accounts must not hold up everybody else's first load for a day.",
  checkFirst:
    "Look at the order of claims: the organization that waited longest for its turn comes first, and only then what " +
    "is due longest.",
  see: ["Scheduler.consume"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "liveness",
      effort: 0.3,
      minimum: 6,
      input: fc.record({ large: fc.integer({ min: 4, max: 15 }), late: fc.constantFrom(1, 60_000, hour - 1) }),
      check: (instance, { large, late }, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const many = Array.from({ length: large }, (_, n) => jobOf(instance, 0, n, now - hour))
          yield* instance.schedule(many)
          yield* instance.schedule([jobOf(instance, 1, 0, now - hour + late)])
          const watched = yield* watch(instance, testCase, () => Effect.as(Effect.yieldNow, done))
          yield* watched.until(large + 1)
          const turn = watched.handed.findIndex(({ job }) => job.organizationId === instance.organizations[1])
          yield* must(turn <= 2, "an organization with one job waited behind the backlog of another", {
            expected: "handed out third, at the latest",
            actual: `handed out after ${turn} jobs of the other`
          })
        })
    })
  ]
}
