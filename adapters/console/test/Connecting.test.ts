/**
 * From an account to its connection: to the provider and back, the choice of a profile, and everything that can come of
 * it (flow F1).
 */
import { Failure } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { browserCookie, fresh, location, roundTrip, usAds } from "./support/asking.ts"
import * as World from "./support/World.ts"

describe("connecting", () => {
  it("goes to the provider and back, chooses a profile, and shows the load", () =>
    fresh(async (own) => {
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

  it("shows on the account's page how the last attempt stands or ended", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("A"), "A US")
      const connectionId = await own.connectionOf(account, "amazon-ads")
      const shown = async () =>
        /<p class="last-attempt">([^]*?)<\/p>/.exec(await own.html(`/accounts/${account.id}`))?.[1]
      expect(await shown()).toBeUndefined()
      const authorizationRedirect = await own.startAuthorization(connectionId)
      expect(await shown()).toContain("At the provider")
      await own.receive(
        "amazon-ads",
        new URLSearchParams({
          error: "access_denied",
          state: authorizationRedirect.url.searchParams.get("state") ?? ""
        }),
        authorizationRedirect.browser
      )
      own.move("2 minutes")
      const declined = await shown()
      for (const words of [
        "Last attempt:",
        "Declined",
        "2 minutes ago",
        "The person declined at the provider. Talk to the owner"
      ]) {
        expect(declined).toContain(words)
      }
      const failed = await own.startAuthorization(connectionId)
      await own.receive(
        "amazon-ads",
        new URLSearchParams({ code: "never-given", state: failed.url.searchParams.get("state") ?? "" }),
        failed.browser
      )
      expect(await shown()).toContain("The provider did not accept the returned code")
      await own.startAuthorization(connectionId)
      own.move("16 minutes")
      await own.work()
      expect(await shown()).toContain("Timed out")
      await own.connect(account, "amazon-ads", usAds())
      expect(await shown()).toBeUndefined()
      await own.ask(`/connections/${connectionId}/disconnect`, { as: "ada", form: {} })
      expect(await shown()).toBeUndefined()
    }))

  it("sets the browser's cookie so that only the callback of this browser counts", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("A"), "A US")
      const connectionId = await own.connectionOf(account, "amazon-ads")
      const authorizationRedirect = await own.ask(`/connections/${connectionId}/authenticate`, { as: "ada", form: {} })
      expect(authorizationRedirect.status).toBe(303)
      expect(location(authorizationRedirect)).toContain("https://provider.invalid/consent/amazon-ads")
      const cookie =
        authorizationRedirect.headers.getSetCookie().find((one) => one.startsWith("portolan_browser=")) ?? ""
      for (const part of ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=86400"]) expect(cookie).toContain(part)
      expect(cookie).not.toContain("Secure")
      const again = await own.ask(`/connections/${connectionId}/authenticate`, {
        as: "ada",
        form: {},
        cookie: browserCookie(authorizationRedirect)
      })
      expect(browserCookie(again)).toBe(browserCookie(authorizationRedirect))
    }))

  it("marks cookies as secure where people come by https", async () => {
    const own = await World.make({ origin: "https://connect.test" })
    const account = await own.account(await own.company("A"), "A US")
    const authorizationRedirect = await own.ask(
      `/connections/${await own.connectionOf(account, "amazon-ads")}/authenticate`,
      { as: "ada", form: {} }
    )
    expect(authorizationRedirect.headers.getSetCookie().join()).toContain("Secure")
    await own.close()
  })

  it("wants a tick for a profile with warnings, and names the account that was faster", () =>
    fresh(async (own) => {
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
      expect(
        (
          await own.ask(`/pending/${first.authorizationId}/select`, {
            as: "ada",
            form: { profile: key, confirmed: "yes" }
          })
        ).status
      ).toBe(303)
      const shown = await own.html(`/pending/${second.authorizationId}`)
      expect(shown).toContain("Already connected")
      expect(shown).not.toContain("Use this profile")
      const late = await own.ask(`/pending/${second.authorizationId}/select`, {
        as: "ada",
        form: { profile: key, confirmed: "yes" }
      })
      const text = await late.text()
      expect(late.status).toBe(409)
      expect(text).toContain("already connected to the account “First US”")
      expect(text).toContain(`/connections/${first.connectionId}`)
    }))

  it("says everywhere that a consent sees no profile, and that its owner must act", () =>
    fresh(async (own) => {
      const company = await own.company("A")
      const account = await own.account(company, "A US")
      const authorization = await own.consent(account, "amazon-ads", [])
      for (const path of [
        `/pending/${authorization.authorizationId}`,
        `/accounts/${account.id}`,
        `/connections/${authorization.connectionId}`
      ]) {
        const text = await own.html(path)
        for (const words of ["No profile visible yet", "sees no profile", "The owner of the account at the provider"])
          expect(text, path).toContain(words)
        expect(text, path).not.toMatch(/Waiting for your choice|waits for your choice|Choose the profile/)
      }
      for (const path of [`/companies/${company.id}`, "/connections"]) {
        const text = await own.html(path)
        for (const words of ["No profile visible yet", "See why"]) expect(text, path).toContain(words)
        expect(text, path).not.toMatch(/Waiting for your choice|Choose profile/)
      }
    }))

  it("looks again for profiles that were not there, and can dismiss", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("A"), "A US")
      const authorization = await own.consent(account, "amazon-ads", [])
      expect(await own.html(`/pending/${authorization.authorizationId}`)).toContain("No profile visible yet")
      await own.run(Effect.flatMap(ProviderScript.ProviderScript, (script) => script.shows("A1SELLER", [usAds()])))
      const looked = await own.ask(`/pending/${authorization.authorizationId}/look-again`, { as: "ada", form: {} })
      expect(await own.html(location(looked))).toContain("Use this profile")
      await own.run(
        Effect.flatMap(ProviderScript.ProviderScript, (script) =>
          script.fail("discover", new Failure.Temporary({ detail: "503", throttled: false }))
        )
      )
      const busy = await own.ask(`/pending/${authorization.authorizationId}/look-again`, { as: "ada", form: {} })
      expect(busy.status).toBe(503)
      expect(await busy.text()).toContain("Nothing was lost")
      const dismissed = await own.ask(`/pending/${authorization.authorizationId}/dismiss`, {
        as: "ada",
        form: { because: "Wrong shop" }
      })
      expect(location(dismissed)).toBe("/pending?done=dismissed")
      expect(await own.html(`/pending/${authorization.authorizationId}`)).toContain("Wrong shop")
    }))

  it("ends a connection after showing what that means", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("A"), "A US")
      const { connectionId } = await own.connect(account, "amazon-ads", usAds())
      const page = await own.html(`/connections/${connectionId}/disconnect`)
      for (const effect of ["The profile is free", "tokens for this consent are forgotten", "Everything loaded so far"])
        expect(page).toContain(effect)
      expect(location(await own.ask(`/connections/${connectionId}/disconnect`, { as: "ada", form: {} }))).toContain(
        "done=disconnected"
      )
      expect(await own.html(`/connections/${connectionId}`)).toContain("The connection was ended here")
    }))
})

