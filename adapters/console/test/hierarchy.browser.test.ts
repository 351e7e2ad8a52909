/** What a page puts first: on a phone lists stay short, and what the owner of an account must do is in sight. */
import { Effect } from "effect"
import { Requests } from "@portolan/ports"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { launch } from "../../wire/test/browser.ts"
import { listen } from "./support/Browser.ts"
import { seed, type Seeded } from "./support/seed.ts"
import * as World from "./support/World.ts"

let browser: Browser
let served: Awaited<ReturnType<typeof listen>>
let world: World.World
let seeded: Seeded
beforeAll(async () => {
  served = await listen()
  world = served.world
  seeded = await seed(world)
  browser = await launch()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await served.close()
})

const phone = async (as?: World.Who): Promise<BrowserContext> => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  if (as !== undefined) {
    const [name = "", value = ""] = (await world.signIn(as)).split("=")
    await context.addCookies([{ name, value, url: world.origin }])
  }
  return context
}

/** Where the first thing that is pressed to go on ends, in pixels from the top of the page. */
const endOf = async (context: BrowserContext, path: string, selector: string): Promise<number> => {
  const page = await context.newPage()
  await page.goto(`${world.origin}${path}`)
  const box = await page.locator(selector).first().boundingBox()
  return box === null ? Infinity : box.y + box.height
}

describe("on a phone", () => {
  it("twelve connections are less than 2,000 px high, and the filters open without a script", async () => {
    const context = await phone("ada")
    const page = await context.newPage()
    await page.goto(`${world.origin}/connections`)
    const rows = await page.evaluate<number>("document.querySelectorAll('.rows tbody tr').length")
    expect(rows).toBeGreaterThanOrEqual(12)
    // The tallest twelve, so that the seed's order does not matter.
    await page.evaluate(`[...document.querySelectorAll(".rows tbody tr")]
      .toSorted((a, b) => b.getBoundingClientRect().height - a.getBoundingClientRect().height)
      .slice(12).forEach((row) => row.remove())`)
    expect(await page.evaluate<number>("document.documentElement.scrollHeight")).toBeLessThan(2000)
    expect(await page.locator("#state").isVisible()).toBe(false)
    await page.getByRole("button", { name: "Filters" }).click()
    await page.locator("#state").selectOption("attention")
    await page.getByRole("button", { name: "Filter", exact: true }).click()
    await page.waitForURL(/state=attention/)
    await page.getByRole("button", { name: "Filters (1)" }).waitFor()
    await context.close()
  })

  it("what the owner of an account presses is within the first 800 px, of a link and of a request with words", async () => {
    const connectionId = await world.connectionOf(
      await world.account(await world.company("Nordwind Outdoor Handelsgesellschaft mbH"), "Nordwind Outdoor Austria"),
      "amazon-ads"
    )
    const input: Requests.RequestInput = {
      connectionId,
      owner: { name: "Kai Alexander Sommer", email: "kai@example.org" },
      message: "Dear Kai, as agreed on Monday. ".repeat(20),
      marketplaceId: World.market("US")
    }
    const preview = await world.run(
      Effect.flatMap(Requests.Requests, (requests) => requests.preview(World.caller("ada"), input))
    )
    const sent = await world.ask(`/connections/${connectionId}/request`, {
      as: "ada",
      form: {
        ...input.owner,
        message: input.message ?? "",
        marketplace: World.market("US"),
        reference: preview.reference
      }
    })
    const request = await world.html(sent.headers.get("location") ?? "")
    const path = /http[^"]*(\/link\/[A-Za-z0-9_-]+)/.exec(request)?.[1] ?? ""
    const context = await phone()
    for (const link of [seeded.links.open.path, path])
      expect(await endOf(context, link, 'form[method="post"] button'), link).toBeLessThanOrEqual(800)
    await context.close()
  })
})
