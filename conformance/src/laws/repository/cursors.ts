/** REPO-17 and 18: cursors open nothing else, and pages have bounds. */
import { given } from "@portolan/domain"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import { fill } from "./fillList.ts"
import { lists, names, type Name } from "./lists.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check, outcome, tagOf } from "./support.ts"
import { list, follow } from "./pageSupport.ts"

const alter = (cursor: string, at: number): string => {
  const place = at % cursor.length
  const swap = cursor[place] === "A" ? "B" : "A"
  return cursor.slice(0, place) + swap + cursor.slice(place + 1)
}

const damages = [
  "one character",
  "cut short",
  "longer",
  "of another organization",
  "of another filter",
  "of another list",
  "made up",
  "empty",
  "unsigned"
] as const

/** Cursors are sealed. */
export const repo17: Law<RepositoryInstance> = {
  id: "REPO-17",
  title: "A cursor that was altered, or belongs to another list, filter or organization, is refused",
  rationale: "A cursor that opens any position is a query of the caller's own making, also into other organizations.",
  checkFirst:
    "Look at what the signature of a cursor covers: list, organization, filter and position. It is checked before " +
    "the position is used, and each way to fail is InvalidCursor.",
  see: ["InvalidCursor"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      minimum: 30,
      labels: { intact: 0.9 },
      input: turnOf(damages, (damage) =>
        fc.record({
          // A list without filters has no cursor of another filter.
          list: damage === "of another filter" ? list.filter((name) => lists[name].hasFilter) : list,
          damage: fc.constant(damage),
          at: fc.nat(400),
          step: fc.integer({ min: 1, max: 5 })
        })
      ),
      check: ({ organizations: [organizationId, other], services }, { list, damage, at, step }, testCase) =>
        Effect.gen(function* () {
          const same = [0, 0, 0, 0, 0, 0]
          yield* fill(services, organizationId, list, { values: same })
          yield* fill(services, other, list, { values: same })
          const pageOf = (whose: typeof organizationId, filtered: boolean, cursor?: string, of: Name = list) =>
            lists[of].page(services, whose, given({ limit: 1, cursor }), filtered)
          const { next = "" } = yield* pageOf(organizationId, false)
          const otherList = names[(names.indexOf(list) + step) % names.length] ?? list
          if (otherList !== list) yield* fill(services, organizationId, otherList, { values: same, first: 20 })
          const cursorOf: { readonly [D in (typeof damages)[number]]: Effect.Effect<string, unknown> } = {
            "one character": Effect.succeed(alter(next, at)),
            "cut short": Effect.succeed(next.slice(0, -1 - (at % 10))),
            longer: Effect.succeed(`${next}A`),
            "of another organization": Effect.map(pageOf(other, false), (page) => page.next ?? ""),
            "of another filter": Effect.map(pageOf(organizationId, true), (page) => page.next ?? ""),
            "of another list": Effect.map(
              pageOf(organizationId, false, undefined, otherList),
              (page) => page.next ?? ""
            ),
            "made up": Effect.succeed(Buffer.from(JSON.stringify({ after: [at, "x"] })).toString("base64url")),
            empty: Effect.succeed(""),
            unsigned: Effect.succeed(next.split(".")[0] ?? "")
          }
          const altered = yield* cursorOf[damage]
          const intact = yield* outcome(pageOf(organizationId, false, next))
          yield* mustEqual(`an intact cursor of ${list} is refused`, { expected: "ok", actual: tagOf(intact) })
          testCase.label("intact")
          const result = yield* outcome(pageOf(organizationId, false, altered))
          yield* mustEqual(`a cursor of ${list} was taken: ${damage}`, {
            expected: "InvalidCursor",
            actual: Result.isSuccess(result) ? `a page of ${result.success.items.length} items` : tagOf(result)
          })
        })
    })
  ]
}

/** A list of so many full pages, and an item more or less. */
const cut = (pages: fc.Arbitrary<number>, more: fc.Arbitrary<number>) =>
  fc
    .record({ list, pages, limit: fc.integer({ min: 1, max: 5 }), more })
    .map((size) => ({ list: size.list, limit: size.limit, count: Math.max(0, size.pages * size.limit + size.more) }))

/** Page bounds hold. */
export const repo18: Law<RepositoryInstance> = {
  id: "REPO-18",
  title: "A page is never larger than asked and than 100, never empty before the end, and the last offers no other",
  rationale: "A page without bounds takes the service down; a last page that promises more makes people click in vain.",
  checkFirst:
    "Look at the limit: the adapter brings it between 1 and 100, and the query asks for one row more than the page " +
    "holds, to know whether another page follows.",
  see: ["pageLimit", "PageRequest"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "exactly full": 0.2 },
      input: [
        cut(fc.integer({ min: 1, max: 3 }), fc.constant(0)),
        cut(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1, -1))
      ],
      check: ({ organizations: [organizationId], services }, { list, limit, count }, testCase) =>
        Effect.gen(function* () {
          yield* fill(services, organizationId, list, { values: Array.from({ length: count }, () => 0) })
          if (count > 0 && count % limit === 0) testCase.label("exactly full")
          const pages = yield* follow(services, organizationId, list, { limit, filtered: false, most: count + 1 })
          yield* mustEqual(`${count} items of ${list}, ${limit} a page, were cut into the wrong pages`, {
            expected: Array.from({ length: Math.max(1, Math.ceil(count / limit)) }, (_, page) =>
              Math.min(limit, count - page * limit)
            ),
            actual: pages.map((page) => page.length)
          })
        })
    }),
    check({
      name: "sizes",
      kind: "example",
      minimum: 7,
      effort: 0.25,
      labels: { "too large": 0.2, "too small": 0.2 },
      input: turnOf([101, 0, 100, 5_000, -1, 1, 99], (limit) => fc.record({ list, limit: fc.constant(limit) })),
      check: ({ organizations: [organizationId], services }, { list, limit }, testCase) =>
        Effect.gen(function* () {
          const count = 104
          if (limit > 100) testCase.label("too large")
          if (limit < 1) testCase.label("too small")
          yield* fill(services, organizationId, list, { values: Array.from({ length: count }, () => 0) })
          const { items, next } = yield* lists[list].page(services, organizationId, { limit }, false)
          const most = Math.min(100, Math.max(1, limit))
          yield* mustEqual(`a page of ${list} of size ${limit}, out of ${count} items, has the wrong size`, {
            expected: most,
            actual: items.length
          })
          yield* must(next !== undefined, `a page of ${list} of size ${limit} does not lead to the other items`)
        })
    })
  ]
}
