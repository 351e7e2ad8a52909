/** Signing in, forms with what is typed into them, and text that must stay text. */
import type { Company } from "@portolan/domain"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { html } from "../src/page/html.ts"
import { localPath } from "../src/page/http.ts"
import { fresh, location, usAds } from "./support/asking.ts"
import * as World from "./support/World.ts"

let world: World.World
let nordwind: Company.Present
beforeAll(async () => {
  world = await World.make()
  nordwind = await world.company("Nordwind Outdoor GmbH", "Nordwind")
})
afterAll(() => world.close())

describe("signing in", () => {
  it("keeps the e-mail, never the password, and says nothing about which was wrong", async () => {
    const response = await world.ask("/sign-in", {
      form: { email: "ada@example.com", password: "wrong-secret", return: "/pending" }
    })
    const text = await response.text()
    expect(response.status).toBe(422)
    expect(text).toContain("E-mail or password is wrong.")
    expect(text).toContain('value="ada@example.com"')
    expect(text).not.toContain("wrong-secret")
    const none = await world.ask("/sign-in", { form: { email: "", password: "" } })
    expect(await none.text()).toContain("Enter your e-mail address.")
  })

  it("sets the session and goes where the person wanted, but never elsewhere", async () => {
    const go = (target: string) =>
      world.ask("/sign-in", { form: { email: "ada@example.com", password: World.password, return: target } })
    const good = await go("/pending?x=1")
    expect(location(good)).toBe("/pending?x=1")
    expect(good.headers.getSetCookie().join()).toContain("HttpOnly")
    for (const target of [
      "//evil.example",
      "https://evil.example/",
      "/\\evil.example",
      "/\t/evil.example",
      "/x/..//evil.example",
      "/sign-out",
      "javascript:alert(1)",
      ""
    ]) {
      expect(location(await go(target)), target).toBe("/companies")
    }
  })

  it("any text as return path leads to this console", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `/${text}`),
          fc.stringMatching(/^(https?:|\/|\\|\t)[/\\]{0,3}[a-z.@:]{1,12}(\/.*)?$/)
        ),
        (text) => {
          const path = localPath(text)
          expect(new URL(path, "http://here.test").origin).toBe("http://here.test")
          expect(path.startsWith("/")).toBe(true)
          expect(path.startsWith("//")).toBe(false)
        }
      )
    )
  })

  it("tells somebody who tried too often how long to wait", () =>
    fresh(async (own) => {
      for (let n = 0; n < 10; n++) await own.ask("/sign-in", { form: { email: "mia@example.com", password: "no" } })
      const response = await own.ask("/sign-in", { form: { email: "mia@example.com", password: World.password } })
      expect(response.status).toBe(429)
      expect(response.headers.get("retry-after")).toBe("60")
      expect(await response.text()).toContain("Too many attempts")
    }))

  it("ends the session", () =>
    fresh(async (own) => {
      await own.ask("/sign-out", { as: "ada", form: {} })
      expect((await own.ask("/companies", { as: "ada" })).status).toBe(303)
    }))
})

