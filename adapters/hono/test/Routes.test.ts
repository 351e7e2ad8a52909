import { describe, expect, it } from "@effect/vitest"
import { ProviderScript } from "@portolan/memory"
import { Effect } from "effect"
import { paramsOf, routes as table } from "./support/contract.ts"
import { bodyFor, filled, idsFor, makeFixture } from "./support/fixture.ts"
import { account, adsKey, consent, fixed, type Got, items, makeWorld, text, type Who } from "./support/world.ts"
import { personOnly } from "./support/personOnly.ts"

/** The routes of members and keys; those for others have tests of their own. */
const routes = table.filter(({ principal }) => principal === "member")

/** What a viewer may not do; everything else a viewer may. */
const closedToViewers = new Set(
  routes
    .filter(({ method }) => method !== "GET")
    .map(({ operationId }) => operationId)
    .concat(
      "getAuthLink",
      "getAccessToken",
      "listGrantChoices",
      "listApiKeys",
      "listParkedWork",
      "getConnectionEffects",
      "getAccountEffects",
      "getCompanyEffects",
      "getMarketplaceEffects",
      "listAudit",
      "exportAudit"
    )
)

const prefixes: { readonly [name: string]: string } = {
  companyId: "com",
  accountId: "acc",
  connectionId: "con",
  authLinkId: "inv",
  requestId: "inv",
  authorizationId: "aut",
  apiKeyId: "key",
  jobId: "int",
  grantId: "gra",
  memberId: "mem",
  credentialId: "crd",
  brandId: "bra"
}
const never = Object.fromEntries(Object.entries(prefixes).map(([name, prefix]) => [name, fixed(prefix, 404)]))

const onlyPeople = new Set(personOnly)

/** Those that end something come last. */
const last = [
  "removeBrand",
  "linkAdvertiser",
  "revokeAuthLink",
  "revokeRequest",
  "revokeApiKey",
  "unparkWork",
  "dismissAuthorization",
  "disconnect",
  "deleteAccountData",
  "keepAccountData",
  "removeAccount",
  "restoreAccount",
  "mergeCompany",
  "removeCompany",
  "restoreCompany"
]
const inOrder = routes
  .filter(({ operationId, streams }) => !streams && !onlyPeople.has(operationId))
  .toSorted((one, other) => last.indexOf(one.operationId) - last.indexOf(other.operationId))

describe("every route", () => {
  it.live("answers as its schema says when it is asked rightly", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const fixture = yield* makeFixture(world)
        // What is done to people wants invitations in each of their states, and has tests of its own.
        for (const route of inOrder.filter(({ tag }) => tag !== "People")) {
          const ids = idsFor(route.operationId, fixture)
          const body = bodyFor(route.operationId, fixture)
          const got = yield* world.ask(route.method, filled(route, ids), {
            as: "owner",
            ...(body === undefined ? {} : { body })
          })
          expect([route.operationId, got.status, got.status >= 400 ? got.text : ""]).toEqual([
            route.operationId,
            route.status,
            ""
          ])
          if (route.status === 201) {
            const location = got.headers.get("location") ?? ""
            expect((yield* world.ask("GET", location, { as: "owner" })).status, route.operationId).toBe(200)
          }
        }
      })
    )
  )

  it.live("wants to know who is calling before it says anything else", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        for (const route of routes) {
          for (const headers of [{}, { authorization: "Bearer wrong" }, { cookie: "portolan_session=wrong" }]) {
            const got = yield* ask(route.method, filled(route, never), {
              headers,
              ...(route.method === "GET" ? {} : { raw: "{" })
            })
            expect([route.operationId, got.status, got.headers.get("www-authenticate")]).toEqual([
              route.operationId,
              401,
              'Bearer realm="Portolan"'
            ])
          }
        }
      })
    )
  )

  it.live("refuses a viewer with the roles that may (K-R1), or answers", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const fixture = yield* makeFixture(world)
        for (const route of inOrder) {
          const body = bodyFor(route.operationId, fixture)
          const got = yield* world.ask(route.method, filled(route, idsFor(route.operationId, fixture)), {
            as: "viewer",
            ...(body === undefined ? {} : { body })
          })
          expect([route.operationId, got.status]).toEqual([
            route.operationId,
            closedToViewers.has(route.operationId) ? 403 : 200
          ])
          if (got.status === 403) expect(text(got.json, "nextStep"), route.operationId).toMatch(/owner( or admin)?/)
        }
      })
    )
  )

  it.live("does not find what was never there", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        const nothing = {
          ids: never,
          brandId: fixed("bra", 404),
          sp: fixed("con", 404),
          ending: fixed("con", 404),
          profile: adsKey("1")
        }
        for (const route of routes.filter((one) => paramsOf(one).length > 0)) {
          const body = bodyFor(route.operationId, nothing)
          const got = yield* ask(route.method, filled(route, never), {
            as: "owner",
            ...(body === undefined ? {} : { body })
          })
          expect([route.operationId, got.status, got.json["type"]]).toEqual([
            route.operationId,
            404,
            "/problems/not-found"
          ])
        }
      })
    )
  )

  it.live("names the parameter when an id is of another kind", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        for (const route of routes.filter((one) => paramsOf(one).some((name) => name !== "apiKeyId"))) {
          const swapped = Object.fromEntries(paramsOf(route).map((name) => [name, fixed("evt", 1)]))
          const got = yield* ask(route.method, filled(route, swapped), { as: "owner" })
          expect([route.operationId, got.status]).toEqual([route.operationId, 400])
          expect(text(got.json, "errors", 0, "parameter"), route.operationId).toBe(paramsOf(route)[0])
        }
      })
    )
  )

  it.live("tells a wrong method which ones there are, and knows HEAD", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask, app, request } = yield* makeWorld()
        for (const route of routes) {
          const got = yield* ask("OPTIONS", filled(route, never), { as: "owner" })
          expect([got.status, (got.headers.get("allow") ?? "").split(", ").includes(route.method)]).toEqual([405, true])
        }
        expect((yield* ask("PUT", "/v1/companies", { as: "owner", body: {} })).headers.get("allow")).toBe(
          "GET, HEAD, POST"
        )
        const head = yield* Effect.promise(async () => app.request(request("HEAD", "/v1/companies", { as: "owner" })))
        expect([head.status, head.body]).toEqual([200, null])
        expect((yield* ask("GET", "/v1/nowhere", { as: "owner" })).json["type"]).toBe("/problems/unknown-route")
        expect((yield* ask("GET", "/elsewhere")).status).toBe(404)
      })
    )
  )
})

