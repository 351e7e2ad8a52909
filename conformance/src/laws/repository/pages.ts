/** REPO-15 and 16: pages give each item once, in order, also while the list changes. */
import { Text } from "@portolan/domain"
import { Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import { fill } from "./fillList.ts"
import { lists } from "./lists.ts"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { check } from "./support.ts"
import { list, values, follow } from "./pageSupport.ts"

/** Names with what searches take for a pattern, or spell in several ways. */
const searchable = [
  "Acme",
  "ACME Two",
  "a_me",
  "100% a",
  "a\\b",
  "\u00c4pfel",
  "a\u0308pfel",
  "it's",
  "_",
  "%",
  "\u{1f511} keys"
] as const

/** Names that match a search, whatever their letter case and width. */
const matches = (name: string, search: string) => Text.folded(name).includes(Text.folded(search))

/** A list, its items, a page size, and whether the list is filtered. */
const paging = (filtered: boolean) =>
  fc.record({ list, values: values(24), limit: fc.integer({ min: 1, max: 9 }), filtered: fc.constant(filtered) })

/** Two items that are equal in what the list is sorted by, others after them, and pages that do not hold all. */
const alike = fc
  .record({ list, value: fc.integer({ min: 0, max: 3 }), others: values(22), limit: fc.integer({ min: 1, max: 9 }) })
  .map(({ limit, list, others, value }) => ({
    list,
    values: [value, value, ...others],
    limit: Math.min(limit, others.length + 1),
    filtered: false
  }))

/** Names, or addresses, whose order is another one letter by letter: `Zebra` and `acme  two`, also on several pages. */
const spelled = (list: "companies" | "members") =>
  fc
    .record({ others: values(20), limit: fc.integer({ min: 1, max: 2 }) })
    .map(({ limit, others }) => ({ list, values: [3, 2, 3, ...others], limit, filtered: false }))

/** Names and a search that finds one of them, spelled with other capitals, and not all. */
const inAnotherCase = fc
  .record({
    pair: fc.constantFrom(["Acme", "aCmE"], ["ACME Two", "acme two"], ["it's", "IT'S"], ["\u00c4pfel", "\u00e4PFEL"]),
    others: fc.subarray([...searchable])
  })
  .map(({ others, pair: [name = "", search = ""] }) => ({ search, name: [...new Set([name, "_", ...others])] }))

/** Names and a search that finds one of them, and not all. */
const findable = fc
  .record({
    search: fc.constantFrom("ACME Two", "100% a", "it's", "\u{1f511} keys"),
    others: fc.subarray([...searchable])
  })
  .map(({ others, search }) => ({ search, name: [...new Set(["Acme", search, ...others])] }))

/** Pages tile the list. */
export const repo15: Law<RepositoryInstance> = {
  id: "REPO-15",
  title: "Following cursors gives every item that matches exactly once, in order, whatever the page size",
  rationale: "An account that falls between two pages is never connected, and nobody sees why.",
  checkFirst:
    "Look at the order and at the condition after a cursor: both need the identifier as a tie-breaker. Names are " +
    "sorted and searched as `Text.folded` gives them, in a binary collation, with `%` and `_` escaped.",
  see: ["Page", "PageRequest"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "several pages": 0.4, "equal values": 0.4, narrowed: 0.2 },
      input: [alike, paging(true), spelled("companies"), alike, paging(true), spelled("members"), paging(false)],
      check: ({ organizations: [organizationId, other], services }, { list, values, limit, filtered }, testCase) =>
        Effect.gen(function* () {
          const items = yield* fill(services, organizationId, list, { values })
          yield* fill(services, other, list, { values: values.slice(0, 3) })
          const matching = items.filter(({ n, value }) => !filtered || lists[list].matchesFilter(n, value))
          const pages = yield* follow(services, organizationId, list, { limit, filtered, most: values.length + 1 })
          if (pages.length > 1) testCase.label("several pages")
          if (new Set(values).size < values.length) testCase.label("equal values")
          if (filtered) testCase.label("narrowed")
          yield* mustEqual(`the pages of ${list} are not the list cut into pieces`, {
            expected: lists[list].sorted(matching),
            actual: pages.flat()
          })
        })
    }),
    check({
      name: "search",
      kind: "property",
      labels: { found: 0.3, "not all": 0.3 },
      input: [
        findable,
        inAnotherCase,
        fc.record({
          name: fc.subarray<string>([...searchable], { minLength: 1 }),
          search: fc.constantFrom<string>(...searchable, "acme", "A", " a ", "\0", "\u212b")
        })
      ],
      check: ({ organizations: [organizationId], services }, { name, search }, testCase) =>
        Effect.gen(function* () {
          yield* services.unitOfWork.commit(
            fixtures.change(organizationId, {
              writes: name.map((each, n) => fixtures.writeCompany(fixtures.company(organizationId, n, each), 0))
            })
          )
          const { items } = yield* services.repository.companies(organizationId, { search }, { limit: 100 })
          const expected = name.filter((each) => matches(each, search) || matches("House brand", search))
          if (expected.length > 0) testCase.label("found")
          if (expected.length < name.length) testCase.label("not all")
          yield* mustEqual(`searching companies for ${JSON.stringify(search)} gave the wrong ones`, {
            expected: expected.toSorted(),
            actual: items.map((company) => String(company.name)).toSorted()
          })
        })
    })
  ]
}

