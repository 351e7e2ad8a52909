import { Failure } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Effect } from "effect"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { seed, type Seeded } from "./support/seed.ts"
import { pages } from "./support/pages.ts"
import * as World from "./support/World.ts"
import { Callers, Identity } from "@portolan/ports"
import { Console } from "../src/index.ts"
import { html } from "../src/Html.ts"
import { localPath } from "../src/Web.ts"

let world: World.World
let seeded: Seeded
beforeAll(async () => {
  world = await World.make()
  seeded = await seed(world)
})
afterAll(() => world.close())

/** A world of its own, for tests that change much. */
const fresh = async <A>(use: (own: World.World) => Promise<A>, options: World.Options = {}): Promise<A> => {
  const own = await World.make(options)
  try {
    return await use(own)
  } finally {
    await own.close()
  }
}

const location = (response: Response) => response.headers.get("location") ?? ""
const browserCookie = (response: Response) =>
  response.headers.getSetCookie().find((cookie) => cookie.startsWith("portolan_browser="))?.split(";")[0] ?? ""
const usAds = (name = "Nordwind US", externalId = "1000000000000000001") => World.profile("amazon-ads", "US", externalId, { name })

/** Starts at the console, and comes back to it with a query. */
const roundTrip = async (own: World.World, start: string, asking: World.Asking, query: { readonly [name: string]: string }, back: World.Asking = asking, channel = "amazon-ads") => {
  const departure = await own.ask(start, { ...asking, form: {} })
  const state = new URL(location(departure)).searchParams.get("state") ?? ""
  const { form: _form, ...rest } = back
  return own.ask(`/callback/${channel}?${new URLSearchParams({ state, ...query })}`, { cookie: browserCookie(departure), ...rest })
}

describe("every page", () => {
  const said: { readonly [name: string]: ReadonlyArray<string> } = {
    "sign-in": ["Sign in", "ada@example.com"],
    "companies": ["Nordwind Outdoor GmbH", "need attention"],
    "companies-nothing-found": ["No company found"],
    "companies-empty": ["No companies yet", "Add your first company"],
    "company": ["Windrose Kids", "Nordwind US Vendor", "Choose profile", "First load"],
    "company-blank": ["No accounts yet", "Company added"],
    "account-new": ["Amazon Europe, Middle East and India", "Default brand"],
    "account": ["Authenticate now", "Create auth link", "/link/", "Withdraw link"],
    "account-vendor": ["Optional for this kind of account"],
    "pending": ["Nordwind UK", "Waiting long", "Ada Ferrer", "through an auth link"],
    "pending-none": ["Nothing is waiting"],
    "pending-choice": ["9007199254740993", "Fits", "Check first", "Not for this account", "It belongs to Germany", "I have checked this"],
    "pending-empty": ["No profile visible yet", "Look again", "24 hours"],
    "pending-finalised": ["See the connection"],
    "pending-declined": ["Declined"],
    "pending-failed": ["client id and secret"],
    "connections": ["Reauthorization needed", "Limited", "Disconnected", "Waiting for your choice"],
    "connection-loading": ["hx-trigger=\"every 2s\"", "Inventory", "On time", "Was promised"],
    "connection-complete": ["First load complete", "Consent ends"],
    "connection-lost": ["Authorize again as the same seller", "Authenticate again"],
    "connection-limited": ["right to edit campaigns"],
    "connection-ended": ["The connection was ended here", "is free to be connected again"],
    "connection-proposed": ["Nobody has authorized", "rejected this software", "declined"],
    "connection-disconnect": ["What ends", "What stays", "tokens for this consent are forgotten", "Keep the connection"],
    "link-open": ["Ada Ferrer", "asks you to connect", "Continue to Amazon"],
    "link-used": ["This link has been used"],
    "link-revoked": ["This link was withdrawn"],
    "link-expired": ["This link has expired"],
    "link-unknown": ["This link is not known"],
    "not-found": ["Page not found"],
    "not-allowed": ["As viewer you may not manage companies"]
  }

  it("says what it is for, in every state, with the headers that guard it", async () => {
    for (const { as, name, path } of pages(seeded)) {
      const response = await world.ask(path, as === undefined ? {} : { as })
      const text = await response.text()
      for (const words of said[name] ?? []) expect(text, name).toContain(words)
      expect(text, name).toContain("<h1>")
      expect(response.headers.get("content-security-policy"), name).toContain("default-src 'self'")
      expect(response.headers.get("content-security-policy"), name).toContain("frame-ancestors 'none'")
      expect(response.headers.get("x-content-type-options"), name).toBe("nosniff")
      expect(response.headers.get("cache-control"), name).toBe("no-store")
      expect(text, name).not.toMatch(/ style="| on[a-z]+="|<script(?! src)/)
    }
  })

  it("asks for a sign-in and comes back to the page that was wanted", async () => {
    for (const { as, path } of pages(seeded)) {
      // An invitation to join is shown to guests as well.
      if (as === undefined || path.startsWith("/join/")) continue
      const response = await world.ask(path)
      if (path === "/nowhere") {
        expect(response.status).toBe(404)
        continue
      }
      expect(response.status, path).toBe(303)
      expect(location(response), path).toBe(`/sign-in?return=${encodeURIComponent(path)}`)
    }
    const fragment = await world.ask(`/connections/${seeded.connections.sales}/live`, {
      headers: { "HX-Request": "true", "HX-Current-URL": `${World.origin}/connections/${seeded.connections.sales}` }
    })
    expect(fragment.status).toBe(204)
    expect(fragment.headers.get("hx-redirect")).toContain("/sign-in?return=%2Fconnections")
  })

  it("stops asking for itself when the first load is over", async () => {
    expect(await world.html(`/connections/${seeded.connections.sales}/live`)).toContain("hx-get")
    expect(await world.html(`/connections/${seeded.connections.complete}/live`)).not.toContain("hx-get")
  })
})

