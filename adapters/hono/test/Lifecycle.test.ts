import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  account,
  adsKey,
  asOperator,
  at,
  connected,
  fixed,
  items,
  makeWorld,
  text,
  type Who,
  type World,
  working
} from "./support/world.ts"
import { until } from "./support/fixture.ts"

const commands = (world: World, base: string, as: Who = "admin") => ({
  effects: (command: string) => world.ask("GET", `${base}/effects?command=${command}`, { as }),
  run: (command: string) => world.ask("POST", `${base}/${command}`, { as })
})

describe("how fresh the data are", () => {
  it.live("is told by kind of data with its days, once a load was planned, to whoever may read", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads, sp } = yield* account(world)
        yield* connected(world, ads, adsKey("1"))
        const read = (as: Who, connection = ads) => world.ask("GET", `/v1/connections/${connection}/freshness`, { as })
        const statuses = yield* Effect.forEach(["viewer", "other"] as const, (as) => read(as))
        expect(statuses.map(({ status }) => status)).toEqual([404, 404])
        const isLoaded = Effect.map(
          read("viewer"),
          ({ json }) => text(json, "classes", 0, "days", 0, "state") === "loaded"
        )
        yield* Effect.scoped(Effect.andThen(working(world), until(isLoaded)))
        const { json, status } = yield* read("viewer")
        expect(status).toBe(200)
        expect(json).toMatchObject({
          classes: [
            { dataClass: "advertising", label: "Advertising", state: "fresh", mustAct: "nobody", actionNeeded: [] }
          ]
        })
        expect([(yield* read("other")).status, (yield* read("viewer", sp)).status]).toEqual([404, 404])
        yield* world.ask("POST", `/v1/connections/${ads}/pause`, { as: "admin" })
        expect(text((yield* read("viewer")).json, "classes", 0, "state")).toBe("paused")
      })
    )
  )
})

describe("asking again for what waits", () => {
  it.live("answers with the connection, also when nothing waits, and is refused while it is paused", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads, sp } = yield* account(world)
        yield* connected(world, ads, adsKey("1"))
        const path = `/v1/connections/${ads}/backfill/retry`
        // The load is planned by the worker.
        expect((yield* world.ask("POST", path, { as: "member" })).status).toBe(404)
        const planned = Effect.map(
          world.ask("GET", `/v1/connections/${ads}/backfill`, { as: "member" }),
          ({ status }) => status === 200
        )
        yield* Effect.scoped(Effect.andThen(working(world), until(planned)))
        for (const body of [undefined, {}, { dataClass: "advertising" }]) {
          const { json, status } = yield* world.ask("POST", path, { as: "member", ...(body && { body }) })
          expect([status, text(json, "id")]).toEqual([200, ads])
        }
        expect((yield* world.ask("POST", path, { as: "member", body: { dataClass: "stars" } })).status).toBe(400)
        for (const [as, status] of [
          ["viewer", 403],
          ["other", 404]
        ] as const) {
          expect((yield* world.ask("POST", path, { as })).status).toBe(status)
        }
        expect((yield* world.ask("POST", `/v1/connections/${sp}/backfill/retry`, { as: "member" })).status).toBe(409)
        yield* world.ask("POST", `/v1/connections/${ads}/pause`, { as: "admin" })
        const paused = yield* world.ask("POST", path, { as: "member" })
        expect([paused.status, text(paused.json, "nextStep")]).toEqual([
          409,
          "Resume the connection; what waits is asked for again then."
        ])
      })
    )
  )
})

