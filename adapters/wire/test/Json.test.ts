import { expect, it } from "@effect/vitest"
import { Option } from "effect"
import fc from "fast-check"
import { Json } from "../src/index.ts"

it("keeps every digit of every number, wherever it stands", () => {
  const digits = fc.stringMatching(/^[1-9][0-9]{0,39}$/)
  fc.assert(
    fc.property(digits, digits, fc.constantFrom("-", ""), (whole, part, sign) => {
      const source = `${sign}${whole}.${part}`
      expect(Json.parse(`{"a":[${whole},{"b":${source}}],"c":${whole}e5}`)).toEqual(
        Option.some({ a: [whole, { b: source }], c: `${whole}e5` })
      )
    })
  )
})

it("leaves digits inside texts alone", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const withoutNumbers = JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
        typeof one === "number" ? "n" : one
      ) as unknown
      expect(Json.parse(JSON.stringify(withoutNumbers))).toEqual(Option.some(withoutNumbers))
    })
  )
})

it("gives nothing for any text that is cut, and never throws", () => {
  const whole = JSON.stringify({ payload: [{ id: "ä", n: 12 }, null, true], next: 'x"y' })
  for (let length = 0; length < whole.length; length++)
    expect(Json.parse(whole.slice(0, length))).toEqual(Option.none())
  fc.assert(fc.property(fc.string(), (text) => void Json.parse(text)))
  expect(Json.parse("[".repeat(200_000) + "]".repeat(200_000))).toEqual(Option.none())
})
