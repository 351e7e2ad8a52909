import { describe, expect, it } from "@effect/vitest"
import { ProviderScript } from "@portolan/memory"
import { Context, Effect } from "effect"
import { type Got, account, adsKey, at, consent, items, makeWorld, text, working } from "./support/world.ts"

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

        const reads = items((yield* ask("GET", `/v1/connections/${ads}/token-reads?limit=100`, { as: "viewer" })).json)
        expect(reads.map((read) => read["operation"])).toEqual(expect.arrayContaining(["getAccessToken", "LoadWindow"]))
        expect(reads.find((read) => read["operation"] === "getAccessToken")).toMatchObject({
          type: "TokenRead",
          by: { kind: "api-key" },
          connectionId: ads,
          sealed: false
        })
        // Everything on record, page by page: nothing is left out, and nothing comes twice.
        const seen: Array<string> = []
        let cursor: string | undefined = ""
        while (cursor !== undefined) {
          const path: string = `/v1/audit?limit=7${cursor === "" ? "" : `&cursor=${cursor}`}`
          const page: Got = yield* ask("GET", path, { as: "admin" })
          for (const one of items(page.json)) seen.push(`${one["type"] === "TokenRead" ? "read" : ""} ${one["id"]}`)
          const { next } = page.json
          cursor = typeof next === "string" ? next : undefined
        }
        const changes = yield* ask("GET", "/v1/audit?record=change&limit=1&total=true", { as: "admin" })
        const tokenReads = yield* ask("GET", "/v1/audit?record=token-read&limit=100", { as: "admin" })
        expect(items(tokenReads.json).length).toBeGreaterThanOrEqual(reads.length)
        expect(new Set(seen).size).toBe(seen.length)
        expect(seen).toHaveLength(Number(at(changes.json, "total", "count")) + items(tokenReads.json).length)
        expect((yield* ask("GET", "/v1/audit?record=security", { as: "viewer" })).status).toBe(403)

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
