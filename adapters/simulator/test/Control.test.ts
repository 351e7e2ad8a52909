import { describe, expect, test } from "vitest"
import { policy } from "../src/core/World.ts"
import type { Action } from "../src/core/World.ts"
import { hint } from "../src/control/nearest.ts"
import { all } from "../src/control/operations.ts"
import { make } from "../src/describe/validator.ts"
import { adsTokens, fresh } from "./support.ts"
import type { Simulator } from "../src/index.ts"

const ask = async (simulator: Simulator.Simulator, path: string, body?: unknown, method = "POST") => {
  const init =
    body === undefined
      ? { method: method === "POST" ? "GET" : method, headers: { "content-type": "application/json" } }
      : { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
  const response = await simulator.fetch(new Request(`http://127.0.0.1:4010/_sim${path}`, init))
  return [response.status, (await response.json()) as Readonly<Record<string, unknown>>] as const
}

const effect = { kind: "status", status: 503 }

describe("the control API refuses what it does not understand, and says what was probably meant", () => {
  test.each<readonly [string, string, unknown, string]>([
    ["a person's field", "/revoke", { persn: "bruno" }, "persn is not known: did you mean person?"],
    ["a person's name", "/revoke", { person: "brunno" }, "there is no person brunno: did you mean bruno?"],
    ["a grant", "/revoke", { grant: "X" }, "there is no grant X: there is G1"],
    ["a host's field", "/fault", { where: { hots: "x" }, effect }, "hots is not known in where: did you mean host?"],
    [
      "a host",
      "/fault",
      { where: { host: "advertising-api.amazon.de" }, effect },
      "there is no host advertising-api.amazon.de: did you mean advertising-api.amazon.com?"
    ],
    [
      "a method in small letters",
      "/fault",
      { where: { method: "get" }, effect },
      "where.method is not get: did you mean GET?"
    ],
    ["an effect", "/fault", { effect: { kind: "statsu" } }, "effect.kind is not statsu: did you mean status?"],
    ["no effect", "/fault", {}, "effect is missing"],
    [
      "an effect without a kind",
      "/fault",
      { effect: {} },
      "effect.kind is missing: one of status, field, redirect, hang, drip, reset, cut, junk, delay"
    ],
    [
      "a part of an effect",
      "/fault",
      { effect: { ...effect, retryafter: "1" } },
      "retryafter is not known in effect: did you mean retryAfter?"
    ],
    ["how often", "/fault", { effect, times: { kind: "first" } }, "times.count is missing"],
    ["a status in words", "/fault", { effect: { kind: "status", status: "503" } }, "effect.status has to be a number"],
    ["an action", "/act", { kind: "revok" }, "kind is not revok: did you mean revoke?"],
    [
      "a policy",
      "/act",
      { kind: "policy", policy: { rotaton: "off" } },
      "rotaton is not known in policy: did you mean rotation?"
    ],
    [
      "a policy's value",
      "/act",
      { kind: "policy", policy: { rotation: "on" } },
      "policy.rotation is not on: there are off, grace, strict"
    ],
    ["a policy below nothing", "/act", { kind: "policy", policy: { codeSeconds: -1 } }, "policy.codeSeconds"],
    ["a time that runs backwards", "/advance", { milliseconds: -1 }, "milliseconds"],
    ["a time in words", "/advance", { milliseconds: "soon" }, "milliseconds has to be a number"],
    ["no time", "/advance", {}, "milliseconds is missing"],
    ["something for a reset", "/reset", { seed: 2 }, "seed is not known: nothing is taken here"],
    ["a list", "/revoke", [], "the body has to be an object"],
    ["a consent of nobody", "/consent", { as: "adda", url: "https://www.amazon.com/ap/oa" }, "did you mean ada?"],
    ["a decision", "/consent", { as: "ada", url: "https://www.amazon.com/ap/oa", decision: "deny" }, "allow, cancel"],
    ["a profile", "/permission", { person: "ada", profile: "1", access: "view" }, "there is no profile 1"],
    ["an advertiser", "/walmart-access", { advertiser: "Marmara Hme", access: "read" }, "did you mean Marmara Home?"],
    [
      "an account",
      "/act",
      { kind: "participation", account: "A", marketplace: "B", isParticipating: true, hasSuspendedListings: false },
      "there is no account A"
    ],
    ["an address", "/return-url", { url: "callback" }, "callback is not an absolute http or https address"]
  ])("%s", async (_, path, body, message) => {
    const simulator = fresh()
    await adsTokens(simulator)
    simulator.act({ kind: "revoke", person: "ada" })
    const before = JSON.stringify({ ...simulator.world(), grants: {} })
    const [status, answer] = await ask(simulator, path, body)
    expect([status, answer.error]).toEqual([400, expect.stringContaining(message)])
    expect(JSON.stringify({ ...simulator.world(), grants: {} })).toBe(before)
  })

  test("calls, methods and queries", async () => {
    const simulator = fresh()
    expect(await ask(simulator, "/jurnal")).toEqual([
      404,
      { error: "there is no call /jurnal: did you mean /journal?" }
    ])
    expect(await ask(simulator, "/revoke")).toEqual([405, { error: "/revoke takes POST" }])
    expect(await ask(simulator, "/journal?afer=2")).toEqual([
      400,
      { error: "afer is not known in the query of /journal: did you mean after?" }
    ])
    expect((await ask(simulator, "/journal?after=x"))[0]).toBe(400)
    expect(await ask(simulator, "/fault?id=nothing", undefined, "DELETE")).toEqual([
      400,
      { error: "there is no fault nothing: none is armed" }
    ])
  })

  test("in process too", () => {
    const simulator = fresh()
    const mistyped = { kind: "revoke", persn: "bruno" } as unknown as Action
    expect(() => simulator.act(mistyped)).toThrow("did you mean person?")
    expect(() => simulator.revoke({ persn: "bruno" } as { person?: string })).toThrow(RangeError)
    expect(() => simulator.arm({ where: { hots: "x" } as { host?: string }, effect: { kind: "reset" } })).toThrow(
      "did you mean host?"
    )
  })
})

test("an unknown part revokes nobody", async () => {
  const simulator = fresh()
  await adsTokens(simulator)
  await ask(simulator, "/revoke", { persn: "bruno" })
  expect(Object.values(simulator.world().grants).every((grant) => grant.revokedAt === null)).toBe(true)
})

test("every choice of a world can be set by its name, to what it is", () => {
  const simulator = fresh()
  expect(simulator.act({ kind: "policy", policy })).toBe(Object.keys(policy).length)
})

test("faults can be listed: how often each was met and struck", async () => {
  const simulator = fresh()
  simulator.arm({ id: "never", where: { host: "api.amazon.co.jp" }, effect: { kind: "reset" } })
  const [, faults] = await ask(simulator, "/fault")
  expect(faults).toMatchObject([{ id: "never", seen: 0, fired: 0 }])
})

describe("the OpenAPI document", () => {
  type Document = {
    readonly openapi: string
    readonly paths: Readonly<
      Record<
        string,
        Readonly<
          Record<
            string,
            {
              readonly operationId: string
              readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Record<string, unknown> }>> }
            }
          >
        >
      >
    >
  }
  const document = async () => (await ask(fresh(), "/openapi.json"))[1] as unknown as Document

  test("describes every call, each by a name of its own", async () => {
    const { paths } = await document()
    const calls = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.slice("/_sim".length)}`)
    )
    expect(calls.toSorted()).toEqual(all.map((one) => `${one.method} ${one.path}`).toSorted())
    expect(new Set(all.map((one) => one.id)).size).toBe(all.length)
  })

  test("judges bodies as the call itself does", async () => {
    const { paths } = await document()
    const schema = (path: string) => paths[path]?.post?.requestBody?.content["application/json"]?.schema ?? {}
    const validator = make()
    const wrong = (path: string, body: unknown) => validator.request(schema(path), body).length > 0
    expect([wrong("/_sim/revoke", { person: "ada" }), wrong("/_sim/revoke", { persn: "ada" })]).toEqual([false, true])
    expect(wrong("/_sim/fault", { where: { path: "/v2" }, effect })).toBe(false)
    expect(wrong("/_sim/fault", { where: { hots: "x" }, effect })).toBe(true)
    expect(wrong("/_sim/act", { kind: "policy", policy: { rotation: "strict" }, afterMilliseconds: 5 })).toBe(false)
    expect(wrong("/_sim/act", { kind: "explode" })).toBe(true)
  })
})

test.each([
  ["adda", ["ada", "bruno"], "did you mean ada?"],
  ["perosn", ["person", "grant"], "did you mean person?"],
  ["zzz", ["person", "grant"], "there are person, grant"],
  ["zzz", ["person"], "there is person"],
  ["zzz", [], ""]
])("the nearest name to %s among %s: %s", (given, names, sentence) => {
  expect(hint(given, names)).toBe(sentence)
})