/** An item that is added after one of the first pages. */
const addition = (latest: number) =>
  fc.record({ after: fc.integer({ min: 1, max: latest }), value: fc.integer({ min: 0, max: 3 }) })

const exported = (
  fewest: number,
  added: fc.Arbitrary<ReadonlyArray<{ readonly after: number; readonly value: number }>>
) =>
  fc.record({
    list,
    values: values(14, fewest),
    limit: fc.integer({ min: 1, max: 3 }),
    added,
    touched: fc.array(fc.nat(13), { maxLength: 2 })
  })

/** Pages survive change. */
export const repo16: Law<RepositoryInstance> = {
  id: "REPO-16",
  title: "Items that are there during the whole walk are given exactly once, whatever comes between two pages",
  rationale: "Someone exports all accounts while a colleague adds some: the export must not skip any of the old ones.",
  checkFirst:
    "Look for `offset` in the query: the cursor holds the sort key and the identifier of the last item, and the next " +
    "page begins after them.",
  see: ["Page"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "changed in between": 0.4 },
      // Four items on pages of three: there is a second page, and something comes before it.
      input: [
        exported(
          4,
          fc.tuple(addition(1), fc.array(addition(4), { maxLength: 4 })).map((lists) => lists.flat())
        ),
        exported(0, fc.array(addition(4), { minLength: 1, maxLength: 5 }))
      ],
      check: ({ organizations: [organizationId], services }, { list, values, limit, added, touched }, testCase) =>
        Effect.gen(function* () {
          const items = yield* fill(services, organizationId, list, { values })
          const moved = list === "companies" ? touched.flatMap((n) => (items[n] === undefined ? [] : [items[n]])) : []
          const between = (page: number) =>
            Effect.gen(function* () {
              for (const [index, { after, value }] of added.entries()) {
                if (after !== page) continue
                testCase.label("changed in between")
                yield* fill(services, organizationId, list, { values: [value], first: 50 + index })
              }
              const item = moved[page - 1]
              if (item === undefined || moved.indexOf(item) !== page - 1) return
              // A new name moves a company to another place of its list.
              const next = fixtures.company(organizationId, item.n, page % 2 === 0 ? "0 first" : "zzz last")
              yield* services.unitOfWork.commit(
                fixtures.change(organizationId, { writes: [fixtures.writeCompany(next, 1)] })
              )
            })
          const pages = yield* follow(services, organizationId, list, { limit, filtered: false, most: 40, between })
          const given = pages.flat()
          const stable = lists[list].sorted(items.filter((item) => !moved.includes(item)))
          yield* mustEqual(`items of ${list} that were there all the time were not given once each, in order`, {
            expected: stable,
            actual: given.filter((id) => stable.includes(id))
          })
        })
    })
  ]
}
