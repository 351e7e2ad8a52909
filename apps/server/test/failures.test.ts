/**
 * What goes wrong on the way, through HTTP: each case ends in a state with a reason and a next step, seen in the
 * console.
 */
import { at, Browser, find, list, software, text } from "@portolan/app-demo/Http"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import {
  account,
  connect,
  consent,
  startAuthorization,
  entered,
  type Member,
  type Place,
  until
} from "./support/place.ts"

let close: () => Promise<void>
let place: Place
let who: Member

beforeAll(async () => {
  ;({ close, place, who } = await entered())
}, 120_000)

afterAll(() => close(), 30_000)

let serial = 0
const opened = (marketplace?: string, type?: string) => account(who.api, `Account ${++serial}`, marketplace, type)

const linkFor = async (connectionId: string) => {
  const { json } = await who.api(
    "POST",
    `/v1/connections/${connectionId}/auth-links`,
    201,
    {},
    { "idempotency-key": crypto.randomUUID() }
  )
  return { id: text(json, "id"), path: new URL(text(json, "url")).pathname }
}

/** The outcome of a connection's latest authorization, from the API; and that the console shows it. */
const outcome = async (connectionId: string) => {
  const { json } = await who.api("GET", `/v1/connections/${connectionId}/authorizations`, 200)
  const authorization = list(json, "items")[0] ?? {}
  const told = at(authorization, "outcome")
  const { page, status } = await who.browser.go(`/connections/${connectionId}`)
  expect(status).toBe(200)
  expect(page).toContain(text(told, "label"))
  expect(text(told, "reason")).not.toBe("")
  expect(text(told, "nextStep")).not.toBe("")
  return { state: text(authorization, "state"), label: text(told, "label"), reason: text(told, "reason") }
}