describe("pausing a connection", () => {
  it.live("tells its effects first, hands out no token meanwhile, and is found by its filter", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads } = yield* account(world)
        yield* connected(world, ads, adsKey("1"))
        const { effects, run } = commands(world, `/v1/connections/${ads}`)
        expect(items((yield* effects("pause")).json).map(({ kind }) => kind)).toEqual(["ends", "stays", "stays"])
        expect((yield* effects("explode")).status).toBe(400)
        const paused = yield* run("pause")
        expect([text(paused.json, "evidence", "status"), text(paused.json, "paused", "by", "kind")]).toEqual([
          "paused",
          "api-key"
        ])
        const found = Effect.map(world.ask("GET", "/v1/connections?paused=true", { as: "viewer" }), ({ json }) =>
          items(json).map(({ id }) => id)
        )
        expect(yield* found).toEqual([ads])
        expect((yield* world.ask("GET", `/v1/connections/${ads}/access-token`, { as: "admin" })).status).toBe(409)
        expect((yield* run("pause")).status).toBe(200)
        expect(text((yield* run("resume")).json, "evidence", "status")).toBe("connected")
        expect(yield* found).toEqual([])
      })
    )
  )

  it.live("is refused to those who may only connect, and not found by others", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { accountId, ads } = yield* account(world)
        yield* connected(world, ads, adsKey("1"))
        for (const [as, status] of [
          ["member", 403],
          ["viewer", 403],
          ["other", 404]
        ] as const) {
          for (const command of ["pause", "resume"]) {
            expect([as, command, (yield* commands(world, `/v1/connections/${ads}`, as).run(command)).status]).toEqual([
              as,
              command,
              status
            ])
          }
          for (const command of ["remove", "restore", "delete-data", "keep-data"]) {
            expect([
              as,
              command,
              (yield* commands(world, `/v1/accounts/${accountId}`, as).run(command)).status
            ]).toEqual([as, command, status])
          }
          expect((yield* commands(world, `/v1/connections/${ads}`, as).effects("pause")).status).toBe(status)
        }
      })
    )
  )
})

describe("removing an account", () => {
  it.live("is refused while it is live, keeps it on a list of its own, and can be undone", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { accountId, ads } = yield* account(world)
        yield* connected(world, ads, adsKey("1"))
        const { effects, run } = commands(world, `/v1/accounts/${accountId}`)
        const live = yield* run("remove")
        expect([live.status, text(live.json, "nextStep")]).toEqual([
          409,
          "Disconnect the account first; then remove it."
        ])
        yield* world.ask("DELETE", `/v1/connections/${ads}`, { as: "admin" })
        expect(items((yield* effects("remove")).json)).toHaveLength(2)
        const removed = yield* run("remove")
        expect([removed.json["state"], text(removed.json, "removedBy", "kind")]).toEqual(["removed", "api-key"])
        const listed = (state: string) =>
          Effect.map(world.ask("GET", `/v1/accounts${state}`, { as: "viewer" }), ({ json }) =>
            items(json).map(({ id }) => id)
          )
        expect([yield* listed(""), yield* listed("?state=removed"), yield* listed("?state=any")]).toEqual([
          [],
          [accountId],
          [accountId]
        ])
        expect(
          (yield* world.ask("PATCH", `/v1/accounts/${accountId}`, { as: "admin", body: { name: "x" } })).status
        ).toBe(409)
        expect((yield* run("restore")).json["state"]).toBe("open")
        expect(yield* listed("")).toEqual([accountId])
      })
    )
  )

  it.live("deleting its data is scheduled, told, and called off", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { accountId } = yield* account(world)
        const { run } = commands(world, `/v1/accounts/${accountId}`)
        const scheduled = yield* run("delete-data")
        const days =
          (Date.parse(text(scheduled.json, "erasure", "dueAt")) -
            Date.parse(text(scheduled.json, "erasure", "requestedAt"))) /
          86_400_000
        expect(days).toBe(7)
        expect(at((yield* run("delete-data")).json, "erasure")).toEqual(at(scheduled.json, "erasure"))
        expect((yield* run("keep-data")).json["erasure"]).toBeUndefined()
      })
    )
  )
})

describe("the list of connections", () => {
  it.live("is narrowed by marketplace and by when consents end", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads } = yield* account(world)
        yield* connected(world, ads, adsKey("1"))
        const listed = (query: string) =>
          Effect.map(world.ask("GET", `/v1/connections?${query}`, { as: "viewer" }), ({ json }) => items(json).length)
        expect(yield* listed("marketplaceId=ATVPDKIKX0DER")).toBe(2)
        expect(yield* listed("marketplaceId=A2EUQ1WTGCTBG2")).toBe(0)
        expect(yield* listed("expiresBefore=2000-01-01T00:00:00Z")).toBe(0)
        expect(yield* listed("paused=false")).toBe(2)
        for (const query of ["marketplaceId=NOWHERE1", "expiresBefore=soon", "paused=perhaps"]) {
          const got = yield* world.ask("GET", `/v1/connections?${query}`, { as: "viewer" })
          expect([query, got.status]).toEqual([query, 400])
        }
      })
    )
  )
})

