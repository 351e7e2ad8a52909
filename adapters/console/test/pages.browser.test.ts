/**
 * The pages in a real browser: no serious fault for people who use a keyboard or a screen reader, and flow F1 by
 * clicks.
 */
import { ProviderScript } from "@portolan/memory"
import { Effect } from "effect"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { faults, faultsInTheDark, frame, launch } from "../../wire/test/browser.ts"
import { layoutAtEveryWidth, narrowest, widths } from "../../wire/test/layout.ts"
import { listen } from "./support/Browser.ts"
import { pages } from "./support/pages.ts"
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
})
afterAll(async () => {
  await browser.close()
  await served.close()
})

const open = async (options: Parameters<Browser["newContext"]>[0] = {}, as?: World.Who): Promise<BrowserContext> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  if (as !== undefined) {
    const [name = "", value = ""] = (await world.signIn(as)).split("=")
    await context.addCookies([{ name, value, url: world.origin }])
  }
  return context
}

/** A page without the ids in its address: one kind of page in many states. */
const kindOf = (path: string): string => path.replaceAll(/[a-z]{3}_[0-9a-z]{26}|\?.*$/g, "")

describe("every page", () => {
  it("has no serious fault of accessibility, and can be read and pressed at every width and on paper", async () => {
    const found: Array<string> = []
    const kinds = new Set<string>()
    for (const who of new Set(pages(seeded).map((one) => one.as))) {
      const context = await open({ colorScheme: "light" }, who)
      const page = await context.newPage()
      let isFirst = true
      page.on("console", (message) => {
        if (message.type() === "error" && !message.text().includes("Failed to load resource"))
          found.push(`${page.url()}: ${message.text()}`)
      })
      for (const { name, path } of pages(seeded).filter((one) => one.as === who)) {
        await page.goto(`${world.origin}${path}`)
        // Another state of the same page has the same colours and the same frame: each kind of page is judged once in
        // the dark and at every width, its other states where it is narrowest.
        const isNew = !kinds.has(kindOf(path))
        kinds.add(kindOf(path))
        const wrong = [
          ...(await faults(page, { without: isFirst ? [] : frame })),
          ...(await layoutAtEveryWidth(page, isNew ? widths : narrowest)),
          ...(isNew ? await faultsInTheDark(page, isFirst ? [] : frame) : [])
        ]
        found.push(...wrong.map((fault) => `${name}: ${fault}`))
        isFirst = false
      }
      await context.close()
    }
    expect(found).toEqual([])
  }, 300_000)
})

const profile = World.profile("amazon-ads", "US", "7000000000000000123", { name: "Clicked US" })

const addAccount = async (page: Page, company: string) => {
  await page.goto(`${world.origin}/companies/new`)
  await page.getByLabel("Company name").fill(company)
  await page.getByLabel("First brand").fill(company)
  await page.getByRole("button", { name: "Add company" }).click()
  await page.getByRole("link", { name: "New account" }).click()
  await page.getByLabel("Account name").fill(`${company} US`)
  await page.getByLabel("Marketplace", { exact: true }).selectOption({ label: "United States (www.amazon.com)" })
  await page.getByRole("button", { name: "Create account" }).click()
  await page.getByText("Account created").waitFor()
}

