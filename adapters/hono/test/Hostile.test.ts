import { describe, expect, it } from "@effect/vitest"
import { IdentityMemory } from "@portolan/memory"
import { Connections, StoreUnavailable } from "@portolan/ports"
import { Context, Effect, Logger } from "effect"
import { Hono } from "hono"
import fc from "fast-check"
import { Api } from "../src/index.ts"
import { respond } from "../src/serve.ts"
import { services } from "../src/services.ts"
import { routes } from "./support/contract.ts"
import { filled, makeFixture } from "./support/fixture.ts"
import { account, fixed, makeWorld, origin, text } from "./support/world.ts"

const json = { "content-type": "application/json" }

describe("hostile bodies", () => {
  const bodies: ReadonlyArray<readonly [string, string | Uint8Array<ArrayBuffer>, string]> = [
    ["two megabytes", JSON.stringify({ name: "x".repeat(2_000_000), brand: "b" }), "body-too-large"],
    ["brackets as deep as fit", "[".repeat(30_000) + "]".repeat(30_000), "malformed-body"],
    ["objects as deep as fit", '{"a":'.repeat(10_000) + "1" + "}".repeat(10_000), "malformed-body"],
    ["half a document", '{"name":', "malformed-body"],
    ["two documents", "{}{}", "malformed-body"],
    ["not UTF-8", new Uint8Array([0x22, 0xff, 0xfe, 0x22]), "malformed-body"],
    ["NaN", '{"name":NaN}', "malformed-body"],
    ["a lone surrogate", '{"name":"a\\ud800","brand":"b"}', "invalid-input"],
    ["a null byte", '{"name":"a\\u0000","brand":"b"}', "invalid-input"],
    ["a prototype", '{"__proto__":{"name":"a"},"brand":"b"}', "invalid-input"],
    ["a constructor", '{"constructor":{"prototype":{"name":"a"}},"name":"a","brand":"b"}', "invalid-input"],
    ["a lone surrogate as a name of a field", '{"\\ud800":1,"name":"a","brand":"b"}', "invalid-input"],
    [
      "thousands of fields",
      JSON.stringify(Object.fromEntries(Array.from({ length: 4_000 }, (_, n) => [`f${n}`, n]))),
      "invalid-input"
    ],
    ["a number", "1e999", "invalid-input"],
    ["a text", '"text"', "invalid-input"]
  ]
  for (const [what, raw, kind] of bodies) {
    it.live(`${what}: ${kind}`, () =>
      Effect.scoped(
        Effect.gen(function* () {
          const { ask } = yield* makeWorld()
          for (const [method, path] of [
            ["POST", "/v1/companies"],
            ["PATCH", `/v1/companies/${fixed("com", 1)}`]
          ] as const) {
            const got = yield* ask(method, path, { as: "owner", raw, headers: { ...json, "idempotency-key": "k" } })
            expect(got.json["type"]).toBe(`/problems/${kind}`)
            expect(got.text.length).toBeLessThan(8_000)
          }
        })
      )
    )
  }

  it.live("a body that never says its length is cut off at the limit", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { app, keys } = yield* makeWorld()
        let pulled = 0
        const endless = new ReadableStream<Uint8Array>({
          pull: (controller) => {
            pulled++
            controller.enqueue(new Uint8Array(4_096).fill(32))
          }
        })
        const response = yield* Effect.promise(async () =>
          app.request(
            new Request(`${origin}/v1/companies`, {
              method: "POST",
              body: endless,
              duplex: "half",
              headers: { ...json, authorization: `Bearer ${keys.get("owner")}` }
            })
          )
        )
        expect(response.status).toBe(413)
        expect(pulled).toBeLessThan(30)
      })
    )
  )

  it.live("other content types are refused, also where a body is optional", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads } = yield* account(world)
        for (const type of [
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/jsonp",
          ""
        ]) {
          for (const path of [
            "/v1/companies",
            `/v1/connections/${ads}/auth-links`,
            `/v1/connections/${ads}/authorizations`
          ]) {
            const got = yield* world.ask("POST", path, { as: "owner", raw: "{}", headers: { "content-type": type } })
            expect([type, got.status]).toEqual([type, 415])
          }
        }
        const charset = yield* world.ask("POST", `/v1/connections/${ads}/auth-links`, {
          as: "owner",
          raw: "{}",
          headers: { "content-type": "Application/JSON; charset=utf-8" }
        })
        expect(charset.status).toBe(201)
      })
    )
  )
})

