/** REPO-10 and 27: the history holds what was committed, all of it, and only grows. */
import type { Aggregate, Id } from "@portolan/domain"
import { Effect, Equal, Exit, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import { commands, commandsAfter } from "./commandGenerator.ts"
import { changeOf, scopeOf, walk } from "./commandRunner.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { calls, check, mustBeSame, probe } from "./support.ts"
import { withoutPositions, upTo, positionsOf } from "./historySupport.ts"

/** Changes, and the call to storage of the next one at which its process dies. */
const death = (call: fc.Arbitrary<number>) =>
  fc.record({
    before: commands({ writes: 9, claims: 2, jobs: 2, organizations: 1 }, 4),
    call,
    side: fc.constantFrom("before" as const, "after" as const)
  })

/** State and events commit together. */
export const repo10: Law<RepositoryInstance> = {
  id: "REPO-10",
  title: "The events of an aggregate are exactly those of its committed versions",
  rationale:
    "An event without its state tells a customer about a connection that is not there; a state without its " +
    "event is work that nobody starts.",
  checkFirst:
    "Look at whether states and events are written in one transaction, and whether every event of a write is: with " +
    "its aggregate, version and identifier.",
  see: ["EventLog.after", "UnitOfWork.commit"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { refused: 0.3, accepted: 0.4 },
      input: commandsAfter("accepted and refused", { writes: 10, wrong: 3, idempotency: 3, organizations: 1 }, 10),
      check: (instance, list, testCase) =>
        walk(instance, list, testCase, ({ change, register, services }) =>
          Effect.gen(function* () {
            const book = Register.bookOf(register, change.organizationId)
            const events = yield* Register.historyOf(services, change.organizationId)
            for (const { id, kind } of change.writes) {
              const of = ({ aggregate }: { readonly aggregate: Aggregate.Recorded["aggregate"] }) =>
                aggregate.kind === kind && aggregate.id === id
              yield* mustBeSame(`the events of the ${kind} are not those of its committed versions`, {
                expected: book.events.filter(of),
                actual: withoutPositions(events.filter(of))
              })
            }
          })
        )
    }),
    check({
      name: "crash",
      kind: "crash",
      needs: ["crash", "restart"],
      labels: { struck: 0.2 },
      input: [death(fc.constant(1)), death(calls)],
      check: (instance, { before, call, side }, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const register = yield* walk(instance, before, testCase, () => Effect.void)
          const last = changeOf(
            instance,
            {
              client: 0,
              organization: 0,
              jobs: 1,
              completes: "nothing",
              idempotency: { key: 0, fingerprint: 0 },
              writes: [
                { slot: 0, expects: "current", events: 2 },
                { slot: 2, expects: "current", events: 1 }
              ],
              claims: [{ does: "Hold", profile: 0, connection: 0 }]
            },
            register,
            before.length
          )
          const scope = scopeOf(instance, organizationId)
          const unchanged = Register.expectedView(register, organizationId, scope)
          if (Register.reasons(register, last).length === 0) Register.enter(register, last)
          const changed = Register.expectedView(register, organizationId, scope)
          const crash = probe(instance, "crash")
          yield* crash.arm(call, side)
          const exit = yield* Effect.exit(instance.services.unitOfWork.commit(last))
          const struck = yield* crash.disarm()
          if (struck) testCase.label("struck")
          testCase.note(`call ${call} ${side} -> ${struck ? "struck" : "not reached"}`)
          const reopened = yield* probe(instance, "reopen")()
          const seen = yield* Register.view(reopened, organizationId, scope)
          const whole = Exit.isSuccess(exit)
            ? Equal.equals(seen, changed)
            : Equal.equals(seen, unchanged) || Equal.equals(seen, changed)
          yield* must(whole, `a process that died ${side} call ${call} to the storage left half a change`, {
            expected: Exit.isSuccess(exit) ? changed : "the state before the change, or the one after it",
            actual: seen
          })
        })
    })
  ]
}

/** The audit only grows. */
export const repo27: Law<RepositoryInstance> = {
  id: "REPO-27",
  title:
    "The history only grows: entries never change or go, are ordered by commit, and name actor, organization and cause",
  rationale: "When a customer asks who disconnected the account, a history that can change is no answer.",
  checkFirst:
    "Look for an update or a deletion in the table of events, such as an upsert by aggregate. If only an added entry " +
    "differs, compare its actor, time and organization with those of the change.",
  see: ["EventLog"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { accepted: 0.4, refused: 0.1 },
      input: commandsAfter(
        "accepted and refused",
        { writes: 9, wrong: 2, claims: 2, jobs: 2, completes: 2, idempotency: 2, organizations: 2 },
        10
      ),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const before = new Map<Id.OrganizationId, ReadonlyArray<Aggregate.Recorded>>()
          yield* walk(instance, list, testCase, ({ change, register, result, services }) =>
            Effect.gen(function* () {
              const { organizationId } = change
              const former = before.get(organizationId) ?? []
              const events = yield* Register.historyOf(services, organizationId)
              yield* mustBeSame("what was in the history is not there any more as it was", {
                expected: former,
                actual: events.slice(0, former.length)
              })
              const added = Register.byAggregate(events.slice(former.length))
              yield* mustBeSame("a change did not append its own events, with who, when and why", {
                expected: Result.isSuccess(result) ? Register.eventsOf(change) : [],
                actual: withoutPositions(added)
              })
              yield* mustEqual("positions of the history have gaps", {
                expected: upTo(events.length),
                actual: positionsOf(events)
              })
              yield* must(
                Register.bookOf(register, organizationId).events.length === events.length,
                "the history does not hold each committed event once"
              )
              before.set(organizationId, events)
            })
          )
        })
    })
  ]
}
