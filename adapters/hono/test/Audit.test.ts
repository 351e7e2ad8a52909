/** Security events on the wire, and the export: all of it, only of one's own, and never half of it taken for the whole. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { account, adsKey, type Body, connected, fixed, items, makeWorld, text, type World } from "./support/world.ts"

/** More than two pages of an export. */
const companies = 205

const filledWorld = Effect.gen(function* () {
  const world = yield* makeWorld()
  const { ads } = yield* account(world)
  yield* connected(world, ads, adsKey("1"))
  yield* world.ask("GET", `/v1/connections/${ads}/access-token`, { as: "admin" })
  for (let index = 0; index < companies; index++) {
    const name = `Line ${index}`
    yield* world.ask("POST", "/v1/companies", { as: "admin", body: { name, brand: "Brand" } })
  }
  return { ads, world }
})

const keyOf = (world: World, name: string) =>
  Effect.map(world.ask("GET", "/v1/api-keys", { as: "owner" }), ({ json }) =>
    text(items(json).find((one) => one["name"] === name) ?? {}, "id")
  )

const linesOf = (body: string) => {
  expect(body.endsWith("\n")).toBe(true)
  return body
    .slice(0, -1)
    .split("\n")
    .map((line): Body => JSON.parse(line))
}

/** Every page of the list. */
const listed = Effect.fnUntraced(function* (world: World) {
  const all: Array<Body> = []
  for (let next: string | undefined = ""; next !== undefined;) {
    const cursor: string = next === "" ? "" : `&cursor=${next}`
    const { json } = yield* world.ask("GET", `/v1/audit?limit=100${cursor}`, { as: "admin" })
    all.push(...items(json))
    next = typeof json["next"] === "string" ? json["next"] : undefined
  }
  return all
})

const isSecurity = { type: "Security", kind: "api-key-used-after-revocation" }

const exportAs = (world: World, as: "admin" | "other" | "member", query = "") =>
  world.ask("GET", `/v1/audit/export${query}`, { as })

const hasSecurityEvents = Effect.fnUntraced(function* (world: World) {
  const keyId = yield* keyOf(world, "key of viewer")
  yield* world.ask("DELETE", `/v1/api-keys/${keyId}`, { as: "owner" })
  for (const path of ["/v1/me", "/v1/audit"]) {
    expect((yield* world.ask("GET", path, { as: "viewer" })).status).toBe(401)
  }
  const security = items((yield* world.ask("GET", "/v1/audit?record=security", { as: "admin" })).json)
  expect(security).toEqual([
    expect.objectContaining({ ...isSecurity, subject: keyId, detail: { name: "key of viewer" } })
  ])
  expect(JSON.stringify(security)).not.toContain(world.keys.get("viewer"))
  expect(items((yield* world.ask("GET", "/v1/audit?record=security", { as: "other" })).json)).toEqual([])
})

const isExported = Effect.fnUntraced(function* (world: World, ads: string) {
  const whole = yield* exportAs(world, "admin")
  expect(whole.headers.get("content-type")).toBe("application/x-ndjson")
  const lines = linesOf(whole.text)
  expect(lines).toEqual(yield* listed(world))
  expect(lines).toContainEqual(expect.objectContaining(isSecurity))
  expect(lines).toContainEqual(expect.objectContaining({ type: "TokenRead", connectionId: ads }))
  const added = lines.filter(
    (line) => text(line, "facts", "name").startsWith("Line") && line["type"] === "CompanyAdded"
  )
  expect(added).toHaveLength(companies)
  const headers = { cookie: yield* world.signIn("owner") }
  const some = yield* world.ask("GET", "/v1/audit/export?record=security&record=token-read", { headers })
  expect(new Set(linesOf(some.text).map(({ type }) => type))).toEqual(new Set(["Security", "TokenRead"]))
})

const isOfOneOrganization = Effect.fnUntraced(function* (world: World) {
  const theirs = yield* exportAs(world, "other")
  expect(theirs.text).not.toContain(fixed("org", 1))
  expect(theirs.text).not.toContain("Line")
  expect((yield* exportAs(world, "member")).status).toBe(403)
  expect((yield* exportAs(world, "admin", "?record=ghost")).status).toBe(400)
  const head = yield* started(world, "HEAD")
  expect([head.status, yield* Effect.promise(() => head.text())]).toEqual([200, ""])
})

const started = (world: World, method: "GET" | "HEAD") =>
  Effect.promise(async () => world.app.request(world.request(method, "/v1/audit/export", { as: "admin" })))

const isCutByRevocation = Effect.fnUntraced(function* (world: World) {
  const reader = (yield* started(world, "GET")).body?.getReader() ?? expect.fail("a body was expected")
  expect((yield* Effect.promise(() => reader.read())).done).toBe(false)
  yield* world.ask("DELETE", `/v1/api-keys/${yield* keyOf(world, "key of admin")}`, { as: "owner" })
  const rest = async () => {
    while (!(await reader.read()).done);
  }
  yield* Effect.promise(() => expect(rest()).rejects.toThrow())
})

describe("everything on record", () => {
  it.live("comes as lines, of one organization alone, and is cut when its key is revoked meanwhile", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ads, world } = yield* filledWorld
        yield* hasSecurityEvents(world)
        yield* isExported(world, ads)
        yield* isOfOneOrganization(world)
        yield* isCutByRevocation(world)
      })
    )
  )
})
