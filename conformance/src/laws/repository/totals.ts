/** REPO-45: the total of a list. */
import { given } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { Effect } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import { fill } from "./fillList.ts"
import { type Name, lists } from "./lists.ts"
import type { RepositoryInstance } from "./RepositoryInstance.ts"
import { list, values } from "./pageSupport.ts"
import { check } from "./support.ts"

const far = Repository.totalLimit

/** Lists that are narrowed by what their items belong to. */
const narrowedLists = fc.constantFrom("companies" as const, "accounts" as const)

/** A list of two items or more on pages that do not hold all, narrowed or not, counted to its end or less far. */
const counting = (
  list: fc.Arbitrary<Name>,
  filtered: fc.Arbitrary<boolean>,
  countUpTo: (length: number) => fc.Arbitrary<number>
) =>
  values(9, 2).chain((values) =>
    fc.record({
      list,
      values: fc.constant(values),
      limit: fc.integer({ min: 1, max: values.length - 1 }),
      filtered,
      countUpTo: countUpTo(values.length)
    })
  )

/** A total is what a person would count. */
export const repo45: Law<RepositoryInstance> = {
  id: "REPO-45",
  title: "The total of a list is the number of items that match on all its pages, and says where counting stopped",
  rationale: 'Someone who reads "1-25 of 25" stops looking for the account that is on the second page.',
  checkFirst:
    "Look at the condition of the count: the filter and the organization belong to it, the cursor and the page size " +
    "do not. It stops after one item more than `countUpTo`, which tells whether there are more.",
  see: ["Total"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      labels: { capped: 0.2, complete: 0.3, narrowed: 0.3, "second page": 0.3 },
      input: [
        counting(list, fc.constant(false), (length) => fc.constant(length - 1)),
        counting(narrowedLists, fc.constant(true), () => fc.constant(far)),
        counting(list, fc.boolean(), (length) => fc.constantFrom(length, 1, 2, 5, far, far + 1, 0))
      ],
      check: (
        { organizations: [organizationId, other], services },
        { countUpTo, filtered, limit, list, values },
        testCase
      ) =>
        Effect.gen(function* () {
          const items = yield* fill(services, organizationId, list, { values })
          yield* fill(services, other, list, { values: values.slice(0, 1) })
          const count = items.filter(({ n, value }) => !filtered || lists[list].matchesFilter(n, value)).length
          const most = Math.min(far, Math.max(1, countUpTo))
          testCase.label(count > most ? "capped" : "complete")
          if (filtered) testCase.label("narrowed")
          const pageOf = (page: Repository.PageRequest) => lists[list].page(services, organizationId, page, filtered)
          const first = yield* pageOf({ limit, countUpTo })
          const expected = { count: Math.min(count, most), isCapped: count > most }
          yield* mustEqual(`the total of ${list} is wrong`, { expected, actual: first.total })
          if (first.next === undefined) return
          testCase.label("second page")
          const second = yield* pageOf({ limit, countUpTo, ...given({ cursor: first.next }) })
          yield* mustEqual(`the total of ${list} is another one on its second page`, { expected, actual: second.total })
          const unasked = yield* pageOf({ limit, cursor: first.next })
          yield* mustEqual(`a page of ${list} is another one when its total is asked for`, {
            expected: { items: unasked.items, next: unasked.next, total: undefined },
            actual: { items: second.items, next: second.next, total: unasked.total }
          })
        })
    })
  ]
}
