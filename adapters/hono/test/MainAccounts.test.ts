/**
 * Flows F2 and F4 through the API: requirements, further countries, the way of an account, diagnoses, consents, main
 * accounts.
 */
import { describe, expect, it } from "@effect/vitest"
import { type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Context, Effect, type Schema } from "effect"
import {
  account,
  adsKey,
  at,
  type Body,
  connected,
  consent,
  items,
  makeWorld,
  text,
  US,
  type World
} from "./support/world.ts"

const CA = "A2EUQ1WTGCTBG2"
const JP = "A1VC38T7YXB528"
const script = (world: World) => Context.get(world.context, ProviderScript.ProviderScript)
const inCanada = (externalId: string) =>
  ProviderScript.candidate({ ...adsKey(externalId), marketplaceId: CA as Profile.Key["marketplaceId"] })
const list = (body: Body, ...path: ReadonlyArray<string>) => at(body, ...path) as ReadonlyArray<Body>

describe("before and after a consent (F2)", () => {
  it.live(
    "tells the requirements of each channel and kind of account beforehand; a vendor's Selling Partner API has none (P-R2, P-R3, P-R10, P-R12)",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const { ask } = yield* makeWorld()
          const ids = (channel: string, type: string) =>
            Effect.map(ask("GET", `/v1/requirements?channel=${channel}&type=${type}`, { as: "viewer" }), ({ json }) =>
              items(json).map((one) => one["id"])
            )
          expect(yield* ids("amazon-ads", "seller")).toEqual(["campaign-exists", "campaign-editable"])
          expect(yield* ids("amazon-sp", "seller")).toEqual([
            "advertising-permission-in-seller-central",
            "participates"
          ])
          expect(yield* ids("amazon-sp", "vendor")).toEqual([])
          expect(yield* ids("walmart-connect", "walmart-3p")).toEqual(["partner-added", "write-access"])
          expect((yield* ask("GET", "/v1/requirements?channel=nowhere&type=seller", { as: "owner" })).status).toBe(400)
        })
      )
  )

  it.live(
    "decides on further countries with the reason, adds one, and links it under the consent that is there (P-R6, S-R4)",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const world = yield* makeWorld()
          const { ask } = world
          const { accountId, ads } = yield* account(world)
          yield* connected(world, ads, adsKey("1"))
          yield* script(world).shows("grantor admin", [ProviderScript.candidate(adsKey("1")), inCanada("2")])
          const far = yield* ask("GET", `/v1/accounts/${accountId}/expansion?marketplace=${JP}`, { as: "viewer" })
          expect([far.json["decision"], text(far.json, "explanation")]).toEqual([
            "add-account",
            expect.stringContaining("another region")
          ])
          const vendor = yield* ask("GET", `/v1/accounts/${accountId}/expansion?marketplace=${CA}&type=vendor`, {
            as: "viewer"
          })
          expect(vendor.json["decision"]).toBe("add-account")
          expect(
            (yield* ask("POST", `/v1/accounts/${accountId}/marketplaces`, { as: "admin", body: { marketplaceId: JP } }))
              .status
          ).toBe(422)
          const near = yield* ask("GET", `/v1/accounts/${accountId}/expansion?marketplace=${CA}`, { as: "viewer" })
          expect(near.json).toMatchObject({ decision: "add-marketplace", needsConsent: false })
          const grown = yield* ask("POST", `/v1/accounts/${accountId}/marketplaces`, {
            as: "admin",
            body: { marketplaceId: CA }
          })
          expect(grown.json["marketplaces"]).toEqual([US, CA])
          const all = items((yield* ask("GET", `/v1/connections?accountId=${accountId}`, { as: "admin" })).json)
          const added = text(
            all.find((one) => one["marketplaceId"] === CA && one["channel"] === "amazon-ads") ?? {},
            "id"
          )
          const [grant] = items((yield* ask("GET", "/v1/grants?state=active", { as: "admin" })).json)
          const grantId = text(grant ?? {}, "id")
          const choices = items(
            (yield* ask("GET", `/v1/grants/${grantId}/choices?connection=${added}`, { as: "admin" })).json
          )
          expect(choices.map((one) => [at(one, "profile", "key", "externalId"), one["heldBy"] !== undefined])).toEqual([
            ["1", true],
            ["2", false]
          ])
          const reference = text(choices[1] ?? {}, "profile", "reference")
          const held = yield* ask("POST", `/v1/grants/${grantId}/links`, {
            as: "admin",
            body: { connectionId: added, profile: text(choices[0] ?? {}, "profile", "reference") }
          })
          expect(held.status).toBeGreaterThanOrEqual(409)
          const linked = yield* ask("POST", `/v1/grants/${grantId}/links`, {
            as: "admin",
            body: { connectionId: added, profile: reference }
          })
          expect(at(linked.json, "evidence", "status")).toBe("connected")
          expect(list((yield* ask("GET", `/v1/grants/${grantId}`, { as: "admin" })).json, "connections")).toHaveLength(
            2
          )
        })
      )
  )

  it.live("says where an account stands, why nothing appears, and heals when the campaign does (P-R2, S-R5)", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ask } = world
        const { accountId, ads } = yield* account(world)
        expect((yield* ask("GET", `/v1/accounts/${accountId}/onboarding`, { as: "viewer" })).json["current"]).toBe(
          "access"
        )
        yield* script(world).facts(() => ({ profileVisible: false }))
        const authorization = yield* consent(world, ads, [])
        const looked = yield* ask("POST", `/v1/connections/${ads}/diagnosis`, { as: "member" })
        expect(looked.json).toMatchObject({ verdict: "failing", mustAct: "account-owner" })
        expect(list(looked.json, "checks").map((one) => one["id"])).toEqual([
          "campaign-exists",
          "payment-valid",
          "campaign-editable",
          "ad-group-editable",
          "marketplace-enabled",
          "login-used"
        ])
        const answered = yield* ask("PUT", `/v1/connections/${ads}/diagnosis/answers`, {
          as: "member",
          body: { check: "campaign-exists", holds: false }
        })
        expect([answered.json["headline"], at(answered.json, "checks", 0, "lookAgainAfterSeconds")]).toEqual([
          "campaign-exists",
          21_600
        ])
        expect(typeof answered.json["lookAgainAt"]).toBe("string")
        expect(
          (yield* ask("PUT", `/v1/connections/${ads}/diagnosis/answers`, {
            as: "viewer",
            body: { check: "campaign-exists", holds: true }
          })).status
        ).toBe(403)
        yield* script(world).shows("grantor admin", [ProviderScript.candidate(adsKey("7"))])
        yield* script(world).facts(() => ({
          profileVisible: true,
          permission: "edit",
          campaigns: 1,
          paymentValid: true
        }))
        const healed = yield* ask("POST", `/v1/connections/${ads}/diagnosis`, { as: "member" })
        expect(healed.json["verdict"]).toBe("well")
        const choices = list(
          (yield* ask("GET", `/v1/authorizations/${authorization}`, { as: "member" })).json,
          "choices"
        )
        expect(choices).toHaveLength(1)
      })
    )
  )
})

