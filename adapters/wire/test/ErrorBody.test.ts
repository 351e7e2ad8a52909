/** The words of a refusal, in whatever form they come, and nothing that looks like a secret. */
import { expect, it } from "@effect/vitest"
import { Failure } from "@portolan/domain"
import { Schema } from "effect"
import fc from "fast-check"
import { ErrorBody, Quarantine, strikeOut } from "../src/index.ts"
import { answer } from "./support.ts"

it.each<[string, unknown, object]>([
  ["one error", { code: "400", details: "bad", requestId: "r" }, { code: "400", details: "bad", requestId: "r" }],
  [
    "a list of them",
    { errors: [{ code: "InvalidInput", message: "bad", details: "" }] },
    { code: "InvalidInput", message: "bad" }
  ],
  [
    "a list within",
    { errors: { error: [{ code: "A.B", description: "bad", info: "x" }] } },
    { code: "A.B", message: "bad", details: "x" }
  ],
  ["a list right away", [{ code: "failure", details: ["one", "two"] }], { code: "failure", details: "one; two" }],
  ["the form of RFC 6749", { error: "invalid_x", error_description: "bad" }, { code: "invalid_x", message: "bad" }],
  ["capitals", { Message: "bad", RequestId: "r" }, { message: "bad", requestId: "r" }],
  ["XML", "<Error><Code>ExpiredToken</Code><Message>bad</Message></Error>", { code: "ExpiredToken", message: "bad" }],
  ["a page", "<html><title>503 Busy</title></html>", { message: "503 Busy" }],
  ["plain words", "Bad Request", { message: "Bad Request" }],
  ["nothing", "", {}]
])("are found in %s", (_name, body, expected) => {
  expect(ErrorBody.words(answer(400, body))).toEqual({ status: 400, ...expected })
})

it("are found in a success that is an error, and no success is quoted otherwise", () => {
  expect(ErrorBody.words(answer(200, { code: "X", details: "bad" }))).toMatchObject({ code: "X", details: "bad" })
  expect(ErrorBody.words(answer(200, { access_token: "canary" }))).toEqual({ status: 200 })
  expect(ErrorBody.words(answer(200, "canary"))).toEqual({ status: 200 })
})

it("are bounded and readable, whatever came", () => {
  const isWords = Schema.is(Failure.ProviderWords)
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 599 }),
      fc.oneof(fc.string({ maxLength: 3000 }), fc.json()),
      (status, text) => {
        expect(isWords(ErrorBody.words(answer(status, text)))).toBe(true)
      }
    )
  )
})

it.each([
  "Bearer canary.canary-canary",
  "https://x.example/f?X-Amz-Signature=canary&a=1",
  '{"refresh_token":"canary","clientSecret":"canary"}',
  "eyJhbGciOi.eyJjYW5hcnki.canary",
  "AKIACANARYCANARY0000".replace("CANARY", "CANARY"),
  `token ${"canary".repeat(20)}`
])("hold no secret: %s", (text) => {
  expect(strikeOut(text)).not.toMatch(/canary|CANARY/)
})

it("of an odd row hold no secret and no customer, and what helps to repair it", () => {
  const row = {
    purchaseOrderId: "1",
    customerEmailId: "jane@example.org",
    shippingInfo: { phone: "555", postalAddress: { name: "Jane" } },
    lines: [{ buyerName: "Jane", productName: "Lamp", note: "Bearer canary-canary" }]
  }
  const { raw } = Quarantine.apart("Odd.", row)
  expect(raw).not.toMatch(/jane|555|canary/i)
  expect(raw).toContain('"productName":"Lamp"')
  expect(Quarantine.raw("x".repeat(9000)).length).toBeLessThanOrEqual(2000)
})
