/** What is kept of a provider's own words. */
import { describe, expect, it } from "@effect/vitest"
import { Failure } from "@portolan/domain"
import { Schema } from "effect"

const isWords = Schema.is(Failure.ProviderWords)

describe("a provider's words", () => {
  it("are kept part by part; what is empty is left out", () => {
    const said = { code: "InvalidInput", message: "Next token is invalid", details: "", requestId: null, status: 400 }
    expect(Failure.providerWords(said)).toEqual({ code: "InvalidInput", message: "Next token is invalid", status: 400 })
    expect(Failure.providerWords({ status: Number.NaN })).toEqual({})
    expect(Failure.providerWords({ code: `${"x".repeat(119)} y` })).toEqual({ code: "x".repeat(119) })
  })

  it.prop(
    "are readable and bounded, whatever came",
    [Schema.String, Schema.String, Schema.String],
    ([code, message, requestId]) => {
      const words = Failure.providerWords({ code: code.repeat(50), message: message.repeat(50), requestId, status: 4 })
      expect(isWords(words)).toBe(true)
      expect(Failure.providerWords(words)).toEqual(words)
    }
  )
})
