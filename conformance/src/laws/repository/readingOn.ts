/** REPO-50: reading on in the history, from anywhere, by any limit. */
import type { Aggregate, Id } from "@portolan/domain"
import { Effect, Stream } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import { positionsOf, upTo, write, writers } from "./historySupport.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check, clientsOf } from "./support.ts"

/** Adds so many events in one change. */
const grow = (services: Services, organizationId: Id.OrganizationId, n: number, count: number) =>
  services.unitOfWork.commit(
    fixtures.change(organizationId, {
      writes: [
        fixtures.writeAs(`growth ${n}`, "company", fixtures.company(organizationId, `grown ${n}`, "Acme"), {
          expected: 0,
          events: Array.from({ length: count }, (_, index) => ({
            _tag: "CompanyRenamed" as const,
            name: `event ${index}`
          }))
        })
      ]
    })
  )

/** How many events there are, in one change or two, and from where how many are read. */
interface Slice {
  readonly events: number
  readonly from: number
  readonly limit: number
}

const slices = turnOf(["the largest", 3, 12, 499, 501, 1_001] as const, (events): fc.Arbitrary<Slice> =>
  events === "the largest"
    ? fc.record({ events: fc.constant(503), from: fc.nat({ max: 2 }), limit: fc.constantFrom(500, 501, 10_000) })
    : fc.record({
        events: fc.constant(events),
        from: fc.oneof(fc.constantFrom(0, 1, events - 1, events, events + 1), fc.integer({ min: 0, max: events })),
        limit: fc.oneof(fc.constantFrom(-1, 0, 1, 2, 499, 500), fc.integer({ min: 1, max: 500 }))
      })
)

/** Follows from a position until so many have come; whatever has come after five seconds is all. */
const followed = Effect.fnUntraced(function* (
  services: Services,
  organizationId: Id.OrganizationId,
  from: number,
  count: number
) {
  const given: Array<Aggregate.Recorded> = []
  yield* services.log.follow(organizationId, from).pipe(
    Stream.take(count),
    Stream.runForEach((event) => Effect.sync(() => void given.push(event))),
    Effect.timeoutOption("5 seconds")
  )
  return given
})

/** Reading on skips nothing. */
export const repo50: Law<RepositoryInstance> = {
  id: "REPO-50",
  title: "Reading on or following from any position gives what comes after it, all of it, each event once",
  rationale:
    "A customer's own system copies the history from where it stopped yesterday. An event that falls between two " +
    "reads is a disconnection that it never hears of.",
  checkFirst:
    "Look at both ends of what is read: after the position and not from it, and as many as were asked for. A " +
    "follower goes on from the last event that it gave, and looks once more after it began to listen.",
  see: ["EventLog.after", "EventLog.follow"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      effort: 0.4,
      minimum: 10,
      input: slices,
      check: ({ organizations: [organizationId, other], services }, { events, from, limit }) =>
        Effect.gen(function* () {
          yield* grow(services, other, 0, 2)
          yield* grow(services, organizationId, 0, events - 1)
          yield* grow(services, organizationId, 1, 1)
          const after = yield* services.log.after(organizationId, from, limit)
          yield* mustEqual(`of ${events} events, not those after position ${from} were read, at most ${limit}`, {
            // A limit outside 1 to 500 is moved to the nearest of them.
            expected: upTo(events).slice(from, from + Math.min(500, Math.max(1, limit))),
            actual: positionsOf(after)
          })
        })
    }),
    check({
      name: "follow",
      kind: "race",
      effort: 0.4,
      minimum: 8,
      interleavings: 3,
      input: fc.record({ plans: writers, before: fc.integer({ min: 1, max: 4 }), from: fc.nat({ max: 4 }) }),
      check: (instance, { before, from, plans }, testCase) =>
        Effect.gen(function* () {
          const [organizationId, other] = instance.organizations
          const clients = yield* clientsOf(instance, plans.length + 1)
          yield* grow(instance.services, organizationId, 0, before)
          const start = Math.min(from, before)
          const total = before + plans.flat().reduce((sum, { events }) => sum + events, 0)
          const [seen] = yield* Effect.flatMap(
            race<ReadonlyArray<Aggregate.Recorded>, unknown>(testCase, [
              followed(clients(plans.length), organizationId, start, total - start),
              ...plans.map((plan, who) => Effect.as(write(clients(who), organizationId, plan, `client ${who}`), [])),
              Effect.as(grow(instance.services, other, 0, 3), [])
            ]),
            Effect.forEach(({ exit }) => exit)
          )
          yield* mustEqual(`a follower from position ${start} did not get each event after it once, in order`, {
            expected: upTo(total).slice(start),
            actual: positionsOf(seen ?? [])
          })
        })
    })
  ]
}
