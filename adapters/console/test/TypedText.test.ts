/** Typed text survives: a session that ends in the middle of a form, a refusal, and the back button. */
import { Access, type Text } from "@portolan/domain"
import { Members, Secrets } from "@portolan/ports"
import { Duration, Effect, Redacted } from "effect"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { fill, hasFields } from "../src/page/formMarkup.ts"
import { html } from "../src/page/html.ts"
import { fresh, location, usAds } from "./support/asking.ts"
import { pages } from "./support/pages.ts"
import { seed } from "./support/seed.ts"
import * as World from "./support/World.ts"

const typed = 'Größe & "Söhne" <b>, 東京'
const escaped = html`${typed}`.toString()

const sealedIn = (page: string): string => / name="typed" value="([^"]+)"/.exec(page)?.[1] ?? ""
const whoCookie = (response: Response): string =>
  response.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith("portolan_who="))
    ?.split(";")[0] ?? ""

/** The forms of a page that are sent by POST: what they hold, and the fields that somebody types into. */
const formsOf = (page: string) =>
  [...page.matchAll(/<form method="post"\s+action="([^"]+)"[^>]*>([^]*?)<\/form>/g)].map(
    ([, action = "", inside = ""]) => {
      const tags = [...inside.matchAll(/<(input|textarea)\b([^>]*)>/g)].map(([, tag = "", attributes = ""]) => ({
        tag,
        name: /\sname="([^"]*)"/.exec(attributes)?.[1] ?? "",
        type: /\stype="([^"]*)"/.exec(attributes)?.[1] ?? "text",
        value: /\svalue="([^"]*)"/.exec(attributes)?.[1] ?? ""
      }))
      return {
        action,
        fields: Object.fromEntries(
          tags.filter(({ type }) => type === "hidden").map(({ name, value }) => [name, value])
        ),
        typedInto: tags
          .filter(({ name, tag, type }) => name !== "" && (tag === "textarea" || /^(text|email|search)$/.test(type)))
          .map(({ name }) => name)
      }
    }
  )

let world: World.World
beforeAll(async () => {
  world = await World.make()
})
afterAll(() => world.close())

const signIn = (own: World.World, who: World.Who, form: { readonly [field: string]: string }, cookie = "") =>
  own.ask("/sign-in", { cookie, form: { email: World.people[who].email, password: World.password, ...form } })

