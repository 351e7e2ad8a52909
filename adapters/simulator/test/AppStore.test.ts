/** Consents that begin in Walmart's App Store: it opens the App Log-in URL, and the ordinary consent page follows. */
import { describe, expect, test } from "vitest"
import { NoCallback } from "../src/core/ConsentWalk.ts"
import { Simulator } from "../src/index.ts"

const store = "https://seller.walmart.com"
const loginUri = "https://app.example/marketplace/walmart-marketplace"
const returnUrl = "https://app.example/callback/walmart-marketplace"

const world = (uri = loginUri, policy: Partial<Simulator.Options["policy"]> = {}) => {
  const simulator = Simulator.make({ seed: "app-store", preset: "demo", returnUrls: [returnUrl], policy })
  if (uri !== "") simulator.registerLoginUri(uri, "walmart")
  const seller = Object.values(simulator.world().walmart.sellers).find(
    ({ active, people }) => active && Object.values(people).includes("admin")
  )
  const [admin = ""] = Object.entries(seller?.people ?? {}).find(([, role]) => role === "admin") ?? []
  const { clientId } = simulator.walmartApplication()
  const begin = (extra: { as?: string; account?: string; application?: string } = {}) =>
    simulator.begin({
      as: admin,
      console: store,
      page: "/app-store",
      account: seller?.id ?? "",
      application: clientId,
      ...extra
    })
  return { admin, begin, clientId, seller, simulator }
}

const consentPage = (clientId: string, nonce: string) =>
  `https://login.account.wal-mart.com/authorize?responseType=code&clientId=${clientId}&redirectUri=${returnUrl}` +
  `&nonce=${nonce}&state=ours&clientType=seller`

describe("a consent that begins in the App Store", () => {
  test("opens the App Log-in URL with the seller, and the consent page that follows gives a code", async () => {
    const { admin, begin, clientId, seller, simulator } = world()
    const begun = await begin()
    const start = new URL(begun.url)
    expect(`${start.origin}${start.pathname}`).toBe(loginUri)
    expect(Object.fromEntries(start.searchParams)).toEqual({
      sellerId: seller?.id,
      callbackUri: `${store}/app-store/done`
    })
    const url = consentPage(clientId, "nonce-1")
    const callback = await simulator.consent({
      as: admin,
      url,
      cookie: begun.cookie,
      ...(seller === undefined ? {} : { account: seller.id })
    })
    expect(new URL(callback).searchParams.get("sellerId")).toBe(seller?.id)
  })

  test("names nobody where the policy says so, and keeps what the address has already", async () => {
    const { begin } = world(`${loginUri}?from=store`, { walmartStartSeller: null, walmartStartCallback: null })
    expect((await begin()).url).toBe(`${loginUri}?from=store`)
    const named = world(`${loginUri}?from=store`, { walmartStartSeller: "partnerId", walmartStartCallback: null })
    expect((await named.begin()).url).toBe(`${loginUri}?from=store&partnerId=${named.seller?.id}`)
  })

  test("refuses an application without an App Log-in URL, one that is not there, and whoever administers no seller", async () => {
    const refusal = async (going: Promise<unknown>) => {
      const error = await going.catch((thrown: unknown) => thrown)
      return error instanceof NoCallback ? error.outcome : error
    }
    expect(await refusal(world("").begin())).toMatchObject({ kind: "refused", code: "no App Log-in URL" })
    const { begin, simulator } = world()
    expect(await refusal(begin({ as: "bruno" }))).toMatchObject({ kind: "refused", code: "no seller account" })
    const reply = await simulator.fetch(
      new Request(`${store}/app-store/start`, { method: "POST", body: "application=nobody&account=1&ticket=forged" })
    )
    expect(reply.status).toBe(400)
  })

  test("takes no ticket of another person, seller or application", async () => {
    const { begin, clientId, seller, simulator } = world()
    const { cookie } = await begin()
    const page = await (await simulator.fetch(new Request(`${store}/app-store`, { headers: { cookie } }))).text()
    const [, ticket = ""] = /name="ticket" value="([^"]+)"/.exec(page) ?? []
    expect(ticket).not.toBe("")
    const post = (fields: Record<string, string>, headers: Record<string, string> = { cookie }) =>
      simulator.fetch(
        new Request(`${store}/app-store/start`, {
          method: "POST",
          headers,
          redirect: "manual",
          body: new URLSearchParams({ application: clientId, account: seller?.id ?? "", ticket, ...fields })
        })
      )
    expect((await post({})).status).toBe(302)
    for (const fields of [{ account: "1" }, { ticket: "forged" }, { application: "another" }]) {
      expect((await post(fields)).status).toBeGreaterThanOrEqual(400)
    }
    expect((await post({}, {})).status).toBeGreaterThanOrEqual(400)
  })
})
