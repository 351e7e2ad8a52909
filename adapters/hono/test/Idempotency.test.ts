import { describe, expect, it } from "@effect/vitest"
import { Effect, type Schema } from "effect"
import fc from "fast-check"
import { canonical } from "../src/Idempotency.ts"
import { routes } from "./support/contract.ts"
import { bodyFor, filled, makeFixture } from "./support/fixture.ts"
import { account, at, type Body, items, makeWorld, text, type Who } from "./support/world.ts"

const creations = routes.filter(({ principal, creates }) => creates && principal === "member")
const withoutSecret = ({ secret: _secret, ...rest }: Body) => rest

/** Another request under the same key, where a name does not make it another. */
const changes: { readonly [operationId: string]: { readonly [field: string]: Schema.Json } } = {
  createAuthLink: { lifeHours: 48 },
  inviteMember: { email: "else@example.com" },
  sendRequest: { message: "Else" },
  sendRenewalCampaign: { message: "Else" }
}
/** Where the same name again is refused. */
const uniqueNames: ReadonlySet<string> = new Set(["addBrand", "addLogin", "inviteMember"])

describe("creations under an idempotency key (law REPO-23)", () => {
  it("are all creations there are", () => {
    expect(creations.map(({ operationId }) => operationId).toSorted()).toEqual([
      "addBrand",
      "addCompany",
      "addLogin",
      "addProviderAccount",
      "authenticateNow",
      "createApiKey",
      "createAuthLink",
      "inviteMember",
      "openAccount",
      "sendRenewalCampaign",
      "sendRequest"
    ])
    expect(routes.filter(({ principal, status }) => status === 201 && principal === "member")).toEqual(creations)
  })

  for (const route of creations) {
    it.live(
      `${route.operationId}: the same request again, and two at once, give the same thing and the same status`,
      () =>
        Effect.scoped(
          Effect.gen(function* () {
            const world = yield* makeWorld()
            const fixture = yield* makeFixture(world)
            const body = bodyFor(route.operationId, fixture)
            const send = (key: string, as: Who = "owner", more: { readonly [field: string]: Schema.Json } = {}) =>
              world.ask(route.method, filled(route, fixture.ids), {
                as,
                body: { ...(body as { readonly [field: string]: Schema.Json } | undefined), ...more },
                headers: { "idempotency-key": key }
              })
            const counted = route.operationId === "createApiKey" ? "/v1/api-keys" : "/v1/events?limit=100&after="
            const size = Effect.gen(function* () {
              if (!counted.startsWith("/v1/events"))
                return items((yield* world.ask("GET", counted, { as: "owner" })).json).length
              let last = 0
              for (;;) {
                const { json } = yield* world.ask("GET", `${counted}${last}`, { as: "owner" })
                last = Number(at(items(json).at(-1) ?? {}, "position") ?? last)
                if (json["next"] === undefined) return last
              }
            })
            const before = yield* size
            const [one, two] = yield* Effect.all([send("key 1".replace(" ", "-")), send("key-1")], {
              concurrency: "unbounded"
            })
            const added = (yield* size) - before
            const three = yield* send("key-1")
            expect([one.status, two.status, three.status]).toEqual([201, 201, 201])
            expect(withoutSecret(two.json)).toEqual(withoutSecret(one.json))
            expect(withoutSecret(three.json)).toEqual(withoutSecret(one.json))
            expect(three.headers.get("location")).toBe(one.headers.get("location"))
            expect((yield* size) - before).toBe(added)
            expect(added).toBeGreaterThan(0)
            if (route.operationId === "createApiKey") {
              expect([added, three.json["secret"]]).toEqual([1, undefined])
              expect([one.json["secret"], two.json["secret"]].filter((secret) => secret !== undefined)).toHaveLength(1)
            }
            if (body !== undefined) {
              const changed = yield* send("key-1", "owner", changes[route.operationId] ?? { name: "Else" })
              expect([changed.status, changed.json["type"]]).toEqual([422, "/problems/key-reused"])
            }
            // Somebody else's key of the same letters is another key.
            const others = yield* send(
              "key-1",
              "admin",
              uniqueNames.has(route.operationId) ? (changes[route.operationId] ?? { name: "Else" }) : {}
            )
            expect(others.status).toBe(201)
            expect((yield* size) - before).toBeGreaterThan(added)
          })
        )
    )
  }

  it.live("the same key for another path is another request", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads, sp } = yield* account(world)
        const send = (connectionId: string) =>
          world.ask("POST", `/v1/connections/${connectionId}/auth-links`, {
            as: "member",
            headers: { "idempotency-key": "k" }
          })
        expect((yield* send(ads)).status).toBe(201)
        expect((yield* send(sp)).status).toBe(422)
      })
    )
  )

  it.live("a departure is told again to the browser it was told to, and to nobody who has another cookie", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads } = yield* account(world)
        const send = (cookie?: string) =>
          world.ask("POST", `/v1/connections/${ads}/authorizations`, {
            as: "member",
            headers: {
              "idempotency-key": "k",
              ...(cookie === undefined ? {} : { cookie: `portolan_browser=${cookie}` })
            }
          })
        const own = "o".repeat(43)
        const first = yield* send(own)
        expect((yield* send(own)).text).toBe(first.text)
        expect((yield* send("x".repeat(43))).json["type"]).toBe("/problems/wrong-browser")
        expect(first.headers.get("set-cookie")).toBe(
          `portolan_browser=${own}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure`
        )
      })
    )
  )

  it.live("a key is 1 to 255 visible characters", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        for (const [key, status] of [
          ["", 400],
          ["a b", 400],
          ["é", 400],
          ["k".repeat(256), 400],
          ["k".repeat(255), 201],
          ['"k"', 201]
        ] as const) {
          const got = yield* ask("POST", "/v1/companies", {
            as: "admin",
            body: { name: "A", brand: "B" },
            headers: { "idempotency-key": key }
          })
          expect([key, got.status]).toEqual([key, status])
          if (status === 400) expect(text(got.json, "errors", 0, "parameter")).toBe("Idempotency-Key")
        }
      })
    )
  )

  it("equal documents have one canonical text, however they are written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shuffled = JSON.parse(JSON.stringify(value), (_, part: unknown) =>
          typeof part === "object" && part !== null && !Array.isArray(part)
            ? Object.fromEntries(Object.entries(part).toReversed())
            : part
        ) as Schema.Json
        expect(canonical(shuffled)).toBe(canonical(JSON.parse(JSON.stringify(value)) as Schema.Json))
        expect(JSON.parse(canonical(shuffled))).toEqual(JSON.parse(JSON.stringify(value)))
      })
    )
  })
})
