import { expect, it } from "@effect/vitest"
import type { ProviderApi } from "@portolan/ports"
import { Result } from "effect"
import fc from "fast-check"
import { Quarantine, Rows } from "../src/index.ts"
import { day } from "./support.ts"

const on = day("2026-03-07")
const row = (key: string, data: ProviderApi.Row["data"]): ProviderApi.Row => ({ key, day: on, data })
const land = (rows: ReadonlyArray<ProviderApi.Row>, twice: Rows.Landing["twice"] = "apart", odd = 0) =>
  Rows.land({ what: "list", rows, twice, odd: Array.from({ length: odd }, () => Quarantine.apart("Odd.", "x")) })

it("lands a fact that comes twice once, whatever the order of its fields", () => {
  const rows = [row("a", { n: 1, m: [1, { k: null }] }), row("b", {}), row("a", { m: [1, { k: null }], n: 1 })]
  expect(land(rows, "refuse")).toMatchObject({ success: { _tag: "Rows", rows: [{ key: "a" }, { key: "b" }] } })
})

it("never lets the last of two rows win: both are kept apart, or the whole is refused", () => {
  const rows = [row("a", { n: 1 }), row("b", {}), row("a", { n: 2 }), row("a", { n: 1 })]
  expect(land(rows)).toMatchObject({ success: { rows: [{ key: "b" }], quarantined: [{ key: "a" }] } })
  expect(land(rows, "refuse")).toMatchObject({ failure: { _tag: "RequestRefused" } })
})

it("adds up what the provider parts finer, exactly, and only figures", () => {
  const add = Rows.adding((column) => ({ clicks: "count", cost: "amount" } as const)[column])
  const one = row("a", { name: "x", clicks: 1, cost: "0.10" })
  expect(land([one, one, row("a", { name: "x", clicks: null, cost: "0.2" })], add)).toMatchObject({
    success: { rows: [{ data: { name: "x", clicks: 2, cost: "0.40" } }] }
  })
  expect(land([one, row("a", { name: "y", clicks: 1, cost: "1" })], add)).toMatchObject({ failure: {} })
})

it.each([
  [0, 0, true],
  [1, 1, true],
  [0, 1, false],
  [2, 2, false],
  [19, 2, true],
  [30, 3, true],
  [17, 2, false]
])("takes %i good rows beside %i odd ones: %s", (good, odd, passes) => {
  const rows = Array.from({ length: good }, (_, n) => row(String(n), {}))
  const answer = land(rows, "apart", odd)
  expect(Result.isSuccess(answer)).toBe(passes)
  if (Result.isSuccess(answer) && odd > 0) expect(answer.success).toMatchObject({ quarantined: { length: odd } })
})

it("takes out of names and texts, however deep, what databases refuse to store", () => {
  const data = { "no\u0000te": ["a\ud800b\u0000", { deep: "\u0000" }, null, 1, true] }
  expect(land([row("a", data)])).toMatchObject({
    success: { rows: [{ data: { note: ["a\ufffdb", { deep: "" }, null, 1, true] } }] }
  })
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
