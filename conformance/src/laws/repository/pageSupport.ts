/** What the laws about pages share. */
import { given } from "@portolan/domain"
import { Effect } from "effect"
import * as fc from "fast-check"
import { lists, names, type Name } from "./lists.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"

/** Any list of the port. */
export const list = fc.constantFrom(...names)

/** Few values and many items: most items are equal in what the list is sorted by. */
export const values = (maxLength: number, minLength = 0) =>
  fc.array(fc.integer({ min: 0, max: 3 }), { minLength, maxLength, size: "max" })

/** How cursors are followed: so many items a page, and so many pages at most. */
interface Walk {
  readonly limit: number
  readonly filtered: boolean
  readonly most: number
  /** What happens after the `page`-th page and before the next. */
  readonly between?: (page: number) => Effect.Effect<void, unknown>
}

/** Follows cursors from the start; never further than there can be pages. */
export const follow = Effect.fnUntraced(function* (
  services: Services,
  organizationId: RepositoryInstance["organizations"][number],
  name: Name,
  { limit, filtered, most, between = () => Effect.void }: Walk
) {
  const pages: Array<ReadonlyArray<string>> = []
  let cursor: string | undefined
  do {
    if (pages.length > 0) yield* between(pages.length)
    const page = yield* lists[name].page(services, organizationId, given({ limit, cursor }), filtered)
    pages.push(page.items)
    cursor = page.next
  } while (cursor !== undefined && pages.length <= most)
  return pages
})