describe("input", () => {
  const cases: ReadonlyArray<readonly [string, string, unknown, ReadonlyArray<string>]> = [
    ["POST", "/v1/companies", {}, ["/name", "/brand"]],
    ["POST", "/v1/companies", { name: " ", brand: 7 }, ["/name", "/brand"]],
    ["POST", "/v1/companies", { name: "a", brand: "b", nmae: "c" }, ["/nmae"]],
    ["POST", "/v1/companies", { name: "a".repeat(121), brand: "b" }, ["/name"]],
    ["POST", "/v1/companies", { name: "a\u202eb", brand: "b\u0000" }, ["/name", "/brand"]],
    ["POST", "/v1/companies", [], [""]],
    ["POST", "/v1/companies", null, [""]],
    [
      "POST",
      "/v1/accounts",
      { companyId: "com_1", name: "a", accountType: "sailor", marketplaces: ["NOWHERE1"] },
      ["/companyId", "/accountType", "/marketplaces/0"]
    ],
    [
      "POST",
      "/v1/accounts",
      { companyId: fixed("com", 1), name: "a", accountType: "seller", marketplaces: [] },
      ["/marketplaces/0"]
    ],
    ["POST", `/v1/connections/${fixed("con", 1)}/auth-links`, { lifeHours: 0 }, ["/lifeHours"]],
    ["POST", `/v1/authorizations/${fixed("aut", 1)}/select`, { profile: "nonsense" }, ["/profile"]]
  ]
  for (const [method, path, body, pointers] of cases) {
    it.live(
      `${method} ${path.split("_")[0]} names ${pointers.join(", ") || "the body"} in ${JSON.stringify(body).slice(0, 60)}`,
      () =>
        Effect.scoped(
          Effect.gen(function* () {
            const { ask } = yield* makeWorld()
            const got = yield* ask(method, path, {
              as: "owner",
              raw: JSON.stringify(body),
              headers: { "content-type": "application/json" }
            })
            expect(got.status).toBe(400)
            const errors = got.json["errors"] as ReadonlyArray<{ readonly pointer?: string; readonly detail: string }>
            expect([...new Set(errors.map(({ pointer }) => pointer))].toSorted()).toEqual([...pointers].toSorted())
            expect(errors.every(({ detail }) => detail.length > 10)).toBe(true)
          })
        )
    )
  }

  it.live("a query is as strict as a body", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        for (const query of [
          "limit=0",
          "limit=101",
          "limit=1.5",
          "limit=1e1000",
          "limit=",
          "limit=5&limit=6",
          "total=yes",
          "serach=x",
          "cursor=",
          "search=%00"
        ]) {
          const got = yield* ask("GET", `/v1/companies?${query}`, { as: "owner" })
          expect([query, got.json["type"]]).toEqual([query, "/problems/invalid-input"])
          expect(text(got.json, "errors", 0, "parameter")).toBe(query.split("=")[0])
        }
        const cursor = yield* ask("GET", "/v1/companies?cursor=made-up", { as: "owner" })
        expect([cursor.status, cursor.json["type"]]).toEqual([400, "/problems/invalid-cursor"])
        expect((yield* ask("GET", "/v1/connections?status=connected&status=limited", { as: "owner" })).status).toBe(200)
        expect((yield* ask("GET", "/v1/connections?status=Connected", { as: "owner" })).status).toBe(400)
      })
    )
  )
})

