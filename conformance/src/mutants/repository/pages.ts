/** Repositories that are wrong about pages and cursors: REPO-15 to 18, 45. */
import { given } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { Effect } from "effect"
import { list } from "../../reference/repository/listing.ts"
import { contentOf, faultPoints, type SortKey } from "../../reference/repository/faultPoints.ts"
import { holdsInCase, mutant, replacing } from "./mutant.ts"

const byValue = (one: SortKey, other: SortKey) => faultPoints.compare([one[0], ""], [other[0], ""])

/** Goes on after the value of the last item. */
export const noTiebreak = mutant(
  "page-no-tiebreak",
  "REPO-15",
  "Orders lists by their value alone, without the identifier.",
  { faultPoints: { compare: byValue } }
)

/** Searches letter by letter. */
export const searchExact = mutant(
  "repo-search-exact",
  "REPO-15",
  "Finds companies only by names that hold the search in the same letter case.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        companies: (organizationId, filter, page) =>
          Effect.map(repository.companies(organizationId, filter, page), (found) => ({
            ...found,
            items: found.items.filter(({ brands, name }) =>
              [name, ...brands.map((brand) => brand.name)].some((each) => holdsInCase(each, filter.search))
            )
          }))
      }
    }))
  }
)

/** Counts rows instead of remembering where it was. */
export const offset = mutant("page-offset", "REPO-16", "Continues after as many items as it has given.", {
  longest: 24,
  faultPoints: {
    seal: (list, _after, index) => faultPoints.seal(list, [index, "offset"], index),
    resume: (list, cursor, sorted, compare) =>
      faultPoints.resume(list, cursor, [], compare) === undefined
        ? undefined
        : sorted.slice(Number(contentOf(cursor)?.after[0] ?? 0))
  }
})

/** Trusts what it gets back. */
export const plainCursor = mutant("page-plain-cursor", "REPO-17", "Goes to whatever position a cursor names.", {
  faultPoints: {
    resume: (_list, cursor, sorted, compare) => {
      const after = contentOf(cursor)?.after
      return after === undefined ? undefined : sorted.filter(({ at }) => compare(at, after) > 0)
    }
  }
})

/** Signs the position, but not the list. */
export const cursorOfAnyList = mutant(
  "page-cursor-of-any-list",
  "REPO-17",
  "Checks the seal of a cursor, and not which list and organization it was made for.",
  {
    faultPoints: {
      seal: (_list, after, index) => faultPoints.seal("any", after, index),
      resume: (_list, cursor, sorted, compare) => faultPoints.resume("any", cursor, sorted, compare)
    }
  }
)

/** Promises a page that is not there. */
export const phantomLast = mutant("page-phantom-last", "REPO-18", "Offers another page whenever the page is full.", {
  faultPoints: { hasNext: (given, _left, size) => given === size }
})

/** Gives as much as is asked for. */
export const unbounded = mutant("page-unbounded", "REPO-18", "Gives pages as large as they are asked for.", {
  faultPoints: { size: (requested) => Math.max(1, requested) }
})

/** Folds names nowhere but in the search, so that the list is sorted otherwise. */
export const sortsUnfolded = mutant(
  "page-sorts-unfolded",
  "REPO-15",
  "Sorts companies by their names as they were typed, letter case and width included.",
  {
    wrap: replacing(({ repository }, model) => ({
      repository: {
        companies: (organizationId, filter, page) =>
          filter.search === undefined && filter.companyIds === undefined
            ? list(
                model,
                { kind: "company", organizationId, filter, matches: () => true, sortKey: ({ id, name }) => [name, id] },
                page
              )
            : repository.companies(organizationId, filter, page)
      }
    }))
  }
)

/** Counts with the cursor in the condition. */
export const totalOfRest = mutant("page-total-of-rest", "REPO-45", "Counts the items from the page on, not all.", {
  faultPoints: { total: (_all, left, countUpTo) => faultPoints.total(left, left, countUpTo) }
})

/** Takes the end of counting for the end of the list. */
export const totalNeverCapped = mutant(
  "page-total-never-capped",
  "REPO-45",
  "Gives the number at which counting stopped as if it were the total.",
  {
    faultPoints: { total: (all, left, countUpTo) => ({ ...faultPoints.total(all, left, countUpTo), isCapped: false }) }
  }
)

/** The first page of a list, counted as far. A cursor of a narrowed list would not open the whole one. */
const firstOf = ({ countUpTo }: Repository.PageRequest): Repository.PageRequest => given({ limit: 1, countUpTo })

/** A page with the total of another one. */
const withTotalOf = <A, E>(
  other: Effect.Effect<Repository.Page<A>, E>,
  page: Effect.Effect<Repository.Page<A>, E>
): Effect.Effect<Repository.Page<A>, E> =>
  Effect.flatMap(other, ({ total }) => Effect.map(page, (found) => ({ ...found, ...given({ total }) })))

/** Counts without the filter. */
export const totalUnfiltered = mutant(
  "page-total-unfiltered",
  "REPO-45",
  "Counts all companies and accounts of an organization, also for a list that is narrowed.",
  {
    wrap: replacing(({ repository }) => ({
      repository: {
        accounts: (organizationId, filter, page) =>
          withTotalOf(
            repository.accounts(organizationId, {}, firstOf(page)),
            repository.accounts(organizationId, filter, page)
          ),
        companies: (organizationId, filter, page) =>
          withTotalOf(
            repository.companies(organizationId, {}, firstOf(page)),
            repository.companies(organizationId, filter, page)
          )
      }
    }))
  }
)
