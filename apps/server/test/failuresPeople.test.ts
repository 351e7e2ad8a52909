/**
 * What goes wrong with people and organizations, through HTTP: who may not, who is gone, and what comes of forwarded
 * mails.
 */
import { at, Browser, find, list, software, text } from "@portolan/app-demo/Http"
import { linkIn, mails, mailTo } from "@portolan/app-demo/Mailbox"
import { addCompany, atBrowser, type Member, openAccount, type Opened } from "@portolan/app-demo/Member"
import { newcomer, settle, signUp, verify } from "@portolan/app-demo/Newcomer"
import { fresh } from "@portolan/app-demo/Place"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { entered, type Place } from "./support/place.ts"

let close: () => Promise<void>
let place: Place
/** Owner of the demo organization, and operator of the installation. */
let operator: Member
let owner: Member
let account: Opened

beforeAll(async () => {
  ;({ close, place, who: operator } = await entered())
  owner = await settle(place, "Olga Owner", "Failing & Sons")
  account = await openAccount(owner, await addCompany(owner, "One", "One"), "One", "ATVPDKIKX0DER")
}, 120_000)

afterAll(() => close(), 30_000)

/** Somebody who was invited and joined. */
const joined = async (role: string, access: { readonly [field: string]: string } = { to: "everything" }) => {
  const who = newcomer(`${role} Person`)
  expect((await owner.browser.go("/members", { email: who.email, role, ...access })).status).toBe(303)
  const path = linkIn(await mailTo(owner.browser, who.email, ""), "/join/")
  const browser = new Browser(place.origin)
  await verify(browser, await signUp(place, browser, who, path))
  expect((await browser.go(`${path}/accept`, {})).status).toBe(303)
  const all = list((await owner.session("GET", "/v1/members?limit=100", 200)).json, "items")
  return {
    ...atBrowser(place, browser),
    who,
    id: text(
      find(all, who.email, ({ email }) => email === who.email),
      "id"
    )
  }
}

describe("roles and limited access", () => {
  test("a viewer is told that it is not allowed and by whom it is, never shown an empty page (K-R1)", async () => {
    const viewer = await joined("viewer")
    const refused = await viewer.session("POST", "/v1/companies", 403, { name: "Not me", brand: "Not me" }, fresh())
    expect(text(refused.json, "nextStep")).toMatch(/owner|admin/)
    await viewer.session("POST", `/v1/connections/${account.tile("amazon-ads")}/auth-links`, 403, {}, fresh())
    await viewer.session("GET", "/v1/api-keys", 403)
    for (const path of ["/audit", "/members/invite", "/api-keys"]) {
      const { page, status } = await viewer.browser.go(path)
      expect(status, path).toBe(403)
      expect(page, path).toMatch(/owner|admin/)
    }
  })

  test("somebody who may read one account changes nothing of it, and does not see other people (S-R9)", async () => {
    const reader = await joined("member", { to: "limited", [account.accountId]: "read" })
    await reader.session("GET", `/v1/accounts/${account.accountId}`, 200)
    const tile = `/v1/connections/${account.tile("amazon-ads")}`
    await reader.session("PATCH", `/v1/accounts/${account.accountId}`, 403, { name: "Renamed" })
    await reader.session("POST", `/v1/accounts/${account.accountId}/remove`, 403)
    await reader.session("POST", `${tile}/authorizations`, 403, undefined, fresh())
    await reader.session("POST", `${tile}/auth-links`, 403, {}, fresh())
    await reader.session("DELETE", tile, 403)
    await reader.session("GET", "/v1/members", 403)
    await reader.session("GET", "/v1/grants", 403)
  })

  test("an admin cannot touch the owner, nor make himself one (X-R7, P-R16)", async () => {
    const admin = await joined("admin")
    const all = list((await admin.session("GET", "/v1/members?limit=100", 200)).json, "items")
    const first = text(
      find(all, "the owner", ({ role }) => role === "owner"),
      "id"
    )
    await admin.session("POST", `/v1/members/${first}/remove`, 422, {})
    await admin.session("PUT", "/v1/organization/owner/offer", 403, { memberId: admin.id })
    expect(
      list((await owner.session("GET", "/v1/members?limit=100", 200)).json, "items").filter(
        ({ role }) => role === "owner"
      )
    ).toHaveLength(1)
  })

  test("a key does no more than it was made for, never what only an owner may, and ends with its maker (S-R10)", async () => {
    const admin = await joined("admin")
    await admin.session("POST", "/v1/api-keys", 403, { name: "too much", scopes: ["own"] }, fresh())
    const { json } = await admin.session("POST", "/v1/api-keys", 201, { name: "reads", scopes: ["read"] }, fresh())
    const key = software(place.origin, { authorization: `Bearer ${text(json, "secret")}` })
    await key("GET", "/v1/companies", 200)
    await key("POST", "/v1/companies", 403, { name: "By key", brand: "By key" }, fresh())
    const listed = await admin.session("GET", "/v1/api-keys?limit=100", 200)
    expect(JSON.stringify(listed.json)).not.toContain(text(json, "secret"))
    await owner.session("POST", `/v1/members/${admin.id}/remove`, 200, {})
    await key("GET", "/v1/companies", 401)
    await admin.session("GET", "/v1/companies", 403)
  })
})

