/** Whose address counts for the limits of signing in. */
import { request } from "node:http"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { addressHeader, addressOf, listen } from "../src/listen.ts"

const headers = (given: { readonly [name: string]: string }) => new Headers(given)

describe("the caller's address", () => {
  it("is the connection's, or what the trusted proxy says last; this machine counts as nobody", () => {
    expect(addressOf(undefined)(headers({ [addressHeader]: "203.0.113.7" }))).toBe("203.0.113.7")
    expect(addressOf(undefined)(headers({ [addressHeader]: "203.0.113.7", "x-forwarded-for": "198.51.100.1" }))).toBe(
      "203.0.113.7"
    )
    expect(
      addressOf("x-forwarded-for")(headers({ [addressHeader]: "127.0.0.1", "x-forwarded-for": "forged, 198.51.100.1" }))
    ).toBe("198.51.100.1")
    for (const own of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
      expect(addressOf(undefined)(headers({ [addressHeader]: own }))).toBeUndefined()
    }
    expect(addressOf(undefined)(headers({}))).toBeUndefined()
  })

  it("is this machine's where a proxy stands in front and somebody comes past it", () => {
    const behind = addressOf("x-forwarded-for")
    expect(behind(headers({ [addressHeader]: "127.0.0.1" }))).toBe("127.0.0.1")
    expect(behind(headers({ [addressHeader]: "127.0.0.1", "x-forwarded-for": "127.0.0.1" }))).toBe("127.0.0.1")
    expect(behind(headers({ [addressHeader]: "::1" }))).toBe("0:0:0:0::/64")
  })

  it("is a whole network where one caller has a whole network to choose from", () => {
    const counted = (own: string) => addressOf(undefined)(headers({ [addressHeader]: own }))
    const home = [
      "2001:db8:1:2::7",
      "2001:DB8:1:2:ffff:ffff:ffff:ffff",
      "2001:0db8:0001:0002::",
      "2001:db8:1:2:3:4:203.0.113.7"
    ].map(counted)
    expect(new Set(home)).toEqual(new Set(["2001:db8:1:2::/64"]))
    expect(counted("2001:db8:1:3::7")).toBe("2001:db8:1:3::/64")
    expect(counted("2001:db8::7")).toBe("2001:db8:0:0::/64")
    expect(counted("fe80::1%eth0")).toBe("fe80:0:0:0::/64")
    expect(counted("::ffff:203.0.113.7")).toBe("203.0.113.7")
  })

  it.live("cannot be forged by a header of that name", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { port } = yield* listen(
          "127.0.0.1",
          0,
          "PORT",
          () => (asked) => new Response(asked.headers.get(addressHeader))
        )
        const seen = yield* Effect.promise(
          () =>
            new Promise<string>((resolve, reject) => {
              request(
                { port, host: "127.0.0.1", headers: { "X-Portolan-Address": ["203.0.113.7", "203.0.113.8"] } },
                (answer) => {
                  let text = ""
                  answer.on("data", (chunk: Buffer) => {
                    text += chunk.toString()
                  })
                  answer.on("end", () => resolve(text))
                }
              )
                .on("error", reject)
                .end()
            })
        )
        expect(seen).toBe("127.0.0.1")
      })
    )
  )
})