describe("on the way to the provider and back", () => {
  test("a declined consent is told to the person and kept on record; the tile can be tried again", async () => {
    const { ads, marketplace } = await opened()
    const { url } = await startAuthorization(who, ads)
    const walked = await consent(place, "ada", url, "cancel")
    const back = await who.browser.go(text(walked, "url"))
    const shown = await who.browser.go(back.location)
    expect(shown.page).toContain("declined")
    expect((await outcome(ads)).state).toBe("declined")
    await connect(who, ads, marketplace)
  })

  test("a person without the right to consent to the Selling Partner API is refused at Amazon; nothing comes back", async () => {
    const { sp } = await opened()
    const { url } = await startAuthorization(who, sp)
    const walked = await consent(place, "bruno", url)
    expect(walked.kind).toBe("refused")
    expect(JSON.stringify(walked)).toContain("SPDC8143")
    expect((await outcome(sp)).state).toBe("started")
  })

  test("a person who may only look at advertising leads to a limited connection, after a warning", async () => {
    const { ads } = await opened("A2EUQ1WTGCTBG2")
    const { authorizationId, url } = await startAuthorization(who, ads)
    await who.browser.go(text(await consent(place, "chiara", url), "url"))
    const { json } = await who.api("GET", `/v1/authorizations/${authorizationId}`, 200)
    const choice = find(
      list(json, "choices"),
      "the Canadian profile",
      (one) => at(at(one, "profile"), "key").marketplaceId === "A2EUQ1WTGCTBG2"
    )
    const profile = text(at(choice, "profile"), "reference")
    const asked = await who.api("POST", `/v1/authorizations/${authorizationId}/select`, 409, { profile })
    expect(text(asked.json, "detail")).toContain("view")
    await who.api("POST", `/v1/authorizations/${authorizationId}/select`, 200, { profile, confirmed: true })
    const { json: connection } = await who.api("GET", `/v1/connections/${ads}`, 200)
    expect(at(connection, "evidence").status).toBe("limited")
    expect(at(connection, "evidence").mustAct).toBe("account-owner")
  })

  test("an empty profile list keeps the consent and says why and when to look again (P-R2)", async () => {
    const { ads } = await opened("A1PA6795UKMFR9")
    const { authorizationId, url } = await startAuthorization(who, ads)
    await who.browser.go(text(await consent(place, "danylo", url), "url"))
    const { page } = await who.browser.go(`/pending/${authorizationId}`)
    expect(page).toContain("No profile visible yet")
    expect(page).toContain("24 hours")
    expect((await outcome(ads)).label).toBe("No profile visible yet")
    const world = await software(place.simulator, {})("GET", "/_sim/world", 200)
    const danylo = find(list(world.json, "people"), "Danylo", (one) => one.id === "danylo")
    const owned = Object.keys(at(danylo, "profiles"))
    const profile = find(
      list(world.json, "profiles"),
      "the German profile",
      (one) => owned.includes(text(one, "id")) && one.marketplaceId === "A1PA6795UKMFR9"
    )
    await software(place.simulator, {})("POST", "/_sim/campaign", 200, { profile: text(profile, "id") })
    await software(place.simulator, {})("POST", "/_sim/advance", 200, { milliseconds: 60_000 })
    const again = await who.api("POST", `/v1/authorizations/${authorizationId}/look-again`, 200)
    expect(list(again.json, "choices")).toHaveLength(1)
  })

  test("a replayed callback is told the outcome and changes nothing", async () => {
    const { ads } = await opened()
    const { url } = await startAuthorization(who, ads)
    const callback = text(await consent(place, "ada", url), "url")
    const first = await who.browser.go(callback)
    const before = (await who.api("GET", `/v1/connections/${ads}/authorizations`, 200)).json
    const second = await who.browser.go(callback)
    expect(second.status).toBe(303)
    expect(second.location.split("?")[0]).toBe(first.location.split("?")[0])
    expect((await who.api("GET", `/v1/connections/${ads}/authorizations`, 200)).json).toEqual(before)
  })

  test("a forged or foreign state, and a return in another browser, are pages that say what to do and change nothing", async () => {
    const { ads } = await opened()
    const { url } = await startAuthorization(who, ads)
    const callback = new URL(text(await consent(place, "ada", url), "url"))
    const forged = new URL(callback)
    forged.searchParams.set("state", `${forged.searchParams.get("state") ?? ""}x`)
    const foreign = new URL(callback)
    foreign.pathname = "/callback/amazon-sp"
    for (const wrong of [
      forged,
      foreign,
      new URL("/callback/amazon-ads", callback),
      new URL("/callback/nothing", callback)
    ]) {
      const answer = await who.browser.go(wrong.href)
      const shown = answer.status === 303 ? await who.browser.go(answer.location) : answer
      expect(shown.page).not.toContain("Account ")
      expect(shown.status).toBeGreaterThanOrEqual(200)
      expect(shown.status).toBeLessThan(500)
    }
    const stranger = new Browser(place.origin)
    const elsewhere = await stranger.go(callback.href)
    expect((await stranger.go(elsewhere.location)).page).toContain("browser")
    expect((await outcome(ads)).state).toBe("started")
    const home = await who.browser.go(callback.href)
    expect(home.location).toMatch(/^\/pending\//)
  })

  test("a code that Amazon refuses ends the attempt only", async () => {
    const { ads } = await opened()
    const { url } = await startAuthorization(who, ads)
    const callback = new URL(text(await consent(place, "ada", url), "url"))
    callback.searchParams.set("code", "ANmadeupcode")
    await who.browser.go(callback.href)
    expect((await outcome(ads)).state).toBe("failed")
    expect((await who.api("GET", `/v1/connections/${ads}`, 200)).json.evidence).toMatchObject({
      status: "not-connected"
    })
  })
})

describe("auth links", () => {
  test("withdrawn while the owner is at Amazon: the consent is not taken, and both sides are told", async () => {
    const { ads } = await opened()
    const link = await linkFor(ads)
    const guest = new Browser(place.origin)
    const departure = await guest.go(link.path, {})
    await who.api("POST", `/v1/auth-links/${link.id}/revoke`, 200)
    const back = await guest.go(text(await consent(place, "ada", departure.location), "url"))
    const shown = await guest.go(back.location)
    expect(shown.page.toLowerCase()).toContain("link")
    expect((await outcome(ads)).reason).toContain("link")
    const page = await guest.go(link.path)
    expect(page.status).toBe(410)
    expect(page.page).toContain("withdrawn")
  })

  test("used once, it says so to later visitors; GET and HEAD consume nothing", async () => {
    const { ads } = await opened()
    const link = await linkFor(ads)
    for (let scan = 0; scan < 3; scan++) {
      await new Browser(place.origin).go(link.path)
      expect((await fetch(new URL(link.path, place.origin), { method: "HEAD" })).status).toBe(200)
    }
    const guest = new Browser(place.origin)
    const departure = await guest.go(link.path, {})
    expect(departure.status).toBe(303)
    await guest.go(text(await consent(place, "ada", departure.location), "url"))
    const later = await new Browser(place.origin).go(link.path, {})
    expect(later.status).toBe(410)
    expect(later.page).toContain("used")
  })

  test("two people follow one link at once: one consent counts, the other person is told", async () => {
    const { ads } = await opened()
    const link = await linkFor(ads)
    const guests = [new Browser(place.origin), new Browser(place.origin)]
    const departures = await Promise.all(guests.map((guest) => guest.go(link.path, {})))
    const callbacks: Array<string> = []
    for (const { location } of departures) callbacks.push(text(await consent(place, "ada", location), "url"))
    await Promise.all(guests.map((guest, index) => guest.go(callbacks[index] ?? "")))
    const { json } = await who.api("GET", `/v1/connections/${ads}/authorizations`, 200)
    expect(
      list(json, "items")
        .map((authorization) => text(authorization, "state"))
        .toSorted()
    ).toEqual(["awaiting-selection", "failed"])
  })

  test("an unknown link is a page like any other unknown link", async () => {
    const one = await new Browser(place.origin).go(`/link/${"A".repeat(43)}`)
    const other = await new Browser(place.origin).go(`/link/${"B".repeat(43)}`)
    expect(one.status).toBe(404)
    expect(one.page.replaceAll("A".repeat(43), "")).toBe(other.page.replaceAll("B".repeat(43), ""))
  })
})

describe("choosing", () => {
  test("two pending consents choose one profile at the same instant: one wins, the other is told by whom it is held", async () => {
    const marketplace = "A1AM78C64UM0Y8"
    const accounts = [await opened(marketplace), await opened(marketplace)]
    const authorizations = []
    for (const { ads } of accounts) {
      const { authorizationId, url } = await startAuthorization(who, ads)
      await who.browser.go(text(await consent(place, "ada", url), "url"))
      const { json } = await who.api("GET", `/v1/authorizations/${authorizationId}`, 200)
      const choice = find(
        list(json, "choices"),
        "the Mexican profile",
        (one) => at(at(one, "profile"), "key").marketplaceId === marketplace
      )
      authorizations.push({ authorizationId, profile: text(at(choice, "profile"), "reference") })
    }
    const answers = await Promise.all(
      authorizations.map(async ({ authorizationId, profile }) => {
        const answer = await fetch(new URL(`/v1/authorizations/${authorizationId}/select`, place.origin), {
          method: "POST",
          body: JSON.stringify({ profile, confirmed: true }),
          headers: { "content-type": "application/json", cookie: who.browser.cookie, origin: place.origin }
        })
        return { status: answer.status, body: (await answer.json()) as { readonly detail?: string } }
      })
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.detail).toMatch(
      /already connected to the account “Account \d+”/
    )
  })
})

describe("afterwards", () => {
  test("a consent withdrawn at Amazon is proven, asks for reauthorization, and the same seller heals it", async () => {
    const { ads, marketplace } = await opened("A1F83G8C2ARO7P")
    const { authorizationId, url } = await startAuthorization(who, ads)
    await who.browser.go(text(await consent(place, "ada", url), "url"))
    await software(place.simulator, {})("POST", "/_sim/revoke", 200, { person: "ada" })
    const { json } = await who.api("GET", `/v1/authorizations/${authorizationId}`, 200)
    const choice = find(
      list(json, "choices"),
      "the British profile",
      (one) => at(at(one, "profile"), "key").marketplaceId === marketplace
    )
    await who.api("POST", `/v1/authorizations/${authorizationId}/select`, 200, {
      profile: text(at(choice, "profile"), "reference"),
      confirmed: true
    })
    const evidence = async () => at((await who.api("GET", `/v1/connections/${ads}`, 200)).json, "evidence")
    const lost = await until("proof of the withdrawal", 40, async () => {
      const found = await evidence()
      return found.status === "reauthorization-needed" ? found : undefined
    })
    expect(lost.mustAct).toBe("account-owner")
    expect((await who.browser.go(`/connections/${ads}`)).page).toContain("Reauthorization needed")
    expect((await who.api("GET", `/v1/connections/${ads}/access-token`, 409)).json.reason).toBe("not-possible-now")

    await connect(who, ads, marketplace)
    expect((await evidence()).status).toBe("connected")
    await until("the rest of the load", 60, async () => {
      const found = (await who.api("GET", `/v1/connections/${ads}`, 200)).json
      return at(found, "backfill").state === "complete" ? found : undefined
    })
  }, 120_000)
})
