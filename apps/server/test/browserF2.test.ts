/**
 * Flow F2 clicked through: somebody signs up, connects two channels, adds a country, and invites a member who sees one
 * account.
 */
import { afterAll, beforeAll, expect, test } from "vitest"
import { openMail, settle, signUp } from "./support/arriving.ts"
import { allow, type Browsing, consentAs, open } from "./support/browsing.ts"

let site: Browsing

beforeAll(async () => {
  site = await open()
}, 180_000)
afterAll(() => site.close(), 60_000)

const owner = {
  name: "Ada-Wilhelmina Lindqvist-Oyelaran",
  email: "ada-wilhelmina.lindqvist-oyelaran@lanterns.example",
  organization: "Lindqvist-Oyelaran Lanterns and Lamp Oil International Trading Company"
}

test(
  "a newcomer connects both channels, history loads, a country joins, and an invited member sees one account",
  { timeout: 300_000 },
  async () => {
    const { look } = site
    const { page } = await site.person()
    await settle(page, owner, look)
    await look(page, "companies-none")

    await page.getByRole("link", { name: "Connect your first account" }).click()
    await look(page, "start")
    await page.getByRole("radio", { name: /^Seller/ }).check()
    await page.getByLabel("Name of the account").fill("Lanterns")
    await page.getByLabel("Marketplace", { exact: true }).selectOption("ATVPDKIKX0DER")
    await page.getByRole("button", { name: "Continue" }).click()
    await page.waitForURL(/\/start\/acc_/)
    const way = page.url()
    const account = way.replace("/start/", "/accounts/")
    await look(page, "start-access")

    await page.getByRole("button", { name: "Connect Amazon Advertising API" }).click()
    await consentAs(look, page, "ada", "amazon-advertising-consent")
    await page.waitForURL(/\/pending\/aut_/)
    await look(page, "start-choose")
    await page.getByRole("button", { name: /^Use this profile\s*: Lindqvist Lanterns, US/ }).click()
    await page.waitForURL(way)
    await look(page, "start-second-channel")

    await page.getByRole("checkbox", { name: /advertising\s+permission in Seller Central/ }).check()
    await page.getByRole("button", { name: "Confirm and continue to Amazon" }).click()
    await page.waitForLoadState()
    if ((await page.locator("[data-person]").count()) > 0) await page.locator('[data-person="ada"]').click()
    await look(page, "seller-central-consent")
    await allow(page)
    await page.waitForURL(/\/pending\/aut_/)
    await page.getByRole("button", { name: /^Use this profile.*US$/ }).click()
    await page.waitForURL(way)
    await page.getByText("Selling partner connected").waitFor()
    await look(page, "start-syncing")
    await page.getByText("The history is loaded, and new days follow by themselves.").waitFor({ timeout: 120_000 })
    await page.reload()
    await look(page, "start-in-sync")

    await page.goto(account)
    await page.getByRole("link", { name: "Add a country" }).click()
    await page.getByLabel("Marketplace", { exact: true }).selectOption("A2EUQ1WTGCTBG2")
    await page.getByRole("button", { name: "See what it needs" }).click()
    await look(page, "country-joins")
    await page.getByRole("button", { name: "Add Canada" }).click()
    await page.getByText("Country added").waitFor()
    await look(page, "account-two-countries")
    await page.getByRole("link", { name: "Use a consent that is there for Amazon Advertising API" }).click()
    await look(page, "use-consent")
    await page.getByRole("button", { name: /^Use this one\s*: Lindqvist Lanterns, CA/ }).click()
    await page.waitForURL(/\/connections\/con_/)
    await look(page, "connection-of-country")

    await page.getByRole("link", { name: "Companies" }).first().click()
    await page.getByRole("link", { name: "Lanterns", exact: true }).click()
    await page.getByRole("link", { name: "New account" }).click()
    await page.getByLabel("Account name").fill("Laternen in Deutschland und Österreich, Großhandel und Einzelhandel")
    await page.getByLabel("Marketplace", { exact: true }).selectOption("A1PA6795UKMFR9")
    await page.getByRole("radio", { name: /^Seller/ }).check()
    await page.getByRole("button", { name: "Create account" }).click()
    await page.waitForURL(/\/accounts\/acc_/)

    await page.goto("/members")
    await look(page, "members-alone")
    await page.getByRole("link", { name: "Invite somebody" }).first().click()
    await page.getByLabel("E-mail").fill("bo.bookkeeper@ledgers.example")
    await page.getByRole("radio", { name: /^member/ }).check()
    await page.getByRole("radio", { name: /^Chosen ones only/ }).check()
    await page.locator("details", { hasText: "The whole company" }).locator("summary").click()
    await page.getByLabel(/^Account Laternen/).selectOption("write")
    await look(page, "member-invite")
    await page.getByRole("button", { name: "Send the invitation" }).click()
    await page.getByText("The invitation is made").waitFor()
    await look(page, "members-invited")
    await openMail(page, "/mailbox", /invites you/)
    await look(page, "mailbox-organization")
    const invitation = (await page.locator('.mails details[open] pre a[href*="/join/"]').getAttribute("href")) ?? ""

    const invited = await site.person()
    await invited.page.setViewportSize({ width: 390, height: 844 })
    await invited.page.goto(invitation)
    await look(invited.page, "join-guest")
    await invited.page.getByRole("link", { name: "Sign up" }).click()
    await signUp(invited.page, { name: "Bo Bookkeeper", email: "bo.bookkeeper@ledgers.example" })
    await invited.page.waitForURL(/\/join\//)
    await look(invited.page, "join")
    await invited.page.getByRole("button", { name: /^Join/ }).click()
    await invited.page.waitForURL("**/companies")
    await invited.page.getByRole("link", { name: "Lanterns", exact: true }).click()
    await invited.page.getByRole("link", { name: /^Laternen in Deutschland/ }).waitFor()
    expect(
      await invited.page.getByRole("link", { name: "Lanterns", exact: true }).count(),
      "the account of somebody else"
    ).toBe(0)
    await invited.page.locator("details.menu > summary").click()
    await look(invited.page, "limited-company")
    expect((await invited.page.goto(account))?.status()).toBe(404)
    await look(invited.page, "limited-deep-link")
    expect((await invited.page.goto("/members"))?.status()).toBeGreaterThanOrEqual(400)
    await look(invited.page, "limited-refused")

    expect(site.faults).toEqual([])
    expect(site.looked.size).toBeGreaterThan(25)
  }
)
