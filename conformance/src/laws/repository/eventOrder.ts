/** REPO-11 and 12: events come in order, and a reader that goes on from the last position misses none. */
import { type Aggregate, type Id, given } from "@portolan/domain"
import { Deferred, Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { commandsAfter } from "./commandGenerator.ts"
import { scopeOf, walk } from "./commandRunner.ts"
import * as fixtures from "./fixtures/index.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, clientsOf, mustBeSame } from "./support.ts"
import { withoutPositions, writers, write, upTo, positionsOf } from "./historySupport.ts"

/** Per-aggregate order. */
export const repo11: Law<RepositoryInstance> = {
  id: "REPO-11",
  title: "Events of one aggregate come in the order of its versions, and of the change that carried them",
  rationale: "A page that is built from the history shows a connection as lost that was found again.",
  checkFirst:
    "Look at how positions are given within one change: in the order of its events. Then look at the `order by` of " +
    "`of` and `after`: by position, not by time.",
  see: ["EventLog.of", "EventLog.after"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { "several events": 0.3 },
      input: commandsAfter("several events", { writes: 10, wrong: 1, organizations: 1 }, 8),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const { log } = instance.services
          const register = yield* walk(instance, list, testCase, () => Effect.void)
          const book = Register.bookOf(register, organizationId)
          for (const { id, kind } of scopeOf(instance, organizationId).aggregates) {
            const expected = book.events.filter(({ aggregate }) => aggregate.kind === kind && aggregate.id === id)
            if (expected.length > 2) testCase.label("several events")
            const found: Array<Aggregate.Recorded> = []
            let cursor: string | undefined
            do {
              const page: { readonly items: ReadonlyArray<Aggregate.Recorded>; readonly next?: string } = yield* log.of(
                organizationId,
                [id],
                given({ limit: 3, cursor })
              )
              found.push(...page.items)
              cursor = page.next
            } while (cursor !== undefined && found.length <= expected.length)
            yield* mustBeSame(`the history of one ${kind}, the youngest event first, is in the wrong order`, {
              expected: expected.toReversed(),
              actual: withoutPositions(found)
            })
          }
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 3,
      effort: 0.6,
      input: writers,
      check: (instance, plans, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, plans.length)
          const finishes = yield* race(
            testCase,
            plans.map((plan, who) => write(clients(who), organizationId, plan, `client ${who}`))
          )
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          const events = yield* Register.historyOf(instance.services, organizationId)
          for (const slot of [0, 1]) {
            const versions = events
              .filter(({ aggregate }) => aggregate.id === fixtures.idOf("company", organizationId, slot))
              .map(({ version }) => version)
            yield* mustEqual("events of one aggregate are not in the order of its versions", {
              expected: versions.toSorted((one, other) => one - other),
              actual: versions
            })
          }
          const total = plans.flat().reduce((sum, { events }) => sum + events, 0)
          yield* mustEqual("the history does not hold each committed event once, at positions without gaps", {
            expected: upTo(total),
            actual: positionsOf(events)
          })
        })
    })
  ]
}

/** Late commits are not skipped. */
export const repo12: Law<RepositoryInstance> = {
  id: "REPO-12",
  title: "A reader that goes on from the last event it has seen misses none, however late its commit",
  rationale:
    "A reader that moved past an event before it could be seen never looks there again: a customer is never told.",
  checkFirst:
    "Look at when a position is taken and when its event can be read: a sequence lets a later position be seen " +
    "first, and a refused change uses one up. Positions are given under a lock of the organization that is held " +
    "until the commit.",
  sources: [
    {
      fact: "A sequence of PostgreSQL is never rolled back, so its numbers have gaps.",
      url: "https://www.postgresql.org/docs/current/functions-sequence.html"
    }
  ],
  see: ["EventLog.after"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      labels: { accepted: 0.5 },
      input: commandsAfter("accepted", { writes: 10, wrong: 2, organizations: 2 }, 8),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const heads = new Map<Id.OrganizationId, number>()
          yield* walk(instance, list, testCase, ({ change, register, result, services }) =>
            Effect.gen(function* () {
              const { organizationId } = change
              const known = heads.get(organizationId) ?? 0
              const fresh = yield* services.log.after(organizationId, known, 500)
              const total = Register.bookOf(register, organizationId).events.length
              yield* mustEqual("the next events are not those at the next positions", {
                expected: upTo(total).slice(known),
                actual: positionsOf(fresh)
              })
              if (Result.isSuccess(result)) {
                yield* mustEqual("a commit told another last position than the history has", {
                  expected: total,
                  actual: result.success.position
                })
              }
              heads.set(organizationId, total)
            })
          )
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      effort: 0.6,
      labels: { "read in between": 0.05 },
      // In every other case the reader looks for the first time when one change is there and all others wait for it.
      input: [
        fc.record({ plans: writers, stepwise: fc.constant<boolean>(true) }),
        fc.record({ plans: writers, stepwise: fc.constant<boolean>(false) })
      ],
      check: (instance, { plans, stepwise }, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, plans.length + 1)
          const total = plans.flat().reduce((sum, { events }) => sum + events, 0)
          const seen: Array<Aggregate.Recorded> = []
          const written = yield* Deferred.make<void>()
          const looked = yield* Deferred.make<void>()
          let done = 0
          const reader = Effect.gen(function* () {
            const { log } = clients(plans.length)
            if (stepwise) yield* Deferred.await(written)
            for (let last = false; ;) {
              const some = yield* log.after(organizationId, seen.at(-1)?.position ?? 0, 500)
              yield* Deferred.succeed(looked, undefined)
              if (some.length > 0 && some.length < total) testCase.label("read in between")
              seen.push(...some)
              if (last || seen.length > total) return
              // One more look after the last writer has ended.
              last = done === plans.length
              yield* Effect.yieldNow
            }
          })
          const writer = (plan: (typeof plans)[number], who: number) =>
            Effect.gen(function* () {
              if (stepwise && who > 0) yield* Deferred.await(looked)
              yield* write(clients(who), organizationId, plan.slice(0, 1), `client ${who}`)
              if (stepwise && who === 0) yield* Deferred.succeed(written, undefined)
              if (stepwise) yield* Deferred.await(looked)
              yield* write(clients(who), organizationId, plan.slice(1), `client ${who} later`)
            })
          const finishes = yield* race<unknown, unknown>(testCase, [
            ...plans.map((plan, who) =>
              Effect.ensuring(
                writer(plan, who),
                // A writer that fails must not keep the others waiting.
                Effect.suspend(() => {
                  done += 1
                  return Effect.asVoid(
                    Effect.all([Deferred.succeed(written, undefined), Deferred.succeed(looked, undefined)])
                  )
                })
              )
            ),
            Effect.ensuring(reader, Deferred.succeed(looked, undefined))
          ])
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          yield* mustEqual("reading onwards while others committed did not give each event once, in order", {
            expected: upTo(total),
            actual: positionsOf(seen)
          })
          yield* mustBeSame("what was read onwards is not what the history holds in the end", {
            expected: yield* Register.historyOf(instance.services, organizationId),
            actual: seen
          })
        })
    })
  ]
}
