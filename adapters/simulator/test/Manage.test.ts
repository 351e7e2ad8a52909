/** Consents that begin at Amazon: the console opens the log-in address, and the confirmation leads back. */
import { describe, expect, test } from "vitest"
import { NoCallback } from "../src/core/ConsentWalk.ts"
import { Simulator } from "../src/index.ts"

const console = "https://sellercentral.amazon.com"
const loginUri = "https://app.example/marketplace/amazon-sp"
const returnUrl = "https://app.example/callback"

const world = () => {
  const simulator = Simulator.make({ seed: "manage", preset: "demo", returnUrls: [returnUrl] })
  simulator.registerLoginUri(loginUri)
  const isAdas = (id: string) => simulator.person("ada").memberships.some((one) => one.account === id && one.primary)
  const account =
    Object.values(simulator.world().sellers).find(({ id, region }) => region === "NA" && isAdas(id))?.id ?? ""
  const application = simulator.application().spApplicationId ?? ""
  const begin = (extra: { as?: string; account?: string; application?: string } = {}) =>
    simulator.begin({ as: "ada", console, account, application, ...extra })
  return { account, application, begin, simulator }
}

const confirmation = (begun: { url: string }, extra: Record<string, string> = {}) => {
  const query = new URL(begun.url).searchParams
  const url = new URL(query.get("amazon_callback_uri") ?? "")
  url.search = new URLSearchParams({
    amazon_state: query.get("amazon_state") ?? "",
    state: "ours",
    redirect_uri: returnUrl,
    ...extra
  }).toString()
  return url.href
}

describe("a consent that begins in Seller Central", () => {
  test("opens the log-in address, goes on from there, and comes back with a code that can be exchanged", async () => {
    const { account, application, begin, simulator } = world()
    const begun = await begin()
    const start = new URL(begun.url)
    expect(`${start.origin}${start.pathname}`).toBe(loginUri)
    expect(Object.fromEntries(start.searchParams)).toMatchObject({
      amazon_callback_uri: `${console}/apps/authorize/confirm/${application}`,
      selling_partner_id: account
    })
    expect(start.searchParams.has("version")).toBe(false)
    const callback = await simulator.consent({ as: "ada", url: confirmation(begun), cookie: begun.cookie })
    const { spapi_oauth_code: code = "", ...rest } = Object.fromEntries(new URL(callback).searchParams)
    expect(rest).toEqual({ state: "ours", selling_partner_id: account })
    const { clientId, clientSecret } = simulator.application()
    const exchanged = await simulator.fetch(
      new Request("https://api.amazon.com/auth/o2/token", {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          code,
          redirect_uri: returnUrl,
          client_id: clientId,
          client_secret: clientSecret
        })
      })
    )
    expect(await exchanged.json()).toMatchObject({ refresh_token: expect.stringMatching(/^Atzr\|/) })
    // Signed out meanwhile: the person signs in at the confirmation and goes on.
    expect(await simulator.consent({ as: "ada", url: confirmation(begun) })).toContain("spapi_oauth_code=")
  })

  test("offers to authorise what is not authorised, and to authorise again what is", async () => {
    const { account, begin, simulator } = world()
    const manage = async (cookie: string) => {
      const response = await simulator.fetch(new Request(`${console}/apps/manage`, { headers: { cookie } }))
      return (await response.text())
        .split("<form")
        .find((one) => one.includes(`data-begin="${account}" data-application="${world().application}"`))
    }
    simulator.revoke({ account })
    const begun = await begin()
    expect(await manage(begun.cookie)).toContain("<strong>Authorize ")
    const back = new URL(await simulator.consent({ as: "ada", url: confirmation(begun), cookie: begun.cookie }))
    const { clientId, clientSecret } = simulator.application()
    const code = back.searchParams.get("spapi_oauth_code") ?? ""
    await simulator.fetch(
      new Request("https://api.amazon.com/auth/o2/token", {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          code,
          redirect_uri: returnUrl,
          client_id: clientId,
          client_secret: clientSecret
        })
      })
    )
    expect(await manage(begun.cookie)).toContain("<strong>Re-authorize ")
  })

  test("says that it tests a draft, and wants version=beta back", async () => {
    const { begin, simulator } = world()
    const draft = Object.values(simulator.world().applications).find((one) => one.draft)
    const begun = await begin({ application: draft?.spApplicationId ?? "" })
    expect(new URL(begun.url).searchParams.get("version")).toBe("beta")
    const back = draft?.returnUrls[0] ?? ""
    const walk = (extra: Record<string, string>) =>
      simulator.walk({ as: "ada", url: confirmation(begun, { redirect_uri: back, ...extra }), cookie: begun.cookie })
    expect(await walk({})).toMatchObject({ kind: "refused", code: "MD1000" })
    expect((await walk({ version: "beta" })).kind).toBe("callback")
  })

  test.each([
    ["amazon_state", { amazon_state: "A.1.forged" }],
    ["amazon_state", { amazon_state: "" }],
    ["MD5101", { redirect_uri: "https://evil.example/" }],
    ["state", { state: "" }]
  ])("refuses a confirmation with %s that is not its own", async (code, extra) => {
    const { begin, simulator } = world()
    const begun = await begin()
    const outcome = await simulator.walk({ as: "ada", url: confirmation(begun, extra), cookie: begun.cookie })
    expect(outcome).toMatchObject({ kind: "refused", code })
  })

  test("refuses amazon_state of another person, and a person who may not consent", async () => {
    const { begin, simulator } = world()
    const begun = await begin()
    expect(await simulator.walk({ as: "bruno", url: confirmation(begun) })).toMatchObject({ kind: "refused" })
    await expect(begin({ as: "bruno" })).rejects.toBeInstanceOf(NoCallback)
  })
})