describe("lists", () => {
  it.live("are read to their end by following the Link header, each thing once", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        for (let n = 0; n < 7; n++)
          yield* ask("POST", "/v1/companies", { as: "admin", body: { name: `Company ${n}`, brand: "Brand" } })
        const names: Array<unknown> = []
        let path: string | undefined = "/v1/companies?limit=3&search=company"
        let pages = 0
        while (path !== undefined) {
          const got: Got = yield* ask("GET", path, { as: "viewer" })
          names.push(...items(got.json).map(({ name }) => name))
          path = /^<([^>]+)>; rel="next"$/.exec(got.headers.get("link") ?? "")?.[1]
          expect(path === undefined).toBe(got.json["next"] === undefined)
          pages++
        }
        expect([pages, names]).toEqual([3, [0, 1, 2, 3, 4, 5, 6].map((n) => `Company ${n}`)])
        const counted = yield* ask("GET", "/v1/companies?limit=3&search=company&total=true", { as: "viewer" })
        expect(counted.json["total"]).toEqual({ count: 7, isCapped: false })
        expect(counted.headers.get("link")).toContain("total=true")
        const uncounted = yield* ask("GET", "/v1/companies?limit=3&total=false", { as: "viewer" })
        expect(uncounted.json).not.toHaveProperty("total")
      })
    )
  )
})

describe("the history", () => {
  it.live("tells every event of a whole connection, and none of its secrets", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        yield* makeFixture(world)
        const types = new Set<unknown>()
        let after = "0"
        while (after !== "") {
          // That no digest, ticket or token is in an answer is checked at every request.
          const { json } = yield* world.ask("GET", `/v1/events?limit=100&after=${after}`, { as: "viewer" })
          for (const event of items(json)) types.add(event["type"])
          after = json["next"] === undefined ? "" : text(json, "next")
        }
        const expected = [
          "CompanyAdded",
          "AccountOpened",
          "ConnectionProposed",
          "AuthorizationStarted",
          "ConsentRecorded",
          "GrantRecorded",
          "ProfileSelected",
          "Linked",
          "BackfillPlanned",
          "WindowLoaded",
          "ClassCompleted",
          "BackfillCompleted",
          "LinkIssued"
        ]
        expect([...types]).toEqual(expect.arrayContaining(expected))
      })
    )
  )
})

describe("refusals", () => {
  it.live("a held profile names its account at home, and nothing to another organization (law REPO-29)", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const fixture = yield* makeFixture(world)
        const held = adsKey("10000000000000000001")
        const select = (authorizationId: string, as: Who) =>
          world.ask("POST", `/v1/authorizations/${authorizationId}/select`, {
            as,
            body: { profile: held, confirmed: true }
          })
        const home = yield* select(fixture.ids["authorizationId"] ?? "", "owner")
        expect([home.status, home.json["type"]]).toEqual([409, "/problems/profile-held"])
        expect(home.json["holder"]).toEqual({
          accountId: fixture.ids["accountId"],
          accountName: "First US",
          connectionId: fixture.ids["connectionId"]
        })
        const { ads } = yield* account(world, "other")
        const authorization = yield* consent(world, ads, [ProviderScript.candidate(held)], "other")
        const choices = yield* world.ask("GET", `/v1/authorizations/${authorization}`, { as: "other" })
        expect(choices.text).not.toContain("heldBy")
        const away = yield* select(authorization, "other")
        expect([away.status, away.json["type"], away.json["holder"]]).toEqual([
          409,
          "/problems/profile-held",
          undefined
        ])
      })
    )
  )
})
