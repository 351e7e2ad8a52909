import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { paramsOf, routes } from "./support/contract.ts"
import { bodyFor, filled, makeFixture, requestFor } from "./support/fixture.ts"
import { type Got, makeWorld, type Sent } from "./support/world.ts"

/** What a caller sees, except the seconds until their own limit starts anew. */
const seen = ({ headers, status, text }: Got) => ({
  status,
  headers: [...headers].filter(([name]) => name !== "ratelimit-reset").toSorted(),
  text
})

/** Bodies and queries that name things of an organization, beside the routes that name them in their path. */
const naming = (
  ids: { readonly [name: string]: string },
  brandId: string
): ReadonlyArray<readonly [string, string, Sent]> => [
  [
    "POST",
    "/v1/accounts",
    {
      body: { companyId: ids["companyId"] ?? "", name: "Mine", accountType: "seller", marketplaces: ["ATVPDKIKX0DER"] }
    }
  ],
  ["GET", `/v1/accounts?companyId=${ids["companyId"]}`, {}],
  ["GET", `/v1/connections?companyId=${ids["companyId"]}`, {}],
  ["GET", `/v1/connections?accountId=${ids["accountId"]}`, {}],
  ["GET", `/v1/requests?connectionId=${ids["connectionId"]}`, {}],
  ["POST", "/v1/requests", { body: requestFor(ids["connectionId"] ?? "") }],
  ["POST", "/v1/requests/preview", { body: requestFor(ids["connectionId"] ?? "") }],
  ["GET", `/v1/renewal-campaigns/connections?companyId=${ids["companyId"]}`, {}],
  ["PUT", `/v1/accounts/${ids["accountId"]}/brands`, { body: { brandIds: [brandId], defaultBrandId: brandId } }]
]

describe("the wall between organizations (law REPO-19)", () => {
  it.live(
    "an id of another organization is answered, byte for byte, like one that never existed: every route with an id",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          // The same question by the same caller, where the thing belongs to somebody else and where it never was.
          const theirs = yield* makeWorld()
          const never = yield* makeWorld()
          const fixture = yield* makeFixture(theirs)
          const asked = routes.filter((route) => route.principal === "member" && paramsOf(route).length > 0)
          expect(asked.length).toBeGreaterThan(20)
          for (const route of asked) {
            const body = bodyFor(route.operationId, fixture)
            const sent: Sent = { as: "other", ...(body === undefined ? {} : { body }) }
            const path = filled(route, fixture.ids)
            const foreign = yield* theirs.ask(route.method, path, sent)
            expect([route.operationId, foreign.status]).toEqual([route.operationId, 404])
            expect(seen(foreign), route.operationId).toEqual(seen(yield* never.ask(route.method, path, sent)))
          }
          for (const [method, path, sent] of naming(fixture.ids, fixture.brandId)) {
            const foreign = yield* theirs.ask(method, path, { ...sent, as: "other" })
            expect(seen(foreign), path).toEqual(seen(yield* never.ask(method, path, { ...sent, as: "other" })))
          }
        })
      )
  )

  it.live("nothing that another organization can read mentions an id of this one", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const fixture = yield* makeFixture(world)
        for (const route of routes.filter(
          (one) => one.method === "GET" && paramsOf(one).length === 0 && !one.streams
        )) {
          const { text } = yield* world.ask("GET", route.path, { as: "other" })
          for (const id of [...Object.values(fixture.ids), fixture.brandId])
            expect(text, route.operationId).not.toContain(id)
        }
      })
    )
  )

  it.live("one id in the place of another never finds anything of somebody else's", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const fixture = yield* makeFixture(world)
        const withId = routes.filter((route) => route.principal === "member" && paramsOf(route).length > 0)
        const run = (route: (typeof withId)[number], id: string) =>
          Effect.runPromise(
            Effect.gen(function* () {
              const body = bodyFor(route.operationId, fixture)
              const path = filled(route, Object.fromEntries(paramsOf(route).map((name) => [name, id])))
              const got = yield* world.ask(route.method, path, { as: "other", ...(body === undefined ? {} : { body }) })
              expect([400, 404]).toContain(got.status)
            })
          )
        yield* Effect.promise(() =>
          fc.assert(fc.asyncProperty(fc.constantFrom(...withId), fc.constantFrom(...Object.values(fixture.ids)), run), {
            numRuns: 150
          })
        )
      })
    )
  )

  it.live("a cursor of another organization's list is refused", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        for (const name of ["A", "B", "C"])
          yield* ask("POST", "/v1/companies", { as: "owner", body: { name, brand: name } })
        const { json } = yield* ask("GET", "/v1/companies?limit=1", { as: "owner" })
        const cursor = encodeURIComponent(String(json["next"]))
        expect((yield* ask("GET", `/v1/companies?cursor=${cursor}`, { as: "viewer" })).status).toBe(200)
        expect((yield* ask("GET", `/v1/companies?cursor=${cursor}`, { as: "other" })).json["type"]).toBe(
          "/problems/invalid-cursor"
        )
      })
    )
  )
})
