/** REPO-24: a change whose reply was lost can be repeated. */
import type { UnitOfWork } from "@portolan/ports"
import { Effect, Exit, Fiber, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import { scopeOf } from "./commandRunner.ts"
import type { Case } from "../../Case.ts"
import * as fixtures from "./fixtures/index.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { calls, check, clientsOf, mustBeSame, outcome, probe, tagOf } from "./support.ts"

/** A change with everything in it, told apart by what makes it safe to repeat: a key, or the work it completes. */
const repeatable = (instance: RepositoryInstance, by: "key" | "work"): UnitOfWork.Change => {
  const [organizationId] = instance.organizations
  return fixtures.change(organizationId, {
    at: fixtures.instant(1),
    writes: [
      fixtures.writeCompany(fixtures.company(organizationId, 0, "after"), 1),
      fixtures.write("connection", fixtures.proposed(organizationId, 2), 0, [])
    ],
    claims: [fixtures.hold(organizationId, fixtures.profile(instance, 0), 0)],
    jobs: [fixtures.job(organizationId, "next")],
    ...(by === "key"
      ? { idempotency: { key: "key 0", fingerprint: "fingerprint 0", resource: "made" } }
      : { completes: fixtures.job(organizationId, "first").id })
  })
}

const prepare = (instance: RepositoryInstance) =>
  Effect.gen(function* () {
    const [organizationId] = instance.organizations
    const register = Register.make(instance.organizations)
    const first = fixtures.change(organizationId, {
      writes: [fixtures.writeCompany(fixtures.company(organizationId, 0, "before"), 0)],
      jobs: [fixtures.job(organizationId, "first")]
    })
    yield* instance.services.unitOfWork.commit(first)
    Register.enter(register, first)
    return register
  })

/** Repeats a change whose outcome is unknown, and looks for one effect. */
const resolve = Effect.fnUntraced(function* (
  instance: RepositoryInstance,
  services: Services,
  { by, register }: { readonly by: "key" | "work"; readonly register: Register.Register },
  testCase: Case
) {
  const [organizationId] = instance.organizations
  const change = repeatable(instance, by)
  const again = yield* outcome(services.unitOfWork.commit(change))
  testCase.note(`repeated: ${tagOf(again)}`)
  testCase.label(Result.isSuccess(again) ? "had not taken place" : "had taken place")
  if (Result.isFailure(again)) {
    yield* mustEqual("a change that had taken place did not say so when it was repeated", {
      expected: by === "key" ? "AlreadyDone" : "JobGone",
      actual: tagOf(again)
    })
    if (again.failure._tag === "AlreadyDone") {
      yield* mustEqual("a repeated request was told another outcome", {
        expected: "made",
        actual: again.failure.resource
      })
    }
  }
  Register.enter(register, change)
  const scope = scopeOf(instance, organizationId)
  yield* mustBeSame("a change that was repeated because its reply was lost did not take effect once", {
    expected: Register.expectedView(register, organizationId, scope),
    actual: yield* Register.view(services, organizationId, scope)
  })
  const work = yield* Effect.forEach(["first", "next", "next"], (n) =>
    Effect.map(
      outcome(
        services.unitOfWork.commit(fixtures.change(organizationId, { completes: fixtures.job(organizationId, n).id }))
      ),
      tagOf
    )
  )
  yield* mustEqual("the work that the repeated change schedules is not there once", {
    expected: [by === "key" ? "ok" : "JobGone", "ok", "JobGone"],
    actual: work
  })
})

const by = fc.constantFrom("key" as const, "work" as const)

const death = (call: fc.Arbitrary<number>) =>
  fc.record({ by, call, side: fc.constantFrom("before" as const, "after" as const) })

/** An unknown commit is resolved, not repeated. */
export const repo24: Law<RepositoryInstance> = {
  id: "REPO-24",
  title: "Repeating a change whose reply was lost gives one effect, whether or not the first attempt took place",
  rationale:
    "When the line breaks during a commit nobody knows what happened; guessing loses a connection or makes two.",
  checkFirst:
    "Look for a retry that leaves the idempotency key or the completed job out of the repeated change. What makes a " +
    "change safe to repeat is checked before anything else.",
  see: ["UnitOfWork.commit", "AlreadyDone"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      input: fc.record({ by, lost: fc.integer({ min: 0, max: 2 }) }),
      check: (instance, { by, lost }, testCase) =>
        Effect.gen(function* () {
          const register = yield* prepare(instance)
          const clients = yield* clientsOf(instance, 2)
          // The replies are lost: nobody looks at them.
          for (let time = 0; time < lost; time++) {
            yield* outcome(clients(time).unitOfWork.commit(repeatable(instance, by)))
          }
          yield* resolve(instance, clients(1), { by, register }, testCase)
        })
    }),
    check({
      name: "interrupted",
      kind: "race",
      needs: [],
      interleavings: 4,
      effort: 0.6,
      labels: { "had taken place": 0, "had not taken place": 0 },
      input: fc.record({ by, turns: fc.integer({ min: 0, max: 12 }) }),
      check: (instance, { by, turns }, testCase) =>
        Effect.gen(function* () {
          const register = yield* prepare(instance)
          const fiber = yield* Effect.forkChild(outcome(instance.services.unitOfWork.commit(repeatable(instance, by))))
          for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
          yield* Fiber.interrupt(fiber)
          const exit = yield* Fiber.await(fiber)
          testCase.note(`after ${turns} turns: ${Exit.isSuccess(exit) ? "had ended" : "interrupted"}`)
          yield* resolve(instance, instance.services, { by, register }, testCase)
        })
    }),
    check({
      name: "crash",
      kind: "crash",
      needs: ["crash", "restart"],
      labels: { struck: 0.2 },
      input: [death(fc.constant(1)), death(calls)],
      check: (instance, { by, call, side }, testCase) =>
        Effect.gen(function* () {
          const register = yield* prepare(instance)
          const crash = probe(instance, "crash")
          yield* crash.arm(call, side)
          yield* Effect.exit(instance.services.unitOfWork.commit(repeatable(instance, by)))
          if (yield* crash.disarm()) testCase.label("struck")
          yield* resolve(instance, yield* probe(instance, "reopen")(), { by, register }, testCase)
        })
    })
  ]
}
