/** Consents that begin in Walmart's App Store. */
import { describe, expect, it } from "@effect/vitest"
import { readStart } from "../src/readStart.ts"
import * as Settings from "../src/Settings.ts"
import { given } from "./support.ts"

const read = (query: string, of: Settings.Given = given) =>
  readStart(Settings.resolve(of))("walmart-marketplace", new URLSearchParams(query))

describe("a consent that begins in the App Store", () => {
  it("needs no parameter, takes the seller where one is named, and passes over every other", () => {
    expect(read("")).toEqual({ _tag: "Begun", isDraft: false })
    expect(read("callback=https://evil.example/&sellerId=10001")).toEqual({
      _tag: "Begun",
      grantor: "10001",
      isDraft: false
    })
    expect(read("partner=7", { ...given, assumptions: { startSellerParameters: ["partner"] } })).toMatchObject({
      grantor: "7"
    })
  })

  it("refuses a seller that is malformed or named twice, and a channel that begins nowhere else", () => {
    expect(read("sellerId=<b>")).toMatchObject({ _tag: "Unacceptable", problem: "incomplete" })
    expect(read("sellerId=1&sellerId=2")).toMatchObject({ _tag: "Unacceptable", detail: "sellerId is doubled" })
    expect(readStart(Settings.resolve(given))("walmart-connect", new URLSearchParams())._tag).toBe("NotOffered")
  })
})
