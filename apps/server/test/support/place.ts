/** A reference server of one's own for a test: free ports, a folder that goes away, and ways to drive it over HTTP. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Server, Settings } from "@portolan/app-server"
import { at, Browser, find, list, type Software, software, text } from "@portolan/app-demo/Http"
import { Effect, Logger } from "effect"

/** A folder that goes away with the scope. */
export const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-test-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

/** Starts a server in this process. */
export const server = (environment: { readonly [name: string]: string | undefined } = {}) => Effect.gen(function*() {
  const DATA_DIR = environment.DATA_DIR ?? (yield* folder)
  const settings = yield* Effect.fromResult(Settings.decode({
    PORT: "0", SIMULATOR_PORT: "0", SIMULATOR_REPORT_SECONDS: "1", ...environment, DATA_DIR
  }))
  const running = yield* Server.start(settings)
  return { ...running, simulator: running.simulator ?? "", settings }
}).pipe(Effect.provide(Logger.layer([])))

/** Where a server is. */
export interface Place {
  readonly origin: string
  readonly simulator: string
}

const fresh = () => ({ "idempotency-key": crypto.randomUUID() })

/** A member at a browser, with an API key for the JSON side. */
export const member = async (place: Place, email = "vera@demo.example.com", password = "portolan-demo") => {
  const browser = new Browser(place.origin)
  const entered = await browser.go("/sign-in", { email, password })
  if (entered.status !== 303) throw new Error(`sign-in answered ${entered.status}`)
  const session = () => software(place.origin, { cookie: browser.cookie, origin: place.origin })
  const { json } = await session()("POST", "/v1/api-keys", 201, { name: "test", scopes: ["read", "connect", "administer"] }, fresh())
  const api = software(place.origin, { authorization: `Bearer ${text(json, "secret")}` })
  return { browser, session, api }
}

/** What `member` gives. */
export type Member = Awaited<ReturnType<typeof member>>

/** A company with one account; gives the ids of account and tiles. */
export const account = async (api: Software, name: string, marketplace = "ATVPDKIKX0DER", accountType = "seller") => {
  const company = await api("POST", "/v1/companies", 201, { name: `${name} Ltd`, brand: name }, fresh())
  const opened = await api("POST", "/v1/accounts", 201, {
    companyId: text(company.json, "id"), name, accountType, marketplaces: [marketplace]
  }, fresh())
  const detail = await api("GET", `/v1/accounts/${text(opened.json, "id")}`, 200)
  const tile = (channel: string) => text(find(list(detail.json, "connections"), channel, (one) => one.channel === channel), "id")
  return { companyId: text(company.json, "id"), accountId: text(opened.json, "id"), ads: tile("amazon-ads"), sp: tile("amazon-sp"), marketplace }
}

/** What the simulated consent led to: a callback address, or where the person stayed. */
export const consent = async (place: Place, as: string, url: string, decision = "allow") =>
  (await software(place.simulator, {})("POST", "/_sim/consent", 200, { as, url, decision })).json

/** Starts *Authenticate now* as the member. */
export const depart = async ({ browser, session }: Member, connectionId: string) => {
  const { cookies, json } = await session()("POST", `/v1/connections/${connectionId}/authorizations`, 201, undefined, fresh())
  browser.take(cookies)
  return { authorizationId: text(json, "authorizationId"), url: text(json, "url") }
}

/** Consents directly, comes back, and chooses the profile of the account's marketplace. */
export const connect = async (place: Place, who: Member, connectionId: string, marketplace: string, as = "ada") => {
  const { authorizationId, url } = await depart(who, connectionId)
  const walked = await consent(place, as, url)
  await who.browser.go(text(walked, "url"))
  const { json } = await who.api("GET", `/v1/authorizations/${authorizationId}`, 200)
  const choice = find(list(json, "choices"), `a profile in ${marketplace}`, (one) =>
    at(at(one, "profile"), "key").marketplaceId === marketplace && at(one, "profile").type === "seller")
  await who.api("POST", `/v1/authorizations/${authorizationId}/select`, 200, {
    profile: text(at(choice, "profile"), "reference"), confirmed: true
  })
  return authorizationId
}

/** Waits until something holds, looking a few times a second. */
export const until = async <A>(what: string, seconds: number, look: () => Promise<A | undefined>): Promise<A> => {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} seconds`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
