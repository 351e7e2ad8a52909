import { describe, expect, it } from "@effect/vitest"
import { Failure } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { ProviderApi } from "@portolan/ports"
import { Context, Effect, Redacted } from "effect"
import { routes } from "./support/contract.ts"
import { filled, until } from "./support/fixture.ts"
import {
  account,
  adsKey,
  advertiserKey,
  advertisersFor,
  asOperator,
  at,
  connected,
  fixed,
  items,
  makeWorld,
  text,
  walmartAccount,
  type Who,
  working,
  type World
} from "./support/world.ts"

const advertiser = (externalId: string, more: Parameters<typeof ProviderScript.advertiser>[1] = {}) =>
  ProviderScript.advertiser(advertiserKey(externalId), more)

const home = fixed("org", 1)

const availableTo = (world: World, connectionId: string, as: Who = "admin") =>
  world.ask("GET", `/v1/connections/${connectionId}/advertisers`, { as })

/** An account in the first organization, with these advertisers assigned to it. */
const assigned = Effect.fnUntraced(function* (
  world: World,
  listed: ReadonlyArray<ReturnType<typeof advertiser>>,
  name = "Lakeside"
) {
  const account = yield* walmartAccount(world, "admin", name)
  const ids = yield* advertisersFor(world, home, listed)
  yield* Effect.scoped(
    Effect.andThen(
      working(world),
      until(Effect.map(availableTo(world, account.connectionId), ({ json }) => items(json).length === listed.length))
    )
  )
  const { json } = yield* availableTo(world, account.connectionId)
  const grants = new Map(items(json).map((one) => [text(one, "profile", "key", "externalId"), text(one, "grantId")]))
  return { ...account, ids, grants }
})

const link = (world: World, connectionId: string, grantId: string, confirmed = true, as: Who = "admin") =>
  world.ask("POST", `/v1/connections/${connectionId}/advertiser`, { as, body: { grantId, confirmed } })

describe("linking an advertiser", () => {
  it.live("tells what identifies each, which look alike, and wants warnings confirmed", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { connectionId, grants } = yield* assigned(world, [
          advertiser("1", { name: "Lakeside Garden LLC", sellerId: "S1", sellerName: "Lakeside" }),
          advertiser("2", { name: "Lakeside Garden", permission: "view" }),
          advertiser("3", { name: "Other", type: "walmart-1p" })
        ])
        const { json } = yield* availableTo(world, connectionId)
        const first = items(json).find((one) => text(one, "profile", "key", "externalId") === "1") ?? {}
        expect(at(first, "profile", "sellerId")).toBe("S1")
        expect(at(first, "lookAlikes")).toEqual([{ externalId: "2", name: "Lakeside Garden" }])
        const unconfirmed = yield* link(world, connectionId, grants.get("2") ?? "", false)
        expect([unconfirmed.status, unconfirmed.json["type"]]).toEqual([409, "/problems/needs-confirmation"])
        expect((yield* link(world, connectionId, grants.get("3") ?? "")).json["type"]).toBe("/problems/unfit-profile")
        const linked = yield* link(world, connectionId, grants.get("2") ?? "")
        expect([linked.status, text(linked.json, "evidence", "status")]).toEqual([200, "limited"])
        expect((yield* link(world, connectionId, grants.get("1") ?? "")).json["type"]).toBe(
          "/problems/different-identity"
        )
      })
    )
  )

  it.live("of two who link the same one at once, one wins and the other is told who holds it", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const first = yield* assigned(world, [advertiser("1")])
        const second = yield* walmartAccount(world, "admin", "Second")
        const grantId = first.grants.get("1") ?? ""
        const answers = yield* Effect.all(
          [link(world, first.connectionId, grantId), link(world, second.connectionId, grantId, true, "member")],
          { concurrency: 2 }
        )
        expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
        const lost = answers.find(({ status }) => status === 409)
        expect(lost?.json["type"]).toBe("/problems/profile-held")
        expect(["Lakeside Walmart", "Second Walmart"]).toContain(text(lost?.json ?? {}, "holder", "accountName"))
      })
    )
  )

  it.live("is nobody's business in another organization: not the list, not the grant", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { connectionId, grants } = yield* assigned(world, [advertiser("1", { name: "Secret Brand" })])
        const theirs = yield* walmartAccount(world, "other", "Theirs")
        expect((yield* availableTo(world, connectionId, "other")).status).toBe(404)
        const own = yield* availableTo(world, theirs.connectionId, "other")
        expect([own.status, items(own.json)]).toEqual([200, []])
        const stolen = yield* link(world, theirs.connectionId, grants.get("1") ?? "", true, "other")
        const invented = yield* link(world, theirs.connectionId, fixed("gra", 404), true, "other")
        expect([stolen.status, stolen.text]).toEqual([404, invented.text])
      })
    )
  )

  it.live("a viewer looks and does not link; a channel with consents has no advertisers", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { connectionId, grants } = yield* assigned(world, [advertiser("1")])
        expect(items((yield* availableTo(world, connectionId, "viewer")).json)).toHaveLength(1)
        expect((yield* link(world, connectionId, grants.get("1") ?? "", true, "viewer")).status).toBe(403)
        const marketplace = yield* world.ask("GET", "/v1/connections?channel=walmart-marketplace", { as: "admin" })
        const other = yield* availableTo(world, text(items(marketplace.json)[0] ?? {}, "id"))
        expect([other.status, other.json["type"]]).toEqual([422, "/problems/contradiction"])
      })
    )
  )

  it.live("is waited for when somebody says which one to expect, until somebody says not to", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { connectionId } = yield* walmartAccount(world)
        const path = `/v1/connections/${connectionId}/expectation`
        const expected = yield* world.ask("PUT", path, { as: "member", body: { advertiser: " Lakeside " } })
        expect([text(expected.json, "evidence", "status"), text(expected.json, "expected", "advertiser")]).toEqual([
          "awaiting-access",
          "Lakeside"
        ])
        const waiting = yield* world.ask("GET", "/v1/connections?status=awaiting-access", { as: "viewer" })
        expect(items(waiting.json).map(({ id }) => id)).toEqual([connectionId])
        expect((yield* world.ask("PUT", path, { as: "member", body: { advertiser: "a\u202eb" } })).status).toBe(400)
        const stopped = yield* world.ask("DELETE", path, { as: "member" })
        expect([text(stopped.json, "evidence", "status"), stopped.json["expected"]]).toEqual([
          "not-connected",
          undefined
        ])
      })
    )
  )
})

