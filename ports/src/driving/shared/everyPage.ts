import type { Stored } from "@portolan/domain"
import { Effect } from "effect"
import { type InvalidCursor, type Page, type PageRequest, pageLimit } from "../../driven/Repository.ts"

/**
 * A list as a whole, page after page, at most so many pages. Its cursors are the list's own, so one that is refused is
 * a defect. Decisions rest on the whole of a list, so it fails with the first record that cannot be read.
 */
export const everyPage = Effect.fnUntraced(function* <A, E extends { readonly _tag: string }>(
  list: (page: PageRequest) => Effect.Effect<Page<A>, E | InvalidCursor>,
  most = 1000
): Effect.fn.Return<ReadonlyArray<A>, Exclude<E, InvalidCursor> | Stored.Unreadable> {
  const found: Array<A> = []
  let cursor: string | undefined
  for (let turn = 0; turn < most; turn++) {
    const {
      items,
      next,
      unreadable: [odd] = []
    }: Page<A> = yield* list({ limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) }).pipe(
      Effect.catchIf((error): error is InvalidCursor => error._tag === "InvalidCursor", Effect.die)
    )
    if (odd !== undefined) return yield* odd
    found.push(...items)
    if (next === undefined) break
    cursor = next
  }
  return found
})
