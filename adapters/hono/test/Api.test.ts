import { describe, expect, it } from "@effect/vitest"
import { ProviderScript } from "@portolan/memory"
import { Context, Effect } from "effect"
import { account, adsKey, at, consent, items, makeWorld, text, working } from "./support/world.ts"

describe("flow F1 over HTTP", () => {
  it.live("a company's account is connected, from the first click to loaded data (K-R1 to K-R15)", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ask } = world
        const { accountId, ads, companyId } = yield* account(world)
        const detail = yield* ask("GET", `/v1/accounts/${accountId}`, { as: "viewer" })
        expect(detail.status).toBe(200)
        expect(at(detail.json, "connections", 0, "evidence", "status")).toBe("not-connected")

        const key = adsKey("12345678901234567890")
        const authorizationId = yield* consent(world, ads, [ProviderScript.candidate(key, { name: "Harbour Ads" })])
        const waiting = yield* ask("GET", "/v1/pending-authorizations", { as: "viewer" })
        expect(items(waiting.json)).toHaveLength(1)
        const authorization = yield* ask("GET", `/v1/authorizations/${authorizationId}`, { as: "viewer" })
        const reference = text(authorization.json, "choices", 0, "profile", "reference")
        expect(at(authorization.json, "choices", 0, "profile", "key", "externalId")).toBe("12345678901234567890")

        const selected = yield* ask("POST", `/v1/authorizations/${authorizationId}/select`, {
          as: "member",
          body: { profile: reference }
        })
        expect([selected.status, selected.json["state"]]).toEqual([200, "finalised"])
        yield* working(world)
        let overall: unknown = 0
        while (overall !== 1) {
          yield* Effect.sleep("5 millis")
          overall = at((yield* ask("GET", `/v1/connections/${ads}`, { as: "viewer" })).json, "backfill", "overall")
        }
        const ledger = yield* ask("GET", `/v1/connections/${ads}/backfill`, { as: "viewer" })
        expect(at(ledger.json, "classes", 0, "rows")).toBe(95)
        expect(at(ledger.json, "windows", 0, "progress")).toBe("loaded")

        const token = yield* ask("GET", `/v1/connections/${ads}/access-token`, { as: "member" })
        expect(text(token.json, "accessToken")).toMatch(/^access\./)
        expect(token.headers.get("cache-control")).toBe("no-store")
        expect((yield* ask("GET", `/v1/connections/${ads}/access-token`, { as: "viewer" })).status).toBe(403)

        const path = `/v1/connections/${ads}/access-token`
        const refusedToken = text(token.json, "accessToken")
        const same = yield* ask("POST", path, { as: "member" })
        expect(text(same.json, "accessToken")).toBe(refusedToken)
        const replaced = yield* ask("POST", path, { as: "member", body: { refusedToken } })
        expect(text(replaced.json, "accessToken")).not.toBe(refusedToken)
        expect((yield* ask("POST", path, { as: "viewer", body: { refusedToken } })).status).toBe(403)
        expect((yield* ask("POST", path, { as: "member", body: { refusedToken: "x".repeat(10_001) } })).status).toBe(
          400
        )

        const history = yield* ask("GET", `/v1/connections/${ads}/history?limit=100`, { as: "viewer" })
        expect(items(history.json).map((event) => event["type"])).toContain("ProfileSelected")
        expect(history.text).not.toMatch(/digest|ticket|refresh\./i)

        const ended = yield* ask("DELETE", `/v1/connections/${ads}`, { as: "admin" })
        expect(at(ended.json, "evidence", "status")).toBe("disconnected")
        expect(
          items(
            (yield* ask("GET", `/v1/connections?status=disconnected&companyId=${companyId}`, { as: "viewer" })).json
          )
        ).toHaveLength(1)
        expect(Context.get(world.context, ProviderScript.ProviderScript)).toBeDefined()
      })
    )
  )
})
