/** Grouping agrees with the platform's own, where the platform has it. */
import { expect, it } from "@effect/vitest"
import { groupBy } from "@portolan/domain"
import * as fc from "fast-check"

it("groups as Map.groupBy does: the same keys in the same order, nothing lost", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 30 })), fc.integer({ min: 1, max: 5 }), (items, divisor) => {
      const keyOf = (item: number, index: number) => (item + index) % divisor
      expect([...groupBy(items, keyOf)]).toEqual([...Map.groupBy(items, keyOf)])
    })
  )
})
