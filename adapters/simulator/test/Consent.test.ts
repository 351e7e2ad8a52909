import { describe, expect, test } from "vitest"
import { NoCallback, Preset, Simulator } from "../src/index.ts"
import type { Person, World } from "../src/core/World.ts"
import { centralUrl, codeOf, consentUrl, exchange, fresh, lastRule, returnUrl, token } from "./support.ts"

const open = (simulator: Simulator.Simulator, url: string, cookie = "") =>
  simulator.fetch(new Request(url, cookie === "" ? {} : { headers: { cookie } }))

const query = (location: string | null) => Object.fromEntries(new URL(location ?? "").searchParams)

describe("the Login with Amazon page", () => {
  test("sends code, scope and state back after consent, on every region's host", async () => {
    for (const host of ["www.amazon.com", "eu.account.amazon.com", "apac.account.amazon.com"]) {
      const simulator = fresh()
      const back = query(await simulator.consent({ as: "ada", url: consentUrl(simulator, {}, host) }))
      expect(Object.keys(back)).toEqual(["code", "scope", "state"])
      expect(back).toMatchObject({ scope: "advertising::campaign_management", state: "s-1" })
    }
  })

  test("sends access_denied back after a cancel", async () => {
    const simulator = fresh()
    const back = query(await simulator.consent({ as: "ada", url: consentUrl(simulator), decision: "cancel" }))
    expect(back).toEqual({ error: "access_denied", error_description: "Access not permitted.", state: "s-1" })
  })

  test.each([
    ["LWA-AUT-01", { client_id: "amzn1.application-oa2-client.unknown" }],
    ["LWA-AUT-01", { client_id: "x".repeat(101) }],
    ["LWA-AUT-02", { redirect_uri: `${returnUrl}/` }],
    ["LWA-AUT-02", { redirect_uri: "https://evil.example/callback" }],
    ["LWA-AUT-03", { state: "s".repeat(2049) }]
  ])("shows its own page and never redirects: %s", async (rule, extra) => {
    const simulator = fresh()
    const response = await open(simulator, consentUrl(simulator, extra))
    expect([response.status, response.headers.get("location"), lastRule(simulator)]).toEqual([400, null, rule])
    expect(await response.text()).toContain(`data-rule="${rule}"`)
  })

  test.each([
    ["unsupported_response_type", { response_type: "token" }],
    ["invalid_scope", { scope: "advertising::everything" }],
    ["invalid_request", { scope: "" }],
    ["invalid_request", { code_challenge: "short", code_challenge_method: "S256" }],
    ["invalid_request", { code_challenge: "c".repeat(43), code_challenge_method: "S512" }]
  ])("sends %s back to a known address", async (error, extra) => {
    const simulator = fresh()
    const response = await open(simulator, consentUrl(simulator, extra))
    expect(response.status).toBe(302)
    expect(query(response.headers.get("location"))).toMatchObject({ error, state: "s-1" })
  })

  test("refuses the advertising scope to an application that is not approved for it", async () => {
    const simulator = fresh()
    const [, second] = Object.values(simulator.world().applications)
    const response = await open(
      simulator,
      consentUrl(simulator, { client_id: second?.clientId ?? "", redirect_uri: "https://draft.example/callback" })
    )
    expect(query(response.headers.get("location"))).toMatchObject({
      error: "invalid_scope",
      error_description: "An unknown scope was requested"
    })
  })

  test("takes whoever is signed in at the browser, without asking again", async () => {
    const simulator = fresh()
    const first = await simulator.walk({ as: "bruno", url: consentUrl(simulator) })
    const cookie = first.kind === "callback" ? first.cookie : ""
    const callback = await simulator.consent({ as: "ada", url: consentUrl(simulator), cookie })
    await exchange(simulator, callback)
    expect(Object.values(simulator.world().grants).at(-1)?.person).toBe("bruno")
    expect(await (await open(simulator, consentUrl(simulator), cookie)).text()).toContain('data-signed-in="bruno"')
  })

  test("does not believe a session it did not issue", async () => {
    const simulator = fresh()
    expect(
      await (await open(simulator, consentUrl(simulator), "portolan_simulator_person=ada.forged")).text()
    ).toContain('data-simulated-page="sign-in"')
  })

  test("refuses a decision on a page that expired, or was shown to somebody else", async () => {
    const simulator = fresh()
    const walked = await simulator.walk({ as: "ada", url: consentUrl(simulator) })
    const cookie = walked.kind === "callback" ? walked.cookie : ""
    const ticket =
      /name="ticket" value="([^"]*)"/.exec(await (await open(simulator, consentUrl(simulator), cookie)).text())?.[1] ??
      ""
    const decide = (cookie: string) =>
      simulator.fetch(
        new Request("https://www.amazon.com/ap/consent", {
          method: "POST",
          headers: { cookie, "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({
            request: new URL(consentUrl(simulator)).search.slice(1),
            ticket,
            decision: "allow"
          }).toString()
        })
      )
    expect((await decide(cookie)).status).toBe(302)
    const other = await simulator.walk({ as: "bruno", url: consentUrl(simulator) })
    expect((await decide(other.kind === "callback" ? other.cookie : "")).status).toBe(400)
    simulator.advance(600_001)
    expect([(await decide(cookie)).status, lastRule(simulator)]).toEqual([400, "LWA-AUT-10"])
  })

  test("knows nobody by the names that every object has", async () => {
    const simulator = fresh()
    for (const person of ["constructor", "__proto__", "toString"]) {
      const response = await simulator.fetch(
        new Request("https://www.amazon.com/ap/signin", {
          method: "POST",
          body: new URLSearchParams({ person, return_to: "/ap/oa" })
        })
      )
      expect([response.status, response.headers.get("set-cookie")]).toEqual([404, null])
    }
  })

  test("returns after signing in to its own pages only", async () => {
    const simulator = fresh()
    for (const target of ["https://evil.example/", "//evil.example/", "/\\evil.example", "/ap/oa\r\nx: y", "/\u65e5"]) {
      const response = await simulator.fetch(
        new Request("https://www.amazon.com/ap/signin", {
          method: "POST",
          body: new URLSearchParams({ person: "ada", return_to: target })
        })
      )
      expect([response.status, response.headers.get("location")]).toEqual([303, "/"])
    }
  })
})

