/** SCHED-13 and 14: jobs that stopped. */
import { Backoff } from "@portolan/domain"
import type { Scheduler } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import { idOf } from "../repository/fixtures/ids.ts"
import type { SchedulerInstance } from "./SchedulerInstance.ts"
import { check, done, jobOf, nowOf, quiet, watch } from "./support.ts"

const hour = 3_600_000

/** An end that is seen. */
export const sched13: Law<SchedulerInstance> = {
  id: "SCHED-13",
  title: "After the limit of failures, or at once when that is useless, a job stops and is listed with its last reason",
  rationale:
    "Work that fails for ever hides among work that succeeds, and work that vanishes is never asked about. An " +
    "operator has to see what stopped, and why.",
  checkFirst:
    "Look at the comparison with the limit of attempts, which includes the failure just counted; and that a " +
    "stopped job keeps its row, reason and count.",
  see: ["DeadLettered", "Outcome", "Scheduler.deadLetters"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      effort: 0.3,
      minimum: 4,
      input: turnOf(["at once", "limit"] as const, (how) =>
        fc.record({ how: fc.constant(how), others: fc.nat({ max: 2 }) })
      ),
      check: (instance, { how, others }, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const job = jobOf(instance, 0, "bad", now - hour)
          yield* instance.schedule([job])
          if (others > 0) {
            yield* instance.schedule(Array.from({ length: others }, (_, n) => jobOf(instance, 1, n, now - hour)))
          }
          const at = DateTime.makeUnsafe(Math.round(now) - 1_000)
          const times = how === "limit" ? Backoff.attemptLimit : 1
          const watched = yield* watch(instance, testCase, (due) => {
            if (due.job.id !== job.id) return Effect.succeed(done)
            const reason = `failure ${due.failures + 1}`
            const outcome: Scheduler.Outcome =
              how === "limit" ? { _tag: "Failed", at, reason } : { _tag: "DeadLettered", reason }
            return Effect.succeed(outcome)
          })
          yield* watched.until(times + others)
          yield* quiet(testCase)
          const own = watched.handed.filter((each) => each.job.id === job.id).length
          yield* mustEqual("a job was not handed out as often as its limit says", { expected: times, actual: own })
          const [organizationId, other] = instance.organizations
          const listed = yield* instance.scheduler.deadLetters(organizationId)
          yield* mustEqual("a job that stopped is not listed with its last reason", {
            expected: [{ jobId: job.id, task: "CancelBackfill", reason: `failure ${times}`, failures: times }],
            actual: listed.map(({ failures, jobId, reason, task }) => ({ jobId, task, reason, failures }))
          })
          yield* mustEqual("a job that stopped is listed for another organization", {
            expected: 0,
            actual: (yield* instance.scheduler.deadLetters(other)).length
          })
        })
    }),
    check({
      name: "many",
      kind: "model",
      effort: 0.05,
      minimum: 2,
      input: fc.constantFrom(3, 102),
      check: (instance, count, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const jobs = Array.from({ length: count }, (_, n) => jobOf(instance, 0, n, now - hour + n))
          yield* instance.schedule(jobs)
          const watched = yield* watch(instance, testCase, () =>
            Effect.as(Effect.sleep("2 millis"), { _tag: "DeadLettered", reason: "no" } as const)
          )
          yield* watched.until(count)
          yield* quiet(testCase)
          const listed = yield* instance.scheduler.deadLetters(instance.organizations[0])
          const times = listed.map(({ deadLetteredAt }) => deadLetteredAt.epochMilliseconds)
          yield* mustEqual("not the latest hundred dead letters are listed, the latest first", {
            expected: [Math.min(count, 100), times.toSorted((one, other) => other - one)],
            actual: [listed.length, times]
          })
          yield* mustEqual("the dead letter that came last is not listed first", {
            expected: watched.handed.at(-1)?.job.id,
            actual: listed[0]?.jobId
          })
        })
    })
  ]
}

/** Back again. */
export const sched14: Law<SchedulerInstance> = {
  id: "SCHED-14",
  title:
    "A dead letter is redelivered by its own organization alone, as the same job, due at once and without failures",
  rationale:
    "An operator repairs what was wrong and lets the work go on. With its old failures it would stop again at the " +
    "first one; by another organization, it is nobody's business.",
  checkFirst:
    "A redelivery is one statement: organization and id name the row, and it has to be a dead letter already; " +
    "failures, reason and due time start over.",
  see: ["Scheduler.redeliver"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      effort: 0.4,
      minimum: 8,
      input: fc.constantFrom("own", "foreign", "unknown", "twice"),
      check: (instance, what, testCase) =>
        Effect.gen(function* () {
          const now = yield* nowOf(instance, testCase)
          const [organizationId, other] = instance.organizations
          const job = jobOf(instance, 0, 0, now - hour)
          yield* instance.schedule([job])
          const watched = yield* watch(instance, testCase, (_due, nth) =>
            Effect.succeed(nth === 0 ? { _tag: "DeadLettered", reason: "no" } : done)
          )
          yield* watched.until(1)
          yield* quiet(testCase)
          const { redeliver } = instance.scheduler
          const answers =
            what === "own" || what === "twice"
              ? [yield* redeliver(organizationId, job.id)]
              : [
                  what === "foreign"
                    ? yield* redeliver(other, job.id)
                    : yield* redeliver(organizationId, idOf("job", organizationId, "none"))
                ]
          const isBack = what === "own" || what === "twice"
          if (isBack) yield* watched.until(2)
          yield* quiet(testCase)
          if (what === "twice") answers.push(yield* redeliver(organizationId, job.id))
          yield* mustEqual("redelivering says something else than it did", {
            expected: what === "twice" ? [true, false] : [isBack],
            actual: answers
          })
          yield* mustEqual(`after redelivering what is ${what}, the job came with another count, or wrongly`, {
            expected: isBack ? [0, 0] : [0],
            actual: watched.handed.map(({ failures }) => failures)
          })
          yield* mustEqual("a dead letter is listed that was redelivered, or is not that was not", {
            expected: isBack ? 0 : 1,
            actual: (yield* instance.scheduler.deadLetters(organizationId)).length
          })
        })
    })
  ]
}
