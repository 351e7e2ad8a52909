/** SCHED-19 and REPO-30: work enters with the change that calls for it, and is completed by one change only. */
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { commandsAfter } from "./commandGenerator.ts"
import { walk } from "./commandRunner.ts"
import * as fixtures from "./fixtures/index.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, clientsOf, mustBeSame, outcome, probe, tagOf } from "./support.ts"

/** Scheduling joins the unit of work. */
export const sched19: Law<RepositoryInstance> = {
  id: "SCHED-19",
  title: "Work is there to be carried out exactly if the change that schedules it was committed",
  rationale:
    "A connection whose first load was lost looks fine and stays empty; work for nothing alarms people at night.",
  checkFirst:
    "Look at where jobs are inserted: in the transaction of the change, all of them. A queue with a connection of " +
    "its own keeps jobs of refused changes and loses jobs of accepted ones.",
  see: ["Scheduler", "UnitOfWork.commit"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { accepted: 0.4, refused: 0.3 },
      input: commandsAfter(
        "accepted and refused",
        { writes: 8, wrong: 3, jobs: 8, idempotency: 2, organizations: 2 },
        8
      ),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const scheduled: Array<readonly [Parameters<typeof fixtures.job>[0], ReturnType<typeof fixtures.job>]> = []
          const register = yield* walk(instance, list, testCase, ({ change }) =>
            Effect.sync(() => {
              for (const job of change.jobs) scheduled.push([change.organizationId, job])
            })
          )
          // Work can be completed if and only if it waits.
          for (const [organizationId, { id }] of scheduled) {
            const waits = Register.bookOf(register, organizationId).waiting.has(id)
            const result = yield* outcome(
              instance.services.unitOfWork.commit(fixtures.change(organizationId, { completes: id }))
            )
            yield* mustEqual(
              `the work of ${waits ? "a committed" : "a refused"} change is ${waits ? "not " : ""}there`,
              { expected: waits ? "ok" : "JobGone", actual: tagOf(result) }
            )
          }
        })
    }),
    check({
      name: "content",
      kind: "model",
      needs: ["jobs"],
      effort: 0.6,
      labels: { accepted: 0.4 },
      input: commandsAfter("accepted", { writes: 5, wrong: 2, jobs: 8, completes: 3, organizations: 2 }, 8),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ change, register }) =>
          Effect.gen(function* () {
            const found = yield* probe(instance, "jobs")(change.organizationId)
            const waiting = [...Register.bookOf(register, change.organizationId).waiting.values()]
            const sorted = (all: typeof found) => all.toSorted((one, other) => (one.id < other.id ? -1 : 1))
            yield* mustBeSame("the work that waits is not what was scheduled", {
              expected: sorted(waiting),
              actual: sorted(found)
            })
          })
        )
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.array(fc.constantFrom<0 | 1 | 2>(0, 1, 2), { minLength: 2, maxLength: 5 }),
      check: (instance, organizations, testCase) =>
        Effect.gen(function* () {
          const clients = yield* clientsOf(instance, organizations.length)
          const changes = organizations.map((organization, who) => {
            const organizationId = instance.organizations[organization]
            const jobs = [0, 1].map((n) => fixtures.job(organizationId, `${n} of ${who}`))
            return fixtures.change(organizationId, { jobs })
          })
          const finishes = yield* race(
            testCase,
            changes.map((change, who) => clients(who).unitOfWork.commit(change))
          )
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          for (const { jobs, organizationId } of changes) {
            for (const { id } of jobs) {
              const complete = Effect.map(
                outcome(instance.services.unitOfWork.commit(fixtures.change(organizationId, { completes: id }))),
                tagOf
              )
              yield* mustEqual(`of ${changes.length} changes at once, the work of one is lost or done twice`, {
                expected: ["ok", "JobGone"],
                actual: [yield* complete, yield* complete]
              })
            }
          }
        })
    })
  ]
}

/** Work is completed once. */
export const repo30: Law<RepositoryInstance> = {
  id: "REPO-30",
  title: "A piece of work is completed by one change, and a change that comes too late has no effect",
  rationale: "Work is handed out at least once. Only that it completes once keeps a customer from being told twice.",
  checkFirst:
    "Look at how a job is completed: by a conditional update or deletion in the transaction of the change. No " +
    "affected row means JobGone, and everything else is rolled back.",
  see: ["JobGone", "Change"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "gone or unknown": 0.3, accepted: 0.5 },
      input: commandsAfter(
        "work that is not there",
        { writes: 4, wrong: 0, jobs: 6, completes: 9, organizations: 2 },
        12
      ),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ change, reasons, result }) => {
          if (reasons.includes("JobGone")) testCase.label("gone or unknown")
          if (change.completes === undefined) return Effect.void
          return mustEqual("completing work met the wrong answer", {
            expected: reasons[0] ?? "ok",
            actual: tagOf(result)
          })
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.record({ count: fc.integer({ min: 2, max: 5 }), again: fc.boolean() }),
      check: (instance, { count, again }, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, count)
          const { log, repository, unitOfWork } = instance.services
          const work = fixtures.job(organizationId, "work")
          yield* unitOfWork.commit(fixtures.change(organizationId, { jobs: [work] }))
          const finishes = yield* race(
            testCase,
            Array.from({ length: count }, (_, who) =>
              outcome(
                clients(who).unitOfWork.commit(
                  fixtures.change(organizationId, {
                    // Each has an effect of its own, so that nothing but the work tells them apart.
                    writes: [fixtures.writeCompany(fixtures.company(organizationId, who, `done by ${who}`), 0)],
                    completes: work.id,
                    jobs: again ? [fixtures.job(organizationId, `next of ${who}`)] : []
                  })
                )
              )
            )
          )
          const results = yield* Effect.forEach(finishes, ({ exit }) => exit)
          testCase.note(results.map((result, index) => `client ${index}: ${tagOf(result)}`).join(", "))
          yield* mustEqual(`of ${count} changes that complete one piece of work, not exactly one was accepted`, {
            expected: [1, count - 1],
            actual: [
              results.filter(Result.isSuccess).length,
              results.filter((result) => tagOf(result) === "JobGone").length
            ]
          })
          const { items } = yield* repository.companies(organizationId, {}, { limit: 100 })
          const events = yield* log.after(organizationId, 0, 500)
          yield* mustEqual("a change that came too late to complete its work took effect", {
            expected: { names: [`done by ${results.findIndex(Result.isSuccess)}`], events: 1 },
            actual: { names: items.map(({ name }) => String(name)), events: events.length }
          })
        })
    })
  ]
}
