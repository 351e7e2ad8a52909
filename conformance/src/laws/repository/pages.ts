/** REPO-15 to 18: pages give each item once, in order, and their cursors open nothing else. */
import { Text } from "@portolan/domain"
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import { fill, lists, names, type Name } from "./lists.ts"
import * as fixtures from "./fixtures.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { check, outcome, tagOf } from "./support.ts"

const list = fc.constantFrom(...names)

/** Few values and many items: most items are equal in what the list is sorted by. */
const values = (maxLength: number) => fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 0, maxLength, size: "max" })

/** Follows cursors from the start; never further than there can be pages. */
const follow = Effect.fnUntraced(function* (
  services: Services,
  organizationId: RepositoryInstance["organizations"][number],
  name: Name,
  { limit, filtered, most }: { readonly limit: number; readonly filtered: boolean; readonly most: number },
  between: (page: number) => Effect.Effect<void, unknown> = () => Effect.void
) {
  const pages: Array<ReadonlyArray<string>> = []
  let cursor: string | undefined
  do {
    if (pages.length > 0) yield* between(pages.length)
    const page = yield* lists[name].page(
      services,
      organizationId,
      { limit, ...(cursor === undefined ? {} : { cursor }) },
      filtered
    )
    pages.push(page.items)
    cursor = page.next
  } while (cursor !== undefined && pages.length <= most)
  return pages
})

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

/** Pages tile the list. */
export const repo15: Law<RepositoryInstance> = {
  id: "REPO-15",
  title: "Following cursors gives every item that matches exactly once, in order, whatever the page size",
  rationale: "An account that falls between two pages is never connected, and nobody sees why.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "several pages": 0.4, "equal values": 0.4, narrowed: 0.2 },
      input: fc.record({ list, values: values(24), limit: fc.integer({ min: 1, max: 9 }), filtered: fc.boolean() }),
      check: ({ organizations: [organizationId, other], services }, { list, values, limit, filtered }, testCase) =>
        Effect.gen(function* () {
          const items = yield* fill(services, organizationId, list, values)
          yield* fill(services, other, list, values.slice(0, 3))
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
      input: fc.record({
        name: fc.subarray([...searchable], { minLength: 1 }),
        search: fc.constantFrom(...searchable, "acme", "A", " a ", "\0", "\u212b")
      }),
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

/** Pages survive change. */
export const repo16: Law<RepositoryInstance> = {
  id: "REPO-16",
  title: "Items that are there during the whole walk are given exactly once, whatever comes between two pages",
  rationale: "Someone exports all accounts while a colleague adds some: the export must not skip any of the old ones.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "changed in between": 0.4 },
      input: fc.record({
        list,
        values: values(14),
        limit: fc.integer({ min: 1, max: 3 }),
        added: fc.array(fc.record({ after: fc.integer({ min: 1, max: 4 }), value: fc.integer({ min: 0, max: 3 }) }), {
          minLength: 1,
          maxLength: 5
        }),
        touched: fc.array(fc.nat(13), { maxLength: 2 })
      }),
      check: ({ organizations: [organizationId], services }, { list, values, limit, added, touched }, testCase) =>
        Effect.gen(function* () {
          const items = yield* fill(services, organizationId, list, values)
          const moved = list === "companies" ? touched.flatMap((n) => (items[n] === undefined ? [] : [items[n]])) : []
          const pages = yield* follow(services, organizationId, list, { limit, filtered: false, most: 40 }, (page) =>
            Effect.gen(function* () {
              for (const [index, { after, value }] of added.entries()) {
                if (after !== page) continue
                testCase.label("changed in between")
                yield* fill(services, organizationId, list, [value], 50 + index)
              }
              const item = moved[page - 1]
              if (item === undefined || moved.indexOf(item) !== page - 1) return
              // A new name moves a company to another place of its list.
              const next = fixtures.company(organizationId, item.n, page % 2 === 0 ? "0 first" : "zzz last")
              yield* services.unitOfWork.commit(
                fixtures.change(organizationId, { writes: [fixtures.writeCompany(next, 1)] })
              )
            })
          )
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
  rationale:
    "A cursor that opens any position is a query of the caller's own making, across the walls of organizations.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      minimum: 30,
      labels: { intact: 0.9 },
      input: fc.record({
        list,
        damage: fc.constantFrom(...damages),
        at: fc.nat(400),
        step: fc.integer({ min: 1, max: 5 })
      }),
      check: ({ organizations: [organizationId, other], services }, { list, damage, at, step }, testCase) =>
        Effect.gen(function* () {
          const same = [0, 0, 0, 0, 0, 0]
          yield* fill(services, organizationId, list, same)
          yield* fill(services, other, list, same)
          const pageOf = (whose: typeof organizationId, filtered: boolean, cursor?: string, of: Name = list) =>
            lists[of].page(services, whose, { limit: 1, ...(cursor === undefined ? {} : { cursor }) }, filtered)
          const { next = "" } = yield* pageOf(organizationId, false)
          const otherList = names[(names.indexOf(list) + step) % names.length] ?? list
          if (otherList !== list) yield* fill(services, organizationId, otherList, same, 20)
          if (damage === "of another filter" && !lists[list].hasFilter) return testCase.label("intact")
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

/** Page bounds hold. */
export const repo18: Law<RepositoryInstance> = {
  id: "REPO-18",
  title: "A page is never larger than asked and than 100, never empty before the end, and the last offers no other",
  rationale: "A page without bounds takes the service down; a last page that promises more makes people click in vain.",
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { "exactly full": 0.2 },
      input: fc
        .record({
          list,
          pages: fc.integer({ min: 0, max: 3 }),
          limit: fc.integer({ min: 1, max: 5 }),
          more: fc.constantFrom(0, 0, 1, -1)
        })
        .map(({ list, pages, limit, more }) => ({ list, limit, count: Math.max(0, pages * limit + more) })),
      check: ({ organizations: [organizationId], services }, { list, limit, count }, testCase) =>
        Effect.gen(function* () {
          yield* fill(
            services,
            organizationId,
            list,
            Array.from({ length: count }, () => 0)
          )
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
      minimum: 6,
      effort: 0.25,
      input: fc.record({ list, limit: fc.constantFrom(-1, 0, 1, 99, 100, 101, 5_000) }),
      check: ({ organizations: [organizationId], services }, { list, limit }) =>
        Effect.gen(function* () {
          const count = 104
          yield* fill(
            services,
            organizationId,
            list,
            Array.from({ length: count }, () => 0)
          )
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
