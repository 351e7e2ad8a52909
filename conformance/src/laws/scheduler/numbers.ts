/** SCHED-33: how much work waits, as those who watch the installation are told. */
import type { Workers } from "@portolan/ports"
import { Deferred, Effect } from "effect"
import * as fc from "fast-check"
import type { Case } from "../../Case.ts"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import { promised } from "../clients.ts"
import type { SchedulerInstance } from "./SchedulerInstance.ts"
import { check, done, jobOf, nowOf, type Place, quiet, watch } from "./support.ts"

/** How long ago a job became due, in milliseconds. Where time stands still, also to the millisecond. */
const ages = [-7_200_000, 10_000, 90_000, 3_600_000] as const
const edges = [0, 60_000] as const

/** What lies in the queue: when jobs that wait are or were due, in milliseconds before now. */
interface Situation {
  readonly ended: ReadonlyArray<string>
  readonly isUnderWay: boolean
  readonly waits: ReadonlyArray<number>
  readonly now: number
}

/** What is told of it. */
interface Numbers {
  readonly counts: Omit<Workers.Backlog, "oldestDueSeconds">
  readonly oldestDueSeconds: number
  readonly seen: Workers.Status
}

/** Fails the case unless the numbers are those of the queue. */
const mustTell = Effect.fnUntraced(function* (
  { ended, isUnderWay, now, waits }: Situation,
  { counts, oldestDueSeconds, seen }: Numbers,
  testCase: Case
) {
  const due = waits.filter((wait) => wait >= 0)
  yield* mustEqual("the numbers about work are not those of the queue", {
    expected: {
      due: due.length,
      overdue: due.filter((wait) => wait > 60_000).length,
      underWay: isUnderWay ? 1 : 0,
      later: waits.length - due.length,
      deadLetters: ended.filter((each) => each === "dead").length,
      living: 0
    },
    actual: {
      due: counts.due,
      overdue: counts.overdue,
      underWay: counts.underWay,
      later: counts.later,
      deadLetters: counts.deadLetters,
      living: counts.living
    }
  })
  const oldest = Math.max(-1, ...due)
  const slack = testCase.simulated ? 0 : 20
  yield* must(
    oldestDueSeconds >= Math.max(0, oldest) / 1_000 - 0.01 &&
      oldestDueSeconds <= (oldest < 0 ? 0 : oldest / 1_000 + slack),
    "the age of the oldest due job is another in the numbers about work",
    { expected: `${Math.max(0, oldest) / 1_000} s`, actual: `${oldestDueSeconds} s` }
  )
  const since = seen.oldestDueAt?.epochMilliseconds
  yield* must(
    oldest < 0 ? since === undefined : Math.abs((since ?? 0) - (now - oldest)) < 5,
    "since when the oldest due job waits is told wrongly",
    { expected: oldest < 0 ? "none waits" : now - oldest, actual: since }
  )
  yield* mustEqual("the status of work says something else than its numbers", {
    expected: [isUnderWay ? 1 : 0, 0, undefined],
    actual: [seen.underWay, seen.living, seen.lastSeenAt]
  })
})

/** What a case puts into the queue; those that wait by their place among the ages. */
interface Filling {
  readonly waiting: ReadonlyArray<number>
  readonly ended: ReadonlyArray<"dead" | "done">
  readonly isUnderWay: boolean
}

/** Fills the queue with what is over, before anything waits. */
const endAll = Effect.fnUntraced(function* (instance: SchedulerInstance, testCase: Case, ended: Filling["ended"]) {
  const before = yield* nowOf(instance, testCase)
  const over = ended.map((_, n) => jobOf(instance, placeOf(n), `ended ${n}`, before - 1_000))
  for (const job of over) yield* instance.schedule([job])
  const outcomes = new Map(over.map(({ id }, n) => [id, ended[n]]))
  const watched = yield* watch(instance, testCase, ({ job }) =>
    Effect.succeed(outcomes.get(job.id) === "dead" ? ({ _tag: "DeadLettered", reason: "no" } as const) : done)
  )
  yield* watched.until(over.length)
  yield* quiet(testCase)
})

const placeOf = (n: number): Place => (n % 2 === 0 ? 0 : 1)

/** The numbers add up. */
export const sched33: Law<SchedulerInstance> = {
  id: "SCHED-33",
  title: "The numbers about work are those of the queue: due, overdue, under way, later, stopped, and since when",
  rationale:
    "Operators are woken by these numbers and look at nothing else. A dead letter counted as waiting is an " +
    "alarm that " +
    "never ends; an overdue job that is not counted is a stop that nobody sees.",
  checkFirst:
    "Look at the filters one by one: waiting alone, under way apart from due, due at exactly now included, overdue " +
    "only after more than a minute, done in none of them; the oldest due job is the one of the smallest due time.",
  see: ["Workers.status", "Workers.backlog", "overdueSeconds"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["workers"],
      effort: 0.6,
      minimum: 12,
      input: [
        fc.constant<Filling>({ waiting: [0, 1, 2, 3, 3, 4, 5], ended: ["dead", "done", "dead"], isUnderWay: true }),
        // None is due: nothing is the oldest, whatever waits for its time.
        fc.record<Filling>({ waiting: fc.constant([0, 0]), ended: fc.constant([]), isUnderWay: fc.boolean() }),
        fc.record<Filling>({
          waiting: fc.array(fc.nat({ max: 5 }), { maxLength: 5 }),
          ended: fc.array(fc.constantFrom<"dead" | "done">("dead", "done"), { maxLength: 3 }),
          isUnderWay: fc.boolean()
        })
      ],
      check: (instance, { ended, isUnderWay, waiting }, testCase) =>
        Effect.gen(function* () {
          yield* Effect.scoped(endAll(instance, testCase, ended))
          const [begun, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
          if (isUnderWay) {
            yield* instance.schedule([jobOf(instance, 2, "under way", yield* nowOf(instance, testCase))])
            yield* watch(instance, testCase, () =>
              Effect.andThen(Deferred.succeed(begun, undefined), Effect.as(Deferred.await(go), done))
            )
            yield* Effect.timeoutOption(Deferred.await(begun), "8 seconds")
          }
          const now = yield* nowOf(instance, testCase)
          const all = testCase.simulated ? [...ages, ...edges] : ages
          const waits = waiting.flatMap((which) => all[which] ?? [])
          for (const [n, wait] of waits.entries()) {
            yield* instance.schedule([jobOf(instance, placeOf(n), n, now - wait)])
          }
          const { backlog, status } = promised(instance.probes.workers, "workers")
          const { oldestDueSeconds, ...counts } = yield* backlog
          const seen = yield* status
          yield* Deferred.succeed(go, undefined)
          yield* mustTell({ ended, isUnderWay, waits, now }, { counts, oldestDueSeconds, seen }, testCase)
        })
    })
  ]
}
