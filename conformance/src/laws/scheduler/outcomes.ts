/** SCHED-12, 29 and 31: what becomes of a job. */
import type { Scheduler } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import type { SchedulerInstance } from "./SchedulerInstance.ts"
import { check, done, jobOf, namesOf, nowOf, quiet, watch } from "./support.ts"

const hour = 3_600_000

/** Not yet, and failed. */
export const sched12: Law<SchedulerInstance> = {
  id: "SCHED-12",
  title:
    "After RetryAt and Failed a job comes again at the time they name, not before, and only Failed counts a failure",
  rationale:
    "A report that a provider prepares for an hour is no failure: counted as one, it would be given up. One asked " +
    "for early costs a call that is limited.",
  checkFirst:
    "Look at what an outcome changes: the due time is the one it names, and the count grows for Failed alone.",
  see: ["Outcome", "Due"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      effort: 0.4,
      minimum: 8,
      labels: { "both kinds": 0.4 },
      input: turnOf([true, false], (isBoth) =>
        fc
          .array(fc.record({ tag: fc.constantFrom("RetryAt", "Failed"), pause: fc.constantFrom(-1_000, 0, 40) }), {
            minLength: 1,
            maxLength: 4
          })
          .map((list) =>
            isBoth ? [{ tag: "RetryAt", pause: 40 }, { tag: "Failed", pause: 40 }, ...list.slice(1)] : list
          )
      ),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          if (new Set(list.map(({ tag }) => tag)).size === 2) testCase.label("both kinds")
          const start = yield* nowOf(instance, testCase)
          const job = jobOf(instance, 0, 0, start - hour)
          yield* instance.schedule([job])
          const named: Array<number> = []
          const watched = yield* watch(instance, testCase, (_due, nth) =>
            Effect.gen(function* () {
              const step = list[nth]
              if (step === undefined) return done
              const at = DateTime.makeUnsafe((yield* Effect.orDie(nowOf(instance, testCase))) + step.pause)
              named.push(at.epochMilliseconds)
              return step.tag === "Failed"
                ? { _tag: "Failed" as const, at, reason: "no" }
                : { _tag: "RetryAt" as const, at }
            })
          )
          yield* watched.until(list.length + 1)
          const failures = list.map((_, nth) => list.slice(0, nth).filter(({ tag }) => tag === "Failed").length)
          yield* mustEqual("failures are not counted as outcomes say", {
            expected: [...failures, list.filter(({ tag }) => tag === "Failed").length],
            actual: watched.handed.map((each) => each.failures)
          })
          const early = named.findIndex((at, nth) => (watched.handed[nth + 1]?.at ?? Infinity) < at)
          yield* must(early < 0, "a job came again before the time that its outcome named", {
            expected: `from ${named[early]} on`,
            actual: watched.handed[early + 1]?.at
          })
        })
    })
  ]
}

/** One bad job does not stop the worker. */
export const sched29: Law<SchedulerInstance> = {
  id: "SCHED-29",
  title:
    "A handler that dies counts as a failure of its job, which comes again, and the worker goes on with the others",
  rationale: "A defect in one kind of work must not end all work; and a job that dies silently is never carried out.",
  checkFirst:
    "Look at what catches the handler's exit: defects too, for each job by itself; the job gets a later due time and " +
    "one failure more.",
  see: ["Scheduler.consume"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      effort: 0.3,
      minimum: 6,
      input: fc.record({ others: fc.integer({ min: 1, max: 3 }), concurrency: fc.integer({ min: 1, max: 2 }) }),
      check: (instance, { concurrency, others }, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const jobs = Array.from({ length: others + 1 }, (_, n) => jobOf(instance, 0, n, now - hour + n))
          yield* instance.schedule(jobs)
          const [bad] = jobs
          yield* Effect.scoped(
            Effect.gen(function* () {
              const watched = yield* watch(
                instance,
                testCase,
                ({ job }) => (job.id === bad?.id ? Effect.die("a defect of the handler") : Effect.succeed(done)),
                { concurrency }
              )
              yield* watched.until(jobs.length)
            })
          )
          yield* testCase.advance(2 * 60_000)
          const later = yield* watch(instance, testCase)
          yield* later.until(1)
          yield* quiet(testCase)
          yield* mustEqual("after a handler died, its job did not come again with one failure, alone", {
            expected: [["job 0"], [1]],
            actual: [namesOf(jobs, later.handed), later.handed.map(({ failures }) => failures)]
          })
        })
    })
  ]
}

/** The change decides. */
export const sched31: Law<SchedulerInstance> = {
  id: "SCHED-31",
  title: "A job that its own change completed stays completed, whatever the handler says afterwards",
  rationale:
    "The change is what took effect. A handler that fails after it would have the work done once more, which is what " +
    "the change was to prevent.",
  checkFirst:
    "Look at how an outcome is written: only where the job still waits under this claim; a job that a change has " +
    "completed meanwhile is left alone.",
  see: ["Outcome", "Scheduler.consume"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      effort: 0.4,
      minimum: 8,
      input: fc.constantFrom("Failed", "RetryAt", "DeadLettered", "Done", "before"),
      check: (instance, tag, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const [job, next] = [jobOf(instance, 0, 0, now - hour), jobOf(instance, 0, 1, now - hour + 1)]
          yield* instance.schedule([job, next])
          if (tag === "before") yield* instance.complete(job.organizationId, job.id)
          const at = DateTime.makeUnsafe(Math.round(now) - 1_000)
          const outcomes: Readonly<Record<string, Scheduler.Outcome>> = {
            Failed: { _tag: "Failed", at, reason: "no" },
            RetryAt: { _tag: "RetryAt", at },
            DeadLettered: { _tag: "DeadLettered", reason: "no" }
          }
          const watched = yield* watch(instance, testCase, (due) =>
            due.job.id === job.id
              ? Effect.as(Effect.orDie(instance.complete(job.organizationId, job.id)), outcomes[tag] ?? done)
              : Effect.succeed(done)
          )
          yield* watched.until(tag === "before" ? 1 : 2)
          yield* quiet(testCase)
          yield* mustEqual("a job that its change completed came again, or stopped the others", {
            expected: tag === "before" ? ["job 1"] : ["job 0", "job 1"],
            actual: namesOf([job, next], watched.handed).toSorted()
          })
          yield* mustEqual("a job that its change completed is a dead letter", {
            expected: 0,
            actual: (yield* instance.scheduler.deadLetters(job.organizationId)).length
          })
        })
    })
  ]
}
