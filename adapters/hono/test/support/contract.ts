/** What is promised of every answer, whatever was asked: checked at each request that a test makes. */
import { openApi, type Route, problems, table } from "../../src/index.ts"
import { standard } from "../../src/eventStream.ts"
import { Answer as Problem } from "../../src/wire/Problem.ts"
import { IdentityMemory } from "@portolan/memory"
import { expect } from "@effect/vitest"
import { Result, Schema } from "effect"

/** The table as the app has it. */
export const routes = table(standard)

/** The document as the app serves it. */
export const document = openApi.openApi(routes, {
  origin: "https://portolan.example.com",
  sessionCookie: IdentityMemory.cookieName
})

const patternOf = (path: string) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`)
const patterns = routes.map((route) => ({ route, pattern: patternOf(route.path) }))

/** The route of a request, if any. */
export const routeOf = (method: string, path: string): Route.Route | undefined =>
  patterns.find(({ pattern, route }) => route.method === method && pattern.test(path))?.route

/** The names of a path's parameters. */
export const paramsOf = (route: Route.Route): ReadonlyArray<string> =>
  [...route.path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "")

const decodeProblem = Schema.decodeUnknownResult(Problem)

/** Fails the test when an answer breaks a promise: schema, content type, listed problem, headers. */
export const verify = (method: string, path: string, response: Response, text: string): void => {
  const { headers, status } = response
  const where = `${method} ${path} → ${status} ${text.slice(0, 500)}`
  expect(headers.get("x-content-type-options"), where).toBe("nosniff")
  expect(headers.get("content-security-policy"), where).toContain("default-src 'none'")
  const { pathname } = new URL(path, "https://portolan.example.com")
  const route = routeOf(method, pathname)
  if (pathname.startsWith("/v1")) expect(headers.get("cache-control"), where).toBe("no-store")
  // Digests, provider tickets and refresh tokens have no business outside, whatever route they would take.
  if (pathname.startsWith("/v1")) expect(text, where).not.toMatch(/digest|"ticket"|refresh\.\d/i)
  if (status >= 400) {
    expect(headers.get("content-type"), where).toBe("application/problem+json")
    const problem = decodeProblem(JSON.parse(text), { onExcessProperty: "error" })
    expect(Result.isSuccess(problem), where).toBe(true)
    if (Result.isFailure(problem)) return
    expect(problem.success.status, where).toBe(status)
    const kind = problem.success.type.replace("/problems/", "")
    expect(problems.kinds, where).toContain(kind)
    expect(problem.success.nextStep.length, where).toBeGreaterThan(5)
    // What a problem says must not depend on the id that was asked for.
    expect(problem.success.detail, where).not.toMatch(/[a-z]{3}_[0-9a-z]{26}/)
    if (route !== undefined) expect(openApi.problemsOf(route), where).toContain(kind)
    return
  }
  if (route === undefined) return
  expect(status, where).toBe(route.status)
  if (route.answer === undefined) return expect(text, where).toBe("")
  if (route.streams) return
  if (route.mediaType === "text/calendar")
    return expect(headers.get("content-type"), where).toBe("text/calendar; charset=utf-8")
  expect(headers.get("content-type"), where).toBe(route.mediaType)
  const decode = Schema.decodeUnknownResult(route.answer as Schema.ConstraintDecoder<unknown>)
  const lines = route.mediaType === "application/x-ndjson" ? text.split("\n").slice(0, -1) : [text]
  for (const line of lines) {
    expect(Result.isSuccess(decode(JSON.parse(line), { onExcessProperty: "error" })), where).toBe(true)
  }
}
