import { expect, it } from "@effect/vitest"
import fc from "fast-check"
import { Rows } from "../src/index.ts"
import { day } from "./support.ts"

const on = day("2026-03-07")

it("keeps the last row of each key", () => {
  const rows = Rows.unique([
    { key: "a", day: on, data: { n: 1 } },
    { key: "b", day: on, data: { n: 2 } },
    { key: "a", day: on, data: { n: 3 } }
  ])
  expect(rows.map(({ data, key }) => [key, data])).toEqual([
    ["a", { n: 3 }],
    ["b", { n: 2 }]
  ])
})

it("takes out of names and texts, however deep, what databases refuse to store", () => {
  const data = { "no\u0000te": ["a\ud800b\u0000", { deep: "\u0000" }, null, 1, true] }
  const [row] = Rows.unique([{ key: "a", day: on, data }])
  expect(row?.data).toEqual({ note: ["a\ufffdb", { deep: "" }, null, 1, true] })
})

it("gives different names different keys, whatever they contain", () => {
  const names = fc.array(fc.string({ unit: "grapheme" }), { minLength: 2, maxLength: 2 })
  fc.assert(
    fc.property(names, names, (one, other) => {
      expect(Rows.key(...one) === Rows.key(...other)).toBe(JSON.stringify(one) === JSON.stringify(other))
    })
  )
  expect(Rows.key("a/b", "c")).not.toBe(Rows.key("a", "b/c"))
  expect(Rows.key("\ud800")).toBe(Rows.key("\ufffd"))
})
