import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { faults, launch } from "../../wire/test/browser.ts"
import type { Listening } from "../src/index.ts"
import { addresses, listen } from "../src/index.ts"
import { centralUrl, consentUrl, fresh } from "./support.ts"

const simulator = fresh()
let browser: Browser
let server: Listening

beforeAll(async () => {
  server = await listen(simulator)
  // The application's page that people come back to: any answer will do.
  simulator.registerReturnUrl(`${server.url}/back`)
  browser = await launch()
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

const visit = async (work: (page: Page) => Promise<void>) => {
  const context = await browser.newContext()
  try {
    await work(await context.newPage())
  } finally {
    await context.close()
  }
}

const clean = async (page: Page) => {
  expect(await faults(page, { strict: true })).toEqual([])
}

const here = (url: string) => addresses(server.url).map(url)

describe("a person in a browser", () => {
  test("signs in, allows, and comes back with a code; every page is clean", () =>
    visit(async (page) => {
      await page.goto(here(consentUrl(simulator, { redirect_uri: `${server.url}/back` })))
      await clean(page)
      await page.locator('[data-person="hanako"]').click()
      // A click does not wait for the page that it leads to.
      expect(await page.locator("[data-signed-in]").getAttribute("data-signed-in")).toBe("hanako")
      await clean(page)
      await page.locator('[data-action="allow"]').click()
      await page.waitForURL(/\/back\?code=/)
      expect(new URL(page.url()).searchParams.get("state")).toBe("s-1")
    }))

  test("switches to somebody else, forgets the box, ticks it, and consents, with the keyboard alone", () =>
    visit(async (page) => {
      await page.goto(here(centralUrl(simulator, "sellercentral.amazon.com", { redirect_uri: `${server.url}/back` })))
      await page.locator('[data-person="noor"]').press("Enter")
      expect(await page.locator("[data-error-code]").getAttribute("data-rule")).toBe("CEN-NONE")
      await clean(page)
      await page.locator('[data-action="switch"]').press("Enter")
      await page.locator('[data-person="bruno"]').press("Enter")
      expect(await page.locator("[data-error-code]").getAttribute("data-error-code")).toBe("SPDC8143")
      expect(await page.locator("[data-signed-in]").getAttribute("data-signed-in")).toBe("bruno")
      await clean(page)
      await page.locator('[data-action="switch"]').press("Enter")
      await page.locator('[data-person="ada"]').press("Enter")
      await page.locator('[data-action="switch"]').press("Enter")
      await page.locator('[data-person="emre"]').press("Enter")
      await page.locator('[data-action="allow"]').press("Enter")
      expect(await page.getByRole("alert").textContent()).toContain("Tick the box")
      await clean(page)
      await page.locator("[data-consent-box]").press("Space")
      await page.locator('[data-action="allow"]').press("Enter")
      await page.waitForURL(/spapi_oauth_code=/)
    }))

  test("cancels at a console and stays there", () =>
    visit(async (page) => {
      await page.goto(here(centralUrl(simulator)))
      await page.locator('[data-person="ada"]').click()
      await page.locator('[data-action="cancel"]').click()
      await page.locator('[data-outcome="stayed"]').waitFor()
      await clean(page)
    }))
})
