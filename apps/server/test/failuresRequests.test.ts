/**
 * What goes wrong with requests to connect, through HTTP: typos, wrong owners, forwarded and withdrawn mails, replays.
 */
import { at, Browser, find, list, text } from "@portolan/app-demo/Http"
import { linkIn, mails, mailTo } from "@portolan/app-demo/Mailbox"
import {
  addCompany,
  authenticate,
  choicesOf,
  choose,
  connectionOf,
  marketplaceOf,
  type Member,
  openAccount,
  statusOf
} from "@portolan/app-demo/Member"
import { consent, fresh, until } from "@portolan/app-demo/Place"
import { afterAll, beforeAll, expect, test } from "vitest"
import { entered, type Place } from "./support/place.ts"

const unitedStates = "ATVPDKIKX0DER"
let close: () => Promise<void>
let place: Place
let who: Member

beforeAll(async () => {
  ;({ close, place, who } = await entered())
}, 120_000)

afterAll(() => close(), 30_000)

let serial = 0
/** A request that was sent, with the path of its link. */
const sent = async (marketplaceId = unitedStates, channel = "amazon-sp") => {
  const name = `Asked ${++serial}`
  const { tile } = await openAccount(who, await addCompany(who, `${name} Ltd`, name), name, marketplaceId)
  const owner = { name: `Owner ${serial}`, email: `owner-${serial}@people.example` }
  const draft = { connectionId: tile(channel), owner, marketplaceId }
  const { json } = await who.session("POST", "/v1/requests", 201, draft, fresh())
  return {
    id: text(json, "id"),
    connectionId: tile(channel),
    draft,
    owner,
    path: linkIn(await mailTo(who.browser, owner.email, "asks you"), "/link/")
  }
}

test("addresses and names that could become headers or markup are refused or made safe (X2)", async () => {
  const { draft } = await sent()
  for (const owner of [
    { name: "Ada", email: "not an address" },
    { name: "Ada", email: "a@b.example\r\nBcc: c@d.example" },
    { name: "Ada\r\nBcc: c@d.example", email: "a@b.example" },
    { name: "", email: "a@b.example" }
  ])
    await who.session("POST", "/v1/requests/preview", 400, { ...draft, owner })
  const { json } = await who.session("POST", "/v1/requests/preview", 200, {
    ...draft,
    owner: { name: "<img src=x>", email: "a@b.example" }
  })
  expect(text(at(json, "emailMessage"), "html")).not.toContain("<img")
})

test("what was previewed is sent or nothing: a preview is good for one draft only (X-R2)", async () => {
  const { draft } = await sent()
  const { json } = await who.session("POST", "/v1/requests/preview", 200, draft)
  const other = { ...draft, owner: { name: "Somebody else", email: "else@people.example" } }
  await who
    .session("POST", "/v1/requests", 409, { ...other, reference: text(json, "reference") }, fresh())
    .catch(() => who.session("POST", "/v1/requests", 422, { ...other, reference: text(json, "reference") }, fresh()))
  expect((await mails(who.browser)).some(({ to }) => to === "else@people.example")).toBe(false)
})

test("a key asks nobody without saying who asks, because it has no mailbox", async () => {
  const { draft } = await sent()
  const refused = await who.api("POST", "/v1/requests/preview", 422, draft)
  expect(text(refused.json, "nextStep")).not.toBe("")
})

test("forwarded to two people at once, one consent counts and the other is told (X-R4)", async () => {
  const { connectionId, path } = await sent()
  const guests = [new Browser(place.origin), new Browser(place.origin)]
  const callbacks: Array<string> = []
  for (const guest of guests) callbacks.push(await consent(place, "ada", (await guest.go(path, {})).location))
  await Promise.all(guests.map((guest, index) => guest.go(callbacks[index] ?? "")))
  const { json } = await who.api("GET", `/v1/connections/${connectionId}/authorizations`, 200)
  expect(list(json, "items").filter(({ state }) => state === "finalised")).toHaveLength(1)
  expect(list(json, "items").filter(({ state }) => state === "failed")).toHaveLength(1)
  expect(at(await connectionOf(who, connectionId), "evidence").status).toBe("connected")
  await who.api("DELETE", `/v1/connections/${connectionId}`, 200)
})