describe("signing in", () => {
  it("keeps the e-mail, never the password, and says nothing about which was wrong", async () => {
    const response = await world.ask("/sign-in", { form: { email: "ada@example.com", password: "wrong-secret", return: "/pending" } })
    const text = await response.text()
    expect(response.status).toBe(422)
    expect(text).toContain("E-mail or password is wrong.")
    expect(text).toContain('value="ada@example.com"')
    expect(text).not.toContain("wrong-secret")
    const none = await world.ask("/sign-in", { form: { email: "", password: "" } })
    expect(await none.text()).toContain("Enter your e-mail address.")
  })

  it("sets the session and goes where the person wanted, but never elsewhere", async () => {
    const go = (target: string) => world.ask("/sign-in", { form: { email: "ada@example.com", password: World.password, return: target } })
    const good = await go("/pending?x=1")
    expect(location(good)).toBe("/pending?x=1")
    expect(good.headers.getSetCookie().join()).toContain("HttpOnly")
    for (const target of ["//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "/x/..//evil.example", "/sign-out", "javascript:alert(1)", ""]) {
      expect(location(await go(target)), target).toBe("/companies")
    }
  })

  it("any text as return path leads to this console", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((text) => `/${text}`), fc.stringMatching(/^(https?:|\/|\\|\t)[/\\]{0,3}[a-z.@:]{1,12}(\/.*)?$/)), (text) => {
      const path = localPath(text)
      expect(new URL(path, "http://here.test").origin).toBe("http://here.test")
      expect(path.startsWith("/")).toBe(true)
      expect(path.startsWith("//")).toBe(false)
    }))
  })

  it("tells somebody who tried too often how long to wait", () => fresh(async (own) => {
    for (let n = 0; n < 10; n++) await own.ask("/sign-in", { form: { email: "mia@example.com", password: "no" } })
    const response = await own.ask("/sign-in", { form: { email: "mia@example.com", password: World.password } })
    expect(response.status).toBe(429)
    expect(response.headers.get("retry-after")).toBe("60")
    expect(await response.text()).toContain("Too many attempts")
  }))

  it("ends the session", () => fresh(async (own) => {
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
    const account = await world.ask(`/companies/${seeded.companies.nordwind.id}/accounts`, { as: "ada", form: { name: "Kept", marketplace: "SP", type: "seller" } })
    const shown = await account.text()
    expect(account.status).toBe(422)
    expect(shown).toContain('value="Kept"')
    expect(shown).toContain("Choose a marketplace from the list.")
    expect(shown).toContain("Choose at least one brand.")
  })

  it("says at the account type that it does not fit the marketplace", async () => {
    const { nordwind } = seeded.companies
    const response = await world.ask(`/companies/${nordwind.id}/accounts`, { as: "ada",
      form: { name: "Mixed", marketplace: World.market("US"), type: "walmart-1p", brands: nordwind.brands[0].id, default: nordwind.brands[0].id } })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain("Walmart 1P (supplier) is not an account type of Amazon.")
  })

  it("answers a huge form kindly, whether it says its size or not", async () => {
    const response = await world.ask("/companies", { as: "ada", form: { name: "x".repeat(2_000_000), brand: "y" } })
    expect([400, 413]).toContain(response.status)
    expect(await response.text()).toContain("64 KB")
    expect((await world.ask("/companies", { as: "ada", method: "POST", headers: { origin: World.origin, "content-type": "text/plain" } })).status).toBe(400)
  })

  it("creates once, however often the same form is sent, and warns of the same name", () => fresh(async (own) => {
    const form = { name: "Twice Ltd", brand: "Twice", key: "k".repeat(20) }
    const [one, other] = await Promise.all([own.ask("/companies", { as: "ada", form }), own.ask("/companies", { as: "ada", form })])
    expect(location(one)).toBe(location(other))
    const again = await own.ask("/companies", { as: "ada", form: { ...form, key: "l".repeat(20) } })
    expect(await own.html(location(again))).toContain("another one with this name")
  }))

  it("adds a brand, and refuses the same one at the field", () => fresh(async (own) => {
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
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom("<", ">", "\"", "'", "&"), fc.string(), (one, sharp, other) => {
      const text = `${one}${sharp}${other}`
      const shown = html`<p title="${text}">${text}</p>`.toString()
      expect(shown.replace(/^<p title="/, "").replace(/<\/p>$/, "").replace('">', "")).not.toMatch(/[<>"']/)
    }))
  })

  it("hostile names are shown as text on every page that shows them", () => fresh(async (own) => {
    const nasty = `"><script>alert(1)</script><img src=x onerror='a'>`
    const company = await own.company(nasty, `B ${nasty}`)
    const account = await own.account(company, nasty)
    const trip = await own.consent(account, "amazon-ads", [{ ...usAds(nasty), countryCode: "<i>" }])
    const { path } = await own.link(await own.connectionOf(account, "amazon-sp"))
    const all = ["/companies", `/companies?search=${encodeURIComponent(nasty)}`, `/companies/${company.id}?done=company-added`, `/companies/${company.id}/accounts/new`,
      `/accounts/${account.id}`, "/pending", `/pending/${trip.authorizationId}`, "/connections", `/connections/${trip.connectionId}`, path]
    for (const one of all) {
      const text = await own.html(one)
      expect(text, one).toContain("&lt;script&gt;")
      expect(text, one).not.toMatch(/<script>|<img|<i>/)
    }
  }))
})

