/** Flow F1 clicked through in a real browser, by two people; axe looks at each page on the way. */
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Browsing, complete, consentAs, open, signIn } from "./support/browsing.ts"

let site: Browsing

beforeAll(async () => {
  site = await open({ SIMULATOR_REPORT_SECONDS: "3" })
}, 180_000)
afterAll(() => site.close(), 60_000)

test(
  "company, account, Selling Partner API by the owner, advertising by a link in another browser, both loads to 100 %",
  { timeout: 300_000 },
  async () => {
    const { look } = site
    const { page } = await site.person()
    await page.goto("/")
    await look(page, "sign-in")
    await signIn(page)
    await page.waitForURL("**/companies")
    await look(page, "companies")

    await page
      .getByRole("link", { name: /add .*company/i })
      .first()
      .click()
    await look(page, "company-new")
    await page.getByLabel("Company name").fill("Nordlys Lamps & Søn <b>")
    await page.getByLabel("First brand").fill("Nordlys")
    await page.getByRole("button", { name: "Add company" }).click()
    await page.waitForURL(/\/companies\/com_/)
    await look(page, "company-empty")

    await page
      .getByRole("link", { name: /(new|add|first).*account/i })
      .first()
      .click()
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
    await consentAs(look, page, "ada", "amazon-consent")
    await page.waitForURL(/\/pending\/aut_/)
    await look(page, "pending-selling-partner")
    await page
      .getByRole("button", { name: /Use this profile/ })
      .first()
      .click()
    await page.waitForLoadState()
    const selling = await page.goto(account)
    expect(selling?.status()).toBe(200)

    await page.getByRole("button", { name: "Create link for Amazon Advertising API" }).click()
    await page.waitForLoadState()
    const address = await page.getByLabel("Address to send").inputValue()
    expect(address).toContain("/link/")
    await look(page, "account-with-link")

    const guest = await site.person()
    await guest.page.goto(address)
    await look(guest.page, "guest-link")
    // One cookie, which ties what they start to this browser; scripts cannot read it.
    const cookies = await guest.context.cookies()
    expect(cookies.map(({ httpOnly, name, sameSite }) => [name, httpOnly, sameSite])).toEqual([
      ["portolan_browser", true, "Lax"]
    ])
    await guest.page.getByRole("button", { name: "Continue to Amazon" }).click()
    await consentAs(look, guest.page, "ada", "amazon-ads-consent")
    await guest.page.waitForURL(/\/arrived\//)
    expect(guest.page.url()).not.toContain("code=")
    await look(guest.page, "guest-arrived")

    await page.goto("/pending")
    await look(page, "pending")
    await page
      .getByRole("link", { name: /Nordlys US|choose/i })
      .first()
      .click()
    await page.waitForURL(/\/pending\/aut_/)
    await look(page, "pending-advertising")
    await page
      .locator("form", { has: page.locator("input[value*='ATVPDKIKX0DER'], input[name='profile']") })
      .getByRole("button", { name: /Use this profile/ })
      .first()
      .click()
    await page.waitForLoadState()

    for (const channel of ["amazon-ads", "amazon-sp"]) {
      await page.goto(account)
      await page
        .locator(`#${channel}`)
        .getByRole("link", { name: /Details and history/ })
        .click()
      await page.waitForURL(/\/connections\/con_/)
      await look(page, `connection-${channel}`)
      await complete(page)
      await look(page, `connection-${channel}-complete`)
    }

    await page.goto("/connections")
    await look(page, "connections")
    expect((await page.goto("/docs"))?.status()).toBe(200)
    expect(site.faults).toEqual([])
    expect(site.looked.size).toBeGreaterThan(18)
  }
)
