/** The catalogue of messages has words for every key. Where sentences may stand is judged for the whole tree. */
import { expect, it } from "@effect/vitest"
import { Messages } from "@portolan/domain"

it("has words for every key", () => {
  const empty = Object.entries(Messages.en).filter(([, words]) => typeof words === "string" && words.trim() === "")
  expect(empty).toEqual([])
})
