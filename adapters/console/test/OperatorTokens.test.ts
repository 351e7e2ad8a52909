/** An operator takes in a refresh token for an organization: forged, mistyped, foreign, twice, and right. */
import { Failure, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Grants, ProviderApi } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import { fresh, location } from "./support/asking.ts"
import { sellerAccount } from "./support/walmart.ts"
import * as World from "./support/World.ts"

const formOf = (organization: string) => `/operator/organizations/${organization}/consents/new`
const at = formOf(World.home)

const seller = (id: string, country = "US"): Profile.Candidate =>
  World.profile("amazon-sp", country, id, { name: "Harbor & Pine" })

/** A token that the provider gave elsewhere. */
const tokenOf = (own: World.World, grantor: string, candidates = [seller(grantor)]): Promise<string> =>
  own.run(
    Effect.gen(function* () {
      const of = { channel: "amazon-sp", region: "NA", grantor } as const
      yield* (yield* ProviderScript.ProviderScript).consents(`elsewhere-${grantor}`, { ...of, candidates })
      const code = Redacted.make(`elsewhere-${grantor}`)
      const codeVerifier = Redacted.make("of another system")
      const redirectUri = "https://elsewhere.example/"
      const { exchange } = yield* ProviderApi.ProviderApi
      return Redacted.value((yield* exchange({ ...of, code, redirectUri, codeVerifier })).refreshToken)
    })
  )

const consentsOf = (own: World.World, who: World.Who) =>
  own.run(Effect.flatMap(Grants.Grants, ({ list }) => list(World.caller(who), { states: ["Active"] }, { limit: 100 })))

const accounts = async (own: World.World) => {
  const company = await own.company("Harbor")
  const connection = await own.connectionOf(await own.account(company, "Harbor US"), "amazon-sp")
  const walmart = await sellerAccount(own, company, "Harbor Walmart")
  const rivals = await own.account(await own.company("Rivals", "Rivals", "rex"), "Rival US", "US", "seller", "rex")
  return { connection, walmart: walmart.connectionId, theirs: await own.connectionOf(rivals, "amazon-sp", "rex") }
}

