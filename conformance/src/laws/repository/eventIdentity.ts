/** REPO-13: an event is the same however it is read. */
import type { Aggregate, Id } from "@portolan/domain"
import { Effect, Stream } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { commandsAfter } from "./commandGenerator.ts"
import { scopeOf, walk } from "./commandRunner.ts"
import * as Register from "./Register.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check, clientsOf, mustBeSame } from "./support.ts"
import { write } from "./historySupport.ts"

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
  checkFirst:
    "Look for identifiers, times or positions that are made when an event is read. If only `follow` differs, look at " +
    "whether it begins at the given position and gives what is already there before it waits.",
  see: ["EventLog.after", "EventLog.follow"],
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
                "a client"
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
