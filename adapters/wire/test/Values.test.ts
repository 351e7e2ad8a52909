/** Numbers and days as providers write them. */
import { describe, expect, it } from "@effect/vitest"
import { DateTime, Option } from "effect"
import fc from "fast-check"
import { Values } from "../src/index.ts"

const decimal = (value: unknown, form: Values.Form = {}) => Option.getOrUndefined(Values.decimal(value, form))

describe("a decimal number", () => {
  it.each<[unknown, string | null | undefined]>([
    ["12.30", "12.30"],
    ["-0.5", "-0.5"],
    [7, "7"],
    ["9007199254740993.10", "9007199254740993.10"],
    ["1,234.56", "1234.56"],
    ["1.234,56", "1234.56"],
    ["1 234 567,8", "1234567.8"],
    ["1'234.5", "1234.5"],
    ["12,30", "12.30"],
    ["$1,234", "1234"],
    ["€ 9,90", "9.90"],
    ["9.90 EUR", "9.90"],
    ["(3.00)", "-3.00"],
    ["5-", "-5"],
    ["1.5E-3", "0.0015"],
    ["12e2", "1200"],
    ["", null],
    ["N/A", null],
    ["-", null],
    [null, null],
    [undefined, null],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["soon", undefined],
    ["1.2.3", undefined],
    ["1,23,4", undefined],
    [{}, undefined],
    [true, undefined]
  ])("is read from %j as %j", (value, expected) => {
    expect(decimal(value)).toBe(expected)
  })

  it("follows the country where its sign leaves a choice", () => {
    expect(decimal("1,234")).toBe("1234")
    expect(decimal("1,234", { hasDecimalComma: true })).toBe("1.234")
  })

  it("is a count only without decimals", () => {
    const counts = ["12", "1,200", "3.0", "", "2.5", "NaN"].map((text) => Option.getOrUndefined(Values.count(text)))
    expect(counts).toEqual([12, 1200, 3, null, undefined, undefined])
  })

  it("is added without losing a digit", () => {
    expect(Values.plus("0.10", "0.2")).toBe("0.30")
    expect(Values.plus("-1", "0.5")).toBe("-0.5")
    const cents = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })
    const text = (value: bigint) => {
      const digits = String(value < 0n ? -value : value).padStart(3, "0")
      return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`
    }
    fc.assert(fc.property(cents, cents, (a, b) => Values.plus(text(a), text(b)) === text(a + b)))
  })
})

describe("a day", () => {
  it.each<[unknown, Values.Form, string | undefined]>([
    ["2026-03-07", {}, "2026-03-07"],
    ["20260307", {}, "2026-03-07"],
    ["2026/03/07", {}, "2026-03-07"],
    ["07.03.2026", {}, "2026-03-07"],
    ["07/03/2026", {}, "2026-03-07"],
    ["07/03/2026", { hasMonthFirst: true }, "2026-07-03"],
    ["25/03/2026", { hasMonthFirst: true }, "2026-03-25"],
    ["03/25/2026", {}, "2026-03-25"],
    ["7 Mar 2026", {}, "2026-03-07"],
    ["March 7, 2026", {}, "2026-03-07"],
    ["2026-03-07 23:30:00", { timeZone: "Asia/Tokyo" }, "2026-03-07"],
    ["2026-03-07T23:30:00Z", { timeZone: "Asia/Tokyo" }, "2026-03-08"],
    ["2026-03-07T23:30:00.000+0900", { timeZone: "Asia/Tokyo" }, "2026-03-07"],
    ["1772928000000", {}, "2026-03-08"],
    ["2026-02-30", {}, undefined],
    ["32/01/2026", {}, undefined],
    ["soon", {}, undefined],
    ["", {}, undefined],
    [null, {}, undefined]
  ])("is read from %j with %j as %j", (value, form, expected) => {
    expect(Option.getOrUndefined(Values.day(value, form))).toBe(expected)
  })

  it("begins with an instant, which without an offset is of the zone that is named", () => {
    const at = (text: string, form: Values.Form = {}) =>
      Option.getOrUndefined(Option.map(Values.instant(text, form), DateTime.formatIso))
    expect(at("1478284060000")).toBe("2016-11-04T18:27:40.000Z")
    expect(at("2026-07-01 03:00:00", { timeZone: "UTC" })).toBe("2026-07-01T03:00:00.000Z")
    expect(at("2026-07-01T03:00:00", { timeZone: "America/Los_Angeles" })).toBe("2026-07-01T10:00:00.000Z")
    for (const text of ["", "1", "2026-07-01", "soon", "2026-07-01T03:00:00"]) expect(at(text)).toBeUndefined()
  })

  it("and a number are read out of anything without a failure", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue(), fc.stringMatching(/^[-\d.,/ eE+:TZ]{0,20}$/)), (any) => {
        Values.day(any)
        Values.instant(any, { timeZone: "Europe/Paris" })
        const number = decimal(any)
        if (typeof number === "string") expect(number).toMatch(/^-?\d+(?:\.\d+)?$/)
      })
    )
  })
})