describe("a form that is sent after the session ended", () => {
  it("comes back after the sign-in with what was typed, and says that nothing was saved", async () => {
    const ended = await world.ask("/companies", { form: { name: typed, brand: "North & South", key: "k1" } })
    const asked = await ended.text()
    expect(ended.status).toBe(403)
    expect(asked).toContain("Nothing was saved yet.")
    expect(asked).not.toContain(escaped)
    const sealed = sealedIn(asked)
    expect(sealed).not.toBe("")
    const wrong = await world.ask("/sign-in", {
      form: { email: "ada@example.com", password: "not this one", return: "/companies/new", typed: sealed }
    })
    expect(sealedIn(await wrong.text())).toBe(sealed)
    const back = await signIn(world, "ada", { return: "/companies/new", typed: sealed })
    const page = await back.text()
    expect(back.status).toBe(200)
    expect(back.headers.getSetCookie().join()).toContain("HttpOnly")
    expect(page).toContain('action="/companies"')
    expect(page).toContain(`value="${escaped}"`)
    expect(page).toContain('value="North &amp; South"')
    expect(page).toContain("Nothing was saved yet")
    expect(page).not.toContain('value="k1"')
    expect(await world.html("/companies")).not.toContain("North &amp; South")
  })

  it("keeps ticks, choices and a message of every kind of form", async () => {
    const company = await world.company("Nordwind Outdoor GmbH", "Nordwind")
    const account = await world.account(company, "Nordwind US")
    const { connectionId: connection } = await world.connect(account, "amazon-ads", usAds())
    const forms: ReadonlyArray<
      readonly [string, { readonly [field: string]: string | ReadonlyArray<string> }, ReadonlyArray<string | RegExp>]
    > = [
      ["/api-keys", { name: typed, scope: ["read"] }, [`value="${escaped}"`]],
      [
        "/members",
        { email: "new@example.org", role: "admin", to: "limited", [company.id]: "act" },
        ['value="new@example.org"', /value="admin"[^>]* checked/, /value="limited"[^>]* checked/]
      ],
      ["/start", { name: typed, type: "vendor", country: "DE", company: "new" }, [`value="${escaped}"`]],
      [`/companies/${company.id}/brands`, { name: typed, brand: typed }, [`value="${escaped}"`]],
      [`/companies/${company.id}/accounts`, { name: typed }, [`value="${escaped}"`]],
      ["/settings/name", { name: typed }, [`value="${escaped}"`]],
      ["/organizations", { name: typed }, [`value="${escaped}"`]],
      [`/companies/${company.id}/main-account/logins`, { name: typed }, [`value="${escaped}"`]],
      [
        `/connections/${connection}/request/preview`,
        { name: "Kai", email: "kai@example.org", message: `line one\n${typed}` },
        ['value="kai@example.org"', `line one\n${escaped}</textarea>`]
      ],
      [
        `/connections/${connection}/request`,
        { name: "Kai", email: "kai@example.org", message: typed, reference: "r" },
        [`${escaped}</textarea>`]
      ],
      [
        "/campaigns/preview",
        { shown: [connection], connection: [connection], message: typed },
        [`${escaped}</textarea>`]
      ]
    ]
    for (const [path, form, expected] of forms) {
      const ended = await world.ask(path, { form })
      const back = await signIn(world, "ada", { typed: sealedIn(await ended.text()) })
      const page = await back.text()
      expect(back.status, path).toBe(200)
      expect(page, path).toContain("Nothing was saved yet")
      for (const part of expected) {
        if (typeof part === "string") expect(page, path).toContain(part)
        else expect(page, path).toMatch(part)
      }
    }
  })

  it("comes back to every page that has a form to type into", async () => {
    await fresh(async (own) => {
      const seeded = await seed(own)
      const tried = new Set<string>()
      const lost: Array<string> = []
      for (const { as, path } of pages(seeded)) {
        if (as === undefined) continue
        for (const { action, fields, typedInto } of formsOf(await own.html(path, { as }))) {
          const kind = action.replaceAll(/[a-z]{3}_[0-9a-z]{26}/g, "*")
          if (tried.has(kind) || typedInto.length === 0) continue
          tried.add(kind)
          const text = (name: string) => `typed into ${name} é`
          const form = { ...fields, ...Object.fromEntries(typedInto.map((name) => [name, text(name)])) }
          const ended = await own.ask(action, { form, headers: { referer: `${own.origin}${path}` } })
          const page = await (await signIn(own, as, { typed: sealedIn(await ended.text()) })).text()
          lost.push(
            ...typedInto.filter((name) => !page.includes(text(name))).map((name) => `${path} ${action} ${name}`)
          )
        }
      }
      expect(tried.size).toBeGreaterThanOrEqual(9)
      expect(lost).toEqual([])
    })
  })

  it("gives it to nobody else, and to nobody after an hour or when it was altered", async () => {
    await fresh(async (own) => {
      const who = whoCookie(await own.ask("/companies/new", { as: "ada" }))
      expect(who).not.toBe("")
      const form = { name: "Only for Ada", brand: "Ada" }
      const sealed = sealedIn(await (await own.ask("/companies", { cookie: who, form })).text())
      const other = await signIn(own, "mia", { return: "/companies/new", typed: sealed })
      expect(location(other)).toBe("/companies")
      const foreign = await signIn(own, "rex", { return: "/companies/new", typed: sealed })
      expect(location(foreign)).toBe("/companies")
      for (const altered of [`${sealed.slice(0, -6)}AAAAAA`, `A${sealed.slice(1)}`, "x", "x".repeat(60_000)])
        expect(location(await signIn(own, "ada", { return: "/companies/new", typed: altered }))).toBe("/companies/new")
      expect(await (await signIn(own, "ada", { typed: sealed })).text()).toContain("Only for Ada")
      own.move(Duration.minutes(61))
      expect(location(await signIn(own, "ada", { return: "/pending", typed: sealed }))).toBe("/pending")
    })
  })

  it("brings a person of several organizations back to the one of the form, and nobody who left it", async () => {
    await fresh(async (own) => {
      const join = await own.run(
        Effect.gen(function* () {
          const members = yield* Members.Members
          const secrets = yield* Secrets.Secrets
          const { member } = yield* members.invite(World.caller("ada"), {
            email: World.people.rex.email as Text.Email,
            role: "admin",
            accessScope: Access.everything
          })
          return Redacted.value(yield* secrets.derive("join-token", `${member.id}/1`))
        })
      )
      expect((await own.ask(`/join/${join}/accept`, { as: "rex", form: {} })).status).toBe(303)
      await own.ask(`/organizations/${World.home}/choose`, { as: "rex", form: {} })
      const who = whoCookie(await own.ask("/companies/new", { as: "rex" }))
      expect(who).toContain(World.home)
      const sealed = sealedIn(
        await (await own.ask("/companies", { cookie: who, form: { name: "Of Blue Harbor" } })).text()
      )
      const page = await (await signIn(own, "rex", { typed: sealed })).text()
      expect(page).toContain("Of Blue Harbor")
      expect(page).toContain("Blue Harbor Commerce")
      await own.ask("/settings/leave", { as: "rex", form: {} })
      expect(location(await signIn(own, "rex", { typed: sealed }))).toBe("/companies")
    })
  })

  it("keeps no secret, and says so when the form is too long to be kept", async () => {
    const ended = await world.ask("/settings/name", { form: { name: "x", password: "hunter2 hunter2" } })
    const page = await (await signIn(world, "ada", { typed: sealedIn(await ended.text()) })).text()
    expect(page).not.toContain("hunter2")
    const random = Array.from({ length: 61_000 }, () => Math.floor(Math.random() * 36).toString(36)).join("")
    const long = await (await world.ask("/companies", { form: { name: random, brand: "x" } })).text()
    expect(long).toContain("too long to be kept")
    expect(sealedIn(long)).toBe("")
  })

  it("leads back to the page of a button, and only to a page of this console", async () => {
    const press = (referer: string) => world.ask("/pending/nothing/dismiss", { form: {}, headers: { referer } })
    expect(location(await press(`${World.origin}/pending?x=1`))).toBe("/sign-in?return=%2Fpending%3Fx%3D1")
    for (const referer of [
      "https://evil.example/x",
      `${World.origin}//evil.example`,
      `${World.origin}/%5C%5Cevil.example`,
      "nonsense"
    ]) {
      const target = new URL(location(await press(referer)), World.origin).searchParams.get("return") ?? "/companies"
      const landed = await signIn(world, "ada", { return: target })
      expect(new URL(location(landed), World.origin).origin, referer).toBe(World.origin)
    }
  })

  it("leaves a page alone that searches while somebody types", async () => {
    const fragment = await world.ask("/members", { form: { searching: "1" }, headers: { "HX-Request": "true" } })
    expect(fragment.status).toBe(403)
    expect(fragment.headers.get("hx-redirect")).toBeNull()
  })
})

