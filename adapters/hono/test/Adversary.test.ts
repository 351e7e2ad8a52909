/** Keys that try to do or to see more than they were made for, on every route there is. */
import { describe, expect, it } from "@effect/vitest"
import { Access } from "@portolan/domain"
import { Effect, type Schema } from "effect"
import { paramsOf, routes } from "./support/contract.ts"
import { bodyFor, filled, idsFor, makeFixture } from "./support/fixture.ts"
import { account, items, makeWorld, text, type World } from "./support/world.ts"

const ofMembers = routes.filter(({ principal }) => principal === "member")

/** Asks with the secret of a key that was made for the test. */
const asking = (world: World, secret: string) => (method: string, path: string, body?: Schema.Json) =>
  world.ask(method, path, { headers: { authorization: `Bearer ${secret}` }, ...(body === undefined ? {} : { body }) })

const keyFor = (world: World, body: { readonly [field: string]: Schema.Json }) =>
  Effect.map(world.ask("POST", "/v1/api-keys", { as: "owner", body: { name: "Probe", ...body } }), ({ json }) =>
    asking(world, text(json, "secret"))
  )

/** How many things have happened. */
const happened = Effect.fnUntraced(function* (world: World) {
  let count = 0
  for (;;) {
    const { json } = yield* world.ask("GET", `/v1/events?limit=100&after=${count}`, { as: "owner" })
    const found = items(json).length
    count += found
    if (found === 0) return count
  }
})

describe("a key with the scope read", () => {
  it.live("changes nothing, whatever its role is and whatever is asked", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const fixture = yield* makeFixture(world)
        const ask = yield* keyFor(world, { role: "admin", scopes: ["read"] })
        const before = yield* happened(world)
        for (const route of ofMembers.filter(({ streams }) => !streams)) {
          const got = yield* ask(
            route.method,
            filled(route, idsFor(route.operationId, fixture)),
            bodyFor(route.operationId, fixture)
          )
          if (route.method !== "GET" || route.operationId === "getAccessToken")
            expect([route.operationId, got.status], got.text).toEqual([route.operationId, 403])
        }
        expect(yield* happened(world)).toBe(before)
      })
    )
  )
})

describe("reading", () => {
  it.live("changes nothing, even for the owner: scanners and prefetching browsers do no harm", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const fixture = yield* makeFixture(world)
        const before = yield* happened(world)
        for (const route of ofMembers.filter(({ method, streams }) => method === "GET" && !streams)) {
          const path = filled(route, idsFor(route.operationId, fixture))
          yield* world.ask("GET", path, { as: "owner" })
          yield* Effect.promise(async () => world.app.request(world.request("HEAD", path, { as: "owner" })))
        }
        expect(yield* happened(world)).toBe(before)
      })
    )
  )
})

describe("a key that is limited to one account", () => {
  it.live("learns nothing of the others and touches none of them, on any route", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const own = yield* account(world, "owner", "Own")
        const fixture = yield* makeFixture(world)
        const ask = yield* keyFor(world, {
          role: "admin",
          scopes: [...Access.actionsOf("admin")],
          access: { to: "limited", accounts: [{ id: own.accountId, right: "write" }] }
        })
        const hidden = [
          ...Object.values(fixture.ids),
          fixture.brandId,
          fixture.sp,
          fixture.ending,
          fixture.partner.connectionId,
          "First Goods",
          "First US",
          "Second US",
          "Third US",
          "Fourth US",
          "Ending US",
          "Partner Walmart",
          "Partner Goods",
          "olive@example.com",
          "Main login"
        ]
        const before = yield* happened(world)
        for (const route of ofMembers) {
          if (route.operationId === "previewRequest" || route.operationId === "sendRequest") continue
          const path = filled(route, idsFor(route.operationId, fixture))
          const got = yield* ask(route.method, path, bodyFor(route.operationId, fixture))
          // A problem repeats the path that was asked for, and nothing else of what was asked.
          const told = got.text.replace(path.split("?")[0] ?? "", "")
          if (paramsOf(route).length > 0) expect([403, 404], `${route.operationId} ${got.text}`).toContain(got.status)
          if (route.streams) expect([route.operationId, got.status]).toEqual([route.operationId, 403])
          for (const secret of hidden) expect(told, route.operationId).not.toContain(secret)
        }
        expect(yield* happened(world)).toBe(before)
        expect(items((yield* ask("GET", "/v1/accounts")).json).map(({ id }) => id)).toEqual([own.accountId])
      })
    )
  )
})
