/**
 * Walks a list from page to page, complete or not at all: cursors that loop, lists that end before their own total and
 * lists without an end are no answers. A cursor that died begins the list anew.
 */
import { Failure, given } from "@portolan/domain"
import { Data, type Duration, Effect } from "effect"

/** One page. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** Where the next page is; none at the end. */
  readonly next?: string | null | undefined
  /** How many items the whole list has, where the provider says so. */
  readonly total?: number | undefined
  /** The answer held no list: it looks empty, and proves nothing. */
  readonly isVague?: boolean | undefined
}

/** A whole list. */
export interface Listed<A> {
  readonly items: ReadonlyArray<A>
  /** No page held a list. */
  readonly isVague: boolean
}

/** How a list is walked. */
export interface Walk<A> {
  /** The call, at the beginning of a failure. */
  readonly what: string
  /** Most pages of one list. */
  readonly pages: number
  /** Between two pages. */
  readonly pause?: Duration.Input
  /** What tells one item from another; an item that comes again, because the list moved on, counts once in a total. */
  readonly keyOf: (item: A) => string | undefined
}

/**
 * How often a list is begun anew within one call when its cursor dies. Lists of minutes outlive a cursor of seconds.
 */
const restarts = 2

/** The longest cursor that is sent back, in characters. */
const longestCursor = 4096

const failed = ({ what }: Pick<Walk<never>, "what">, detail: string, words?: Failure.ProviderWords) =>
  new Failure.Temporary({ detail: `${what}: ${detail}`, throttled: false, ...given({ words }) })

/** A cursor that the provider refused; whatever the reason, the list has to be begun anew. */
class DeadCursor extends Data.TaggedError("DeadCursor")<{ readonly refusal: Failure.RequestRefused }> {}

const isRefusal = (error: unknown): error is Failure.RequestRefused => error instanceof Failure.RequestRefused

/** Whether an item of a list is one that was there before. */
const countDistinct = <A>({ keyOf }: Walk<A>, items: ReadonlyArray<A>): number => {
  const keys = new Set<string>()
  let unnamed = 0
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) unnamed += 1
    else keys.add(key)
  }
  return keys.size + unnamed
}

const walk = Effect.fnUntraced(function* <A, E>(
  about: Walk<A>,
  fetch: (cursor: string | undefined) => Effect.Effect<Page<A>, E>
) {
  const found: Array<A> = []
  const seen = new Set<string>()
  let [cursor, total, isVague] = [undefined as string | undefined, undefined as number | undefined, true]
  while (true) {
    if (cursor !== undefined && about.pause !== undefined) yield* Effect.sleep(about.pause)
    const isFirst = cursor === undefined
    const page: Page<A> = yield* Effect.mapError(fetch(cursor), (error) =>
      !isFirst && isRefusal(error) ? new DeadCursor({ refusal: error }) : error
    )
    // Not spread: a page may hold more items than a call may have arguments.
    for (const item of page.items) found.push(item)
    if (page.isVague !== true) isVague = false
    total = page.total ?? total
    const next = page.next ?? ""
    const isEmpty = page.items.length === 0
    // An empty page ends a list where it repeats its cursor, as cursors that are kept alive do, or where all is there.
    // Under a new cursor it may be one that a filter left empty.
    const isAllThere = total !== undefined && countDistinct(about, found) >= total
    if (next === "" || (isEmpty && (seen.has(next) || isAllThere))) break
    if (next.length > longestCursor) return yield* failed(about, "a page's cursor is too long")
    if (seen.has(next)) return yield* failed(about, "the pages repeat themselves")
    seen.add(next)
    if (seen.size >= about.pages) return yield* failed(about, `there are more than ${about.pages} pages`)
    cursor = next
  }
  const all = countDistinct(about, found)
  if (total !== undefined && all < total) return yield* failed(about, `the list ended after ${all} of ${total}`)
  return { items: found, isVague: isVague && found.length === 0 } satisfies Listed<A>
})

/** Fetches every page. */
export const all = <A, E>(
  about: Walk<A>,
  fetch: (cursor: string | undefined) => Effect.Effect<Page<A>, E>
): Effect.Effect<Listed<A>, E | Failure.Temporary> => {
  const begin = (left: number): Effect.Effect<Listed<A>, E | Failure.Temporary> =>
    walk(about, fetch).pipe(
      Effect.catch((error) => {
        if (!(error instanceof DeadCursor)) return Effect.fail(error)
        const { detail, words } = error.refusal
        return left > 0
          ? begin(left - 1)
          : Effect.fail(failed(about, `a page after the first was refused again and again (${detail})`, words))
      })
    )
  return begin(restarts)
}

/** Bounds a whole list in time. */
export const inTime = (seconds: number, what: string) =>
  Effect.timeoutOrElse({
    duration: `${seconds} seconds`,
    orElse: () => Effect.fail(failed({ what }, `the list did not end within ${seconds} seconds`))
  })
