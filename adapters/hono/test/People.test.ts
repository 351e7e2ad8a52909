import { describe, expect, it } from "@effect/vitest"
import { type Id } from "@portolan/domain"
import { type KeptMails, kept } from "./support/mails.ts"
import { Effect } from "effect"
import { at, items, makeWorld, origin, text, type World, working } from "./support/world.ts"
import { until } from "./support/fixture.ts"

const password = "a long enough password"

/** The token of the youngest mail to an address. */
const token = Effect.fnUntraced(function* (world: World, to: string, path: string, of?: Id.OrganizationId) {
  let found: string | undefined
  const look = Effect.map(kept(world, of), (mails: KeptMails) => {
    const mail = mails.find((one) => one.to.email === to && one.emailMessage.text.includes(path))
    found = new RegExp(`${path}([A-Za-z0-9_-]{20,})`).exec(mail?.emailMessage.text ?? "")?.[1]
    return found !== undefined
  })
  yield* until(look)
  return found ?? ""
})

/** Signs somebody up over the API and gives the headers of their browser. */
const signedUp = Effect.fnUntraced(function* (world: World, name: string) {
  const email = `${name.toLowerCase()}@example.com`
  const up = yield* world.ask("POST", "/v1/sign-ups", { body: { name, email, password } })
  expect(up.status).toBe(204)
  const verified = yield* world.ask("POST", "/v1/sign-ups/verify", {
    body: { token: yield* token(world, email, "/verify/") }
  })
  expect([verified.status, verified.json["email"]]).toEqual([200, email])
  return { cookie: verified.headers.get("set-cookie")?.split(";")[0] ?? "", origin }
})

const organizationId = (body: { readonly [field: string]: unknown }) => String(body["id"]) as Id.OrganizationId

