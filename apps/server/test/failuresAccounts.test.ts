/**
 * What goes wrong with companies, accounts and consents, through HTTP: each case says what happened, who must act and
 * what is next.
 */
import { at, find, type Json, list, number, text } from "@portolan/app-demo/Http"
import {
  accountOf,
  addCompany,
  authenticate,
  choicesOf,
  choose,
  complete,
  connectionOf,
  isFree,
  marketplaceOf,
  type Member,
  openAccount,
  statusOf,
  tileOf
} from "@portolan/app-demo/Member"
import { settle } from "@portolan/app-demo/Newcomer"
import { fresh, simulate } from "@portolan/app-demo/Place"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { entered, type Place } from "./support/place.ts"

const [unitedStates, canada, mexico] = ["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8"] as const
let close: () => Promise<void>
let place: Place
let who: Member

beforeAll(async () => {
  ;({ close, place, who } = await entered())
}, 120_000)

afterAll(() => close(), 30_000)

let serial = 0
const opened = async (marketplace: string, type = "seller", member = who) => {
  const name = `Case ${++serial}`
  return openAccount(member, await addCompany(member, `${name} Ltd`, name), name, marketplace, type)
}

/** What a refusal tells a person. */
const told = ({ json }: { readonly json: Json }) => {
  expect(text(json, "detail")).not.toBe("")
  return `${text(json, "detail")} ${typeof json.nextStep === "string" ? json.nextStep : ""}`
}

describe("companies and accounts", () => {
  test("a company of the same name is added, and the others are named (K-R2)", async () => {
    await addCompany(who, "Twice", "First")
    const { json } = await who.api("POST", "/v1/companies", 201, { name: "twice", brand: "Second" }, fresh())
    expect(list(json, "sameNamed").map(({ name }) => name)).toEqual(["Twice"])
  })

  test("a brand of another company is refused for an account (K-R5)", async () => {
    const { accountId } = await opened(unitedStates)
    const other = await who.api("POST", "/v1/companies", 201, { name: "Other", brand: "Theirs" }, fresh())
    const theirs = text(list(other.json, "brands")[0] ?? {}, "id")
    const refused = await who.api("PUT", `/v1/accounts/${accountId}/brands`, 422, {
      brandIds: [theirs],
      defaultBrandId: theirs
    })
    expect(told(refused)).toContain("brand")
  })

  test("country names and codes that nobody knows are refused as typed text, not guessed (K-R7)", async () => {
    const companyId = await addCompany(who, "Geo", "Geo")
    for (const marketplace of ["SP", "UK", "us", "<b>US</b>", "WALMART_US"]) {
      // What is no id at all is malformed; an id that does not go with the type contradicts it.
      const expected = marketplace === "WALMART_US" ? 422 : 400
      await who.api(
        "POST",
        "/v1/accounts",
        expected,
        { companyId, name: "Geo", accountType: "seller", marketplaces: [marketplace] },
        fresh()
      )
    }
  })

  test("a wrong choice between adding a country and adding an account changes nothing and says why (P-R6)", async () => {
    const { accountId } = await opened(unitedStates)
    const refused = await who.api("POST", `/v1/accounts/${accountId}/marketplaces`, 422, {
      marketplaceId: "A1VC38T7YXB528"
    })
    expect(told(refused)).toContain("region")
    expect((await accountOf(who, accountId)).marketplaces).toEqual([unitedStates])
  })

  test("an account that is connected cannot be removed, and its data is erased only after days of grace (C14, P-R17)", async () => {
    const { accountId, tile } = await opened(canada, "seller")
    await choose(who, await authenticate(who, tile("amazon-ads"), "ada"), (one) => marketplaceOf(one) === canada)
    const refused = await who.api("POST", `/v1/accounts/${accountId}/remove`, 409)
    expect(told(refused)).toMatch(/disconnect/i)
    await who.api("DELETE", `/v1/connections/${tile("amazon-ads")}`, 200)
    await who.api("POST", `/v1/accounts/${accountId}/remove`, 200)
    const { json } = await who.api("POST", `/v1/accounts/${accountId}/delete-data`, 200)
    expect(Date.parse(text(at(json, "erasure"), "dueAt"))).toBeGreaterThan(Date.now() + 86_400_000)
    expect((await who.api("POST", `/v1/accounts/${accountId}/keep-data`, 200)).json.erasure).toBeUndefined()
    expect((await who.browser.go(`/accounts/${accountId}/delete-data`, {})).status).toBe(422)
  })
})

