/** Flow F5 in a real browser: asked by mail, answered by clicks; the pages have no serious fault at two widths. */
import { ProviderScript } from "@portolan/memory"
import { Mailer } from "@portolan/ports"
import { Effect } from "effect"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { faults, launch, narrow } from "../../wire/test/browser.ts"
import { hierarchyFaults } from "../../wire/test/layout.ts"
import { listen } from "./support/Browser.ts"
import * as World from "./support/World.ts"

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

const found: Array<string> = []
/** As much of an element as is looked at; the browser's own types are not known here. */
interface Styled {
  readonly ownerDocument: {
    readonly defaultView: { readonly getComputedStyle: (of: Styled) => { readonly backgroundColor: string } }
  }
}
/** Looks at a page at two widths, with an eye on what axe calls serious. */
const look = async (page: Page, name: string) => {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 })
    const wrong = [
      ...(await faults(page, { ...(width < 1000 ? narrow : {}), without: ["iframe"] })),
      ...(await hierarchyFaults(page))
    ]
    found.push(...wrong.map((fault) => `${name} ${width}: ${fault}`))
    const shots = process.env["PORTOLAN_SCREENSHOTS"]
    if (shots !== undefined) await page.screenshot({ path: `${shots}/f5-${name}-${width}.png`, fullPage: true })
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}

const signedIn = async (as: World.Who) => {
  const context = await browser.newContext()
  const [name = "", value = ""] = (await world.signIn(as)).split("=")
  await context.addCookies([{ name, value, url: world.origin }])
  const page = await context.newPage()
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("Failed to load resource"))
      found.push(`${page.url()}: ${message.text()}`)
  })
  return page
}

describe("a request to connect, by clicks", () => {
  it("is written, previewed, sent, answered by the owner and confirmed to both", async () => {
    const company = await world.company("Nordwind Outdoor GmbH", "Nordwind")
    const account = await world.account(company, "Nordwind US")
    const page = await signedIn("ada")
    await page.goto(`${world.origin}/requests`)
    await look(page, "requests-empty")
    await page.getByRole("link", { name: "New request" }).first().click()
    await look(page, "request-choose")
    await page.getByRole("link", { name: /Ask the owner of\s+Nordwind US, Amazon Advertising API/ }).click()
    await page.getByLabel("Owner's name").fill("Olive Owner")
    await page.getByLabel("Owner's e-mail address").fill("olive@nordwind.example")
    await page.getByLabel("Your message").fill("For the books of 2026.")
    await look(page, "request-form")
    await page.getByRole("button", { name: "Preview the mail" }).click()
    await page.frameLocator("iframe").getByText("For the books of 2026.").waitFor()
    // The email keeps its own look within the page's policy.
    const background = await page
      .frameLocator("iframe")
      .locator("a")
      .first()
      .evaluate((link: Styled) => link.ownerDocument.defaultView.getComputedStyle(link).backgroundColor)
    expect(background).toBe("rgb(20, 80, 122)")
    await look(page, "request-preview")
    await page.getByRole("button", { name: "Send the request" }).click()
    await page.getByText("Request made").waitFor()
    await look(page, "request-sent")
    await world.work()

    await page.goto(`${world.origin}/mailbox`)
    await page.getByText("asks you to connect").first().click()
    await page.getByText("As plain text").first().click()
    await look(page, "mailbox")
    const [mail] = (await world.run(Effect.flatMap(Mailer.Mailer, (mailer) => mailer.kept(World.home, { limit: 10 }))))
      .items
    const link = /https?:\/\/\S+\/link\/\S+/.exec(mail?.emailMessage.text ?? "")?.[0] ?? ""
    await page.locator(`a[href="${link}"]`).first().waitFor()

    const owner = await (await browser.newContext()).newPage()
    await owner.goto(link)
    await look(owner, "landing")
    await owner.getByRole("link", { name: "I am not the owner" }).click()
    await look(owner, "not-the-owner")
    await owner.getByRole("link", { name: "Back to the request" }).click()
    const profile = World.profile("amazon-ads", "US", "7000000000000000123", { name: "Nordwind US" })
    await world.run(
      Effect.flatMap(ProviderScript.ProviderScript, (script) =>
        script.consents("agreed", {
          channel: "amazon-ads",
          region: account.region,
          grantor: "AOLIVE",
          candidates: [profile]
        })
      )
    )
    served.answers(() => Promise.resolve("agreed"))
    await owner.getByRole("button", { name: "Yes, continue to Amazon" }).click()
    await owner.locator("#agree").click()
    await owner.getByText("Thank you, the account is connected").waitFor()
    await look(owner, "finished")
    await world.work()
    await page.goto(`${world.origin}/mailbox`)
    await page.getByText("Nordwind US is connected").first().waitFor()

    await page.goto(`${world.origin}/campaigns/new?days=365`)
    await look(page, "campaign-empty")
    const soon = await world.account(company, "Nordwind CA", "CA")
    await world.connect(
      soon,
      "amazon-ads",
      World.profile("amazon-ads", "CA", "7000000000000000124", { name: "Nordwind CA" }),
      "ada",
      20
    )
    await page.goto(`${world.origin}/campaigns/new?days=30`)
    await page.getByRole("checkbox").first().check()
    await page.getByLabel("Owner's name for Nordwind CA").fill("Olive Owner")
    await page.getByLabel("Owner's e-mail for Nordwind CA").fill("olive@nordwind.example")
    await look(page, "campaign")
    await page.getByRole("button", { name: "Preview the mails" }).click()
    await look(page, "campaign-preview")
    await page.getByRole("button", { name: "Send 1 mail" }).click()
    await page.getByRole("link", { name: "Nordwind CA" }).waitFor()
    await look(page, "requests")
    expect(found).toEqual([])
  }, 120_000)
})
