/** REPO-44: what was loaded for a connection can be erased, and nothing else goes with it. */
import { type Window, type DataClass, Day, Profile } from "@portolan/domain"
import type { DataSink } from "@portolan/ports"
import { Effect, Schema } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, probe } from "./support.ts"

const classes = ["advertising", "sales"] as const satisfies ReadonlyArray<DataClass.DataClass>

const day = Schema.decodeUnknownSync(Day.Day)("2026-05-01")

/** Rows of one landing: whose, of which profile and class, and how many. */
const landings = fc.record({
  organization: fc.constantFrom<0 | 1>(0, 1),
  connection: fc.integer({ min: 0, max: 1 }),
  profile: fc.integer({ min: 0, max: 1 }),
  dataClass: fc.constantFrom(...classes),
  rows: fc.integer({ min: 1, max: 4 })
})

type Landed = typeof landings extends fc.Arbitrary<infer L> ? L : never

/** The connections of the cases. Two organizations use the same id on purpose: an id alone names nothing. */
const connectionOf = ({ organizations: [first] }: RepositoryInstance, n: number) =>
  fixtures.idOf("connection", first, n)

const landingOf = (
  instance: RepositoryInstance,
  { connection, dataClass, organization, profile, rows }: Landed
): DataSink.Landing => ({
  organizationId: instance.organizations[organization],
  connectionId: connectionOf(instance, connection),
  accountId: fixtures.idOf("account", instance.organizations[0], 0),
  profile: fixtures.profile(instance, profile),
  dataClass,
  windowId: `${dataClass}/2026-05-01/2026-05-02` as Window.WindowId,
  rows: Array.from({ length: rows }, (_, n) => ({ key: `row ${n}`, day, data: { n: String(n) } }))
})

const places = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1]
] as const

/** An organization and a connection. */
type Place = (typeof places)[number]

const placeOf = (n: number): Place => places[n % places.length] ?? places[0]

const landedAt = (landed: Landed, n: number): Landed => {
  const [organization, connection] = placeOf(n)
  return { ...landed, organization, connection }
}

/** Erasing is exact. */
export const repo44: Law<RepositoryInstance> = {
  id: "REPO-44",
  title:
    "Erasing the rows of a connection takes all of them, says how many, and leaves every other connection's; again, " +
    "it takes none",
  rationale:
    "A person who asks for the erasure of their data is owed all of it; a neighbour who did not loses nothing.",
  checkFirst:
    "Look at the condition of the deletion: organization and connection, and every data class. The number is what " +
    "this call deleted.",
  sources: [
    {
      fact: "A person may demand the erasure of their data (GDPR, article 17).",
      url: "https://eur-lex.europa.eu/eli/reg/2016/679/oj"
    }
  ],
  see: ["DataSink.erase"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      needs: ["sink"],
      labels: { something: 0.5, "of others too": 0.4 },
      input: [
        fc
          .tuple(fc.nat(3), landings, landings, fc.array(landings, { maxLength: 4 }))
          .map(([at, own, other, more]) => ({
            list: [landedAt(own, at), landedAt(other, at + 1), ...more],
            target: placeOf(at)
          })),
        fc.record({
          list: fc.array(landings, { minLength: 1, maxLength: 6 }),
          target: fc.constantFrom<Place>(...places)
        })
      ],
      check: (instance, { list, target: [organization, connection] }, testCase) =>
        Effect.gen(function* () {
          const sink = probe(instance, "sink")
          const there = new Map<string, number>()
          const name = (place: readonly [number, number], dataClass: string) => `${place.join()} ${dataClass}`
          const most = new Map<string, Landed>()
          for (const each of list) {
            yield* sink.land(landingOf(instance, each))
            const key = [
              each.organization,
              each.connection,
              Profile.keyText(fixtures.profile(instance, each.profile)),
              each.dataClass
            ].join()
            if ((most.get(key)?.rows ?? 0) < each.rows) most.set(key, each)
          }
          for (const each of most.values()) {
            const at = name([each.organization, each.connection], each.dataClass)
            there.set(at, (there.get(at) ?? 0) + each.rows)
          }
          const count = (place: readonly [0 | 1, number]) =>
            Effect.map(sink.count(instance.organizations[place[0]], connectionOf(instance, place[1])), (found) =>
              classes.map((dataClass) => found.get(dataClass) ?? 0)
            )
          const expectedAt = (place: readonly [number, number]) =>
            classes.map((dataClass) => there.get(name(place, dataClass)) ?? 0)
          const isTarget = (place: readonly [number, number]) => place[0] === organization && place[1] === connection
          const owed = expectedAt([organization, connection]).reduce((sum, each) => sum + each, 0)
          if (owed > 0) testCase.label("something")
          if (places.some((place) => !isTarget(place) && expectedAt(place).some((each) => each > 0)))
            testCase.label("of others too")
          yield* mustEqual("what was landed is not there before it is erased", {
            expected: places.map(expectedAt),
            actual: yield* Effect.forEach(places, count)
          })
          const erase = sink.erase(instance.organizations[organization], connectionOf(instance, connection))
          yield* mustEqual("erasing does not say how many rows went, the first time and again", {
            expected: [owed, 0],
            actual: [yield* erase, yield* erase]
          })
          yield* mustEqual("erasing left some rows of the connection, or took others with it", {
            expected: places.map((place) => (isTarget(place) ? [0, 0] : expectedAt(place))),
            actual: yield* Effect.forEach(places, count)
          })
        })
    })
  ]
}
