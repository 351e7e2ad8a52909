/** Onboarding, further countries, consents, diagnoses and the main account in a real browser (flows F2 and F4). */
import { Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Consolidations } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { faults, faultsInTheDark, launch } from "../../wire/test/browser.ts"
import { hierarchyFaults } from "../../wire/test/layout.ts"
import { listen } from "./support/Browser.ts"
import * as World from "./support/World.ts"

let browser: Browser
let served: Awaited<ReturnType<typeof listen>>
let world: World.World
let paths: ReadonlyArray<readonly [who: World.Who | undefined, name: string, path: string]>

/** One of each page, in a state that shows much of it. */
const seed = async (): Promise<typeof paths> => {
  const company = await world.company("Nordwind Outdoor GmbH")
  const fresh = await world.account(company, "Nordwind Fresh")
  const waiting = await world.account(company, "Nordwind Quiet")
  const live = await world.account(company, "Nordwind")
  await world.run(
    Effect.flatMap(ProviderScript.ProviderScript, ({ facts }) => facts(() => ({ profileVisible: false })))
  )
  const quiet = await world.consent(waiting, "amazon-ads", [])
  await world.work(150)
  const us = World.profile("amazon-ads", "US", "501", { name: "Nordwind US", ownerId: "ANORD" })
  const ca = World.profile("amazon-ads", "CA", "502", { name: "Nordwind CA", ownerId: "ANORD" })
  const first = await world.consent(live, "amazon-ads", [us, ca])
  await world.ask(`/pending/${first.authorizationId}/select`, { as: "ada", form: { profile: Profile.keyText(us.key) } })
  await world.ask(`/accounts/${live.id}/countries`, { as: "ada", form: { marketplace: World.market("CA") } })
  const again = await world.consent(live, "amazon-ads", [us])
  const account = await world.html(`/accounts/${live.id}`)
  const added = /\/connections\/(con_[0-9a-z]{26})\/consents/.exec(account)?.[1] ?? ""
  const base = `/companies/${company.id}/main-account`
  for (const name of ["Ada, vendor", "Bo, seller", "Main"])
    await world.ask(`${base}/logins`, {
      as: "ada",
      form: { name, email: `${name.slice(0, 2).trim().toLowerCase()}@example.com` }
    })
  const view = () =>
    world.run(Effect.flatMap(Consolidations.Consolidations, (asked) => asked.view(World.caller("ada"), company.id)))
  const logins = (await view()).consolidation.credentials
  await world.ask(`${base}/accounts`, { as: "ada", form: { linked: live.id, administrator: logins[1]?.id ?? "" } })
  await world.ask(`${base}/accounts`, {
    as: "ada",
    form: { name: "Nordwind Vendor", id: "VEND1", type: "vendor", administrator: logins[0]?.id ?? "" }
  })
  await world.ask(`${base}/accounts`, { as: "ada", form: { name: "Nobody's", type: "seller" } })
  await world.ask(`${base}/main`, { as: "ada", form: { login: logins[2]?.id ?? "" } })
  await world.ask(`${base}/share`, { as: "ada", form: {} })
  const plan = new URL(Redacted.value((await view()).address?.url ?? Redacted.make(world.origin))).pathname
  return [
    ["ada", "start", "/start"],
    ["ada", "start-access", `/start/${fresh.id}`],
    ["ada", "start-waiting", `/start/${waiting.id}`],
    ["ada", "start-second", `/start/${live.id}`],
    ["ada", "diagnosis", `/connections/${quiet.connectionId}/diagnosis`],
    ["ada", "account-countries", `/accounts/${live.id}`],
    ["ada", "country-joins", `/accounts/${live.id}/countries/new?marketplace=${World.market("MX")}`],
    ["ada", "country-apart", `/accounts/${live.id}/countries/new?marketplace=${World.market("JP")}`],
    ["ada", "use-consent", `/connections/${added}/consents`],
    ["ada", "consents", "/consents"],
    ["ada", "pending-second-login", `/pending/${again.authorizationId}`],
    ["ada", "main-account", base],
    ["vic", "main-account-viewer", base],
    [undefined, "plan", plan],
    [undefined, "plan-gone", "/plan/x"]
  ]
}

beforeAll(async () => {
  served = await listen()
  world = served.world
  paths = await seed()
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
  await served.close()
})

const open = async (options: Parameters<Browser["newContext"]>[0], as?: World.Who): Promise<BrowserContext> => {
  const context = await browser.newContext(options)
  if (as !== undefined) {
    const [name = "", value = ""] = (await world.signIn(as)).split("=")
    await context.addCookies([{ name, value, url: world.origin }])
  }
  return context
}

describe("in the light on a screen, and in the dark on a phone", () => {
  it("no page has a serious fault of accessibility, and none is wider than the screen", async () => {
    const found: Array<string> = []
    for (const who of [undefined, "ada", "vic"] as const) {
      const context = await open({ viewport: { width: 1280, height: 900 }, colorScheme: "light" }, who)
      const page = await context.newPage()
      for (const [, name, path] of paths.filter(([as]) => as === who)) {
        const response = await page.goto(`${world.origin}${path}`)
        if ((response?.status() ?? 500) >= 500) found.push(`${name}: ${response?.status()}`)
        const wrong = [
          ...(await faults(page)),
          ...(await hierarchyFaults(page)),
          ...(await faultsInTheDark(page)),
          ...(await hierarchyFaults(page))
        ]
        found.push(...wrong.map((fault) => `${name}: ${fault}`))
      }
      await context.close()
    }
    expect(found).toEqual([])
  }, 120_000)
})
