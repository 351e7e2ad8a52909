/** Consents that begin at the marketplace: the log-in address, and what a person does there. */
import { describe, expect, it } from "vitest"
import { browserCookie, fresh, location } from "./support/asking.ts"
import * as World from "./support/World.ts"

const seller = "A2EUQ1WTGCTBG2"
const usSeller = World.profile("amazon-sp", "US", seller, { name: "Nordwind" })
const query = (more: { readonly [name: string]: string } = {}) =>
  new URLSearchParams({
    amazon_callback_uri: "https://amazon.com/apps/authorize/confirm/ours",
    amazon_state: "theirs",
    selling_partner_id: seller,
    ...more
  }).toString()

const startCookie = (response: Response): string =>
  response.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith("portolan_marketplace="))
    ?.split(";")[0] ?? ""

/** Opens the log-in address as the provider would, and gives the page that the person then sees. */
const arrive = async (own: World.World, as: World.Who, sent = query()) => {
  const opened = await own.ask(`/marketplace/amazon-sp?${sent}`, { as })
  const cookie = startCookie(opened)
  const page = await own.ask(location(opened), { as, cookie })
  return { opened, cookie, page, html: await page.text() }
}

const connectionIn = (html: string, chosen = "checked") =>
  new RegExp(`name="connection" value="(con_[^"]+)" required ?${chosen}`).exec(html)?.[1] ?? ""

const comesBack = async (own: World.World, as: World.Who, gone: Response, code: string, grantor = seller) => {
  const state = new URL(location(gone)).searchParams.get("state") ?? ""
  const back = new URLSearchParams({ state, spapi_oauth_code: code, selling_partner_id: grantor })
  return own.ask(`/callback/amazon-sp?${back.toString()}`, { as, cookie: browserCookie(gone) })
}

