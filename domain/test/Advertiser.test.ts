import { describe, expect, it } from "@effect/vitest"
import { Advertiser, type Profile } from "@portolan/domain"
import fc from "fast-check"

const named = (name: string, externalId = "1"): Profile.Advertiser => ({
  _tag: "Advertiser",
  name,
  countryCode: "US",
  currency: "USD",
  type: "walmart-3p",
  permission: "edit",
  key: { channel: "walmart-connect", region: "WALMART-US", marketplaceId: "WALMART_US", externalId } as Profile.Key
})

const alike = (one: string, other: string) => Advertiser.lookAlike(named(one, "1"), named(other, "2"))

describe("advertisers that look alike (rule W-R8)", () => {
  it("are the same but for case, punctuation, width and legal form", () => {
    expect(alike("Lakeside Garden", "LAKESIDE GARDEN, Inc.")).toBe(true)
    expect(alike("Lakeside-Garden LLC", "Lakeside Garden Ltd")).toBe(true)
    expect(alike("Ｌａｋｅｓｉｄｅ", "Lakeside")).toBe(true)
    expect(alike("Co", "LLC")).toBe(false)
  })

  it("or are up to two letters apart, where the name is long enough to say so", () => {
    expect(alike("Lakeside Garden", "Lakeside Gardens")).toBe(true)
    expect(alike("Lakeside Garden", "Lakeslde Gardan")).toBe(true)
    expect(alike("Lakeside Garden", "Lakeside Patio")).toBe(false)
    expect(alike("Acme", "Acne")).toBe(false)
  })

  it("only the very number, name or seller's name is what somebody expects; a letter more is not", () => {
    const seller = { ...named("Marmara Homes", "374568"), sellerName: "Marmara Homes LLC" }
    for (const typed of ["marmara  homes ", "374568", "Marmara Homes LLC"])
      expect(Advertiser.isNamed(seller, typed)).toBe(true)
    for (const typed of ["Marmara Home", "37456", ""]) expect(Advertiser.isNamed(seller, typed)).toBe(false)
    expect(Advertiser.isNamed({ ...named("Marmara"), sellerName: "" }, "")).toBe(false)
  })

  it("an advertiser does not look like itself, and likeness is mutual", () => {
    expect(Advertiser.lookAlike(named("Lakeside"), named("Lakeside"))).toBe(false)
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (one, other) => {
        expect(alike(one, other)).toBe(alike(other, one))
        expect(alike(one, one)).toBe(true)
      })
    )
  })
})
