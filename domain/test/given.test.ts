/** Fields that may be undefined become fields that may be missing. */
import { describe, expect, expectTypeOf, it } from "@effect/vitest"
import { given } from "@portolan/domain"

describe("given", () => {
  it("leaves out what is undefined and keeps everything else", () => {
    const name: string | undefined = undefined
    const made = given({ name, count: 0, empty: null, off: false })
    expect(Object.keys(made)).toEqual(["count", "empty", "off"])
    expect("name" in made).toBe(false)
  })

  it("has the type of an object with optional keys", () => {
    const name = "Ada" as string | undefined
    expectTypeOf(given({ name, count: 0 as number })).toEqualTypeOf<{
      readonly count: number
      readonly name?: string
    }>()
  })
})
