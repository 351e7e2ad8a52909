/**
 * Requests to connect over HTTP: what is previewed is sent, once; what cannot be sent is told field by field (flow F5).
 */
import { describe, expect, it } from "@effect/vitest"
import { Id, Refused } from "@portolan/domain"
import { Mailer } from "@portolan/ports"
import { Context, DateTime, Effect } from "effect"
import { problems } from "../src/index.ts"
import { requestFor, until } from "./support/fixture.ts"
import { account, adsKey, at, connected, fixed, items, makeWorld, text, working, type World } from "./support/world.ts"

const mails = ({ context }: World) =>
  Effect.map(
    Effect.orDie(Context.get(context, Mailer.Mailer).kept(fixed("org", 1) as Id.OrganizationId, { limit: 100 })),
    (page) => page.items
  )

describe("a limit that ends by itself", () => {
  it("says in seconds when it does, as clients expect it", () => {
    const refusal = new Refused.Refused({
      subject: "MailQuota",
      command: "Send",
      reason: "too-many",
      detail: "Enough for today.",
      nextStep: "Try again later.",
      retryAt: DateTime.makeUnsafe(Date.now() + 90_000)
    })
    const waits = Number(problems.response(refusal, "/v1/requests").headers.get("retry-after"))
    expect(waits).toBeGreaterThan(60)
    expect(waits).toBeLessThanOrEqual(90)
  })
})

describe("/v1/requests", () => {
  it.live("sends both sides exactly what the preview showed, however often it is sent", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads } = yield* account(world)
        const preview = yield* world.ask("POST", "/v1/requests/preview", { as: "member", body: requestFor(ads) })
        const body = { ...requestFor(ads), reference: text(preview.json, "reference") }
        const sent = yield* world.ask("POST", "/v1/requests", { as: "member", body })
        const again = yield* world.ask("POST", "/v1/requests", { as: "member", body })
        expect([sent.status, again.status, text(sent.json, "id"), text(again.json, "id")]).toEqual([
          201,
          201,
          text(preview.json, "id"),
          text(preview.json, "id")
        ])
        yield* working(world)
        yield* until(Effect.map(mails(world), (all) => all.length >= 2))
        const all = yield* mails(world)
        expect(all.map(({ to }) => to.email).toSorted()).toEqual(["bea@example.com", "olive@example.com"])
        for (const { emailMessage } of all) expect(emailMessage).toEqual(at(preview.json, "emailMessage"))
        expect(sent.json).toMatchObject({
          state: "open",
          mails: 1,
          companyName: "Harbour Goods",
          accountName: "Harbour US"
        })
        const changed = yield* world.ask("POST", "/v1/requests/preview", { as: "member", body: requestFor(ads) })
        const other = yield* world.ask("POST", "/v1/requests", {
          as: "member",
          body: { ...requestFor(ads), message: "Something else.", reference: text(changed.json, "reference") }
        })
        expect([other.status, text(other.json, "detail")]).toEqual([
          422,
          "The mail would read differently from what was shown in the preview."
        ])
      })
    )
  )

  it.live("says field by field what is wrong with hostile names and addresses, and keeps nothing", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads } = yield* account(world)
        for (const owner of [
          { name: "Dana\r\nBcc: victim@example.com", email: "a@example.com" },
          { name: "x".repeat(5000), email: "a@example.com" },
          { name: "Dana", email: "a@example.com\r\nBcc: v@example.com" },
          { name: "Dana", email: "nobody" }
        ]) {
          const got = yield* world.ask("POST", "/v1/requests", { as: "admin", body: { ...requestFor(ads), owner } })
          expect([got.status, text(got.json, "type")]).toEqual([400, "/problems/invalid-input"])
          expect(text(got.json, "errors", 0, "pointer")).toMatch(/^\/owner\/(name|email)$/)
        }
        const large = yield* world.ask("POST", "/v1/requests", {
          as: "admin",
          body: { ...requestFor(ads), owner: { name: "x".repeat(2_000_000), email: "a@example.com" } }
        })
        expect(large.status).toBe(413)
        expect(items((yield* world.ask("GET", "/v1/requests", { as: "viewer" })).json)).toHaveLength(0)
      })
    )
  )

  it.live("mails again at most five times, then withdraws; a link that is no request is not found among requests", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const { ads, sp } = yield* account(world)
        const sent = yield* world.ask("POST", "/v1/requests", { as: "admin", body: requestFor(ads) })
        const path = `/v1/requests/${text(sent.json, "id")}`
        for (let mail = 2; mail <= 5; mail++) {
          expect((yield* world.ask("POST", `${path}/mail-again`, { as: "member" })).json["mails"]).toBe(mail)
          // The same in the same millisecond counts as a repeat.
          yield* Effect.sleep("2 millis")
        }
        expect(text((yield* world.ask("POST", `${path}/mail-again`, { as: "member" })).json, "type")).toBe(
          "/problems/too-many"
        )
        expect((yield* world.ask("POST", `${path}/revoke`, { as: "member" })).json["state"]).toBe("revoked")
        expect(text((yield* world.ask("POST", `${path}/mail-again`, { as: "member" })).json, "type")).toBe(
          "/problems/revoked"
        )
        const link = yield* world.ask("POST", `/v1/connections/${sp}/auth-links`, { as: "admin" })
        expect((yield* world.ask("GET", `/v1/requests/${text(link.json, "id")}`, { as: "admin" })).status).toBe(404)
        expect((yield* world.ask("POST", `/v1/requests/${text(link.json, "id")}/revoke`, { as: "admin" })).status).toBe(
          404
        )
        expect(items((yield* world.ask("GET", "/v1/requests?state=revoked", { as: "viewer" })).json)).toHaveLength(1)
        expect(items((yield* world.ask("GET", "/v1/requests?state=open", { as: "viewer" })).json)).toHaveLength(0)
      })
    )
  )
})