describe("invitations", () => {
  test("withdrawn, forwarded and declined invitations let nobody in, and each says why (P-R14, X-R6)", async () => {
    const who = newcomer("Wanda Withdrawn")
    await owner.browser.go("/members", { email: who.email, role: "viewer", to: "everything" })
    const path = linkIn(await mailTo(owner.browser, who.email, ""), "/join/")
    expect((await new Browser(place.origin).go(path)).status).toBe(200)
    expect((await operator.browser.go(`${path}/accept`, {})).status).toBeGreaterThanOrEqual(400)
    const all = list((await owner.session("GET", "/v1/members?limit=100", 200)).json, "items")
    const id = text(
      find(all, who.email, ({ email }) => email === who.email),
      "id"
    )
    await owner.session("POST", `/v1/members/${id}/withdraw`, 200)
    const dead = await new Browser(place.origin).go(path)
    expect(dead.status).toBeGreaterThanOrEqual(400)
    expect(dead.page).toMatch(/ask/i)
    expect((await owner.browser.go("/members", { email: who.email, role: "viewer", to: "everything" })).status).toBe(
      303
    )
  })

  test("an address that is none, and a role that cannot be given, are refused in words", async () => {
    for (const wrong of [
      { email: "nobody", role: "viewer" },
      { email: "a@b.example\r\nBcc: c@d.example", role: "viewer" },
      { email: "a@b.example", role: "owner" }
    ]) {
      expect((await owner.browser.go("/members", { ...wrong, to: "everything" })).status).toBe(422)
    }
  })
})

describe("an owner who is gone", () => {
  test("an operator hands the ownership over without the owner, on record; there is one owner all the while (X-R7)", async () => {
    const heir = await joined("admin")
    const { json } = await owner.session("GET", "/v1/me", 200)
    const organization = text(at(json, "organization"), "id")
    await heir.session("PUT", `/v1/operator/organizations/${organization}/owner`, 403, { memberId: heir.id })
    await operator.session("PUT", `/v1/operator/organizations/${organization}/owner`, 200, { memberId: heir.id })
    expect((await heir.session("GET", "/v1/me", 200)).json.role).toBe("owner")
    expect((await owner.session("GET", "/v1/me", 200)).json.role).toBe("admin")
    const audit = await heir.session("GET", "/v1/audit?limit=100", 200)
    expect(JSON.stringify(audit.json)).toContain("Vera Solano")
  })
})

describe("signing in", () => {
  test("answers are alike whether an address is known or not, and guessing is slowed down (P-R4)", async () => {
    const known = await new Browser(place.origin).go("/forgot", { email: "vera@demo.example.com" })
    const unknown = await new Browser(place.origin).go("/forgot", { email: "nobody@demo.example.com" })
    expect(known.status).toBe(unknown.status)
    expect(known.page.replaceAll("vera@demo", "nobody@demo")).toBe(unknown.page)
    const guest = new Browser(place.origin)
    const statuses = []
    for (let attempt = 0; attempt < 12; attempt++) {
      statuses.push(
        (await guest.go("/sign-in", { email: "nobody@demo.example.com", password: `guess number ${attempt}` })).status
      )
    }
    expect(statuses[0]).toBe(422)
    expect(statuses.at(-1)).toBe(429)
  })

  test("a link to a new password works once, and ends every session", async () => {
    const who = newcomer("Rita Reset")
    const browser = new Browser(place.origin)
    await verify(browser, await signUp(place, browser, who))
    await new Browser(place.origin).go("/forgot", { email: who.email })
    const mail = await mailTo(new Browser(place.origin), who.email, "assword", "installation")
    const path = linkIn(mail, "/reset/")
    expect((await new Browser(place.origin).go(path, { password: "a new correct horse" })).status).toBe(303)
    expect((await new Browser(place.origin).go(path, { password: "another one, later" })).status).not.toBe(303)
    expect((await browser.go("/organizations")).location).toContain("/sign-in")
    expect((await new Browser(place.origin).go("/sign-in", { email: who.email, password: who.password })).status).toBe(
      422
    )
    expect(
      (await new Browser(place.origin).go("/sign-in", { email: who.email, password: "a new correct horse" })).status
    ).toBe(303)
    expect(
      (await mails(new Browser(place.origin), "installation")).some(({ html, text: words }) =>
        `${html}${words}`.includes(who.password)
      )
    ).toBe(false)
  })
})