describe("what belongs to others", () => {
  it("looks like what does not exist", async () => {
    for (const kind of ["company", "account", "connection", "authorization"] as const) {
      const path = { company: "companies", account: "accounts", connection: "connections", authorization: "pending" }[kind]
      const foreign = { company: seeded.companies.nordwind.id, account: seeded.accounts.us.id, connection: seeded.connections.loading, authorization: seeded.trips.choice }[kind]
      const unknown = await world.newId(kind)
      const answers = await Promise.all([foreign, unknown, "nonsense"].map(async (id) => {
        const response = await world.ask(`/${path}/${id}`, { as: "rex" })
        return `${response.status} ${await response.text()}`
      }))
      expect(answers[0]).toContain("404")
      expect(new Set(answers).size, kind).toBe(1)
    }
    const post = await world.ask(`/connections/${seeded.connections.complete}/disconnect`, { as: "rex", form: {} })
    expect(post.status).toBe(404)
  })
})

describe("roles", () => {
  it("a viewer sees no actions and is refused when asking anyway", async () => {
    const { accounts, companies, connections, links, trips } = seeded
    for (const path of [`/companies/${companies.nordwind.id}`, `/accounts/${accounts.de.id}`, `/pending/${trips.choice}`, `/connections/${connections.lost}`]) {
      const text = await world.html(path, { as: "vic" })
      expect(text.match(/<form[^>]*method="post"[^>]*action="([^"]+)"/g), path).toEqual(['<form method="post" action="/sign-out"'])
      expect(text, path).not.toContain("/link/")
    }
    const asked: ReadonlyArray<readonly [string, { readonly [field: string]: string }]> = [
      ["/companies", { name: "No", brand: "No" }], [`/companies/${companies.nordwind.id}/brands`, { brand: "No" }],
      [`/companies/${companies.nordwind.id}/accounts`, { name: "No" }], [`/connections/${connections.proposed}/authenticate`, {}],
      [`/connections/${connections.proposed}/links`, { life: "24" }], [`/links/${links.open.link.id}/revoke`, {}],
      [`/pending/${trips.choice}/select`, { profile: "x" }], [`/pending/${trips.choice}/look-again`, {}],
      [`/pending/${trips.choice}/dismiss`, { because: "x" }], [`/connections/${connections.complete}/disconnect`, {}]
    ]
    for (const [path, form] of asked) {
      const response = await world.ask(path, { as: "vic", form })
      expect(response.status, path).toBe(403)
      expect(await response.text(), path).toContain("As viewer you may not")
    }
    expect((await world.ask(`/connections/${connections.complete}/disconnect`, { as: "mia", form: {} })).status).toBe(403)
  })
})