test("withdrawn while the owner is at Amazon, nothing is connected and both sides are told", async () => {
  const { connectionId, id, owner, path } = await sent()
  const guest = new Browser(place.origin)
  const departure = await guest.go(path, {})
  await who.session("POST", `/v1/requests/${id}/revoke`, 200)
  const back = await guest.go(await consent(place, "ada", departure.location))
  expect((await guest.go(back.location)).page.toLowerCase()).toContain("link")
  expect(at(await connectionOf(who, connectionId), "evidence").status).toBe("not-connected")
  expect((await mailTo(who.browser, owner.email, "withdrew")).text).not.toContain("/link/")
  await who
    .session("POST", `/v1/requests/${id}/mail-again`, 409)
    .catch(() => who.session("POST", `/v1/requests/${id}/mail-again`, 410))
  expect((await guest.go(`${path}/objection`, { because: "not-the-owner" })).status).toBe(410)
})

test("an owner who renews with another seller account renews nothing; the old connection stays (X5, X14, C10)", async () => {
  const { connectionId, draft, path } = await sent()
  const guest = new Browser(place.origin)
  await guest.go(await consent(place, "ada", (await guest.go(path, {})).location))
  const before = await statusOf(who, connectionId, "connected")
  await who.session("POST", "/v1/requests", 201, draft, fresh())
  const again = await until("the second mail", 20, async () => {
    const asking = (await mails(who.browser)).filter(
      ({ subject, to }) => to === draft.owner.email && subject.includes("asks you")
    )
    return asking.length < 2 ? undefined : asking.map((mail) => linkIn(mail, "/link/")).find((one) => one !== path)
  })
  const other = new Browser(place.origin)
  await other.go(await consent(place, "emre", (await other.go(again, {})).location))
  const { json } = await who.api("GET", `/v1/connections/${connectionId}/authorizations`, 200)
  const authorization = find(
    list(json, "items"),
    "the second authorization",
    ({ state }) => state === "awaiting-selection"
  )
  const [choice = {}] = await choicesOf(who, text(authorization, "id"))
  const refused = await who.api("POST", `/v1/authorizations/${text(authorization, "id")}/select`, 409, {
    profile: text(at(choice, "profile"), "reference"),
    confirmed: true
  })
  expect(text(refused.json, "detail")).not.toBe("")
  expect(at(await connectionOf(who, connectionId), "evidence").since).toBe(before.since)
  await who.api("DELETE", `/v1/connections/${connectionId}`, 200)
})

test("when several profiles fit, the consent waits for the requester, and the owner is told that they are done (X-R5)", async () => {
  const { connectionId, path } = await sent(unitedStates, "amazon-ads")
  const guest = new Browser(place.origin)
  const back = await guest.go(await consent(place, "emre", (await guest.go(path, {})).location))
  expect((await guest.go(back.location)).status).toBe(200)
  expect(at(await connectionOf(who, connectionId), "evidence")).toMatchObject({
    status: "awaiting-selection",
    mustAct: "member"
  })
  const waiting = await who.session("GET", "/v1/pending-authorizations", 200)
  expect(list(waiting.json, "items").map((one) => one.connectionId)).toContain(connectionId)
})

test("a campaign is all or nothing: what cannot be renewed is named, and nothing is mailed (X-R13)", async () => {
  const { connectionId, owner } = await sent()
  // Mails of what came before may still be on their way.
  const asked = async () =>
    (await mails(who.browser)).filter(({ subject }) => subject.startsWith("Please renew")).length
  const count = await asked()
  const refused = await who.session("POST", "/v1/renewal-campaigns", 422, { items: [{ connectionId, owner }] }, fresh())
  expect(text(refused.json, "detail")).toContain("no")
  expect(await asked()).toBe(count)
})

test("the owner who is a user instead connects like any other; a request beside it is closed by hand (X-R6)", async () => {
  const { connectionId, id, path } = await sent("A2EUQ1WTGCTBG2")
  await choose(who, await authenticate(who, connectionId, "ada"), (one) => marketplaceOf(one) === "A2EUQ1WTGCTBG2")
  expect((await who.session("GET", `/v1/requests/${id}`, 200)).json.state).toBe("open")
  await who.session("POST", `/v1/requests/${id}/revoke`, 200)
  expect((await new Browser(place.origin).go(path, {})).status).toBe(410)
  expect(at(await connectionOf(who, connectionId), "evidence").status).toBe("connected")
})