describe("the form for a refresh token", () => {
  it("keeps out whoever is no operator, other sites, other organizations, and what is mistyped", () =>
    fresh(async (own) => {
      const { connection, theirs, walmart } = await accounts(own)
      const refreshToken = await tokenOf(own, "A1")
      const good = { connection, refreshToken, grantor: "A1" }
      const send = async (form: World.Asking["form"], status: number, more: World.Asking = { as: "opal" }, to = at) => {
        const answer = await own.ask(to, { ...more, form: { ...form } })
        const text = await answer.text()
        expect([answer.status, text.includes(refreshToken), location(answer).includes(refreshToken)]).toEqual([
          status,
          false,
          false
        ])
        return text
      }
      for (const as of ["ada", "rex", "vic"] as const) {
        expect((await own.ask(at, { as })).status).toBe(403)
        await send(good, 403, { as })
      }
      await send(good, 403, {})
      await send(good, 403, { as: "opal", headers: { origin: "https://evil.example" } })

      const page = await own.html(at, { as: "opal" })
      expect(page).toContain(`value="${connection}"`)
      for (const no of [theirs, walmart]) expect(page).not.toContain(no)
      expect(page).toMatch(/name="refreshToken" type="password" value="" required\s+autocomplete="off"/)
      expect(await own.html(`${at}?search=Harb`, { as: "opal" })).toContain(connection)
      expect(await own.html(`${at}?search=${encodeURIComponent("<b>zzz")}`, { as: "opal" })).toContain("&lt;b&gt;zzz")

      // What is forged: a connection of others, a channel without consents, an organization that is another, or none.
      expect(await send({ ...good, connection: theirs }, 409)).toContain("Choose a connection from the list.")
      await send({ ...good, connection: walmart }, 409)
      await send(good, 409, { as: "opal" }, formOf(World.away))
      await send(good, 404, { as: "opal" }, formOf(`org_${"0".repeat(25)}9`))
      await send({ ...good, connection: "con_' OR 1=1 --" }, 422)

      const wrong = await send({ ...good, grantor: '"><script>alert(1)</script>', expires: "2020-01-01" }, 422)
      expect(wrong).toContain('id="field-grantor-error"')
      expect(wrong).toContain('id="field-expires-error"')
      expect(wrong).not.toContain("<script>alert")
      expect(wrong).toMatch(new RegExp(`value="${connection}" selected`))
      for (const [token, words] of [
        ["  ", "Paste the refresh token."],
        [`${refreshToken} ${refreshToken}`, "spaces or line breaks"],
        [`${refreshToken}${"x".repeat(4096)}`, "longer than 4,096"]
      ] as const)
        expect(await send({ ...good, refreshToken: token }, 422)).toContain(words)
      const nonsense = await own.ask(at, { as: "opal", form: { ...good, refreshToken: "Atzr|nonsense" } })
      expect(nonsense.status).toBe(409)
      const said = await nonsense.text()
      expect(said).toContain("The provider refuses this token")
      expect(said).not.toContain("nonsense")
      expect(await send({ ...good, grantor: "A2" }, 409)).toContain('id="field-grantor-error"')
      await own.run(
        Effect.flatMap(ProviderScript.ProviderScript, (script) =>
          script.fail("refresh", new Failure.Temporary({ detail: "away", throttled: false }), 2)
        )
      )
      expect(await send(good, 503)).toContain('name="refreshToken"')
      expect((await consentsOf(own, "ada")).items).toEqual([])
      expect((await consentsOf(own, "rex")).items).toEqual([])
    }))

  it("takes it in once, however often it is sent, and says what the provider said", () =>
    fresh(async (own) => {
      const { connection } = await accounts(own)
      const refreshToken = await tokenOf(own, "A1")
      const form = { connection, refreshToken: ` ${refreshToken}\n`, grantor: "A1", expires: "2099-12-31" }
      const both = await Promise.all([own.ask(at, { as: "opal", form }), own.ask(at, { as: "opal", form })])
      const targets = both.map((one) => location(one))
      expect(both.map(({ status }) => status)).toEqual([303, 303])
      const { items } = await consentsOf(own, "ada")
      expect(items).toHaveLength(1)
      const consent = `/operator/organizations/${World.home}/consents/${items[0]?.grant.id}`
      expect(targets.map((target) => target.split("?")[0])).toEqual([consent, consent])
      expect(targets).toContain(`${consent}?done=taken-in`)
      expect(location(await own.ask(at, { as: "opal", form }))).toBe(`${consent}?done=taken-before`)
      const page = await own.html(`${consent}?done=taken-in`, { as: "opal" })
      for (const words of [
        "The token works",
        "The provider listed",
        "Harbor &amp; Pine",
        "Amazon United States",
        "Proven"
      ])
        expect(page).toContain(words)
      expect(await own.html("/consents")).toContain("A1")
      const history = (await own.html("/audit")) + (await own.html(`/connections/${connection}`))
      expect(history).toContain("Opal Keys")
      expect(history + page).not.toContain(refreshToken)

      // What does not fit the account is left to a member of the organization.
      const canada = await own.account(await own.company("Other"), "Other US")
      const elsewhere = await tokenOf(own, "A9", [seller("A9", "CA")])
      const waits = await own.ask(at, {
        as: "opal",
        form: { connection: await own.connectionOf(canada, "amazon-sp"), refreshToken: elsewhere, grantor: "A9" }
      })
      expect(location(waits)).toContain("?done=taken-waiting")
      expect(await own.html(location(waits), { as: "opal" })).toContain("still chooses, under Pending")
      expect(await own.html("/pending")).toContain("Other US")
    }))
})