describe("Seller Central and Vendor Central", () => {
  test("send state, selling partner id and code back, and the code buys tokens", async () => {
    const simulator = fresh()
    const callback = await simulator.consent({
      as: "ada",
      url: centralUrl(simulator, "sellercentral-europe.amazon.com")
    })
    expect(Object.keys(query(callback))).toEqual(["state", "selling_partner_id", "spapi_oauth_code"])
    expect(query(callback).selling_partner_id).toMatch(/^A[A-Z0-9]{13}$/)
    expect((await exchange(simulator, callback)).refresh_token).toMatch(/^Atzr\|/)
  })

  test("give a vendor's group code as the selling partner id", async () => {
    const simulator = fresh()
    const back = query(await simulator.consent({ as: "ada", url: centralUrl(simulator, "vendorcentral.amazon.com") }))
    expect(Object.keys(simulator.world().vendors)).toContain(back.selling_partner_id)
  })

  test("keep the person after a cancel: nobody is sent back", async () => {
    const simulator = fresh()
    expect((await simulator.walk({ as: "ada", url: centralUrl(simulator), decision: "cancel" })).kind).toBe("stayed")
    await expect(
      simulator.consent({ as: "ada", url: centralUrl(simulator), decision: "cancel" })
    ).rejects.toBeInstanceOf(NoCallback)
  })

  test.each([
    ["MD5101", { redirect_uri: "https://evil.example/" }],
    ["MD5110", { redirect_uri: `${returnUrl}#part` }],
    ["SPDC300", { application_id: "amzn1.sp.solution.00000000" }],
    ["SPDC300", { application_id: "nonsense" }],
    ["state", { state: "" }]
  ])("refuse with %s", async (code, extra) => {
    const simulator = fresh()
    const outcome = await simulator.walk({ as: "ada", url: centralUrl(simulator, "sellercentral.amazon.com", extra) })
    expect(outcome).toMatchObject({ kind: "refused", code })
  })

  test("refuse a draft application without version=beta with MD1000, and take it with", async () => {
    const simulator = fresh()
    const [, draft] = Object.values(simulator.world().applications)
    const ask = (extra: Record<string, string>) =>
      simulator.walk({
        as: "ada",
        url: centralUrl(simulator, "sellercentral.amazon.com", {
          application_id: draft?.spApplicationId ?? "",
          ...extra
        })
      })
    expect(await ask({})).toMatchObject({ kind: "refused", code: "MD1000" })
    expect((await ask({ version: "beta" })).kind).toBe("callback")
  })

  test("refuse an application without a log-in address with MD9100", async () => {
    const simulator = fresh()
    simulator.application().loginUri = null
    expect(await simulator.walk({ as: "ada", url: centralUrl(simulator) })).toMatchObject({
      kind: "refused",
      code: "MD9100"
    })
  })

  test("refuse somebody who is not the primary user with SPDC8143, and somebody without an account", async () => {
    const simulator = fresh()
    expect(await simulator.walk({ as: "bruno", url: centralUrl(simulator) })).toMatchObject({
      kind: "refused",
      status: 403,
      code: "SPDC8143"
    })
    expect(await simulator.walk({ as: "noor", url: centralUrl(simulator) })).toMatchObject({
      kind: "refused",
      rule: "CEN-NONE"
    })
  })

  test.each([
    ["SPDC8143", "bruno", "sellercentral.amazon.com", () => undefined],
    ["no account", "noor", "sellercentral.amazon.com", () => undefined],
    [
      "SPSA2043",
      "bruno",
      "vendorcentral.amazon.com",
      (person: Person, world: World) => {
        person.memberships = Object.keys(world.vendors).map((account) => ({
          account,
          primary: false,
          mayAuthorize: false
        }))
      }
    ],
    [
      "SPDC300",
      "ada",
      "sellercentral.amazon.com",
      (_: Person, world: World) => {
        for (const seller of Object.values(world.sellers)) seller.active = false
      }
    ]
  ])("let somebody else sign in after %s, and go on with the request", async (code, as, host, change) => {
    const simulator = fresh()
    change(simulator.person(as), simulator.world())
    const url = centralUrl(simulator, host)
    const signIn = await simulator.fetch(
      new Request(`https://${host}/ap/signin`, {
        method: "POST",
        body: new URLSearchParams({ person: as, return_to: "/" })
      })
    )
    const refused = await (await open(simulator, url, signIn.headers.get("set-cookie")?.split(";")[0])).text()
    expect(refused).toContain(`data-error-code="${code}"`)
    expect(refused).toContain(`data-signed-in="${as}"`)
    const form =
      /<form method="post" action="([^"]*)"><input type="hidden" name="return_to" value="([^"]*)">\s*<button type="submit" data-action="switch">/.exec(
        refused
      )
    const out = await simulator.fetch(
      new Request(new URL(form?.[1] ?? "", url), {
        method: "POST",
        body: new URLSearchParams({ return_to: (form?.[2] ?? "").replaceAll("&#38;", "&") })
      })
    )
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0")
    expect(new URL(out.headers.get("location") ?? "", url).href).toBe(url)
  })

  test("offer nobody else's sign-in where the application is refused", async () => {
    const simulator = fresh()
    const refused = await open(
      simulator,
      centralUrl(simulator, "sellercentral.amazon.com", { redirect_uri: "https://evil.example/" })
    )
    expect(await refused.text()).not.toContain('data-action="switch"')
  })

  test("take a delegate with the Appstore permission only where the world says so", async () => {
    const allowed = fresh({ preset: "delegate-allowed" })
    expect((await allowed.walk({ as: "bruno", url: centralUrl(allowed) })).kind).toBe("callback")
    const refused = fresh({ preset: "delegate-allowed", policy: { delegatesMayConsent: false } })
    expect(await refused.walk({ as: "bruno", url: centralUrl(refused) })).toMatchObject({ code: "SPDC8143" })
  })

  test("cover the accounts of their own marketplace only", async () => {
    const simulator = fresh()
    expect(
      (await simulator.walk({ as: "hanako", url: centralUrl(simulator, "sellercentral.amazon.co.jp") })).kind
    ).toBe("callback")
    expect(await simulator.walk({ as: "hanako", url: centralUrl(simulator) })).toMatchObject({ rule: "CEN-NONE" })
  })

  test("stop at the limit of an unlisted application, but renew those it has", async () => {
    const simulator = fresh()
    simulator.application().consentLimit = 1
    await exchange(simulator, await simulator.consent({ as: "ada", url: centralUrl(simulator) }))
    expect(await simulator.walk({ as: "emre", url: centralUrl(simulator) })).toMatchObject({
      code: "CONSENT_LIMIT_REACHED"
    })
    expect((await simulator.walk({ as: "ada", url: centralUrl(simulator) })).kind).toBe("callback")
    simulator.revoke("ada")
    expect((await simulator.walk({ as: "emre", url: centralUrl(simulator) })).kind).toBe("callback")
  })

  test("hand out codes that the other kind of consent does not mix up", async () => {
    const simulator = fresh()
    const url = await simulator.consent({ as: "ada", url: centralUrl(simulator) })
    expect(
      (
        await token(simulator, {
          grant_type: "authorization_code",
          code: codeOf(url),
          redirect_uri: "https://elsewhere.example/"
        })
      ).status
    ).toBe(400)
    expect(lastRule(simulator)).toBe("LWA-TOK-09")
  })
})

