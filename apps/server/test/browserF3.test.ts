/**
 * Flow F3 clicked through: an advertiser's admin adds us at Walmart, an operator assigns it, and a customer links it
 * and unlinks it.
 */
import { addresses } from "@portolan/simulator"
import { afterAll, beforeAll, expect, test } from "vitest"
import { settle } from "./support/arriving.ts"
import { type Browsing, complete, open, signIn, sitDown } from "./support/browsing.ts"
import { simulate } from "./support/place.ts"

let site: Browsing

beforeAll(async () => {
  site = await open()
}, 180_000)
afterAll(() => site.close(), 60_000)

const advertiser = "Marmara Homes"

test(
  "an advertiser is expected, added at Walmart, found, assigned, compared, linked, loaded, and unlinked on record",
  { timeout: 300_000 },
  async () => {
    const { look, place } = site
    const customer = await site.person()
    const { page } = customer
    await settle(page, { name: "Inga Haraldsen", email: "inga@harbor.example", organization: "Harbor Media" })

    await page.getByRole("link", { name: "Connect your first account" }).click()
    await page
      .getByRole("radio", { name: /Walmart 3P|marketplace seller/i })
      .first()
      .check()
    await page.getByLabel("Name of the account").fill("Marmara at Walmart")
    await page.getByLabel("Marketplace", { exact: true }).selectOption("WALMART_US")
    await page.getByRole("button", { name: "Continue" }).click()
    await page.waitForURL(/\/start\/acc_/)
    await look(page, "start-walmart")
    await page.goto(page.url().replace("/start/", "/accounts/"))
    await look(page, "account-walmart")
    await page.getByRole("link", { name: /^Connect\s+Walmart Connect/ }).click()
    await page.getByRole("heading", { name: "No advertiser lets us in yet" }).waitFor()
    const advertisers = page.url()
    await look(page, "advertisers-none")
    await page.getByLabel("Name or id of the advertiser").fill(advertiser)
    await page.getByRole("button", { name: "Expect it" }).click()
    await page.getByText("Waiting for the advertiser").waitFor()
    await look(page, "advertisers-expected")

    const walt = await site.person()
    await walt.page.goto(`${addresses(place.simulator).walmartConsole}/`)
    await sitDown(walt.page, "walt")
    await look(walt.page, "walmart-advertisers")
    await walt.page.getByRole("link", { name: advertiser, exact: true }).click()
    await walt.page.getByLabel("Partner name").selectOption({ label: "Portolan" })
    await walt.page.getByLabel("Access type").selectOption("write")
    await look(walt.page, "walmart-add-partner")
    await walt.page.locator('[data-action="add"]').click()
    await walt.page.locator('[data-partner="portolan"][data-access="write"]').waitFor()
    await look(walt.page, "walmart-added")
    // Walmart takes a while until a partner sees a new advertiser; the simulated clock moves, nobody sleeps.
    await simulate(place, "advance", { milliseconds: 21_000 })

    const operator = await site.person()
    await operator.page.goto("/operator")
    await signIn(operator.page)
    await operator.page.waitForURL("**/operator")
    await operator.page.getByRole("rowheader", { name: "Harbor Media" }).waitFor()
    await look(operator.page, "operator-waiting")
    await operator.page.getByRole("button", { name: "Look now" }).click()
    await operator.page.waitForURL(/done=looked/)
    await look(operator.page, "operator-looked")
    // The list has one that is named nearly the same; the one that is waited for comes first.
    const first = operator.page.locator(".suggestions li").first()
    expect(await operator.page.locator(".suggestions li").count()).toBe(2)
    await first.getByRole("link", { name: advertiser, exact: true }).waitFor()
    await first.getByText("Assign …").click()
    await first.getByRole("button", { name: "Yes, assign it" }).click()
    await operator.page.waitForURL(/done=assigned/)
    await look(operator.page, "operator-assigned")
    await operator.page.getByRole("link", { name: "Advertisers", exact: true }).click()
    await look(operator.page, "operator-advertisers")

    await expect
      .poll(
        async () => {
          await page.goto(advertisers)
          return page.getByRole("link", { name: /^Link …/ }).count()
        },
        { timeout: 30_000 }
      )
      .toBe(1)
    await page.getByText("The advertiser you wait for is here").waitFor()
    await look(page, "advertisers-one")
    await page.getByRole("link", { name: /^Link …/ }).click()
    await look(page, "advertiser-compare")
    await page.getByRole("checkbox", { name: /I have compared name and id/ }).check()
    await page.getByRole("button", { name: "Link it now" }).click()
    await page.waitForURL(/\/connections\/con_.*done=connected/)
    await look(page, "walmart-connected")
    await complete(page)
    await look(page, "walmart-complete")

    await page.getByRole("link", { name: "Unlink …" }).click()
    await page.getByRole("heading", { name: "What ends" }).waitFor()
    await look(page, "unlink")
    await page.getByRole("button", { name: "Unlink now" }).click()
    await page.waitForURL(/done=disconnected/)
    await look(page, "unlinked")
    await page.goto("/audit")
    expect(await page.getByText("Inga Haraldsen").count()).toBeGreaterThan(1)
    await page
      .getByText(/disconnect|unlink/i)
      .first()
      .waitFor()
    await look(page, "audit")

    expect(site.faults).toEqual([])
    expect(site.looked.size).toBeGreaterThan(15)
  }
)