describe("forms", () => {
  it("refuses a form of another site, and takes one of its own", async () => {
    const send = (headers: { readonly [name: string]: string }) =>
      world.ask("/companies", { as: "ada", form: { name: "", brand: "" }, headers })
    expect((await send({ "sec-fetch-site": "cross-site" })).status).toBe(403)
    expect((await send({ "sec-fetch-site": "same-site" })).status).toBe(403)
    expect((await send({ origin: "https://evil.example" })).status).toBe(403)
    expect((await send({ origin: "null" })).status).toBe(403)
    expect((await send({ "sec-fetch-site": "same-origin", origin: "null" })).status).toBe(422)
    expect((await send({})).status).toBe(422)
  })

  it("shows what is wrong at the field and keeps what was typed", async () => {
    const response = await world.ask("/companies", { as: "ada", form: { name: "Kept & <b>", brand: "x".repeat(130) } })
    const text = await response.text()
    expect(response.status).toBe(422)
    expect(text).toContain('value="Kept &amp; &lt;b&gt;"')
    expect(text).toContain("at most 120 characters; this one has 130")
    const hidden = await world.ask("/companies", { as: "ada", form: { name: "abc\u202edef", brand: "fine" } })
    expect(await hidden.text()).toContain("direction-changing characters")
    const account = await world.ask(`/companies/${nordwind.id}/accounts`, {
      as: "ada",
      form: { name: "Kept", marketplace: "SP", type: "seller" }
    })
    const shown = await account.text()
    expect(account.status).toBe(422)
    expect(shown).toContain('value="Kept"')
    expect(shown).toContain("Choose a marketplace from the list.")
    expect(shown).toContain("Choose at least one brand.")
  })

  it("says at the account type that it does not fit the marketplace", async () => {
    const response = await world.ask(`/companies/${nordwind.id}/accounts`, {
      as: "ada",
      form: {
        name: "Mixed",
        marketplace: World.market("US"),
        type: "walmart-1p",
        brands: nordwind.brands[0].id,
        default: nordwind.brands[0].id
      }
    })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain("Walmart 1P (supplier) is not an account type of Amazon.")
  })

  it("answers a huge form kindly, whether it says its size or not", async () => {
    const response = await world.ask("/companies", { as: "ada", form: { name: "x".repeat(2_000_000), brand: "y" } })
    expect([400, 413]).toContain(response.status)
    expect(await response.text()).toContain("64 KB")
    expect(
      (
        await world.ask("/companies", {
          as: "ada",
          method: "POST",
          headers: { origin: World.origin, "content-type": "text/plain" }
        })
      ).status
    ).toBe(400)
  })

  it("creates once, however often the same form is sent, and warns of the same name", () =>
    fresh(async (own) => {
      const form = { name: "Twice Ltd", brand: "Twice", key: "k".repeat(20) }
      const [one, other] = await Promise.all([
        own.ask("/companies", { as: "ada", form }),
        own.ask("/companies", { as: "ada", form })
      ])
      expect(location(one)).toBe(location(other))
      const again = await own.ask("/companies", { as: "ada", form: { ...form, key: "l".repeat(20) } })
      expect(await own.html(location(again))).toContain("another one with this name")
    }))

  it("adds a brand, and refuses the same one at the field", () =>
    fresh(async (own) => {
      const company = await own.company("Solo")
      const path = `/companies/${company.id}/brands`
      expect((await own.ask(path, { as: "ada", form: { brand: "Second" } })).status).toBe(303)
      const again = await own.ask(path, { as: "ada", form: { brand: "second " } })
      expect(again.status).toBe(409)
      expect(await again.text()).toContain("already has a brand with this name")
    }))
})

describe("escaping", () => {
  it("no text gets out as markup", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom("<", ">", '"', "'", "&"),
        fc.string(),
        (one, sharp, other) => {
          const text = `${one}${sharp}${other}`
          const shown = html`<p title="${text}">${text}</p>`.toString()
          expect(
            shown
              .replace(/^<p title="/, "")
              .replace(/<\/p>$/, "")
              .replace('">', "")
          ).not.toMatch(/[<>"']/)
        }
      )
    )
  })

  it("hostile names are shown as text on every page that shows them", () =>
    fresh(async (own) => {
      const nasty = `"><script>alert(1)</script><img src=x onerror='a'>`
      const company = await own.company(nasty, `B ${nasty}`)
      const account = await own.account(company, nasty)
      const authorization = await own.consent(account, "amazon-ads", [{ ...usAds(nasty), countryCode: "<i>" }])
      const { path } = await own.link(await own.connectionOf(account, "amazon-sp"))
      const all = [
        "/companies",
        `/companies?search=${encodeURIComponent(nasty)}`,
        `/companies/${company.id}?done=company-added`,
        `/companies/${company.id}/accounts/new`,
        `/accounts/${account.id}`,
        "/pending",
        `/pending/${authorization.authorizationId}`,
        "/connections",
        `/connections/${authorization.connectionId}`,
        path
      ]
      for (const one of all) {
        const text = await own.html(one)
        expect(text, one).toContain("&lt;script&gt;")
        expect(text, one).not.toMatch(/<script>|<img|<i>/)
      }
    }))
})
