/** Flow F1 over HTTP: company, account, delegated and direct authorization, pending authorization, first load. */
import { type Do, type Flow, run, type Step } from "./Flow.ts"
import { at, Browser, find, type Json, list, number, type Software, software, text, Unexpected } from "./Http.ts"

/** Where the flow runs. */
export interface Place {
  readonly origin: string
  readonly simulator: string
  readonly email: string
  readonly password: string
}

const seen = <A>(value: A, saw: string) => ({ value, saw })

const must = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Unexpected(otherwise)
}

/** Walks a consent page as one of the simulated people; gives the callback address. */
const consent = async (simulator: string, as: string, url: string): Promise<string> => {
  const { json } = await software(simulator, {})("POST", "/_sim/consent", 200, { as, url, decision: "allow" })
  if (json.kind !== "callback") throw new Unexpected(`the consent led nowhere: ${JSON.stringify(json).slice(0, 300)}`)
  return text(json, "url")
}

const complete = async (api: Software, connectionId: string) => {
  const until = Date.now() + 120_000
  let shown: Json = {}
  while (Date.now() < until) {
    const { json } = await api("GET", `/v1/connections/${connectionId}`, 200)
    if (json.backfill !== undefined) {
      shown = at(json, "backfill")
      if (shown.state === "complete") return shown
    }
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Unexpected(`the first load did not finish within two minutes: ${JSON.stringify(shown).slice(0, 500)}`)
}

const loaded = (backfill: Json) =>
  list(backfill, "classes").map((one) => `${text(one, "label")} ${number(one, "rows")} rows in ${number(one, "windowsDone")} windows`)
    .join(", ")

const choose = async (api: Software, authorizationId: string, wanted: (profile: Json) => boolean) => {
  const { json } = await api("GET", `/v1/authorizations/${authorizationId}`, 200)
  const choices = list(json, "choices")
  const choice = find(choices, "the account's own profile", (one) =>
    wanted(at(one, "profile")) && list(one, "obstacles").every(({ weight }) => weight !== "blocks"))
  const profile = at(choice, "profile")
  const answer = await api("POST", `/v1/authorizations/${authorizationId}/select`, 200, { profile: text(profile, "reference"), confirmed: true })
  must(answer.json.state === "finalised", `the trip is ${String(answer.json.state)}`)
  return { choices, profile }
}

/** Runs the flow. */
export const f1 = (place: Place, tell: (step: Step) => void): Promise<Flow> =>
  run("F1", "Company, accounts, direct or delegated authorization, pending authorization (Amazon)", tell, (step) => steps(place, step))

const steps = async ({ email, origin, password, simulator }: Place, step: Do) => {
  const member = new Browser(origin)
  const api = await step("An admin signs in and makes an API key", ["K-R1", "C12"], async () => {
    const refused = await member.go("/sign-in", { email, password: "not the password" })
    must(refused.status === 422, `a wrong password answered ${refused.status}`)
    const entered = await member.go("/sign-in", { email, password })
    must(entered.status === 303, `sign-in answered ${entered.status}`)
    const session = software(origin, { cookie: member.cookie, origin })
    const { json } = await session("POST", "/v1/api-keys", 201, { name: "demo", scopes: ["read", "connect", "administer"] }, { "idempotency-key": crypto.randomUUID() })
    return seen(software(origin, { authorization: `Bearer ${text(json, "secret")}` }), `signed in as ${email}`)
  })

  const name = `Lanterns of ${crypto.randomUUID().slice(0, 8)}`
  const company = await step("The admin adds a company with its first brand", ["K-R2", "K-R4"], async () => {
    const key = { "idempotency-key": crypto.randomUUID() }
    const { json } = await api("POST", "/v1/companies", 201, { name, brand: "Lindqvist" }, key)
    const again = await api("POST", "/v1/companies", 201, { name, brand: "Lindqvist" }, key)
    must(text(again.json, "id") === text(json, "id"), "the same request under the same key made a second company")
    return seen(json, `${name}; asking twice under one key made one`)
  })

  const account = await step("The admin opens an account; it has one tile per API", ["K-R3", "K-R5", "K-R6", "K-R7", "K-R11", "C1", "C2"], async () => {
    const { json } = await api("POST", "/v1/accounts", 201, {
      companyId: text(company, "id"), name: "Lanterns US", accountType: "seller", marketplaces: ["ATVPDKIKX0DER"]
    }, { "idempotency-key": crypto.randomUUID() })
    const detail = await api("GET", `/v1/accounts/${text(json, "id")}`, 200)
    const connections = list(detail.json, "connections")
    must(connections.map((one) => text(one, "channel")).toSorted().join() === "amazon-ads,amazon-sp", "two tiles were expected")
    return seen(connections, "tiles: Advertising API, Selling Partner API; both not connected")
  })
  const of = (channel: string) => text(find(account, channel, (one) => one.channel === channel), "id")
  const ads = of("amazon-ads")
  const sp = of("amazon-sp")

  const link = await step("The admin makes an auth link for advertising", ["K-R9", "C6"], async () => {
    const { json } = await api("POST", `/v1/connections/${ads}/auth-links`, 201, {}, { "idempotency-key": crypto.randomUUID() })
    return seen(json, `open until ${text(json, "expiresAt")}`)
  })

  const guest = new Browser(origin)
  const departure = await step("The owner opens the link without an account here; looking consumes nothing", ["K-R9", "X-R4"], async () => {
    const path = new URL(text(link, "url")).pathname
    for (let visit = 0; visit < 2; visit++) {
      const { page, status } = await guest.go(path)
      must(status === 200 && page.includes("Lanterns US"), `the link's page answered ${status}`)
    }
    const { location, status } = await guest.go(path, {})
    must(status === 303, `following the link answered ${status}`)
    return seen(location, `sent to ${new URL(location).pathname.split("/").at(1) ?? ""}`)
  })

  await step("The owner consents at Amazon and comes back once", ["K-R10", "K-R12"], async () => {
    const callback = await consent(simulator, "ada", departure)
    const arrived = await guest.go(callback)
    must(arrived.status === 303, `the callback answered ${arrived.status}`)
    const replayed = await guest.go(callback)
    must(replayed.location.includes("again"), "a replayed callback was not told so")
    const stranger = await new Browser(origin).go(callback)
    must(stranger.location !== arrived.location, "another browser was taken for the one that started")
    const used = await guest.go(new URL(text(link, "url")).pathname)
    must(used.status === 410, `the used link answered ${used.status}`)
    return seen(undefined, "consent recorded; replay and another browser told so; the link is used up")
  })

  await step("Under Pending the admin chooses the right advertising profile", ["K-R12", "K-R13", "C3", "C4"], async () => {
    const { json } = await api("GET", "/v1/pending-authorizations", 200)
    const trip = find(list(json, "items"), "the pending consent", (one) => one.connectionId === ads)
    const { choices, profile } = await choose(api, text(trip, "id"), (one) => at(one, "key").marketplaceId === "ATVPDKIKX0DER" && one.type === "seller")
    return seen(undefined, `${text(profile, "name")} ${text(at(profile, "key"), "externalId")} of ${choices.length} visible`)
  })

  await step("The admin authenticates the Selling Partner API himself", ["K-R8", "K-R14"], async () => {
    const session = software(origin, { cookie: member.cookie, origin })
    const { cookies, json } = await session("POST", `/v1/connections/${sp}/authorizations`, 201, undefined, { "idempotency-key": crypto.randomUUID() })
    member.take(cookies)
    const arrived = await member.go(await consent(simulator, "ada", text(json, "url")))
    must(arrived.location.startsWith("/pending/"), `the callback led to ${arrived.location}`)
    const { profile } = await choose(api, text(json, "authorizationId"), (one) => at(one, "key").marketplaceId === "ATVPDKIKX0DER")
    return seen(undefined, `selling partner ${text(at(profile, "key"), "externalId")} in the United States`)
  })

  await step("A second account cannot take the same profile", ["C4", "W-R9"], async () => {
    const { json } = await api("POST", "/v1/accounts", 201, {
      companyId: text(company, "id"), name: "Lanterns US again", accountType: "seller", marketplaces: ["ATVPDKIKX0DER"]
    }, { "idempotency-key": crypto.randomUUID() })
    const detail = await api("GET", `/v1/accounts/${text(json, "id")}`, 200)
    const other = text(find(list(detail.json, "connections"), "its tile", (one) => one.channel === "amazon-ads"), "id")
    const session = software(origin, { cookie: member.cookie, origin })
    const trip = await session("POST", `/v1/connections/${other}/authorizations`, 201, undefined, { "idempotency-key": crypto.randomUUID() })
    member.take(trip.cookies)
    await member.go(await consent(simulator, "ada", text(trip.json, "url")))
    const id = text(trip.json, "authorizationId")
    const shown = await api("GET", `/v1/authorizations/${id}`, 200)
    const held = find(list(shown.json, "choices"), "the held profile", (one) => one.heldBy !== undefined)
    const refused = await api("POST", `/v1/authorizations/${id}/select`, 409, { profile: text(at(held, "profile"), "reference"), confirmed: true })
    await api("POST", `/v1/authorizations/${id}/dismiss`, 200, { because: "It was a test." })
    return seen(undefined, text(refused.json, "detail"))
  })

  await step("Both first loads reach 100 %, each class with its deadline", ["K-R15", "C8"], async () => {
    const advertising = await complete(api, ads)
    const selling = await complete(api, sp)
    return seen(undefined, `${loaded(advertising)}; ${loaded(selling)}`)
  })

  await step("The evidence says connected, and what happened is on record", ["C9", "C11"], async () => {
    const { json } = await api("GET", `/v1/connections/${ads}`, 200)
    const evidence = at(json, "evidence")
    must(evidence.status === "connected", `the connection is ${String(evidence.status)}`)
    const history = await api("GET", `/v1/connections/${ads}/history`, 200)
    return seen(undefined, `${text(evidence, "reason")} ${list(history.json, "items").length} events on the first page of its history`)
  })
}
