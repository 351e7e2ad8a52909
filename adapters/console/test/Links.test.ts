/** Auth links, as who makes them and who follows them sees them. */
import { describe, expect, it } from "vitest"
import { fresh, location, roundTrip, usAds } from "./support/asking.ts"
import type * as World from "./support/World.ts"

describe("auth links", () => {
  const makeLink = async (own: World.World) => {
    const account = await own.account(await own.company("A"), "A US")
    const connectionId = await own.connectionOf(account, "amazon-ads")
    const created = await own.ask(`/connections/${connectionId}/links`, { as: "mia", form: { life: "72" } })
    const page = await own.html(location(created).split("#")[0] ?? "")
    return { page, path: /value="[^"]*(\/link\/[^"]+)"/.exec(page)?.[1] ?? "", connectionId }
  }

  it("are made with the chosen life and shown to copy", () =>
    fresh(async (own) => {
      const { page, path } = await makeLink(own)
      expect(path).toMatch(/^\/link\/[\w-]{20,}$/)
      expect(page).toContain("in 3 days")
      expect(page).toContain("Nobody has followed it yet")
      // From then on it is its receiver who must act.
      expect(page).toContain("A link is out")
      expect(page).not.toContain("<dd>You or a colleague</dd></div>\n  <div><dt>Next")
    }))

  it("are not used up by looking, however often and by whichever scanner", () =>
    fresh(async (own) => {
      const { page: _page, path } = await makeLink(own)
      for (const method of ["GET", "HEAD", "GET", "OPTIONS"]) await own.ask(path, { method })
      const text = await own.html(path, {})
      expect(text).toContain("Blue Harbor Commerce")
      expect(text).toContain("to change campaigns")
      for (const words of ["Mia Lund", "A US", "Amazon United States", "Amazon Advertising API", "Continue to Amazon"])
        expect(text).toContain(words)
      const code = await own.code("amazon-ads", "NA", [usAds()])
      const back = await roundTrip(own, path, {}, { code })
      expect(location(back)).toBe("/arrived/amazon-ads/consented")
      const after = await own.ask(path)
      expect(after.status).toBe(410)
      expect(await after.text()).toContain("This link has been used")
      expect((await own.ask(path, { form: {} })).status).toBe(410)
    }))

  it("open with a slash behind them, which some programs put there", () =>
    fresh(async (own) => {
      const { path } = await makeLink(own)
      for (const address of [path, `${path}/`]) {
        const answer = await own.ask(address)
        expect([answer.status, (await answer.text()).includes("Continue to Amazon")]).toEqual([200, true])
      }
      // An address that nobody made is told as such in the same words.
      for (const end of ["", "/"]) expect((await own.ask(`/link/${"x".repeat(40)}${end}`)).status).toBe(404)
    }))

  it("stay usable after a declined attempt, and close when withdrawn", () =>
    fresh(async (own) => {
      const { path } = await makeLink(own)
      expect(location(await roundTrip(own, path, {}, { error: "access_denied" }))).toBe(
        "/arrived/amazon-ads/declined-link"
      )
      expect(await own.html("/arrived/amazon-ads/declined-link", {})).toContain("stays usable")
      expect((await own.ask(path)).status).toBe(200)
      const list = await own.html("/connections")
      const account = /href="\/accounts\/(acc_[a-z0-9]+)"/.exec(list)?.[1] ?? ""
      const page = await own.html(`/accounts/${account}`)
      expect(page).toContain("The last attempt ended: The person declined at the provider.")
      const revoke = /action="(\/links\/[^"]+\/revoke)"/.exec(page)?.[1] ?? ""
      expect((await own.ask(revoke, { as: "ada", form: {} })).status).toBe(303)
      expect(await own.html(path, {})).toContain("This link was withdrawn")
      expect(location(await own.ask(path, { form: {} }))).toBe("")
    }))

  it("keep the token out of referrers and caches", () =>
    fresh(async (own) => {
      const response = await own.ask((await makeLink(own)).path)
      expect(response.headers.get("referrer-policy")).toBe("same-origin")
      expect(response.headers.get("cache-control")).toBe("no-store")
      expect(response.headers.get("x-robots-tag")).toBe("noindex")
    }))
})
