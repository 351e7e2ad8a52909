/** Walks a list of the Marketplace API from page to page, complete or not at all. */
import { Failure } from "@portolan/domain"
import { Effect } from "effect"
import type * as Settings from "./Settings.ts"

/** One page: what it holds, and where the next one is. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly next?: string | null | undefined
}

const failed = (what: string, detail: string) =>
  new Failure.Temporary({ detail: `${what}: ${detail}`, throttled: false })

/**
 * The address of the next page. Orders give a whole query to be sent as it is; items and stock give a value for
 * `nextCursor` (highsidelabs/walmart-api-php, US schemas).
 */
export const after = (path: string, limit: number, cursor: string): string =>
  cursor.startsWith("?")
    ? `${path}${cursor.replaceAll(/[\s#]/g, encodeURIComponent)}`
    : `${path}?limit=${limit}&nextCursor=${encodeURIComponent(cursor)}`

/** Fetches every page. A list that repeats itself, has no end, or takes too long is no answer. */
export const all =
  (limits: Settings.Limits, what: string) =>
  <A, E>(first: string, address: (cursor: string) => string, fetch: (path: string) => Effect.Effect<Page<A>, E>) =>
    Effect.gen(function* () {
      const found: Array<A> = []
      const seen = new Set<string>()
      let path: string | undefined = first
      while (path !== undefined) {
        const page: Page<A> = yield* fetch(path)
        // Not spread: a page may hold more items than a call may have arguments.
        for (const item of page.items) found.push(item)
        const next = page.next ?? ""
        if (next === "") return found
        if (next.length > 4096) return yield* failed(what, "a page's cursor is too long")
        if (seen.has(next)) return yield* failed(what, "the pages repeat themselves")
        seen.add(next)
        if (seen.size >= limits.pages) return yield* failed(what, `there are more than ${limits.pages} pages`)
        path = address(next)
      }
      return found
    })

/** Bounds a whole list in time. */
export const inTime = (limits: Settings.Limits, what: string) =>
  Effect.timeoutOrElse({
    duration: `${limits.listSeconds} seconds`,
    orElse: () => Effect.fail(failed(what, `the list did not end within ${limits.listSeconds} seconds`))
  })