describe("the worked example (F4, S-R1 to S-R4)", () => {
  it.live("three logins, two grants to make, then the main login sees all three; only the administrator grants", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { ask } = yield* makeWorld()
        const company = yield* ask("POST", "/v1/companies", {
          as: "admin",
          body: { name: "Harbour Goods", brand: "Harbour" }
        })
        const path = `/v1/companies/${text(company.json, "id")}/consolidation`
        const send = (rest: string, body: Schema.Json) => ask("POST", `${path}/${rest}`, { as: "admin", body })
        const logins: { [name: string]: string } = {}
        for (const name of ["A", "B", "M"]) {
          const { json } = yield* send("logins", { name })
          logins[name] = text(list(json, "logins").find((one) => one["name"] === name) ?? {}, "id")
        }
        const own = (id: string, name: string, accountType: string, login: string) =>
          send("accounts", { id, name, accountType, marketplaces: [US], administratorId: logins[login] ?? "" })
        yield* own("VENDOR1", "Vendor", "vendor", "A")
        yield* own("SELLER1", "Seller", "seller", "B")
        yield* own("SELLER2", "Own", "seller", "M")
        const planned = yield* send("told", { kind: "choose-main", credentialId: logins["M"] ?? "" })
        expect(list(planned.json, "plan", "steps").map((step) => at(step, "lines", 0))).toEqual([
          "Sign in to Amazon as A.",
          "Sign in to Amazon as B."
        ])
        const grant = (accountId: string, performer: string) =>
          send("told", {
            kind: "grant",
            accountId,
            performerId: logins[performer] ?? "",
            credentialId: logins["M"] ?? "",
            permission: "edit"
          })
        expect((yield* grant("VENDOR1", "B")).json["type"]).toBe("/problems/not-permitted")
        yield* grant("VENDOR1", "A")
        const done = yield* grant("SELLER1", "B")
        expect(list(done.json, "plan", "steps")).toEqual([])
        expect(
          list(done.json, "plan", "visible")
            .map((one) => `${String(one["accountId"])} ${String(one["role"])}`)
            .toSorted()
        ).toEqual(["SELLER1 secondary-user", "SELLER2 administrator", "VENDOR1 secondary-user"])
        const shared = yield* send("share", {})
        expect(text(shared.json, "share", "url")).toContain("/plan/")
        // Whoever may only look is not handed an address that works for anybody.
        expect((yield* ask("GET", path, { as: "viewer" })).json["share"]).toBeUndefined()
        const withdrawn = yield* ask("DELETE", `${path}/share`, { as: "admin" })
        expect(at(withdrawn.json, "share", "url")).toBeNull()
      })
    )
  )
})