describe("pages", () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>'&\``
  const preset: Preset.Preset = {
    id: "hostile",
    title: hostile,
    accounts: [{ key: "bad", kind: "seller", name: hostile, region: "NA", countries: ["US", "CA"] }],
    people: [{ id: "eve", name: hostile, role: hostile, owns: ["bad"], edit: ["bad"] }]
  }

  test("show hostile names as text", async () => {
    const simulator = Simulator.make({ preset, clock: { manual: 0 } })
    const cookie = await simulator
      .walk({ as: "eve", url: centralUrl(simulator) })
      .then((outcome) => (outcome.kind === "callback" ? outcome.cookie : ""))
    const state = hostile
    const pages = await Promise.all(
      [
        open(simulator, centralUrl(simulator)),
        open(simulator, centralUrl(simulator, "sellercentral.amazon.com", { state }), cookie),
        open(simulator, consentUrl(simulator, { state }), cookie),
        simulator.fetch(new Request("http://127.0.0.1:1/"))
      ].map(async (response) => (await response).text())
    )
    for (const page of pages) {
      expect(page).not.toMatch(/<script|<img/i)
      expect(page).toContain("alert(1)")
    }
  })

  test("say what they are, load nothing, and leak no address", async () => {
    const simulator = fresh()
    const response = await open(simulator, consentUrl(simulator))
    const page = await response.text()
    expect(page).toContain('<html lang="en">')
    expect(page).toContain("Simulation.")
    expect(page).not.toMatch(/<script|<link|src=|https?:\/\/(?!app\.example)/)
    expect(response.headers.get("referrer-policy")).toBe("no-referrer")
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'")
    expect(page.match(/data-person="/g)?.length).toBe(Object.keys(simulator.world().people).length)
  })

  test("ask for the box to be ticked before they allow", async () => {
    const simulator = fresh()
    const cookie = await simulator
      .walk({ as: "ada", url: centralUrl(simulator) })
      .then((outcome) => (outcome.kind === "callback" ? outcome.cookie : ""))
    const page = await (await open(simulator, centralUrl(simulator), cookie)).text()
    const value = (name: string) =>
      new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1]?.replaceAll("&#38;", "&") ?? ""
    const response = await simulator.fetch(
      new Request("https://sellercentral.amazon.com/apps/authorize/decision", {
        method: "POST",
        headers: { cookie },
        body: new URLSearchParams({
          request: value("request"),
          ticket: value("ticket"),
          account: value("account"),
          decision: "allow"
        })
      })
    )
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('role="alert"')
    expect(page).toContain("data-consent-box")
  })
})