describe("a key with limited access (rules K-R17, S-R9)", () => {
  it.live("acts on what it reaches, is refused where it may only read, and finds nothing else", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const written = yield* account(world, "admin", "Written")
        const readable = yield* account(world, "admin", "Readable")
        const hidden = yield* account(world, "admin", "Hidden")
        for (const [one, id] of [
          [written, "1"],
          [readable, "2"],
          [hidden, "3"]
        ] as const)
          yield* connected(world, one.ads, adsKey(id))
        const made = yield* world.ask("POST", "/v1/api-keys", {
          as: "owner",
          body: {
            name: "narrow",
            role: "admin",
            scopes: ["read", "connect", "administer"],
            access: {
              to: "limited",
              accounts: [
                { id: written.accountId, right: "write" },
                { id: readable.accountId, right: "read" }
              ]
            }
          }
        })
        const headers = { authorization: `Bearer ${text(made.json, "secret")}` }
        for (const [{ accountId, ads }, status] of [
          [readable, 403],
          [hidden, 404],
          [written, 200]
        ] as const) {
          const path = `/v1/connections/${ads}`
          expect((yield* world.ask("POST", `${path}/pause`, { headers })).status).toBe(status)
          expect((yield* world.ask("GET", `${path}/effects?command=resume`, { headers })).status).toBe(status)
          expect((yield* world.ask("POST", `/v1/accounts/${accountId}/keep-data`, { headers })).status).toBe(status)
        }
        const listed = yield* world.ask("GET", "/v1/connections?paused=true", { headers })
        expect(items(listed.json).map(({ id }) => id)).toEqual([written.ads])
        const audit = yield* world.ask("GET", "/v1/audit", { headers })
        expect([audit.status, text(audit.json, "detail")]).toEqual([403, "Your access is limited to chosen accounts."])
      })
    )
  )
})

describe("the audit log", () => {
  it.live("tells owners and admins everything with who did it, and narrows", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { accountId } = yield* account(world)
        yield* commands(world, `/v1/accounts/${accountId}`).run("remove")
        const first = yield* world.ask("GET", "/v1/audit?limit=1", { as: "admin" })
        expect([text(first.json, "items", 0, "type"), text(first.json, "items", 0, "by", "kind")]).toEqual([
          "AccountRemoved",
          "api-key"
        ])
        const types = (query: string) =>
          Effect.map(
            world.ask("GET", `/v1/audit?limit=100&${query}`, { as: "owner" }),
            ({ json }) => new Set(items(json).map(({ type }) => type))
          )
        expect(yield* types("kind=company&kind=account")).toEqual(
          new Set(["AccountRemoved", "AccountOpened", "CompanyAdded"])
        )
        expect(yield* types("by=system")).toEqual(new Set())
        expect((yield* types("by=person")).has("OrganizationFounded")).toBe(true)
        for (const query of ["kind=ship", "by=ghost", "cursor=made-up"]) {
          expect((yield* world.ask("GET", `/v1/audit?${query}`, { as: "admin" })).status, query).toBe(400)
        }
        for (const as of ["member", "viewer"] as const)
          expect((yield* world.ask("GET", "/v1/audit", { as })).status).toBe(403)
        const theirs = yield* world.ask("GET", "/v1/audit?limit=100", { as: "other" })
        expect(theirs.text).not.toContain(accountId)
        expect(theirs.text).not.toContain(fixed("org", 1))
        // Operators are known by their sign-in, not in the organizations of others.
        const headers = yield* asOperator(world)
        expect((yield* world.ask("GET", "/v1/audit?limit=100", { headers })).text).not.toContain(accountId)
      })
    )
  )
})