describe("fuzz", () => {
  it.live("no method, path, query or body gives a 500", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const fixture = yield* makeFixture(world)
        const piece = fc.oneof(
          fc.constantFrom(
            "",
            "..",
            "%00",
            "%ff",
            "%",
            "%2f",
            "__proto__",
            "constructor",
            "v1",
            "events",
            "stream",
            "healthz",
            "\ud83d\ude00"
          ),
          fc.constantFrom(...Object.values(fixture.ids)),
          fc.string()
        )
        const known = fc
          .tuple(
            fc.constantFrom(...routes.filter(({ streams }) => !streams)),
            piece.map(encodeURIComponent),
            fc.boolean()
          )
          .map(([route, other, real]) =>
            filled(
              route,
              real ? fixture.ids : Object.fromEntries(Object.keys(fixture.ids).map((name) => [name, other]))
            )
          )
        const path = fc.oneof(
          { weight: 3, arbitrary: known },
          {
            weight: 1,
            arbitrary: fc
              .array(piece, { maxLength: 5 })
              .map((pieces) => `/${pieces.join("/").replaceAll(/[?#\s]/g, "")}`)
          }
        )
        const query = fc.dictionary(
          fc.constantFrom("limit", "cursor", "search", "after", "status", "companyId", "__proto__"),
          fc.string(),
          { maxKeys: 3 }
        )
        const method = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
        const body = fc.oneof(
          fc.jsonValue().map((value) => JSON.stringify(value)),
          fc.string(),
          fc.constant(undefined)
        )
        const ask = async (m: string, p: string, q: Record<string, string>, b: string | undefined) => {
          const url = new URL(`${origin}${p.startsWith("//") ? p.slice(1) : p}`)
          url.search = new URLSearchParams(
            Object.entries(q).map(([name, value]) => [name, value.toWellFormed()])
          ).toString()
          if (url.pathname.endsWith("/stream")) return
          const response = await world.app.request(
            new Request(url, {
              method: m,
              headers: { ...json, authorization: `Bearer ${world.keys.get("owner")}` },
              ...(b === undefined || m === "GET" || m === "HEAD" ? {} : { body: b.toWellFormed() })
            })
          )
          const answered = await response.text()
          expect(response.status, `${m} ${url.href} ${b}: ${answered}`).toBeLessThan(500)
          if (response.status >= 400 && m !== "HEAD") {
            expect(response.headers.get("content-type")).toBe("application/problem+json")
            expect(JSON.parse(answered)).toMatchObject({ status: response.status })
          }
        }
        yield* Effect.promise(() => fc.assert(fc.asyncProperty(method, path, query, body, ask), { numRuns: 600 }))
      })
    )
  )
})

/** An app whose connections fail in a given way. */
const broken = (failure: Effect.Effect<never, StoreUnavailable.StoreUnavailable>, logged: Array<string>) =>
  Effect.gen(function* () {
    const world = yield* makeWorld()
    const real = Context.get(world.context, Connections.Connections)
    const ok = { ok: true, detail: "" }
    const app = yield* Api.make({
      readiness: Effect.succeed({ ready: true, checks: { database: ok, migrations: ok, worker: ok } }),
      sessionCookie: IdentityMemory.cookieName
    }).pipe(
      Effect.provide(Context.add(world.context, Connections.Connections, { ...real, list: () => failure })),
      Effect.provide(
        Logger.layer([
          Logger.make(({ message }) => {
            logged.push(String(message))
          })
        ])
      )
    )
    const response = yield* Effect.promise(async () =>
      app.request(world.request("GET", "/v1/connections", { as: "owner" }))
    )
    return { response, body: yield* Effect.promise(async () => await response.text()) }
  })

describe("what breaks inside", () => {
  it.live("gives an incident id that is in the log, and nothing of what broke", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const logged: Array<string> = []
        const { body, response } = yield* broken(
          Effect.die(new Error("password=hunter2 at /srv/app/secret.ts")),
          logged
        )
        expect(response.status).toBe(500)
        expect(response.headers.get("content-type")).toBe("application/problem+json")
        expect(body).not.toMatch(/hunter2|secret\.ts|Error|stack/)
        expect(logged.join("\n")).toContain(text(JSON.parse(body), "incident"))
      })
    )
  )

  it.live("a store that is away is told so, with a time to come back, and without its words", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { body, response } = yield* broken(
          Effect.fail(
            new StoreUnavailable.StoreUnavailable({ doing: "reading", cause: new Error("10.0.0.7 refused") })
          ),
          []
        )
        expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"])
        expect(body).not.toContain("10.0.0.7")
      })
    )
  )

  it.live("work ends when the client goes away", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { context } = yield* makeWorld()
        const leaving = new AbortController()
        let ended = false
        const answer = respond(
          { services: yield* Effect.provide(services, context), context, security: {} },
          new Request(`${origin}/v1/me`, { signal: leaving.signal }),
          { name: "test" },
          Effect.onInterrupt(Effect.never, () =>
            Effect.sync(() => {
              ended = true
            })
          )
        )
        leaving.abort()
        yield* Effect.promise(() => answer)
        expect(ended).toBe(true)
      })
    )
  )
})

describe("health", () => {
  it.live("the process is alive, and ready when its checks say so", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        expect((yield* ask("GET", "/healthz")).json).toEqual({ ok: true })
        const ready = yield* ask("GET", "/readyz")
        expect([ready.status, ready.json["ready"]]).toEqual([200, true])
        expect((yield* ask("POST", "/healthz")).status).toBe(405)
      })
    )
  )

  it.live("what is not in order is told with a 503, and checks that break are not in order", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const ok = { ok: true, detail: "fine" }
        const down = yield* makeWorld(
          {},
          {
            readiness: Effect.succeed({
              ready: false,
              checks: { database: { ok: false, detail: "unreachable" }, migrations: ok, worker: ok }
            })
          }
        )
        const got = yield* down.ask("GET", "/readyz")
        expect([got.status, text(got.json, "checks", "database", "detail")]).toEqual([503, "unreachable"])
        expect((yield* down.ask("GET", "/healthz")).status).toBe(200)
        const dying = yield* makeWorld({}, { readiness: Effect.die("broken") })
        expect((yield* dying.ask("GET", "/readyz")).status).toBe(503)
      })
    )
  )

  it.live("leaves the paths of apps beside it alone", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { app } = yield* makeWorld()
        const beside = new Hono().route("/", app).get("/companies", (c) => c.html("<p>a page</p>"))
        const page = yield* Effect.promise(async () => beside.request("/companies"))
        expect([page.status, page.headers.get("content-security-policy")]).toEqual([200, null])
        expect((yield* Effect.promise(async () => beside.request("/v1/nowhere"))).status).toBe(404)
      })
    )
  )
})
