/** Flow F3 by clicks, without scripts: a customer waits, an operator assigns, the customer links and unlinks. */
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { faults, launch, narrow } from "../../wire/test/browser.ts"
import { hierarchyFaults } from "../../wire/test/layout.ts"
import { listen } from "./support/Browser.ts"
import { advertiser, lists, walmartUs } from "./support/walmart.ts"
import type * as World from "./support/World.ts"

let browser: Browser
let served: Awaited<ReturnType<typeof listen>>
let world: World.World

beforeAll(async () => {
  served = await listen()
  world = served.world
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
  await served.close()
})

const open = async (as: World.Who, width: number): Promise<BrowserContext> => {
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: false })
  const [name = "", value = ""] = (await world.signIn(as)).split("=")
  await context.addCookies([{ name, value, url: world.origin }])
  return context
}

/**
 * No serious fault of accessibility, and nothing wider than the screen. Looked at with scripts, which the rules need.
 */
const sound = async (as: World.Who, width: number, path: string) => {
  const context = await browser.newContext({ viewport: { width, height: 900 } })
  const [name = "", value = ""] = (await world.signIn(as)).split("=")
  await context.addCookies([{ name, value, url: world.origin }])
  const page = await context.newPage()
  await page.goto(`${world.origin}${path}`)
  expect([...(await faults(page, width < 1000 ? narrow : {})), ...(await hierarchyFaults(page))], path).toEqual([])
  await context.close()
}

const pathOf = (page: Page) => new URL(page.url()).pathname

describe.each([1280, 390])("flow F3 by clicks at %i px", (width) => {
  it("a customer waits, an operator assigns, the customer links, and unlinks deliberately", async () => {
    const name = `Brook ${width}`
    const context = await open("ada", width)
    const page = await context.newPage()
    await page.goto(`${world.origin}/companies/new`)
    await page.getByLabel("Company name").fill(name)
    await page.getByLabel("First brand").fill(name)
    await page.getByRole("button", { name: "Add company" }).click()
    await page.getByRole("link", { name: "New account" }).click()
    await page.getByLabel("Account name").fill(`${name} US`)
    await page.getByLabel("Marketplace", { exact: true }).selectOption(walmartUs)
    await page.getByRole("radio", { name: /Walmart 3P/ }).check()
    await page.getByRole("button", { name: "Create account" }).click()
    await page.getByRole("link", { name: "Connect Walmart Connect" }).click()
    await page.getByLabel("Name or id of the advertiser").fill(name)
    await page.getByRole("button", { name: "Expect it" }).click()
    await page.getByText("Waiting for the advertiser").waitFor()
    const advertisersPath = pathOf(page)
    await sound("ada", width, advertisersPath)

    await lists(world, [advertiser(`8${width}`, { name: `${name} Inc` })])
    await world.work()
    const desk = await open("opal", width)
    const operator = await desk.newPage()
    await operator.goto(`${world.origin}/operator`)
    await sound("opal", width, "/operator")
    await operator.getByText("Assign …").click()
    await operator.getByRole("button", { name: "Yes, assign it" }).click()
    await operator
      .getByText("Nobody is waiting")
      .or(operator.getByText("Assigned", { exact: true }))
      .first()
      .waitFor()
    await operator.goto(`${world.origin}/operator/advertisers?show=assigned`)
    await operator.getByRole("link", { name: `${name} Inc`, exact: true }).click()
    await sound("opal", width, pathOf(operator))
    await sound("opal", width, `${pathOf(operator)}/take-back`)
    await desk.close()
    await world.work()

    await page.goto(`${world.origin}${advertisersPath}`)
    await page.getByRole("link", { name: new RegExp(`^Link … ?${name} Inc`) }).click()
    await page.getByRole("checkbox").check()
    await page.getByRole("button", { name: "Link it now" }).click()
    await page.getByText("The first load starts by itself").waitFor()
    await page.getByRole("link", { name: "Unlink …" }).click()
    await page.getByText("still lists us as its partner").waitFor()
    await page.getByRole("button", { name: "Unlink now" }).click()
    await page.getByText("The connection was ended here.").waitFor()
    await page.goto(`${world.origin}/audit`)
    await page.getByText(`Connected to ${name} Inc`).waitFor()
    await sound("ada", width, "/audit")
    await context.close()
  }, 60_000)
})
