import { describe, expect, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { strict } from "../src/Input.ts"
import type { Route } from "../src/index.ts"
import * as Example from "../src/reference/Example.ts"
import { document, routeOf, routes } from "./support/contract.ts"

const named = document.components.schemas
const operationOf = ({ method, operationId, path }: Route.Route) => {
  const one = document.paths[path]?.[method.toLowerCase()]
  if (one === undefined) throw new Error(`${operationId} is not in the document`)
  return one
}
const failureOf = (schema: Schema.Constraint, value: unknown): string | undefined => {
  const decoded = Schema.decodeUnknownResult(schema as Schema.ConstraintDecoder<unknown>)(value, strict)
  return Result.isFailure(decoded) ? String(decoded.failure) : undefined
}

describe("examples of the reference page", () => {
  it("send bodies that their routes take", () => {
    for (const route of routes) {
      const schema = Example.schemaOf(operationOf(route).requestBody?.content)
      if (route.body === undefined || schema === undefined) continue
      expect([route.operationId, failureOf(route.body, Example.sample(schema, named))]).toEqual([
        route.operationId,
        undefined
      ])
    }
  })

  it("show answers that keep to their schemas", () => {
    for (const route of routes) {
      const text = Example.answer(operationOf(route), named)
      expect(text === undefined, route.operationId).toBe(route.answer === undefined)
      if (route.answer === undefined || text === undefined) continue
      const value = JSON.parse(route.streams ? text.slice(text.indexOf("{")) : text)
      expect([route.operationId, failureOf(route.answer, value)]).toEqual([route.operationId, undefined])
    }
  })

  it("call the route they stand beside, with every path parameter filled in as it asks", () => {
    for (const route of routes) {
      const call = Example.curl(
        "https://portolan.example.com",
        { path: route.path, method: route.method.toLowerCase(), one: operationOf(route) },
        named
      )
      const { pathname } = new URL(/https:\S+/.exec(call)?.[0] ?? "")
      expect(pathname).not.toMatch(/[{}]|%7B/)
      expect(routeOf(route.method, pathname)?.operationId).toBe(route.operationId)
      const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "")
      const values = route.path
        .split("/")
        .flatMap((part, index) => (part.startsWith("{") ? [pathname.split("/")[index]] : []))
      const params = Object.fromEntries(names.map((name, index) => [name, values[index]]))
      expect([route.operationId, failureOf(route.params, params)]).toEqual([route.operationId, undefined])
    }
  })

  it("quote a body so that a shell passes it on untouched", () => {
    const one = {
      operationId: "x",
      tags: [],
      summary: "X",
      parameters: [],
      responses: {},
      requestBody: { required: true, content: { "application/json": { schema: { const: "it's" } } } }
    }
    expect(Example.curl("https://portolan.example.com", { path: "/v1/x", method: "post", one }, {})).toContain(
      `-d '"it'\\''s"'`
    )
  })
})