describe("the wrong account at the provider", () => {
  test("profiles of another type than the account's are shown and cannot be chosen (P-R7)", async () => {
    const { tile } = await opened(unitedStates, "vendor")
    const authorization = await authenticate(who, tile("amazon-ads"), "emre")
    const seller = find(
      await choicesOf(who, authorization),
      "a seller's profile",
      (one) => at(one, "profile").type === "seller"
    )
    expect(isFree(seller)).toBe(false)
    const refused = await who.api("POST", `/v1/authorizations/${authorization}/select`, 422, {
      profile: text(at(seller, "profile"), "reference"),
      confirmed: true
    })
    expect(told(refused)).toMatch(/vendor|type/i)
  })

  test("a login without any advertising account keeps the consent and says what to check (P-R8)", async () => {
    const { tile } = await opened(unitedStates)
    const authorization = await authenticate(who, tile("amazon-ads"), "noor")
    expect(await choicesOf(who, authorization)).toEqual([])
    expect((await who.browser.go(`/pending/${authorization}`)).page).toContain("No profile visible yet")
  })

  test("a selling partner that is not the seller behind the advertising profile meets an objection (K-R14)", async () => {
    const { tile } = await opened(unitedStates)
    await choose(
      who,
      await authenticate(who, tile("amazon-ads"), "ada"),
      (one) => marketplaceOf(one) === unitedStates && at(one, "profile").type === "seller"
    )
    const authorization = await authenticate(who, tile("amazon-sp"), "emre")
    const [choice = {}] = await choicesOf(who, authorization)
    expect(
      list(choice, "obstacles")
        .map(({ detail }) => String(detail))
        .join(" ")
    ).toMatch(/seller|merchant/i)
    // One API is connected and the other is not; both say so (K-R11).
    const { json } = await who.api("GET", `/v1/connections/${tile("amazon-sp")}`, 200)
    expect(at(json, "evidence").status).toBe("awaiting-selection")
    await who.api("DELETE", `/v1/connections/${tile("amazon-ads")}`, 200)
  })

  test("reconnecting with another account is refused, and the old connection stays (C10, K8a)", async () => {
    const { tile } = await opened(mexico)
    const ads = tile("amazon-ads")
    await choose(who, await authenticate(who, ads, "ada"), (one) => marketplaceOf(one) === mexico)
    const before = await connectionOf(who, ads)
    const authorization = await authenticate(who, ads, "emre")
    const choice = (await choicesOf(who, authorization))[0] ?? {}
    const answer = await fetch(new URL(`/v1/authorizations/${authorization}/select`, place.origin), {
      method: "POST",
      headers: { "content-type": "application/json", cookie: who.browser.cookie, origin: place.origin },
      body: JSON.stringify({ profile: text(at(choice, "profile"), "reference"), confirmed: true })
    })
    expect([409, 422]).toContain(answer.status)
    const after = await connectionOf(who, ads)
    expect(after.profile).toEqual(before.profile)
    expect(at(after, "evidence").status).toBe("connected")
    await who.api("DELETE", `/v1/connections/${ads}`, 200)
  })

  test("a profile that another organization holds is refused in neutral words (C4)", async () => {
    const own = await opened(unitedStates)
    await choose(
      who,
      await authenticate(who, own.tile("amazon-ads"), "emre"),
      (one) => at(one, "profile").name === "Marmara Homes"
    )
    const stranger = await settle(place, "Sven Lund", "Elsewhere")
    const theirs = await opened(unitedStates, "seller", stranger)
    const authorization = await authenticate(stranger, theirs.tile("amazon-ads"), "emre")
    const choice = find(
      await choicesOf(stranger, authorization),
      "the held profile",
      (one) => at(one, "profile").name === "Marmara Homes"
    )
    expect(choice.heldBy).toBeUndefined()
    const refused = await stranger.api("POST", `/v1/authorizations/${authorization}/select`, 409, {
      profile: text(at(choice, "profile"), "reference"),
      confirmed: true
    })
    const words = told(refused)
    expect(words).toContain("already connected elsewhere")
    expect(words).not.toMatch(/Case|Solano/)
  })
})