describe("operators", () => {
  const own = routes.filter(({ principal }) => principal === "operator")

  it.live("alone are admitted, with words that say who may; no key is, and nothing from another site", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const ids = { advertiserId: fixed("adv", 404) }
        expect(own.length).toBeGreaterThanOrEqual(7)
        for (const route of own) {
          const path = filled(route, ids)
          const cookie = yield* world.signIn("owner")
          const asOwner = yield* world.ask(route.method, path, { headers: { cookie, "sec-fetch-site": "same-origin" } })
          expect([route.operationId, asOwner.status]).toEqual([route.operationId, 403])
          expect(text(asOwner.json, "detail")).toContain("people who run this installation")
          expect((yield* world.ask(route.method, path, { as: "operator" })).status, route.operationId).toBe(401)
          if (route.method === "GET") continue
          const operator = yield* world.signIn("operator")
          const foreign = yield* world.ask(route.method, path, {
            headers: { cookie: operator, "sec-fetch-site": "cross-site" }
          })
          expect([route.operationId, foreign.json["type"]]).toEqual([route.operationId, "/problems/cross-site"])
        }
      })
    )
  )

  it.live("see the consents of an organization, and confirm none that the provider speaks for", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads } = yield* account(world)
        yield* connected(world, ads, adsKey("90210"))
        const headers = yield* asOperator(world)
        const own = yield* world.ask("GET", "/v1/organization", { as: "admin" })
        const grants = `/v1/operator/organizations/${text(own.json, "id")}/grants`
        const [grant = {}] = items((yield* world.ask("GET", grants, { headers })).json)
        expect(grant).toMatchObject({ channel: "amazon-ads", state: "active" })
        expect(items((yield* world.ask("GET", `${grants}?state=ended`, { headers })).json)).toEqual([])
        const identity = `${grants}/${text(grant, "id")}/identity`
        const confirmed = yield* world.ask("PUT", identity, { headers, body: { because: "A letter." } })
        expect([confirmed.status, confirmed.json["type"]]).toEqual([422, "/problems/contradiction"])
        const takenBack = yield* world.ask("DELETE", identity, { headers })
        expect([takenBack.status, takenBack.json["type"]]).toEqual([422, "/problems/contradiction"])
        for (const body of [{}, { because: "" }, { because: "x".repeat(501) }])
          expect((yield* world.ask("PUT", identity, { headers, body })).status).toBe(400)
        const nobody = grants.replace(text(own.json, "id"), fixed("org", 404))
        expect((yield* world.ask("GET", nobody, { headers })).status).toBe(404)
      })
    )
  )

  it.live(
    "take in a token for an organization, once, and for no connection of another one; members still may, too",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const world = yield* makeWorld()
          const { sp } = yield* account(world)
          const further = yield* account(world, "admin", "Further")
          const theirs = yield* account(world, "other", "Theirs")
          const headers = yield* asOperator(world)
          const script = Context.get(world.context, ProviderScript.ProviderScript)
          const { exchange } = Context.get(world.context, ProviderApi.ProviderApi)
          const tokenOf = Effect.fnUntraced(function* (grantor: string) {
            const of = { channel: "amazon-sp", region: "NA", grantor } as const
            const key = { ...adsKey(grantor), channel: "amazon-sp" } as const
            yield* script.consents(grantor, { ...of, candidates: [ProviderScript.candidate(key)] })
            const secret = Redacted.make(grantor)
            const redirectUri = "https://elsewhere.example/"
            const { refreshToken } = yield* exchange({ ...of, code: secret, redirectUri, codeVerifier: secret })
            return Redacted.value(refreshToken)
          })
          const path = `/v1/operator/organizations/${home}/grants`
          const body = { connectionId: sp, refreshToken: yield* tokenOf("A1"), grantor: "A1" }
          const foreign = yield* world.ask("POST", path, { headers, body: { ...body, connectionId: theirs.sp } })
          expect(foreign.status).toBe(404)
          expect((yield* world.ask("POST", path, { headers, body: { ...body, refreshToken: "" } })).status).toBe(400)
          const wrong = yield* world.ask("POST", path, { headers, body: { ...body, grantor: "A2" } })
          expect(wrong.json["type"]).toBe("/problems/different-identity")
          const taken = yield* world.ask("POST", path, { headers, body })
          expect([taken.status, taken.json["outcome"], taken.json["repeated"]]).toEqual([200, "connected", false])
          expect((yield* world.ask("POST", path, { headers, body })).json["repeated"]).toBe(true)
          const own = { ...body, connectionId: further.sp, refreshToken: yield* tokenOf("A3"), grantor: "A3" }
          const byMember = yield* world.ask("POST", "/v1/grants", { as: "admin", body: own })
          expect([byMember.status, byMember.json["outcome"]]).toEqual([200, "connected"])
          const audit = yield* world.ask("GET", "/v1/audit?limit=100", { as: "admin" })
          expect(audit.text).toContain('"operator"')
          for (const { text } of [foreign, wrong, taken, byMember, audit])
            for (const { refreshToken } of [body, own]) expect(text).not.toContain(refreshToken)
        })
      )
  )

  it.live("see what is waited for, assign a suggestion, and take it back; the tenant sees it in between only", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { connectionId } = yield* walmartAccount(world)
        yield* world.ask("PUT", `/v1/connections/${connectionId}/expectation`, {
          as: "admin",
          body: { advertiser: "Lakeside Garden" }
        })
        const headers = yield* asOperator(world)
        const script = Context.get(world.context, ProviderScript.ProviderScript)
        yield* script.partners("WALMART-US", [
          advertiser("1", { name: "Lakeside Garden Inc" }),
          advertiser("2", { name: "Elsewhere" })
        ])
        const look = yield* world.ask("POST", "/v1/operator/look", { headers, body: { region: "WALMART-US" } })
        expect(look.json).toEqual({ advertisers: 2 })
        const awaited = () => world.ask("GET", "/v1/operator/awaited", { headers })
        yield* Effect.scoped(
          Effect.andThen(working(world), until(Effect.map(awaited(), ({ json }) => items(json).length === 1)))
        )
        const [waiting = {}] = items((yield* awaited()).json)
        expect([waiting["organizationId"], waiting["isOverdue"], text(waiting, "mayBe", 0, "profile", "name")]).toEqual(
          [home, false, "Lakeside Garden Inc"]
        )
        const id = text(waiting, "mayBe", 0, "id")
        const assign = (organizationId: string) =>
          world.ask("POST", `/v1/operator/advertisers/${id}/assign`, { headers, body: { organizationId } })
        const found = yield* world.ask("GET", "/v1/operator/organizations?search=organization%201", { headers })
        expect(items(found.json).map((one) => one["id"])).toEqual([home])
        expect((yield* assign(fixed("org", 404))).status).toBe(404)
        expect(text((yield* assign(home)).json, "assignment", "organizationName")).toBe("Organization 1")
        expect((yield* assign(fixed("org", 2))).json["type"]).toBe("/problems/profile-held")
        const sees = Effect.map(availableTo(world, connectionId), ({ json }) => items(json).length)
        yield* Effect.scoped(Effect.andThen(working(world), until(Effect.map(sees, (count) => count === 1))))
        const back = yield* world.ask("POST", `/v1/operator/advertisers/${id}/unassign`, { headers })
        expect(back.json["assignment"]).toBeUndefined()
        yield* Effect.scoped(Effect.andThen(working(world), until(Effect.map(sees, (count) => count === 0))))
        const free = yield* world.ask("GET", "/v1/operator/advertisers?assigned=false&region=WALMART-US&state=listed", {
          headers
        })
        expect(
          items(free.json)
            .map((one) => text(one, "profile", "key", "externalId"))
            .toSorted()
        ).toEqual(["1", "2"])
        expect((yield* world.ask("GET", `/v1/operator/advertisers/${id}`, { headers })).status).toBe(200)
      })
    )
  )

  it.live("hear what is in the way of a look", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const headers = yield* asOperator(world)
        const script = Context.get(world.context, ProviderScript.ProviderScript)
        yield* script.fail("advertisers", new Failure.Temporary({ detail: "503", throttled: false }))
        const busy = yield* world.ask("POST", "/v1/operator/look", { headers, body: { region: "WALMART-US" } })
        expect([busy.status, busy.json["type"]]).toEqual([503, "/problems/provider-unavailable"])
        expect((yield* world.ask("POST", "/v1/operator/look", { headers, body: { region: "MARS" } })).status).toBe(400)
      })
    )
  )
})
