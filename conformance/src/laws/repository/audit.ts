/** REPO-42: the whole history of an organization, as people read it: the youngest first, narrowed, page by page. */
import { type Actor, type Aggregate, type Id, given } from "@portolan/domain"
import type { Repository, EventLog } from "@portolan/ports"
import { Effect } from "effect"
import * as fc from "fast-check"
import { opening } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check } from "./support.ts"

const kinds = ["company", "account", "grant"] as const

const actorTags = ["Person", "System", "ApiKey"] as const

const actorOf = (organizationId: Id.OrganizationId, tag: (typeof actorTags)[number]): Actor.Actor => {
  // Names that read like another actor's tag.
  const name = '"_tag":"System"'
  switch (tag) {
    case "System":
      return fixtures.actor
    case "ApiKey":
      return { _tag: "ApiKey", keyId: "key", name }
    case "Person":
      return { _tag: "Person", personId: fixtures.idOf("person", organizationId, 0), name }
  }
}

/** One change: what kind of thing it is about, who made it, and how many events it has. */
const changes = fc.record({
  kind: fc.constantFrom(...kinds),
  actor: fc.constantFrom(...actorTags),
  events: fc.integer({ min: 1, max: 3 })
})

type Made = typeof changes extends fc.Arbitrary<infer C> ? C : never

/** Six events of companies, more than a page holds, and one of something else. */
const companies: ReadonlyArray<Made> = [
  { kind: "company", actor: "System", events: 3 },
  { kind: "account", actor: "Person", events: 1 },
  { kind: "company", actor: "Person", events: 3 }
]

/** A history, and how it is read. */
const reading = (how: {
  readonly list: fc.Arbitrary<ReadonlyArray<Made>>
  readonly kindsFilter: fc.Arbitrary<ReadonlyArray<Made["kind"]> | undefined>
  readonly actor: fc.Arbitrary<Made["actor"] | undefined>
}) => fc.record({ ...how, limit: fc.integer({ min: 1, max: 4 }) })

const writeOf = (organizationId: Id.OrganizationId, n: number, { events, kind }: Made) => {
  const times = <A>(event: A): ReadonlyArray<A> => Array.from({ length: events }, () => event)
  switch (kind) {
    case "company":
      return fixtures.write(
        "company",
        fixtures.company(organizationId, n, "Acme"),
        0,
        times({ _tag: "CompanyRenamed", name: "Acme" })
      )
    case "account":
      return fixtures.write(
        "account",
        fixtures.account(organizationId, n, 0),
        0,
        times({ _tag: "AccountRenamed", name: "Acme" })
      )
    case "grant":
      return fixtures.write(
        "grant",
        fixtures.grant(organizationId, n, "grantor"),
        0,
        times({ _tag: "GrantEnded", end: "replaced", at: fixtures.instant() })
      )
  }
}

/** The whole history can be read. */
export const repo42: Law<RepositoryInstance> = {
  id: "REPO-42",
  title: "The whole history, narrowed or not, is read page by page: each entry that matches once, the youngest first",
  rationale:
    "Somebody asks what support did last week. A page that comes back short, or an entry between two pages, reads as " +
    "'nothing'.",
  checkFirst:
    "Look at where the filter is applied: in the query, before the page is cut. The actor is compared by its tag " +
    "alone, and the order is by position, the largest first.",
  see: ["EventLog.all"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { narrowed: 0.4, "several pages": 0.3, "some match": 0.2 },
      input: [
        reading({
          list: opening(companies, fc.array(changes, { maxLength: 5, size: "max" })),
          kindsFilter: fc.constant(["company"]),
          actor: fc.constant(undefined)
        }),
        reading({
          list: fc.array(changes, { minLength: 1, maxLength: 8, size: "max" }),
          kindsFilter: fc.constant(undefined),
          actor: fc.constantFrom(...actorTags)
        }),
        reading({
          list: fc.array(changes, { minLength: 1, maxLength: 8, size: "max" }),
          kindsFilter: fc.oneof(fc.constant(undefined), fc.subarray([...kinds])),
          actor: fc.constantFrom(undefined, undefined, undefined, ...actorTags)
        })
      ],
      check: ({ organizations: [organizationId, other], services }, { actor, kindsFilter, limit, list }, testCase) =>
        Effect.gen(function* () {
          for (const whose of [organizationId, other]) {
            for (const [n, each] of list.entries()) {
              yield* services.unitOfWork.commit(
                fixtures.change(whose, { writes: [writeOf(whose, n, each)], actor: actorOf(whose, each.actor) })
              )
            }
          }
          const filter: Parameters<EventLog.EventLog["Service"]["all"]>[1] = { ...given({ kinds: kindsFilter, actor }) }
          const history = yield* services.log.after(organizationId, 0, 500)
          const matches = ({ actor: who, aggregate: { kind } }: Aggregate.Recorded) =>
            (kindsFilter === undefined || kindsFilter.some((each) => each === kind)) &&
            (actor === undefined || who._tag === actor)
          const expected = history.filter(matches).toReversed()
          if (kindsFilter !== undefined || actor !== undefined) testCase.label("narrowed")
          if (expected.length > limit) testCase.label("several pages")
          if (expected.length > 0 && expected.length < history.length) testCase.label("some match")
          const entries: Array<Aggregate.Recorded> = []
          let cursor: string | undefined
          do {
            const page: Repository.Page<Aggregate.Recorded> = yield* services.log.all(organizationId, filter, {
              limit,
              ...given({ cursor })
            })
            cursor = page.next
            yield* must(
              cursor === undefined || page.items.length === limit,
              "a page of the history is short, and not the last"
            )
            entries.push(...page.items)
          } while (cursor !== undefined && entries.length < 100)
          const shown = (events: ReadonlyArray<Aggregate.Recorded>) =>
            events.map(({ actor: who, id, position }) => ({ position, id, by: who._tag }))
          yield* mustEqual("the pages of the whole history are not what was recorded, the youngest first", {
            expected: shown(expected),
            actual: shown(entries)
          })
        })
    })
  ]
}