describe("one consent, several accounts", () => {
  test("ending one of two connections on a consent leaves the other alive (X-R12)", async () => {
    const [one, other] = [await opened(unitedStates), await opened(canada)]
    await choose(
      who,
      await authenticate(who, one.tile("amazon-ads"), "bruno"),
      (choice) => marketplaceOf(choice) === unitedStates && at(choice, "profile").type === "seller"
    )
    const { json } = await who.api("GET", "/v1/grants?state=active&channel=amazon-ads", 200)
    const grant = text(
      find(list(json, "items"), "the consent", (grant) =>
        list(grant, "connections").some(({ id }) => id === one.tile("amazon-ads"))
      ),
      "id"
    )
    const choices = await who.api("GET", `/v1/grants/${grant}/choices?connection=${other.tile("amazon-ads")}`, 200)
    const free = find(
      list(choices.json, "items"),
      "the Canadian profile",
      (choice) => isFree(choice) && marketplaceOf(choice) === canada
    )
    await who.api("POST", `/v1/grants/${grant}/links`, 200, {
      connectionId: other.tile("amazon-ads"),
      profile: text(at(free, "profile"), "reference"),
      confirmed: true
    })
    await who.api("DELETE", `/v1/connections/${one.tile("amazon-ads")}`, 200)
    expect((await who.api("GET", `/v1/grants/${grant}`, 200)).json.state).toBe("active")
    expect(
      text(
        at(await statusOf(who, other.tile("amazon-ads"), "connected").then((evidence) => ({ evidence })), "evidence"),
        "status"
      )
    ).toBe("connected")
    await who.api("GET", `/v1/connections/${other.tile("amazon-ads")}/access-token`, 200)
  })
})

describe("trouble at the provider", () => {
  test("too many requests delay a load and never break a connection (C9)", async () => {
    const { tile } = await opened(unitedStates)
    const ads = tile("amazon-ads")
    await simulate(place, "fault", {
      where: { host: "advertising-api.amazon.com", path: "/reporting" },
      effect: { kind: "status", status: 429, retryAfter: "1" },
      times: { kind: "first", count: 3 }
    })
    await choose(
      who,
      await authenticate(who, ads, "emre"),
      (one) => at(one, "profile").name === "Marmara Home" && at(one, "profile").type === "seller"
    )
    const ledger = await complete(who, ads)
    expect(list(ledger, "classes").every((one) => number(one, "windowsDone") === number(one, "windowsTotal"))).toBe(
      true
    )
    expect(at(await connectionOf(who, ads), "evidence").status).toBe("connected")
  }, 120_000)

  test("before anybody used the login button, the checklist says so, and each tile stands for itself (S-R5, K-R11)", async () => {
    const { accountId } = await opened(canada)
    const ads = tileOf(await accountOf(who, accountId), "amazon-ads")
    const { json } = await who.api("GET", `/v1/connections/${ads}/diagnosis`, 200)
    expect(find(list(json, "checks"), "the check", ({ id }) => id === "login-used").state).toBe("failed")
    expect(text(json, "nextStep")).toContain("Connect Amazon Advertising")
  })
})
