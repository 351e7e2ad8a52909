/** Lists over several pages: complete or not at all. */
import { expect, it } from "@effect/vitest"
import { Failure } from "@portolan/domain"
import { Effect, Result } from "effect"
import { Pages } from "../src/index.ts"

const walk: Pages.Walk<string> = { what: "list", pages: 5, keyOf: (item) => item }
const refused = new Failure.RequestRefused({ detail: "cursor expired", beyondRetention: false })
type Page = Pages.Page<string> | Failure.RequestRefused

const page = (items: string, next?: string, total?: number): Page => ({ items: [...items], next, total })

/** What a list of pages gives, one answer a call. */
const walked = (pages: ReadonlyArray<Page>) => {
  let calls = 0
  return Effect.map(
    Effect.result(
      Pages.all(walk, () => {
        const answer = pages[calls++] ?? page("")
        return answer instanceof Failure.RequestRefused ? Effect.fail(answer) : Effect.succeed(answer)
      })
    ),
    (result) => (Result.isSuccess(result) ? result.success.items.join("") : result.failure._tag)
  )
}

it.effect.each<[string, ReadonlyArray<Page>, string]>([
  ["of two pages", [page("ab", "1"), page("c")], "abc"],
  ["whose total is kept", [page("ab", "1", 3), page("c", undefined, 3)], "abc"],
  ["that ends before its total", [page("ab", "1", 4), page("c", undefined, 4)], "Temporary"],
  ["that moved on, so that one is missing", [page("ab", "1", 3), page("b", undefined, 3)], "Temporary"],
  ["whose last page is empty and repeats the cursor", [page("ab", "1"), page("", "1")], "ab"],
  ["with empty pages between", [page("a", "1"), page("", "2"), page("", "3"), page("b")], "ab"],
  ["that stays empty under new cursors, when all is there", [page("a", "1", 1), page("", "2", 1), page("b")], "a"],
  ["that stays empty under new cursors", ["1", "2", "3", "4", "5", "6"].map((next) => page("", next)), "Temporary"],
  ["that repeats itself", [page("a", "1"), page("b", "1"), page("c")], "Temporary"],
  ["without an end", ["1", "2", "3", "4", "5", "6"].map((next) => page(next, next)), "Temporary"],
  ["with a cursor longer than any", [page("a", "x".repeat(5000))], "Temporary"],
  ["whose cursor died once", [page("a", "1"), refused, page("a", "2"), page("b")], "ab"],
  [
    "whose cursor dies each time",
    [page("a", "1"), refused, page("a", "2"), refused, page("a", "3"), refused],
    "Temporary"
  ],
  ["that is refused at once", [refused], "RequestRefused"]
])("a list %s", ([, pages, expected]) =>
  Effect.gen(function* () {
    expect(yield* walked(pages)).toBe(expected)
  })
)