describe("connecting", () => {
  it("goes to the provider and back, chooses a profile, and shows the load", () => fresh(async (own) => {
    const company = await own.company("Nordwind")
    const { id } = await own.account(company, "Nordwind US")
    const account = await own.html(`/accounts/${id}`)
    const start = /action="(\/connections\/[^"]+\/authenticate)"/.exec(account)?.[1] ?? ""
    const code = await own.code("amazon-ads", "NA", [usAds()])
    const back = await roundTrip(own, start, { as: "ada" }, { code })
    expect(back.status).toBe(303)
    expect(back.headers.get("referrer-policy")).toBe("no-referrer")
    expect(location(back)).toMatch(/^\/pending\/aut_/)
    const choose = await own.html(location(back))
    const profile = /name="profile" value="([^"]+)"/.exec(choose)?.[1] ?? ""
    const chosen = await own.ask(`${location(back)}/select`, { as: "ada", form: { profile } })
    expect(location(chosen)).toMatch(/^\/connections\/con_.*done=connected$/)
    expect(await own.html(location(chosen))).toContain("It is being planned")
    await own.work()
    expect(await own.html(location(chosen))).toContain("First load complete")
  }))

  it("shows on the account's page how the last attempt stands or ended", () => fresh(async (own) => {
    const account = await own.account(await own.company("A"), "A US")
    const connectionId = await own.connectionOf(account, "amazon-ads")
    const shown = async () => /<p class="last-attempt">([^]*?)<\/p>/.exec(await own.html(`/accounts/${account.id}`))?.[1]
    expect(await shown()).toBeUndefined()
    const departure = await own.depart(connectionId)
    expect(await shown()).toContain("At the provider")
    await own.receive("amazon-ads", new URLSearchParams({ error: "access_denied",
      state: departure.url.searchParams.get("state") ?? "" }), departure.browser)
    own.move("2 minutes")
    const declined = await shown()
    for (const words of ["Last attempt:", "Declined", "2 minutes ago", "The person declined at the provider. Talk to the owner"]) {
      expect(declined).toContain(words)
    }
    const failed = await own.depart(connectionId)
    await own.receive("amazon-ads", new URLSearchParams({ code: "never-given",
      state: failed.url.searchParams.get("state") ?? "" }), failed.browser)
    expect(await shown()).toContain("The provider did not accept the returned code")
    await own.depart(connectionId)
    own.move("16 minutes")
    await own.work()
    expect(await shown()).toContain("Timed out")
    await own.connect(account, "amazon-ads", usAds())
    expect(await shown()).toBeUndefined()
    await own.ask(`/connections/${connectionId}/disconnect`, { as: "ada", form: {} })
    expect(await shown()).toBeUndefined()
  }))

  it("sets the browser's cookie so that only the callback of this browser counts", () => fresh(async (own) => {
    const account = await own.account(await own.company("A"), "A US")
    const connectionId = await own.connectionOf(account, "amazon-ads")
    const departure = await own.ask(`/connections/${connectionId}/authenticate`, { as: "ada", form: {} })
    expect(departure.status).toBe(303)
    expect(location(departure)).toContain("https://provider.invalid/consent/amazon-ads")
    const cookie = departure.headers.getSetCookie().find((one) => one.startsWith("portolan_browser=")) ?? ""
    for (const part of ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=86400"]) expect(cookie).toContain(part)
    expect(cookie).not.toContain("Secure")
    const again = await own.ask(`/connections/${connectionId}/authenticate`, { as: "ada", form: {}, cookie: browserCookie(departure) })
    expect(browserCookie(again)).toBe(browserCookie(departure))
  }))

  it("marks cookies as secure where people come by https", async () => {
    const own = await World.make({ origin: "https://connect.test" })
    const account = await own.account(await own.company("A"), "A US")
    const departure = await own.ask(`/connections/${await own.connectionOf(account, "amazon-ads")}/authenticate`, { as: "ada", form: {} })
    expect(departure.headers.getSetCookie().join()).toContain("Secure")
    await own.close()
  })

  it("wants a tick for a profile with warnings, and names the account that was faster", () => fresh(async (own) => {
    const company = await own.company("A")
    const [one, two] = [await own.account(company, "First US"), await own.account(company, "Second US")]
    const onlyView = { ...usAds() }
    const warned = onlyView._tag === "AdvertisingProfile" ? { ...onlyView, permission: "view" as const } : onlyView
    const first = await own.consent(one, "amazon-ads", [warned])
    const second = await own.consent(two, "amazon-ads", [warned])
    const key = `amazon-ads/NA/${World.market("US")}/1000000000000000001`
    const unticked = await own.ask(`/pending/${first.authorizationId}/select`, { as: "ada", form: { profile: key } })
    expect(unticked.status).toBe(422)
    expect(await unticked.text()).toContain("Confirm that this is the right profile")
    expect((await own.ask(`/pending/${first.authorizationId}/select`, { as: "ada", form: { profile: key, confirmed: "yes" } })).status).toBe(303)
    const shown = await own.html(`/pending/${second.authorizationId}`)
    expect(shown).toContain("Already connected")
    expect(shown).not.toContain("Use this profile")
    const late = await own.ask(`/pending/${second.authorizationId}/select`, { as: "ada", form: { profile: key, confirmed: "yes" } })
    const text = await late.text()
    expect(late.status).toBe(409)
    expect(text).toContain("already connected to the account “First US”")
    expect(text).toContain(`/connections/${first.connectionId}`)
  }))

  it("says everywhere that a consent sees no profile, and that its owner must act", () => fresh(async (own) => {
    const company = await own.company("A")
    const account = await own.account(company, "A US")
    const trip = await own.consent(account, "amazon-ads", [])
    for (const path of [`/pending/${trip.authorizationId}`, `/accounts/${account.id}`, `/connections/${trip.connectionId}`]) {
      const text = await own.html(path)
      for (const words of ["No profile visible yet", "sees no profile", "The owner of the account at the provider"]) expect(text, path).toContain(words)
      expect(text, path).not.toMatch(/Waiting for your choice|waits for your choice|Choose the profile/)
    }
    for (const path of [`/companies/${company.id}`, "/connections"]) {
      const text = await own.html(path)
      for (const words of ["No profile visible yet", "See why"]) expect(text, path).toContain(words)
      expect(text, path).not.toMatch(/Waiting for your choice|Choose profile/)
    }
  }))

  it("looks again for profiles that were not there, and can dismiss", () => fresh(async (own) => {
    const account = await own.account(await own.company("A"), "A US")
    const trip = await own.consent(account, "amazon-ads", [])
    expect(await own.html(`/pending/${trip.authorizationId}`)).toContain("No profile visible yet")
    await own.run(Effect.flatMap(ProviderScript.ProviderScript, (script) => script.sees("A1SELLER", [usAds()])))
    const looked = await own.ask(`/pending/${trip.authorizationId}/look-again`, { as: "ada", form: {} })
    expect(await own.html(location(looked))).toContain("Use this profile")
    await own.run(Effect.flatMap(ProviderScript.ProviderScript, (script) =>
      script.fail("discover", new Failure.Temporary({ detail: "503", throttled: false }))))
    const busy = await own.ask(`/pending/${trip.authorizationId}/look-again`, { as: "ada", form: {} })
    expect(busy.status).toBe(503)
    expect(await busy.text()).toContain("Nothing was lost")
    const dismissed = await own.ask(`/pending/${trip.authorizationId}/dismiss`, { as: "ada", form: { because: "Wrong shop" } })
    expect(location(dismissed)).toBe("/pending?done=dismissed")
    expect(await own.html(`/pending/${trip.authorizationId}`)).toContain("Wrong shop")
  }))

  it("ends a connection after showing what that means", () => fresh(async (own) => {
    const account = await own.account(await own.company("A"), "A US")
    const { connectionId } = await own.connect(account, "amazon-ads", usAds())
    const page = await own.html(`/connections/${connectionId}/disconnect`)
    for (const effect of ["The profile is free", "tokens for this consent are forgotten", "Everything loaded so far"]) expect(page).toContain(effect)
    expect(location(await own.ask(`/connections/${connectionId}/disconnect`, { as: "ada", form: {} }))).toContain("done=disconnected")
    expect(await own.html(`/connections/${connectionId}`)).toContain("The connection was ended here")
  }))
})

