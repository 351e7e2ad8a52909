/**
 * A member at work: a browser for pages and authorizations, an API key for the JSON side, and the moves that every flow
 * makes.
 */
import { at, Browser, find, type Json, list, number, type Software, software, text, Unexpected } from "./Http.ts"
import { consent, fresh, must, type Place, until } from "./Place.ts"

/** Somebody who is signed in. */
export interface Member {
  readonly place: Place
  readonly browser: Browser
  /** The JSON side with the session of the browser. */
  readonly session: Software
  /** The JSON side with an API key, or with the session of somebody who may make none. */
  readonly api: Software
}

/** Somebody whose browser is signed in already, and who makes no API key. */
export const atBrowser = (place: Place, browser: Browser): Member => {
  const session: Software = (...request) =>
    software(place.origin, { cookie: browser.cookie, origin: place.origin })(...request)
  return { place, browser, session, api: session }
}

/** Somebody whose browser is signed in already; `scopes` are what their API key is made for. */
export const working = async (
  place: Place,
  browser: Browser,
  name: string,
  scopes: ReadonlyArray<string> = ["read", "connect", "administer"]
): Promise<Member> => {
  const { session } = atBrowser(place, browser)
  const { json } = await session("POST", "/v1/api-keys", 201, { name, scopes }, fresh())
  return { place, browser, session, api: software(place.origin, { authorization: `Bearer ${text(json, "secret")}` }) }
}

/** Signs in and makes an API key. */
export const enter = async (
  place: Place,
  { email, password }: { readonly email: string; readonly password: string },
  key: string
): Promise<Member> => {
  const browser = new Browser(place.origin)
  const entered = await browser.go("/sign-in", { email, password })
  must(entered.status === 303, `sign-in answered ${entered.status}`)
  return working(place, browser, key)
}

/** An account with the ids of its connections by channel. */
export interface Opened {
  readonly companyId: string
  readonly accountId: string
  readonly tile: (channel: string) => string
}

/** Adds a company with its first brand; gives its id. */
export const addCompany = async ({ api }: Pick<Member, "api">, name: string, brand: string): Promise<string> =>
  text((await api("POST", "/v1/companies", 201, { name, brand }, fresh())).json, "id")

/** The account as it stands, with its connections. */
export const accountOf = async ({ api }: Pick<Member, "api">, accountId: string): Promise<Json> =>
  (await api("GET", `/v1/accounts/${accountId}`, 200)).json

/** The id of the connection of a channel, and of a marketplace where an account has several. */
export const tileOf = (account: Json, channel: string, marketplaceId?: string): string =>
  text(
    find(
      list(account, "connections"),
      `the ${channel} tile`,
      (one) => one.channel === channel && (marketplaceId === undefined || one.marketplaceId === marketplaceId)
    ),
    "id"
  )

/** Opens an account in one marketplace. */
export const openAccount = async (
  member: Pick<Member, "api">,
  companyId: string,
  name: string,
  marketplaceId: string,
  accountType = "seller"
): Promise<Opened> => {
  const { json } = await member.api(
    "POST",
    "/v1/accounts",
    201,
    { companyId, name, accountType, marketplaces: [marketplaceId] },
    fresh()
  )
  const account = await accountOf(member, text(json, "id"))
  return { companyId, accountId: text(json, "id"), tile: (channel) => tileOf(account, channel) }
}

/** Starts *Authenticate now* in the member's browser. */
export const startAuthorization = async ({ browser, session }: Member, connectionId: string) => {
  const { cookies, json } = await session(
    "POST",
    `/v1/connections/${connectionId}/authorizations`,
    201,
    undefined,
    fresh()
  )
  browser.take(cookies)
  return { authorizationId: text(json, "authorizationId"), url: text(json, "url") }
}

/** *Authenticate now* with the login of a simulated person; the authorization then waits for a choice. */
export const authenticate = async (member: Member, connectionId: string, as: string): Promise<string> => {
  const { authorizationId, url } = await startAuthorization(member, connectionId)
  const arrived = await member.browser.go(await consent(member.place, as, url))
  must(arrived.location.startsWith("/pending/"), `the callback led to ${arrived.location}`)
  return authorizationId
}

/** Whether nothing speaks against a choice so strongly that it is refused. */
export const isFree = (choice: Json): boolean =>
  list(choice, "obstacles").every(({ weight }) => weight !== "blocks") && choice.heldBy === undefined

/** The marketplace of a choice. */
export const marketplaceOf = (choice: Json): unknown => at(at(choice, "profile"), "key").marketplaceId

/** What an authorization offers. */
export const choicesOf = async ({ api }: Pick<Member, "api">, authorizationId: string): Promise<ReadonlyArray<Json>> =>
  list((await api("GET", `/v1/authorizations/${authorizationId}`, 200)).json, "choices")

/** Chooses among what an authorization offers, knowing the warnings. */
export const choose = async (
  member: Pick<Member, "api">,
  authorizationId: string,
  matches: (choice: Json) => boolean
) => {
  const choices = await choicesOf(member, authorizationId)
  const profile = at(
    find(choices, "the account's own profile", (one) => isFree(one) && matches(one)),
    "profile"
  )
  const { json } = await member.api("POST", `/v1/authorizations/${authorizationId}/select`, 200, {
    profile: text(profile, "reference"),
    confirmed: true
  })
  must(json.state === "finalised", `the authorization is ${String(json.state)}`)
  return { choices, profile }
}

/** A connection as it stands. */
export const connectionOf = async ({ api }: Pick<Member, "api">, connectionId: string): Promise<Json> =>
  (await api("GET", `/v1/connections/${connectionId}`, 200)).json

/** What is known of a connection, once its status is the expected one. */
export const statusOf = (
  member: Pick<Member, "api">,
  connectionId: string,
  status: string,
  seconds = 40
): Promise<Json> =>
  until(`the status ${status}`, seconds, async () => {
    const evidence = at(await connectionOf(member, connectionId), "evidence")
    return evidence.status === status ? evidence : undefined
  })

/** Waits until the first load of a connection is complete; gives the ledger's summary. */
export const complete = async (member: Pick<Member, "api">, connectionId: string): Promise<Json> => {
  let last: unknown
  return until("the first load", 120, async () => {
    const { backfill } = await connectionOf(member, connectionId)
    last = backfill
    return backfill !== undefined && at({ backfill }, "backfill").state === "complete"
      ? at({ backfill }, "backfill")
      : undefined
  }).catch((cause: unknown) => {
    throw new Unexpected(`${String(cause)}: ${JSON.stringify(last).slice(0, 500)}`, { cause })
  })
}

/** A finished load in words. */
export const loaded = (backfill: Json): string =>
  list(backfill, "classes")
    .map((one) => `${text(one, "label")} ${number(one, "rows")} rows in ${number(one, "windowsDone")} windows`)
    .join(", ")
