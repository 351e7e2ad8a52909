/** Flow F1 over HTTP: company, account, delegated and direct authorization, pending authorization, first load. */
import type { Do, Mission } from "./Flow.ts"
import { at, Browser, find, list, text } from "./Http.ts"
import {
  authenticate,
  choicesOf,
  choose,
  complete,
  connectionOf,
  loaded,
  marketplaceOf,
  openAccount,
  working
} from "./Member.ts"
import { consent, fresh, must, type Place, seen } from "./Place.ts"

const unitedStates = "ATVPDKIKX0DER"

/** The flow; it begins with the sign-in of the demo world. */
export const f1: Mission = {
  flow: "F1",
  title: "Company, accounts, direct or delegated authorization, pending authorization (Amazon)",
  steps: (place, signIn, step) => steps(place, signIn, step)
}

const steps = async (place: Place, signIn: { readonly email: string; readonly password: string }, step: Do) => {
  const member = await step("An admin signs in and makes an API key", ["K-R1", "C12"], async () => {
    const browser = new Browser(place.origin)
    const refused = await browser.go("/sign-in", { email: signIn.email, password: "not the password" })
    must(refused.status === 422, `a wrong password answered ${refused.status}`)
    const entered = await browser.go("/sign-in", { ...signIn })
    must(entered.status === 303, `sign-in answered ${entered.status}`)
    return seen(await working(place, browser, "F1"), `signed in as ${signIn.email}`)
  })
  const { api } = member

  const name = `Lanterns of ${crypto.randomUUID().slice(0, 8)}`
  const companyId = await step("The admin adds a company with its first brand", ["K-R2", "K-R4"], async () => {
    const key = fresh()
    const { json } = await api("POST", "/v1/companies", 201, { name, brand: "Lindqvist" }, key)
    const again = await api("POST", "/v1/companies", 201, { name, brand: "Lindqvist" }, key)
    must(text(again.json, "id") === text(json, "id"), "the same request under the same key made a second company")
    return seen(text(json, "id"), `${name}; asking twice under one key made one`)
  })

  const { ads, sp } = await step(
    "The admin opens an account; it has one tile per API",
    ["K-R3", "K-R5", "K-R6", "K-R7", "K-R11", "C1", "C2"],
    async () => {
      const { accountId, tile } = await openAccount(member, companyId, "Lanterns US", unitedStates)
      const detail = await api("GET", `/v1/accounts/${accountId}`, 200)
      const channels = list(detail.json, "connections")
        .map((one) => text(one, "channel"))
        .toSorted()
      must(channels.join() === "amazon-ads,amazon-sp", `the tiles are ${channels.join()}`)
      return seen(
        { ads: tile("amazon-ads"), sp: tile("amazon-sp") },
        "tiles: Advertising API, Selling Partner API; both not connected"
      )
    }
  )

  const link = await step("The admin makes an auth link for advertising", ["K-R9", "C6"], async () => {
    const { json } = await api("POST", `/v1/connections/${ads}/auth-links`, 201, {}, fresh())
    return seen(new URL(text(json, "url")).pathname, `open until ${text(json, "expiresAt")}`)
  })

  const guest = new Browser(place.origin)
  const departure = await step(
    "The owner opens the link without an account here; looking consumes nothing",
    ["K-R9", "X-R4"],
    async () => {
      for (let visit = 0; visit < 2; visit++) {
        const { page, status } = await guest.go(link)
        must(status === 200 && page.includes("Lanterns US"), `the link's page answered ${status}`)
      }
      const { location, status } = await guest.go(link, {})
      must(status === 303, `following the link answered ${status}`)
      return seen(location, `sent to ${new URL(location).pathname.split("/").at(1) ?? ""}`)
    }
  )

  await step("The owner consents at Amazon and comes back once", ["K-R10", "K-R12"], async () => {
    const callback = await consent(place, "ada", departure)
    const arrived = await guest.go(callback)
    must(arrived.status === 303, `the callback answered ${arrived.status}`)
    const replayed = await guest.go(callback)
    must(replayed.location.includes("again"), "a replayed callback was not told so")
    const stranger = await new Browser(place.origin).go(callback)
    must(stranger.location !== arrived.location, "another browser was taken for the one that started")
    const used = await guest.go(link)
    must(used.status === 410, `the used link answered ${used.status}`)
    return seen(undefined, "consent recorded; replay and another browser told so; the link is used up")
  })

  await step(
    "Under Pending the admin chooses the right advertising profile",
    ["K-R12", "K-R13", "C3", "C4"],
    async () => {
      const { json } = await api("GET", "/v1/pending-authorizations", 200)
      const authorization = find(list(json, "items"), "the pending consent", (one) => one.connectionId === ads)
      const { choices, profile } = await choose(
        member,
        text(authorization, "id"),
        (one) => marketplaceOf(one) === unitedStates && at(one, "profile").type === "seller"
      )
      return seen(
        undefined,
        `${text(profile, "name")} ${text(at(profile, "key"), "externalId")} of ${choices.length} visible`
      )
    }
  )

  await step("The admin authenticates the Selling Partner API themselves", ["K-R8", "K-R14"], async () => {
    const authorization = await authenticate(member, sp, "ada")
    const { profile } = await choose(member, authorization, (one) => marketplaceOf(one) === unitedStates)
    return seen(undefined, `selling partner ${text(at(profile, "key"), "externalId")} in the United States`)
  })

  await step("A second account cannot take the same profile", ["C4"], async () => {
    const { tile } = await openAccount(member, companyId, "Lanterns US again", unitedStates)
    const authorization = await authenticate(member, tile("amazon-ads"), "ada")
    const held = find(await choicesOf(member, authorization), "the held profile", (one) => one.heldBy !== undefined)
    const refused = await api("POST", `/v1/authorizations/${authorization}/select`, 409, {
      profile: text(at(held, "profile"), "reference"),
      confirmed: true
    })
    await api("POST", `/v1/authorizations/${authorization}/dismiss`, 200, { because: "It was a test." })
    return seen(undefined, text(refused.json, "detail"))
  })

  await step("Both first loads reach 100 %, each class with its deadline", ["K-R15", "C8"], async () => {
    const advertising = await complete(member, ads)
    const selling = await complete(member, sp)
    return seen(undefined, `${loaded(advertising)}; ${loaded(selling)}`)
  })

  await step("The evidence says connected, and what happened is on record", ["C9", "C11"], async () => {
    const connection = await connectionOf(member, ads)
    const evidence = at(connection, "evidence")
    must(evidence.status === "connected", `the connection is ${String(evidence.status)}`)
    const history = await api("GET", `/v1/connections/${ads}/history`, 200)
    return seen(
      undefined,
      `${text(evidence, "reason")} The consent ends ${text(connection, "consentExpiresAt")}. ` +
        `${list(history.json, "items").length} events on the first page of its history`
    )
  })
}