describe("callbacks", () => {
  it("every outcome has a page that says what happened, who acts and what next", () =>
    fresh(async (own) => {
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
        [
          "application-rejected",
          { code: "x" },
          () => script((s) => s.fail("exchange", new Failure.ApplicationRejected({ detail: "invalid_client" })))
        ],
        [
          "provider-unavailable",
          { code: "x" },
          () => script((s) => s.fail("exchange", new Failure.Temporary({ detail: "503", throttled: false })))
        ]
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

  it("a repeated return says so and does nothing twice; a foreign or forged one is unknown", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("A"), "A US")
      const authorizationRedirect = await own.ask(
        `/connections/${await own.connectionOf(account, "amazon-ads")}/authenticate`,
        { as: "ada", form: {} }
      )
      const state = new URL(location(authorizationRedirect)).searchParams.get("state") ?? ""
      const path = `/callback/amazon-ads?${new URLSearchParams({ state, code: await own.code("amazon-ads", "NA", [usAds()]) })}`
      expect(location(await own.ask(path, { cookie: "portolan_browser=somebody-elses-cookie-value" }))).toBe(
        "/arrived/amazon-ads/other-browser"
      )
      expect(location(await own.ask(path))).toBe("/arrived/amazon-ads/other-browser")
      expect((await own.ask(path, { method: "HEAD", cookie: browserCookie(authorizationRedirect) })).status).toBe(405)
      const cookie = browserCookie(authorizationRedirect)
      expect(location(await own.ask(path, { cookie }))).toBe("/arrived/amazon-ads/consented")
      expect(location(await own.ask(path, { cookie }))).toBe("/arrived/amazon-ads/consented?again=1")
      expect(await own.html("/arrived/amazon-ads/consented?again=1", {})).toContain("You were here before")
      expect(location(await own.ask("/callback/amazon-ads?state=forged&code=x", { cookie }))).toBe(
        "/arrived/amazon-ads/unknown"
      )
      expect((await own.ask("/callback/ebay?state=x")).status).toBe(404)
      expect((await own.ask("/arrived/amazon-ads/toString")).status).toBe(404)
    }))
})

describe("an installation without credentials for a channel", () => {
  it("offers only what it can connect, and says who can change that", () =>
    fresh(
      async (own) => {
        const company = await own.company("A")
        const page = await own.html(`/companies/${company.id}/accounts/new`)
        expect(page).toContain("Amazon")
        expect(page).not.toContain("Walmart")
        const account = await own.account(company, "A US")
        const tiles = await own.html(`/accounts/${account.id}`)
        expect(tiles).toContain("Amazon Selling Partner API is not set up in this installation")
        expect(tiles).toContain("Your operator can add")
        expect(tiles.match(/Authenticate now<span/g)).toHaveLength(1)
      },
      { channels: ["amazon-ads"] }
    ))
})
