/** Flow F1 clicked through in a real browser, by two people; axe looks at each page on the way. */
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import AxeBuilder from "@axe-core/playwright"
import chromium from "@sparticuz/chromium"
import { Effect, Exit, Scope } from "effect"
import { type Browser, type BrowserContext, chromium as playwright, type Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Place, server } from "./support/place.ts"

const scope = Effect.runSync(Scope.make())
let place: Place
let browser: Browser

// One process for all pages is made for functions in a cloud; it dies with its first context.
const unwanted = new Set(["--single-process", "--no-zygote", "--disable-web-security", "--allow-running-insecure-content"])
const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]

beforeAll(async () => {
  place = await Effect.runPromise(Scope.provide(server({ SIMULATOR_REPORT_SECONDS: "3" }), scope))
  browser = await playwright.launch({
    args: [...chromium.args.filter((arg) => !unwanted.has(arg)), ...quiet], executablePath: await chromium.executablePath(), headless: true
  })
}, 180_000)

afterAll(async () => {
  await browser.close()
  await Effect.runPromise(Scope.close(scope, Exit.void))
}, 60_000)

/** Pictures are kept when a folder is named: `SCREENSHOTS=dir npm test -- browser`. */
const picture = async (page: Page, name: string) => {
  const folder = process.env.SCREENSHOTS
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

const looked: Array<string> = []

/** Looks at a page: no serious accessibility fault. */
const look = async (page: Page, name: string) => {
  await picture(page, name)
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]).analyze()
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical")
  expect(serious.map(({ id, nodes }) => ({ page: name, id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }))).toEqual([])
  looked.push(name)
}

const consentAs = async (page: Page, person: string, name: string) => {
  await page.locator(`[data-person="${person}"]`).click()
  await page.waitForLoadState()
  await look(page, name)
  const box = page.locator("[data-consent-box]")
  if (await box.count() > 0) await box.check()
  await page.locator("[data-action=\"allow\"]").click()
  await page.waitForLoadState()
}

const complete = async (page: Page) => {
  // The bars move by themselves: nothing here reloads the page.
  await page.getByRole("heading", { name: "First load complete" }).waitFor({ timeout: 120_000 })
  await expect.poll(() => page.locator(".load-overall").innerText(), { timeout: 10_000 }).toBe("100 %")
}

const person = async (): Promise<{ readonly context: BrowserContext; readonly page: Page }> => {
  const context = await browser.newContext({ baseURL: place.origin, viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return { context, page }
}

test("company, account, Selling Partner API by the owner, advertising by a link in another browser, both loads to 100 %", { timeout: 300_000 }, async () => {
  const { page } = await person()
  await page.goto("/")
  await look(page, "sign-in")
  await page.getByLabel("E-mail").fill("vera@demo.example.com")
  await page.getByLabel("Password").fill("portolan-demo")
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL("**/companies")
  await look(page, "companies")

  await page.getByRole("link", { name: /add .*company/i }).first().click()
  await look(page, "company-new")
  await page.getByLabel("Company name").fill("Nordlys Lamps & Søn <b>")
  await page.getByLabel("First brand").fill("Nordlys")
  await page.getByRole("button", { name: "Add company" }).click()
  await page.waitForURL(/\/companies\/com_/)
  await look(page, "company-empty")

  await page.getByRole("link", { name: /(new|add|first).*account/i }).first().click()
  await look(page, "account-new")
  await page.getByLabel("Account name").fill("Nordlys US")
  await page.getByLabel("Marketplace", { exact: true }).selectOption("ATVPDKIKX0DER")
  await page.getByRole("radio", { name: /^Seller/ }).check()
  await page.getByRole("button", { name: "Create account" }).click()
  await page.waitForURL(/\/accounts\/acc_/)
  const account = page.url()
  await look(page, "account")

  await page.getByRole("button", { name: "Authenticate now with Amazon Selling Partner API" }).click()
  await look(page, "amazon-sign-in")
  await consentAs(page, "ada", "amazon-consent")
  await page.waitForURL(/\/pending\/aut_/)
  await look(page, "pending-selling-partner")
  await page.getByRole("button", { name: /Use this profile/ }).first().click()
  await page.waitForLoadState()
  const selling = await page.goto(account)
  expect(selling?.status()).toBe(200)

  await page.getByRole("button", { name: "Create link for Amazon Advertising API" }).click()
  await page.waitForLoadState()
  const address = await page.getByLabel("Address to send").inputValue()
  expect(address).toContain("/link/")
  await look(page, "account-with-link")

  const guest = await person()
  await guest.page.goto(address)
  await look(guest.page, "guest-link")
  expect((await guest.context.cookies()).length).toBe(0)
  await guest.page.getByRole("button", { name: "Continue to Amazon" }).click()
  await consentAs(guest.page, "ada", "amazon-ads-consent")
  await guest.page.waitForURL(/\/arrived\//)
  expect(guest.page.url()).not.toContain("code=")
  await look(guest.page, "guest-arrived")

  await page.goto("/pending")
  await look(page, "pending")
  await page.getByRole("link", { name: /Nordlys US|choose/i }).first().click()
  await page.waitForURL(/\/pending\/aut_/)
  await look(page, "pending-advertising")
  await page.locator("form", { has: page.locator("input[value*='ATVPDKIKX0DER'], input[name='profile']") })
    .getByRole("button", { name: /Use this profile/ }).first().click()
  await page.waitForLoadState()

  for (const channel of ["amazon-ads", "amazon-sp"]) {
    await page.goto(account)
    await page.locator(`#${channel}`).getByRole("link", { name: /Details and history/ }).click()
    await page.waitForURL(/\/connections\/con_/)
    await look(page, `connection-${channel}`)
    await complete(page)
    await look(page, `connection-${channel}-complete`)
  }

  await page.goto("/connections")
  await look(page, "connections")
  await page.goto("/docs")
  await look(page, "docs")
  await page.setViewportSize({ width: 390, height: 844 })
  for (const [path, name] of [["/companies", "companies"], [account, "account"], ["/connections", "connections"], ["/pending", "pending"]] as const) {
    await page.goto(path)
    await look(page, `phone-${name}`)
    const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    expect(wide, `${name} scrolls sideways on a phone`).toBeLessThanOrEqual(0)
  }
  expect(looked.length).toBeGreaterThan(18)
})
