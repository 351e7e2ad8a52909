/** Parameters of a query that a browser brings. */
import { Callback } from "../src/index.ts"
import { describe, expect, it } from "vitest"

const field = (query: string) => Callback.field(new URLSearchParams(query), "code")

describe("a parameter", () => {
  it("that is there twice with one value is that value, and with two it is none", () => {
    expect(field("code=a")).toEqual({ kind: "one", value: "a" })
    expect(field("code=a&state=s&code=a&state=s")).toEqual({ kind: "one", value: "a" })
    for (const query of ["code=a&code=b", "code=a&code=a&code=", "code=&code=a"]) {
      expect(field(query)).toEqual({ kind: "doubled" })
    }
    for (const query of ["", "code=", "code=&code="]) expect(field(query)).toEqual({ kind: "absent" })
  })
})
