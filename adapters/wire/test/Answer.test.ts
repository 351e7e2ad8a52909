import { expect, it } from "@effect/vitest"
import { Option, Result, Schema } from "effect"
import fc from "fast-check"
import { Answer } from "../src/index.ts"
import { answer, told } from "./support.ts"

const Item = Schema.Struct({ id: Schema.String, count: Schema.FiniteFromString })
const List = Schema.Struct({ items: Schema.Array(Item) })

it("reads a body by its Schema, digits kept and additions ignored", () => {
  const body = '{"items":[{"id":9007199254740993,"count":2,"new":true}],"next":null}'
  const list = { items: [{ id: "9007199254740993", count: 2 }] }
  expect(Answer.read(answer(200, body), List, "list")).toEqual(Result.succeed(list))
})

it.each<[string, unknown, string]>([
  ["a missing field", { items: [{ id: "canary" }] }, "list: the answer lacks or garbles items.0.count"],
  ["a wrong field", { items: [{ id: "1", count: "canary" }] }, "list: the answer lacks or garbles items.0.count"],
  ["another thing", ["canary"], "list: the answer lacks or garbles the whole"],
  ["no JSON", "<html>canary", "list: the answer is no JSON"]
])("names the place of %s and never its value", (_name, body, detail) => {
  const read = Answer.read(answer(200, body), List, "list")
  expect(Result.isFailure(read) && read.failure.detail).toBe(detail)
  expect(JSON.stringify(read)).not.toContain("canary")
})

it("passes on the wait that came along", () => {
  expect(Answer.temporary(answer(503, "", { "retry-after": "7" }), "x").retryAfterSeconds).toBe(7)
  expect(Answer.temporary(answer(503, "", { "retry-after": "soon" }), "x").retryAfterSeconds).toBeUndefined()
})

it.each<[string, number, string, boolean]>([
  ["a limit", 429, "list: the rate is limited", true],
  ["an outage", 503, "list: status 503", false],
  ["a redirect", 302, "list: redirected with status 302", false],
  ["a status of the protocol", 101, "list: unexpected status 101", false]
])("takes %s for a temporary failure", (_name, status, detail, throttled) => {
  const judged = Answer.judgeStatus(answer(status, "canary"), "list")
  expect(Option.getOrThrow(judged)).toMatchObject({ _tag: "Temporary", detail, throttled })
})

it("leaves every other status to those who know the provider", () => {
  for (const status of [200, 206, 400, 401, 403, 404, 422]) {
    expect(Answer.judgeStatus(answer(status, ""), "list")).toEqual(Option.none())
  }
})

it("glances at anything without a failure", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void Answer.tryDecode(answer(400, text), List)))
  expect(Answer.tryDecode(answer(400, '{"items":[]}'), List)).toEqual(Option.some({ items: [] }))
  expect(told(Answer.read(answer(400, "{}"), List, "list"))).toBe("Temporary")
})