describe("a consent that begins at the marketplace", () => {
  it("is taken up when one address is registered for both, and it arrives at the return address", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("Nordwind"), "Nordwind US")
      const connectionId = await own.connectionOf(account, "amazon-sp")
      const opened = await own.ask(`/callback/amazon-sp?${query()}`, { as: "ada" })
      expect([opened.status, location(opened)]).toEqual([303, "/marketplace/amazon-sp"])
      const page = await own.ask("/marketplace/amazon-sp", { as: "ada", cookie: startCookie(opened) })
      expect(connectionIn(await page.text(), "")).toBe(connectionId)
      // Without what a start has, it is a return that nobody knows.
      for (const odd of ["", "version=beta"]) {
        expect(location(await own.ask(`/callback/amazon-sp?${odd}`, { as: "ada" })), odd).toContain("/arrived/")
      }
      // A start that would lead to another host is explained, and leads nowhere.
      const wrong = query({ amazon_callback_uri: "https://elsewhere.example/confirm" })
      const refused = await own.ask(`/callback/amazon-sp?${wrong}`, { as: "ada" })
      expect([refused.status, (await refused.text()).includes("elsewhere.example")]).toEqual([400, false])
    }))

  it("lands on the account that a person chose, and renews it by its proven id the next time", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("Nordwind"), "Nordwind US")
      const connectionId = await own.connectionOf(account, "amazon-sp")
      const first = await arrive(own, "ada")
      // Nothing of the provider stays in the address.
      expect(location(first.opened)).toBe("/marketplace/amazon-sp")
      expect(first.html).toContain("Connect a seller of Amazon")
      expect(connectionIn(first.html)).toBe("")
      const form = { start: query(), connection: connectionIn(first.html, "") }
      expect(form.connection).toBe(connectionId)
      const gone = await own.ask("/marketplace/amazon-sp", { as: "ada", cookie: first.cookie, form })
      expect(new URL(location(gone)).searchParams.get("confirms")).toBe("theirs")
      expect(gone.headers.getSetCookie().join()).toMatch(/portolan_marketplace=;/)
      const code = await own.code("amazon-sp", "NA", [usSeller], { grantor: seller })
      const back = await comesBack(own, "ada", gone, code)
      expect(location(back)).toMatch(/^\/pending\/aut_/)
      const choose = await own.html(location(back))
      const profile = /name="profile" value="([^"]+)"/.exec(choose)?.[1] ?? ""
      await own.ask(`${location(back)}/select`, { as: "ada", form: { profile, confirmed: "yes" } })

      const second = await arrive(own, "ada")
      expect(second.html).toContain("Renew a consent at Amazon")
      expect(connectionIn(second.html)).toBe(connectionId)
      // In another organization it looks like a seller that nobody has.
      const rival = await arrive(own, "rex")
      expect(rival.page.status).toBe(200)
      expect(rival.html).not.toContain("Nordwind")
      const nobody = await arrive(own, "rex", query({ selling_partner_id: "A9NOBODYHASIT" }))
      expect(rival.html.replaceAll(seller, "S")).toBe(nobody.html.replaceAll("A9NOBODYHASIT", "S"))
      // The connection of another seller takes no consent of this one.
      const other = query({ selling_partner_id: "A9NOBODYHASIT" })
      const refused = await own.ask("/marketplace/amazon-sp", {
        as: "ada",
        form: { start: other, connection: connectionId }
      })
      expect(refused.status).toBe(409)
      expect(await refused.text()).toContain("This connection belongs to Nordwind")
      // Neither does a connection of another organization.
      const stranger = await own.ask("/marketplace/amazon-sp", {
        as: "rex",
        form: { start: query(), connection: connectionId }
      })
      expect(stranger.status).toBe(404)
    }))

  it("is judged before anybody signs in, and waits while somebody signs in, or adds an organization or an account", () =>
    fresh(async (own) => {
      const opened = await own.ask(`/marketplace/amazon-sp?${query()}`, {})
      const cookie = startCookie(opened)
      const asked = await own.ask(location(opened), { cookie })
      expect(location(asked)).toBe("/sign-in?return=%2Fmarketplace%2Famazon-sp")
      for (const sent of [query({ selling_partner_id: "<script>" }), query({ amazon_state: "x".repeat(4000) })]) {
        const wrong = await own.ask(`/marketplace/amazon-sp?${sent}`, {})
        expect(wrong.status).toBe(400)
        expect(startCookie(wrong)).toBe("")
        const words = await wrong.text()
        expect(words).toContain("This consent cannot begin here")
        expect(words).not.toMatch(/<script>|xxxx/)
      }
      expect((await own.ask("/marketplace/amazon-ads?x=1", {})).status).toBe(404)
      expect((await own.ask("/marketplace/walmart-connect", {})).status).toBe(404)
      const company = await own.company("Nordwind")
      const created = await own.ask("/start", {
        as: "ada",
        cookie,
        form: { key: "k", name: "New", type: "seller", marketplace: World.market("US"), company: company.id }
      })
      expect(location(created)).toBe("/marketplace/amazon-sp")
    }))

  it("goes nowhere without a person who sends the form of this page and may connect", () =>
    fresh(async (own) => {
      const account = await own.account(await own.company("Nordwind"), "Nordwind US")
      const connection = await own.connectionOf(account, "amazon-sp")
      const form = { start: query(), connection }
      const foreign = await own.ask("/marketplace/amazon-sp", {
        as: "ada",
        form,
        headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" }
      })
      expect(foreign.status).toBe(403)
      expect((await arrive(own, "vic")).page.status).toBe(403)
      expect((await own.ask("/marketplace/amazon-sp", { as: "vic", form })).status).toBe(403)
      const unchosen = await own.ask("/marketplace/amazon-sp", { as: "ada", form: { start: query() } })
      expect(unchosen.status).toBe(422)
      // A callback that another browser brings is refused as ever.
      const gone = await own.ask("/marketplace/amazon-sp", { as: "ada", form })
      const state = new URL(location(gone)).searchParams.get("state") ?? ""
      const stolen = await own.ask(`/callback/amazon-sp?${new URLSearchParams({ state, spapi_oauth_code: "c" })}`, {
        as: "rex",
        cookie: "portolan_browser=another-browser-altogether"
      })
      expect(location(stolen)).toBe("/arrived/amazon-sp/other-browser")
    }))
})