describe("/v1/renewal-campaigns", () => {
  it.live("asks each owner once for all that ends soon", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const one = yield* account(world, "admin", "One")
        const two = yield* account(world, "admin", "Two")
        const inDays = (days: number) => Effect.map(DateTime.now, (now) => DateTime.add(now, { days }))
        yield* connected(world, one.ads, adsKey("1"), "admin", yield* inDays(20))
        yield* connected(world, two.ads, adsKey("2"), "admin", yield* inDays(40))
        const listed = (days: number) =>
          Effect.map(
            world.ask("GET", `/v1/renewal-campaigns/connections?withinDays=${days}`, { as: "viewer" }),
            ({ json }) => items(json).map(({ connectionId }) => connectionId)
          )
        expect(yield* listed(30)).toEqual([one.ads])
        expect(yield* listed(60)).toEqual([one.ads, two.ads])
        const { owner, requester } = requestFor(one.ads)
        const body = {
          items: [
            { connectionId: one.ads, owner },
            { connectionId: two.ads, owner }
          ],
          requester
        }
        const preview = yield* world.ask("POST", "/v1/renewal-campaigns/preview", { as: "admin", body })
        expect(at(preview.json, "mails")).toHaveLength(1)
        const sent = yield* world.ask("POST", "/v1/renewal-campaigns", {
          as: "admin",
          body: { ...body, reference: text(preview.json, "reference") }
        })
        expect([sent.status, items(sent.json).length]).toEqual([201, 2])
        yield* working(world)
        yield* until(Effect.map(mails(world), (all) => all.some(({ to }) => to.email === owner.email)))
        const [mail, ...more] = (yield* mails(world)).filter(({ to }) => to.email === owner.email)
        expect(more).toHaveLength(0)
        expect(mail?.emailMessage).toEqual(at(preview.json, "mails", 0, "emailMessage"))
      })
    )
  )
})
