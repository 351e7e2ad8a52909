import { expect, it } from "@effect/vitest"
import fc from "fast-check"
import { longestWaitSeconds, readWait } from "../src/index.ts"
import { noon } from "./support.ts"

const http = (millis: number) => new Date(millis).toUTCString()

it.each<[string, string | undefined, number | undefined]>([
  ["nothing", undefined, undefined],
  ["empty", "  ", undefined],
  ["seconds", "120", 120],
  ["zero", "0", 0],
  ["a fraction, rounded up", "1.2", 2],
  ["a future date", http(noon + 90_000), 90],
  ["a past date", http(noon - 90_000), 0],
  ["an ISO date", new Date(noon + 5000).toISOString(), 5],
  ["epoch seconds", String(noon / 1000 + 30), 30],
  ["epoch milliseconds", String(noon + 30_000), 30],
  ["an absurd number", "999999999", longestWaitSeconds],
  ["an absurd date", http(noon + 1e12), longestWaitSeconds],
  ["several, the longest", "5, 60", 60],
  ["negative", "-5", undefined],
  ["words", "soon", undefined],
  ["a number with a unit", "5s", undefined],
  ["hexadecimal", "0x10", undefined],
  ["garbage beside a number", "5, soon", undefined]
])("understands %s", (_name, header, seconds) => {
  expect(readWait(header, noon)).toBe(seconds)
})

it("gives whole seconds from zero to a day, or nothing, for any header", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.float().map(String)), (header) => {
      const wait = readWait(header, noon)
      expect(wait === undefined || (Number.isInteger(wait) && wait >= 0 && wait <= longestWaitSeconds)).toBe(true)
    })
  )
})