describe("callbacks", () => {
  it("every outcome has a page that says what happened, who acts and what next", () => fresh(async (own) => {
    const account = await own.account(await own.company("A"), "A US")
    const start = `/connections/${await own.connectionOf(account, "amazon-ads")}/authenticate`
    const script = (change: (script: ProviderScript.ProviderScript["Service"]) => Effect.Effect<void>) =>
      own.run(Effect.flatMap(ProviderScript.ProviderScript, change))
    const guest = { form: {} }
    const cases: ReadonlyArray<readonly [string, { readonly [name: string]: string }, (() => Promise<void>)?]> = [
      ["consented", { code: await own.code("amazon-ads", "NA", [usAds()]) }],
      ["declined", { error: "access_denied" }],
      ["provider-error", { error: "server_error" }],
      ["callback-incomplete", {}],
      ["code-refused", { code: "never-given" }],
      ["application-rejected", { code: "x" }, () => script((s) => s.fail("exchange", new Failure.ApplicationRejected({ detail: "invalid_client" })))],
      ["provider-unavailable", { code: "x" }, () => script((s) => s.fail("exchange", new Failure.Temporary({ detail: "503", throttled: false })))]
    ]
    for (const [outcome, query, before] of cases) {
      await before?.()
      const back = await roundTrip(own, start, { as: "ada" }, query, guest)
      expect(location(back), outcome).toBe(`/arrived/amazon-ads/${outcome}`)
      const page = await own.ask(location(back))
      const text = await page.text()
      expect(page.headers.get("referrer-policy")).toBe("no-referrer")
      for (const words of ["Why", "Who must act", "What next"]) expect(text, outcome).toContain(words)
      expect(text, outcome).not.toMatch(/href="https?:/)
    }
    const direct = await roundTrip(own, start, { as: "ada" }, { error: "access_denied" })
    const page = await own.html(location(direct))
    expect(page).toMatch(/<h2>Nothing was connected<\/h2>/)
    expect(page).toMatch(/<dt>Why<\/dt><dd>The person declined at the provider\./)
    expect(page).not.toContain("stays usable")
    expect(await own.html("/arrived/amazon-ads/declined", {})).not.toContain("link again")
  }))

  it("a repeated return says so and does nothing twice; a foreign or forged one is unknown", () => fresh(async (own) => {
    const account = await own.account(await own.company("A"), "A US")
    const departure = await own.ask(`/connections/${await own.connectionOf(account, "amazon-ads")}/authenticate`, { as: "ada", form: {} })
    const state = new URL(location(departure)).searchParams.get("state") ?? ""
    const path = `/callback/amazon-ads?${new URLSearchParams({ state, code: await own.code("amazon-ads", "NA", [usAds()]) })}`
    expect(location(await own.ask(path, { cookie: "portolan_browser=somebody-elses-cookie-value" }))).toBe("/arrived/amazon-ads/other-browser")
    expect(location(await own.ask(path))).toBe("/arrived/amazon-ads/other-browser")
    expect((await own.ask(path, { method: "HEAD", cookie: browserCookie(departure) })).status).toBe(405)
    const cookie = browserCookie(departure)
    expect(location(await own.ask(path, { cookie }))).toBe("/arrived/amazon-ads/consented")
    expect(location(await own.ask(path, { cookie }))).toBe("/arrived/amazon-ads/consented?again=1")
    expect(await own.html("/arrived/amazon-ads/consented?again=1", {})).toContain("You were here before")
    expect(location(await own.ask("/callback/amazon-ads?state=forged&code=x", { cookie }))).toBe("/arrived/amazon-ads/unknown")
    expect((await own.ask("/callback/ebay?state=x")).status).toBe(404)
    expect((await own.ask("/arrived/amazon-ads/toString")).status).toBe(404)
  }))
})

describe("an installation without credentials for a channel", () => {
  it("offers only what it can connect, and says who can change that", () => fresh(async (own) => {
    const company = await own.company("A")
    const page = await own.html(`/companies/${company.id}/accounts/new`)
    expect(page).toContain("Amazon")
    expect(page).not.toContain("Walmart")
    const account = await own.account(company, "A US")
    const tiles = await own.html(`/accounts/${account.id}`)
    expect(tiles).toContain("Amazon Selling Partner API is not set up in this installation")
    expect(tiles).toContain("Your operator can add")
    expect(tiles.match(/Authenticate now<span/g)).toHaveLength(1)
  }, { channels: ["amazon-ads"] }))
})

describe("auth links", () => {
  const makeLink = async (own: World.World) => {
    const account = await own.account(await own.company("A"), "A US")
    const connectionId = await own.connectionOf(account, "amazon-ads")
    const created = await own.ask(`/connections/${connectionId}/links`, { as: "mia", form: { life: "72" } })
    const page = await own.html(location(created).split("#")[0] ?? "")
    return { page, path: /value="[^"]*(\/link\/[^"]+)"/.exec(page)?.[1] ?? "", connectionId }
  }

  it("are made with the chosen life and shown to copy", () => fresh(async (own) => {
    const { page, path } = await makeLink(own)
    expect(path).toMatch(/^\/link\/[\w-]{20,}$/)
    expect(page).toContain("in 3 days")
    expect(page).toContain("Nobody has followed it yet")
  }))

  it("are not used up by looking, however often and by whichever scanner", () => fresh(async (own) => {
    const { page: _page, path } = await makeLink(own)
    for (const method of ["GET", "HEAD", "GET", "OPTIONS"]) await own.ask(path, { method })
    const text = await own.html(path, {})
    for (const words of ["Mia Lund", "A US", "Amazon United States", "Amazon Advertising API", "Continue to Amazon"]) expect(text).toContain(words)
    const code = await own.code("amazon-ads", "NA", [usAds()])
    const back = await roundTrip(own, path, {}, { code })
    expect(location(back)).toBe("/arrived/amazon-ads/consented")
    const after = await own.ask(path)
    expect(after.status).toBe(410)
    expect(await after.text()).toContain("This link has been used")
    expect((await own.ask(path, { form: {} })).status).toBe(410)
  }))

  it("stay usable after a declined attempt, and close when withdrawn", () => fresh(async (own) => {
    const { path } = await makeLink(own)
    expect(location(await roundTrip(own, path, {}, { error: "access_denied" }))).toBe("/arrived/amazon-ads/declined-link")
    expect(await own.html("/arrived/amazon-ads/declined-link", {})).toContain("stays usable")
    expect((await own.ask(path)).status).toBe(200)
    const list = await own.html("/connections")
    const account = /href="\/accounts\/(acc_[a-z0-9]+)"/.exec(list)?.[1] ?? ""
    const page = await own.html(`/accounts/${account}`)
    expect(page).toContain("The last attempt ended: the person declined")
    const revoke = /action="(\/links\/[^"]+\/revoke)"/.exec(page)?.[1] ?? ""
    expect((await own.ask(revoke, { as: "ada", form: {} })).status).toBe(303)
    expect(await own.html(path, {})).toContain("This link was withdrawn")
    expect(location(await own.ask(path, { form: {} }))).toBe("")
  }))

  it("keep the token out of referrers and caches", async () => {
    const response = await world.ask(seeded.links.open.path)
    expect(response.headers.get("referrer-policy")).toBe("same-origin")
    expect(response.headers.get("cache-control")).toBe("no-store")
    expect(response.headers.get("x-robots-tag")).toBe("noindex")
  })
})