describe("flow F1 by clicks", () => {
  it("signs in, adds a company and an account, authenticates at the provider and chooses the profile", async () => {
    const context = await open()
    served.answers(() => world.code("amazon-ads", "NA", [profile]))
    const page = await context.newPage()
    await page.goto(`${world.origin}/companies`)
    await page.getByLabel("E-mail").fill("ada@example.com")
    await page.getByLabel("Password").fill(World.password)
    await page.getByRole("button", { name: "Sign in" }).click()
    await addAccount(page, "Clicked")
    // The form is answered by a redirect to the provider; a content policy that forbids it would stop the browser here.
    await page.getByRole("button", { name: "Authenticate now with Amazon Advertising API" }).click()
    await page.getByRole("heading", { name: "Provider" }).waitFor()
    await page.locator("#agree").click()
    await page.waitForURL(/\/pending\/aut_/)
    expect(page.url()).not.toContain("code=")
    await page.getByRole("button", { name: /Use this profile/ }).click()
    await page.getByText("The first load starts by itself").waitFor()
    await page.evaluate("document.body.dataset.kept = 'yes'")
    await world.run(
      Effect.flatMap(ProviderScript.ProviderScript, (script) =>
        script.windows(({ profile: asked }) =>
          asked.key.externalId === profile.key.externalId
            ? { _tag: "Rows", rows: [] }
            : { _tag: "NotReady", ticket: "t", retryAfterSeconds: 300 }
        )
      )
    )
    await world.work(400)
    // It moves by itself: the page is the same, and nobody pressed anything.
    await page.getByRole("heading", { name: "First load complete" }).waitFor()
    expect(await page.evaluate("document.body.dataset.kept")).toBe("yes")
    expect(await page.locator("#live").getAttribute("hx-get")).toBeNull()
    await context.close()
  })

  it("creates a link, copies it, and a guest follows it without an account", async () => {
    const context = await open({ permissions: ["clipboard-read", "clipboard-write"] }, "ada")
    const page = await context.newPage()
    await addAccount(page, "Linked")
    await page.getByRole("button", { name: "Create link for Amazon Selling Partner API" }).click()
    await page.getByText("Link created").waitFor()
    await page.getByRole("button", { name: "Copy" }).click()
    await page.getByText(/Copied|is selected/).waitFor()
    const url = await page.getByLabel("Address to send").inputValue()
    const guest = await open()
    served.answers(() => world.code("amazon-sp", "NA", []))
    const guestPage = await guest.newPage()
    await guestPage.goto(url)
    await guestPage.getByRole("button", { name: "Continue to Amazon" }).click()
    await guestPage.locator("#agree").click()
    await guestPage.getByRole("heading", { name: "Thank you, your consent is recorded" }).waitFor()
    expect(guestPage.url()).toBe(`${world.origin}/arrived/amazon-sp/consented`)
    await guestPage.goto(url)
    await guestPage.getByRole("heading", { name: "This link has been used" }).waitFor()
    await guest.close()
    await context.close()
  })

  it("finds companies while typing, and without scripts", async () => {
    const context = await open({}, "ada")
    const page = await context.newPage()
    await page.goto(`${world.origin}/companies`)
    await page.getByLabel("Search companies and brands").pressSequentially("trekka")
    await page.getByText("Sable Beauty Ltd").waitFor({ state: "detached" })
    await page.getByRole("link", { name: "Nordwind Outdoor GmbH" }).waitFor()
    await context.close()
    const plain = await open({ javaScriptEnabled: false }, "ada")
    const still = await plain.newPage()
    await still.goto(`${world.origin}/companies`)
    await still.getByLabel("Search companies and brands").fill("sable")
    await still.getByRole("button", { name: "Search" }).click()
    expect(await still.locator("tbody tr").count()).toBe(1)
    await plain.close()
  })

  it("reaches every entry on a phone, with the keyboard alone and without scripts", async () => {
    const context = await open({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false }, "opal")
    const page = await context.newPage()
    await page.goto(`${world.origin}/companies`)
    const button = page.getByRole("button", { name: "Menu" })
    const links = page.getByRole("navigation", { name: "Main" }).getByRole("link")
    expect(await links.count()).toBe(0)
    await button.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    expect(await page.locator(":focus").textContent()).toBe("Companies")
    expect(await links.allTextContents()).toEqual([
      "Companies",
      "Pending",
      "Connections",
      "Renewals",
      "Requests",
      "Operator"
    ])
    await page.keyboard.press("Escape")
    expect(await links.count()).toBe(0)
    expect(await page.locator(":focus").textContent()).toContain("Menu")
    await button.click()
    await links.filter({ hasText: "Operator" }).click()
    await page.getByRole("heading", { name: "Operator" }).waitFor()
    await context.close()
  })

  it("goes to the sign-in page by itself when the session ends while a page watches", async () => {
    const context = await open({}, "mia")
    const page = await context.newPage()
    await page.goto(`${world.origin}/connections/${seeded.connections.sales}`)
    await context.clearCookies()
    await page.waitForURL(/\/sign-in\?return=%2Fconnections/)
    await context.close()
  })
})