describe("a form that is refused", () => {
  it("is shown again with what was typed, whoever refused it", async () => {
    const company = await world.company("Twice told")
    const gone = await world.ask(`/companies/${company.id}/brands`, {
      as: "vic",
      form: { brand: typed },
      headers: { referer: `${World.origin}/companies/${company.id}` }
    })
    expect(gone.status).toBe(403)
    const key = await world.ask("/companies", { as: "ada", form: { name: "First", brand: "First", key: "same-key" } })
    expect(key.status).toBe(303)
    const other = await world.ask("/companies", { as: "ada", form: { name: typed, brand: "B", key: "same-key" } })
    const page = await other.text()
    expect(other.status).toBe(409)
    expect(page).toContain(`value="${escaped}"`)
    expect(page).toContain('role="alert"')
    expect(page).not.toContain("same-key")
  })

  it("keeps every field of a page with several forms", async () => {
    const company = await world.company("Many forms")
    const at = `/companies/${company.id}/main-account`
    const refused = await world.ask(`${at}/logins`, {
      as: "ada",
      form: { name: "", email: "not an address", kind: "x" }
    })
    expect(refused.status).toBe(422)
    const page = await refused.text()
    const form = page.slice(page.indexOf(`action="${at}/logins"`)).split("</form>")[0] ?? ""
    expect(form).toContain('value="not an address"')
  })
})

describe("the back button", () => {
  it("finds pages with forms as they were left; pages with secrets are forgotten", async () => {
    const cache = async (path: string, as?: World.Who) =>
      (await world.ask(path, as === undefined ? {} : { as })).headers.get("cache-control")
    expect(await cache("/companies/new", "ada")).toBe("private,no-cache")
    expect(await cache("/start", "ada")).toBe("private,no-cache")
    expect(await cache("/companies", "ada")).toBe("no-store")
    expect(await cache("/sign-in")).toBe("no-store")
    const left = await world.ask("/sign-out", { form: {} })
    expect(left.headers.get("clear-site-data")).toBe('"cache"')
  })
})

describe("filling a form", () => {
  it("any text comes back as it was typed, and nothing else of the page changes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (one, two) => {
        const page = (a: string, b: string, c: boolean) =>
          html`<p>checked readonly</p><form method="post" action="/x"><input name="a" placeholder="is checked value=1"
            value="${a}"><textarea name="b">${b}</textarea><input type="checkbox" name="c" value="${two}"${
              c && html` checked`
            }><input type="password" name="p" value=""></form>`.toString()
        const filled = fill(
          page("", "", false),
          "/x",
          new Map([
            ["a", [one]],
            ["b", [two]],
            ["c", [two]],
            ["p", ["s"]]
          ])
        )
        const plain = (text: string | undefined) => text?.replaceAll(/\s+/g, " ").replaceAll("> ", ">")
        const expected = page(one, two, true)
        const tidy = (text: string | undefined) => plain(text)?.replaceAll(/(<textarea name="b">)\n/g, "$1")
        expect(tidy(filled)).toBe(tidy(expected))
      })
    )
  })

  it("chooses the form by its hidden fields among several with one address, and never another address", () => {
    const one = (id: string) =>
      html`<form method="post" action="/x"><input type="hidden" name="id" value="${id}"><input name="a" value=""></form>`
    const page = html`${one("1")}${one("2")}`.toString()
    const fields = new Map([
      ["id", ["2"]],
      ["a", ["here"]]
    ])
    expect(fill(page, "/x", fields)?.indexOf("here")).toBeGreaterThan(page.indexOf('value="2"'))
    expect(fill(page, "/y", fields)).toBeUndefined()
    expect(hasFields(page)).toBe(true)
    expect(hasFields('<form method="get" action="/x"><input name="a"></form>')).toBe(false)
  })
})