describe("lists", () => {
  it("search and go on by pages, and the live search asks for the list alone", () => fresh(async (own) => {
    for (let n = 0; n < 27; n++) await own.company(`Company ${String(n).padStart(2, "0")}`)
    const first = await own.html("/companies")
    const next = /href="(\/companies\?cursor=[^"]+)"/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? ""
    expect(await own.html(next)).toContain("Company 26")
    expect(await own.html(next)).not.toContain("Company 03")
    const fragment = await own.html("/companies?search=company+07", { as: "ada", headers: { "HX-Request": "true" } })
    expect(fragment).toContain("Company 07")
    expect(fragment).not.toMatch(/<html|Company 08/)
    const broken = await own.ask("/companies?cursor=broken", { as: "ada" })
    expect(broken.status).toBe(400)
    expect(await broken.text()).toContain("Start from the beginning")
  }))

  it("filter connections by state and channel", async () => {
    const text = await world.html("/connections?state=connected&channel=amazon-sp")
    expect(text).toContain("Nordwind US")
    expect(text).not.toContain("Harbor &amp; Pine CA")
    expect(await world.html("/connections?state=awaiting-selection&channel=walmart-connect")).toContain("No connection like this")
  })
})

describe("trouble", () => {
  it("leaves the paths of others alone", async () => {
    for (const path of ["/v1/companies", "/docs", "/openapi.json", "/healthz", "/readyz"]) {
      const response = await world.ask(path)
      expect(response.headers.get("content-security-policy"), path).toBeNull()
      expect(await response.text(), path).toBe("404 Not Found")
    }
  })

  it("tells a defect with an incident number and nothing of its inside, and an outage as one that passes", async () => {
    const withIdentity = async (whoIs: Callers.Callers["Service"]["whoIs"]) => {
      const app = await world.run(Effect.gen(function*() {
        const callers = yield* Callers.Callers
        return yield* Effect.provideService(Console.make({ secureCookies: false }), Callers.Callers, { ...callers, whoIs })
      }))
      const response = await app.request(`${World.origin}/companies`)
      return { status: response.status, text: await response.text() }
    }
    const broken = await withIdentity(() => Effect.die(new Error("secret inside")))
    expect(broken.status).toBe(500)
    expect(broken.text).toMatch(/Incident [0-9a-z]{10}/)
    expect(broken.text).not.toContain("secret inside")
    const away = await withIdentity(() => Effect.fail(new Identity.IdentityUnavailable({ cause: "down" })))
    expect(away.status).toBe(503)
    expect(away.text).toContain("Nothing was lost")
  })

  it("serves styles and scripts itself, for ever under one address", async () => {
    const page = await world.html("/sign-in", {})
    for (const url of page.match(/\/assets\/[a-f0-9]+\/[a-z.]+/g) ?? []) {
      const asset = await world.ask(url)
      expect(asset.status, url).toBe(200)
      expect(asset.headers.get("cache-control")).toContain("immutable")
    }
    expect((await world.ask("/assets/000000000000/pico.css")).status).toBe(404)
  })
})
