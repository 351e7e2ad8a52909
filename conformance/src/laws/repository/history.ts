/** REPO-10 to 13 and 27: the history tells what was committed, all of it, once, in order, and for ever. */
import type { Aggregate, Id } from "@portolan/domain"
import { Deferred, Effect, Equal, Exit, Result, Stream } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { commands, commandsAfter, changeOf, scopeOf, walk } from "./commandGenerator.ts"
import * as fixtures from "./fixtures.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { calls, check, clientsOf, mustBeSame, outcome, probe } from "./support.ts"

/** Events as they were recorded, without their positions; those of one commit by aggregate. */
const withoutPositions = (events: ReadonlyArray<Aggregate.Recorded>): ReadonlyArray<Register.RecordedEvent> =>
  events.map(({ position: _position, ...event }) => event)

const positionsOf = (events: ReadonlyArray<{ readonly position: number }>) => events.map(({ position }) => position)

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

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

/** Commits one change of `events` events to a company, at whatever version it is. */
const touch = (services: Services, organizationId: Id.OrganizationId, slot: number, events: number, about: string) =>
  Effect.gen(function* () {
    for (let attempt = 0; attempt < 100; attempt++) {
      const found = yield* outcome(
        services.repository.find("company", organizationId, fixtures.idOf("company", organizationId, slot))
      )
      const version = Result.isSuccess(found) ? found.success.version : 0
      const next = fixtures.company(organizationId, slot, about)
      const result = yield* outcome(
        services.unitOfWork.commit(
          fixtures.change(organizationId, {
            writes: [
              fixtures.write(
                "company",
                next,
                version,
                Array.from({ length: events }, (_, index) => ({ _tag: "CompanyRenamed", name: `${about} ${index}` })),
                about
              )
            ]
          })
        )
      )
      if (Result.isSuccess(result)) return result.success.position
      if (result.failure._tag !== "VersionConflict") return yield* Effect.fail(result.failure)
    }
    return 0
  })

const writers = fc.array(
  fc.array(fc.record({ slot: fc.constantFrom(0, 0, 1), events: fc.integer({ min: 1, max: 2 }) }), {
    minLength: 1,
    maxLength: 3
  }),
  { minLength: 2, maxLength: 4 }
)

const write = (
  services: Services,
  organizationId: Id.OrganizationId,
  plan: ReadonlyArray<{ slot: number; events: number }>,
  who: number,
  from = 0
) =>
  Effect.forEach(plan, ({ events, slot }, index) =>
    touch(services, organizationId, slot, events, `client ${who}, ${from + index}`)
  )

/** Per-aggregate order. */
export const repo11: Law<RepositoryInstance> = {
  id: "REPO-11",
  title: "Events of one aggregate come in the order of its versions, and of the change that carried them",
  rationale: "Whoever builds a page from the history shows a connection as lost that was found again.",
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
                { limit: 3, ...(cursor === undefined ? {} : { cursor }) }
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
            plans.map((plan, who) => write(clients(who), organizationId, plan, who))
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
  title: "Whoever reads the history onwards from the last event seen misses none, however late its commit",
  rationale:
    "A reader that moved past an event before it could be seen never looks there again: a customer is never told.",
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
              yield* write(clients(who), organizationId, plan.slice(0, 1), who)
              if (stepwise && who === 0) yield* Deferred.succeed(written, undefined)
              if (stepwise) yield* Deferred.await(looked)
              yield* write(clients(who), organizationId, plan.slice(1), who, 1)
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

/** Follows the history from its beginning, up to so many events; whatever has come after five seconds is all. */
const followed = Effect.fnUntraced(function* (services: Services, organizationId: Id.OrganizationId, count: number) {
  const given: Array<Aggregate.Recorded> = []
  yield* services.log.follow(organizationId, 0).pipe(
    Stream.take(count),
    Stream.runForEach((event) => Effect.sync(() => void given.push(event))),
    Effect.timeoutOption("5 seconds")
  )
  return given
})

const lists = commandsAfter("several events", { writes: 10, wrong: 1, organizations: 1 }, 6)

/** Changes, and how many of their events are read at a time. */
const inPieces = (list: (typeof lists)[number]) => fc.record({ list, size: fc.integer({ min: 1, max: 4 }) })

/** At least once, same identity. */
export const repo13: Law<RepositoryInstance> = {
  id: "REPO-13",
  title: "An event is the same whenever and however it is read: same id, same position, same content",
  rationale: "Readers recognise what they have handled by its id; an id that changes makes them do everything twice.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      effort: 0.6,
      labels: { "several pages": 0.4 },
      input: [inPieces(lists[0]), inPieces(lists[1])],
      check: (instance, { list, size }, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const clients = yield* clientsOf(instance, 2)
          yield* walk(instance, list, testCase, () => Effect.void)
          const events = yield* Register.historyOf(clients(0), organizationId)
          if (events.length > size) testCase.label("several pages")
          yield* mustBeSame("events read differently the second time, in pieces and by another client", {
            expected: events,
            actual: yield* Register.historyOf(clients(1), organizationId, size)
          })
          const ids = scopeOf(instance, organizationId).aggregates.map(({ id }) => id)
          const { items } = yield* clients(0).log.of(organizationId, ids, { limit: 100 })
          yield* mustBeSame("events read differently in the history of their aggregates", {
            expected: events.toReversed().slice(0, 100),
            actual: items
          })
          yield* mustBeSame("events read differently by a follower", {
            expected: events,
            actual: yield* followed(clients(1), organizationId, events.length)
          })
        })
    }),
    check({
      name: "follow",
      kind: "race",
      interleavings: 2,
      effort: 0.3,
      minimum: 5,
      input: fc.integer({ min: 1, max: 4 }),
      check: (instance, count, testCase) =>
        Effect.gen(function* () {
          const [organizationId] = instance.organizations
          const [given] = yield* Effect.flatMap(
            race<unknown, unknown>(testCase, [
              followed(instance.services, organizationId, count),
              write(
                instance.services,
                organizationId,
                Array.from({ length: count }, () => ({ slot: 0, events: 1 })),
                0
              )
            ]),
            Effect.forEach(({ exit }) => exit)
          )
          const history = yield* Register.historyOf(instance.services, organizationId)
          yield* mustEqual("the history does not hold what was committed", { expected: count, actual: history.length })
          yield* mustBeSame("a follower did not get what was committed while it waited", {
            expected: history,
            actual: given
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