describe("people and organizations over HTTP", () => {
  it.live(
    "sign up, create an organization, invite, join, work with what was given, and be out when removed",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const world = yield* makeWorld()
          yield* working(world)
          const ada = yield* signedUp(world, "Ada")
          expect((yield* world.ask("GET", "/v1/me", { headers: ada })).json["type"]).toBe("/problems/no-organization")
          const founded = yield* world.ask("POST", "/v1/organizations", {
            headers: { ...ada, "idempotency-key": "k" },
            body: { name: "Blue Harbor" }
          })
          expect(founded.status).toBe(201)
          const again = yield* world.ask("POST", "/v1/organizations", {
            headers: { ...ada, "idempotency-key": "k" },
            body: { name: "Blue Harbor" }
          })
          expect(again.json["id"]).toBe(founded.json["id"])
          expect((yield* world.ask("GET", "/v1/me", { headers: ada })).json["role"]).toBe("owner")

          const invited = yield* world.ask("POST", "/v1/members", {
            headers: ada,
            body: { email: "Mia@Example.com", role: "admin" }
          })
          expect([invited.status, invited.json["status"]]).toEqual([201, "invited"])
          const twice = yield* world.ask("POST", "/v1/members", {
            headers: ada,
            body: { email: "mia@example.com", role: "viewer" }
          })
          expect(twice.json["type"]).toBe("/problems/already-exists")
          const join = { token: yield* token(world, "mia@example.com", "/join/", organizationId(founded.json)) }
          const seen = yield* world.ask("POST", "/v1/invitations-to-join/look", { body: join })
          expect([at(seen.json, "organization", "name"), seen.json["inviter"]]).toEqual(["Blue Harbor", "Ada"])

          const eve = yield* signedUp(world, "Eve")
          const wrong = yield* world.ask("POST", "/v1/invitations-to-join/accept", { headers: eve, body: join })
          expect([wrong.status, wrong.json["type"]]).toEqual([403, "/problems/wrong-person"])
          const mia = yield* signedUp(world, "Mia")
          expect(
            (yield* world.ask("POST", "/v1/invitations-to-join/accept", { headers: mia, body: join })).json["name"]
          ).toBe("Blue Harbor")
          expect((yield* world.ask("POST", "/v1/invitations-to-join/look", { body: join })).status).toBe(404)

          const key = yield* world.ask("POST", "/v1/api-keys", {
            headers: mia,
            body: { name: "Export", scopes: ["read"] }
          })
          const bearer = { authorization: `Bearer ${text(key.json, "secret")}` }
          expect((yield* world.ask("GET", "/v1/companies", { headers: bearer })).status).toBe(200)
          const own = `/v1/organizations/${organizationId(founded.json)}`
          expect((yield* world.ask("DELETE", "/v1/organization", { headers: mia })).status).toBe(403)
          expect((yield* world.ask("DELETE", "/v1/organization", { headers: bearer })).status).toBe(403)
          const effects = yield* world.ask("GET", "/v1/organization/closing/effects", { headers: ada })
          const { id } = (yield* world.ask("GET", "/v1/organization", { headers: ada })).json as { readonly id: string }
          const path = `/v1/organizations/${id}`
          expect((yield* world.ask("GET", `${path}/closing/effects`, { headers: ada })).text).toBe(effects.text)
          expect((yield* world.ask("DELETE", path, { headers: mia })).status).toBe(403)
          expect((yield* world.ask("DELETE", path, { headers: bearer })).status).toBe(401)
          expect(effects.text).toContain("Its API key is refused.")
          const closed = yield* world.ask("DELETE", path, { headers: ada })
          expect([closed.status, typeof at(closed.json, "closing", "dueAt")]).toEqual([200, "string"])
          for (const headers of [ada, mia, bearer]) {
            const refused = yield* world.ask("GET", "/v1/companies", { headers })
            expect([refused.status, refused.json["type"]]).toEqual([403, "/problems/organization-closed"])
            expect(refused.text).toContain("Its owner can reopen it until")
          }
          expect((yield* world.ask("GET", "/v1/organizations", { headers: ada })).text).toContain("closing")
          expect((yield* world.ask("POST", `${own}/reopen`, { headers: mia })).status).toBe(403)
          expect((yield* world.ask("POST", `${own}/reopen`, { headers: eve })).status).toBe(404)
          expect((yield* world.ask("POST", `${own}/reopen`, { headers: ada })).status).toBe(200)
          expect((yield* world.ask("GET", "/v1/companies", { headers: bearer })).status).toBe(200)
          const leave = yield* world.ask("POST", "/v1/organization/leave", { headers: ada })
          expect(leave.json["type"]).toBe("/problems/contradiction")
          const memberId = text(invited.json, "id")
          expect((yield* world.ask("POST", `/v1/members/${memberId}/remove`, { headers: ada })).json["status"]).toBe(
            "gone"
          )
          expect((yield* world.ask("GET", "/v1/companies", { headers: bearer })).status).toBe(401)
          expect((yield* world.ask("GET", "/v1/companies", { headers: mia })).json["type"]).toBe(
            "/problems/no-organization"
          )
        })
      ),
    30_000
  )

  it.live("an address that is known and one that is not are answered alike, and a used link is not valid", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const up = (name: string) =>
          world.ask("POST", "/v1/sign-ups", { body: { name, email: "ada@example.com", password } })
        const [first, second] = [yield* up("Ada"), yield* up("Eve")]
        expect([first.status, second.status, second.text]).toEqual([204, 204, first.text])
        const forgotten = (email: string) => world.ask("POST", "/v1/passwords/forgotten", { body: { email } })
        expect([(yield* forgotten("ada@example.com")).status, (yield* forgotten("nobody@example.com")).status]).toEqual(
          [204, 204]
        )
        const mailed = { token: yield* token(world, "ada@example.com", "/verify/") }
        expect((yield* world.ask("POST", "/v1/sign-ups/verify", { body: mailed })).status).toBe(200)
        expect((yield* world.ask("POST", "/v1/sign-ups/verify", { body: mailed })).json["type"]).toBe(
          "/problems/token-invalid"
        )
        const short = yield* world.ask("POST", "/v1/sign-ups", {
          body: { name: "Bo", email: "bo@example.com", password: "short" }
        })
        expect(short.json["type"]).toBe("/problems/password-unacceptable")
      })
    )
  )

  it.live("a session that other sites send changes nothing, and a key is nobody where a person is meant", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const cookie = yield* world.signIn("owner")
        const foreign = { cookie, "sec-fetch-site": "cross-site" }
        const create = yield* world.ask("POST", "/v1/organizations", { headers: foreign, body: { name: "Evil" } })
        expect(create.json["type"]).toBe("/problems/cross-site")
        expect((yield* world.ask("POST", "/v1/organizations", { as: "owner", body: { name: "Mine" } })).status).toBe(
          401
        )
        const own = yield* world.ask("GET", "/v1/organizations", { headers: { cookie } })
        expect(items(own.json).map((one) => at(one, "organization", "name"))).toEqual(["Organization 1"])
      })
    )
  )

  it.live("each person chooses for themselves when news comes by mail; what must be told is never switched off", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const path = "/v1/me/mail-preferences"
        const viewer = { cookie: yield* world.signIn("viewer"), origin }
        const owner = { cookie: yield* world.signIn("owner"), origin }
        const atOnce = { problems: "at-once", requests: "at-once", progress: "at-once" }
        expect((yield* world.ask("GET", path, { headers: viewer })).json).toEqual(atOnce)
        const chosen = { problems: "daily", requests: "at-once", progress: "never" }
        expect((yield* world.ask("PUT", path, { headers: viewer, body: chosen })).json).toEqual(chosen)
        expect((yield* world.ask("GET", path, { headers: viewer })).json).toEqual(chosen)
        expect((yield* world.ask("GET", path, { headers: owner })).json).toEqual(atOnce)
        const off = { ...chosen, problems: "never" }
        expect((yield* world.ask("PUT", path, { headers: viewer, body: off })).status).toBe(400)
        expect((yield* world.ask("PUT", path, { as: "admin", body: chosen })).status).toBe(403)
      })
    )
  )

  it.live("the ownership is handed over by the owner in person, or by an operator; nobody else is asked", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const owner = { cookie: yield* world.signIn("owner"), origin }
        const people = yield* world.ask("GET", "/v1/members", { headers: owner })
        const viewer = items(people.json).find((one) => one["email"] === "person4@example.com")
        const body = { memberId: text(viewer ?? {}, "id") }
        expect((yield* world.ask("PUT", "/v1/organization/owner/offer", { as: "owner", body })).status).toBe(403)
        expect((yield* world.ask("PUT", "/v1/organization/owner/offer", { as: "admin", body })).status).toBe(403)
        const id = text((yield* world.ask("GET", "/v1/organization", { headers: owner })).json, "id")
        const operating = yield* world.ask("PUT", `/v1/operator/organizations/${id}/owner`, { headers: owner, body })
        expect(operating.json["type"]).toBe("/problems/not-permitted")
        const handed = yield* world.ask("PUT", "/v1/organization/owner/offer", { headers: owner, body })
        expect([at(handed.json, "owner", "name"), at(handed.json, "offer", "name")]).toEqual(["Person 1", "Person 4"])
        const heir = { cookie: yield* world.signIn("viewer"), origin }
        expect((yield* world.ask("DELETE", "/v1/organization/owner/offer", { headers: heir })).status).toBe(403)
        const off = yield* world.ask("DELETE", "/v1/organization/owner/offer", { headers: owner })
        expect([off.status, off.json["offer"]]).toEqual([200, undefined])
        const late = yield* world.ask("POST", "/v1/organization/owner/offer/accept", { headers: heir })
        expect(text(late.json, "type")).toBe("/problems/expired")
        yield* world.ask("PUT", "/v1/organization/owner/offer", { headers: owner, body })
        const own = yield* world.ask("POST", "/v1/organization/owner/offer/accept", { headers: heir })
        expect(at(own.json, "owner", "name")).toBe("Person 4")
        expect((yield* world.ask("GET", "/v1/me", { headers: owner })).json["role"]).toBe("admin")
      })
    )
  )
})
