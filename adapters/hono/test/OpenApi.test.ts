import { describe, expect, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import { problems } from "../src/index.ts"
import { document, paramsOf, routes } from "./support/contract.ts"
import { makeWorld } from "./support/world.ts"

const everything = (value: Schema.Json, found: Array<{ readonly [key: string]: Schema.Json }> = []) => {
  if (typeof value !== "object" || value === null) return found
  if (!Array.isArray(value)) found.push(value as { readonly [key: string]: Schema.Json })
  for (const part of Object.values(value)) everything(part as Schema.Json, found)
  return found
}
const json = JSON.parse(JSON.stringify(document)) as Schema.JsonObject
/** Every text of a document, with the path to it. */
const textsOf = (value: Schema.Json, at = ""): ReadonlyArray<readonly [at: string, text: string]> => {
  if (typeof value === "string") return [[at, value]]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => textsOf(part, `${at}/${key}`))
}

/** What people inside name rules, laws and flows by, and what readers of the API cannot look up. */
const internal =
  /\b(?:[CKPSWX]-?R?\d{1,2}|F\d{1,2}|(?:REPO|VAULT|SCHED|PROV|DOM|SESS)-\d+|(?:rules?|laws?|flows?|fault|section) [A-Z]-?\w*\d+)\b|§/u

const bySession = [{ sessionCookie: [] }]
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation }))
)

describe("the OpenAPI document", () => {
  it("has every route of the table, and nothing else", () => {
    expect(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).toSorted()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).toSorted()
    )
    expect(new Set(routes.map(({ operationId }) => operationId)).size).toBe(routes.length)
  })

  it("declares every parameter of every path, and no other", () => {
    for (const route of routes) {
      const declared =
        document.paths[route.path]?.[route.method.toLowerCase()]?.parameters.filter((one) => one.in === "path") ?? []
      expect(
        declared.map(({ name }) => name),
        route.operationId
      ).toEqual(paramsOf(route))
      expect(
        declared.every(({ required }) => required),
        route.operationId
      ).toBe(true)
    }
  })

  it("refers to nothing that is not there, and keeps nothing that nobody refers to", () => {
    const references = everything(json).flatMap(({ $ref }) => (typeof $ref === "string" ? [$ref] : []))
    const names = Object.keys(document.components.schemas)
    expect(references.length).toBeGreaterThan(50)
    for (const reference of references) expect(names).toContain(reference.replace("#/components/schemas/", ""))
    for (const name of names) expect(references).toContain(`#/components/schemas/${name}`)
  })

  it("says what its schemas check: patterns of ids, limits, strict bodies", () => {
    const { operation } = operations.find(({ operation: { operationId } }) => operationId === "openAccount") ?? {}
    const body = operation?.requestBody?.content["application/json"]?.schema
    expect(body).toMatchObject({
      additionalProperties: false,
      required: ["companyId", "name", "accountType", "marketplaces"],
      properties: { companyId: { type: "string", pattern: "^com_[0123456789abcdefghjkmnpqrstvwxyz]{26}$" } }
    })
  })

  it("describes an answer and a problem for every operation, and a summary that ends without a full stop", () => {
    for (const { operation, path } of operations) {
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith("2")),
        path
      ).toBe(true)
      if (operation["x-audience"] !== "anyone") expect(Object.keys(operation.responses), path).toContain("401")
      expect(operation.summary, path).toMatch(/^[A-Z].*[^.]$/)
      for (const { content } of Object.entries(operation.responses)
        .filter(([status]) => status >= "400")
        .map(([, one]) => one)) {
        expect(Object.keys(content ?? {}), path).toEqual(["application/problem+json"])
      }
    }
  })

  it("has no codes of internal rules, in no text of it", () => {
    // The check knows a code when it sees one.
    for (const code of ["(rule K-R8)", "(rules S-R1 to S-R7)", "rule C4", "law REPO-19", "flow F1", "fault F15", "§8"])
      expect(code).toMatch(internal)
    const found = textsOf(json).filter(([at, text]) => !at.endsWith("/pattern") && internal.test(text))
    expect(found).toEqual([])
  })

  it("says how callers of every operation authenticate", () => {
    const { securitySchemes } = document.components
    expect(securitySchemes).toMatchObject({
      apiKey: { type: "http", scheme: "bearer" },
      sessionCookie: { type: "apiKey", in: "cookie", name: "portolan_session" }
    })
    expect(document.security).toEqual([{ apiKey: [] }, { sessionCookie: [] }])
    const expected = { member: undefined, person: bySession, operator: bySession, anyone: [] }
    for (const { operation } of operations) {
      const audience = operation["x-audience"] ?? "member"
      const sessionOnly =
        /Ownership$|MailPreferences$|^(get|open|close)CalendarFeed$|^(leave|close)Organization$|^getClosingEffects$/.test(
          operation.operationId
        )
      expect(operation.security, operation.operationId).toEqual(sessionOnly ? bySession : expected[audience])
      for (const [scheme] of (operation.security ?? []).flatMap((one) => Object.entries(one)))
        expect(Object.keys(securitySchemes)).toContain(scheme)
    }
  })

  it.live(
    "is served, and the page for people shows every operation and every type of problem without scripts or outside assets",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const { ask } = yield* makeWorld()
          const served = yield* ask("GET", "/openapi.json")
          expect(served.json).toEqual(json)
          const page = yield* ask("GET", "/docs")
          expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8")
          expect(page.headers.get("content-security-policy")).toMatch(
            /^default-src 'none'; frame-ancestors 'none'; style-src 'sha256-[^']{44}'/
          )
          for (const { operationId } of routes) expect(page.text).toContain(`id="${operationId}"`)
          for (const kind of problems.kinds) {
            expect(page.text).toContain(`id="problem-${kind}"`)
            expect((yield* ask("GET", `/problems/${kind}`)).headers.get("location")).toBe(`/docs#problem-${kind}`)
          }
          expect(page.text.replaceAll(/<style>[\s\S]*?<\/style>/g, "")).not.toMatch(internal)
          expect(page.text).not.toMatch(/<script|<link|<img|src=|\[object|undefined/)
          const ids = [...page.text.matchAll(/ id="([^"]+)"/g)].map((found) => found[1] ?? "")
          expect(new Set(ids).size).toBe(ids.length)
          for (const [, target] of page.text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
          expect((yield* ask("GET", "/problems/constructor")).status).toBe(404)
        })
      )
  )
})
