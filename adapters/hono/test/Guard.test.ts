import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { routes } from "./support/contract.ts"
import { makeWorld, origin, text } from "./support/world.ts"
import { personOnly } from "./support/personOnly.ts"

describe("a browser with a session", () => {
  const changes: ReadonlyArray<readonly [string, { readonly [name: string]: string }, number]> = [
    ["a page of this site", { "sec-fetch-site": "same-origin" }, 201],
    ["an older browser on a page of this site", { origin }, 201],
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
    ["another site that claims our origin", { "sec-fetch-site": "cross-site", origin }, 403],
    ["a sister site", { "sec-fetch-site": "same-site", origin: "https://other.example.com" }, 403],
    ["an address that was typed", { "sec-fetch-site": "none" }, 403],
    ["an older browser on another site", { origin: "https://evil.example" }, 403],
    ["an opaque origin", { origin: "null" }, 403],
    ["nobody knows where", {}, 403]
  ]
  for (const [from, headers, status] of changes) {
    it.live(`${status === 201 ? "may" : "may not"} change something from ${from}`, () =>
      Effect.scoped(
        Effect.gen(function* () {
          const { ask, signIn } = yield* makeWorld()
          const cookie = yield* signIn("owner")
          const got = yield* ask("POST", "/v1/companies", {
            headers: { cookie, ...headers },
            body: { name: "A", brand: "B" }
          })
          expect(got.status).toBe(status)
          if (status === 403) expect(got.json["type"]).toBe("/problems/cross-site")
          expect((yield* ask("GET", "/v1/companies", { headers: { cookie, ...headers } })).status).toBe(200)
        })
      )
    )
  }

  it.live("is told by its own name who it is; a key by the name of the key", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask, signIn } = yield* makeWorld()
        const person = yield* ask("GET", "/v1/me", { headers: { cookie: yield* signIn("viewer") } })
        expect([text(person.json, "by", "kind"), text(person.json, "name"), person.json["may"]]).toEqual([
          "person",
          "Person 4",
          { read: true, connect: false, administer: false, managePeople: false, own: false }
        ])
        const key = yield* ask("GET", "/v1/me", { as: "owner" })
        expect([text(key.json, "by", "kind"), text(key.json, "organization", "name")]).toEqual([
          "api-key",
          "Organization 1"
        ])
      })
    )
  )
})

describe("a key", () => {
  it.live("needs no proof of where it is sent from, and is worth nothing once it was revoked", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        const made = yield* ask("POST", "/v1/api-keys", {
          as: "owner",
          body: { name: "ci" },
          headers: { origin: "https://ci.example" }
        })
        const headers = { authorization: `Bearer ${text(made.json, "secret")}` }
        expect((yield* ask("GET", "/v1/companies", { headers })).status).toBe(200)
        expect((yield* ask("GET", "/v1/api-keys", { as: "owner" })).text).not.toContain(text(made.json, "secret"))
        const id = text(made.json, "id")
        expect((yield* ask("DELETE", `/v1/api-keys/${id}`, { as: "other" })).status).toBe(404)
        expect((yield* ask("DELETE", `/v1/api-keys/${id}`, { as: "admin" })).status).toBe(204)
        expect((yield* ask("GET", "/v1/companies", { headers })).status).toBe(401)
      })
    )
  )

  it.live("is refused by the operations that are described as a person's alone", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        const { json } = yield* ask("GET", "/v1/members", { as: "owner" })
        const own = routes.filter(({ sessionOnly }) => sessionOnly)
        expect(own.map(({ operationId }) => operationId)).toEqual(personOnly)
        for (const { body, method, path } of own) {
          const memberId = text(json, "items", 0, "id")
          const preferences = { problems: "daily", requests: "daily", progress: "never" }
          const sent = path.endsWith("preferences") ? preferences : { memberId }
          const got = yield* ask(method, path, {
            as: "owner",
            ...(body === undefined ? {} : { body: path.endsWith("leave") ? {} : sent })
          })
          expect([got.status, text(got.json, "type")], path).toEqual([403, "/problems/not-permitted"])
        }
      })
    )
  )
})
