/**
 * Flow F4 clicked through: three logins, a main one, the plan that gathers them, its shared page on a phone, and why an
 * account is missing.
 */
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Browsing, consentAs, open, signIn } from "./support/browsing.ts"
import { account, member, simulate, world } from "./support/place.ts"
import { find, list, text } from "@portolan/app-demo/Http"

let site: Browsing

beforeAll(async () => {
  site = await open()
}, 180_000)
afterAll(() => site.close(), 60_000)

const unitedStates = "ATVPDKIKX0DER"

/** What Amazon calls the merchant or entity behind an advertising profile. */
const merchant = async (name: string, type: string): Promise<string> =>
  text(
    find(
      list(await world(site.place), "profiles"),
      name,
      (one) => one.accountName === name && one.type === type && one.marketplaceId === unitedStates
    ),
    "accountId"
  )

test(
  "the plan names who grants what, its page is read without a sign-in, a look shows it done, and six checks explain what is missing",
  { timeout: 300_000 },
  async () => {
    const { look, place } = site
    const vera = await member(place)
    const { accountId, ads, companyId } = await account(vera.api, "Marmara Homes")
    const ids = {
      vendor: await merchant("Marmara Home", "vendor"),
      seller: await merchant("Marmara Home", "seller"),
      main: await merchant("Marmara Homes", "seller")
    }
    await simulate(place, "permission", { person: "noor", profile: ids.main, access: "edit" })

    const { page } = await site.person()
    const base = `/companies/${companyId}/main-account`
    await page.goto(base)
    await signIn(page)
    await page.waitForURL(`**${base}`)
    await look(page, "main-account-empty")

    for (const [name, email] of [
      ["Ayla, vendor account", "ayla@marmara.example"],
      ["Emre, seller account", "emre@marmara.example"],
      ["Noor, main", "noor@marmara.example"]
    ] as const) {
      const form = page.locator("form", { has: page.getByRole("button", { name: "Add login" }) })
      if (!(await form.isVisible())) await page.locator("summary", { hasText: "Add a login" }).click()
      await form.getByLabel("Name", { exact: true }).fill(name)
      await form.getByLabel("E-mail address (optional)").fill(email)
      await form.getByRole("button", { name: "Add login" }).click()
      await page.getByText(email).first().waitFor()
    }
    const another = async (name: string, id: string, type: string, administrator: string) => {
      const form = page.locator("form", { has: page.getByRole("button", { name: "Add account" }) })
      if (!(await form.getByLabel("Name", { exact: true }).isVisible())) await form.locator("summary").click()
      await form.getByLabel("Name", { exact: true }).fill(name)
      await form.getByLabel("The provider's id of it (optional)").fill(id)
      await form.getByLabel("Kind").selectOption(type)
      await form.getByLabel("Administered by").selectOption({ label: administrator })
      await form.getByRole("button", { name: "Add account" }).click()
      await page.locator("strong", { hasText: name }).first().waitFor()
    }
    await page.getByLabel("One of your accounts here").selectOption({ label: "Marmara Homes" })
    await page.getByLabel("Administered by").selectOption({ label: "Noor, main" })
    await page.getByRole("button", { name: "Add account" }).click()
    await page.getByText("Administered by Noor, main").waitFor()
    await another("Marmara Home, wholesale to Amazon", ids.vendor, "vendor", "Ayla, vendor account")
    await another("Marmara Home, retail", ids.seller, "seller", "Emre, seller account")
    await look(page, "main-account-without-main")
    await page
      .locator("li", { hasText: "noor@marmara.example" })
      .getByRole("button", { name: "Make it the main login" })
      .click()
    await page.locator("ol.plan > li").nth(1).waitFor()
    expect(await page.locator("ol.plan > li").count()).toBe(2)
    await look(page, "main-account-plan")

    await page.getByRole("button", { name: "Make an address" }).click()
    const address = await page.getByLabel("Address to send").inputValue()
    await look(page, "main-account-shared")
    const reader = await site.person()
    await reader.page.setViewportSize({ width: 390, height: 844 })
    await reader.page.goto(address)
    await reader.page.getByText("Emre, seller account").first().waitFor()
    expect(await reader.context.cookies()).toEqual([])
    await look(reader.page, "plan-shared")
    expect((await reader.page.goto(`${address.slice(0, -43)}${"A".repeat(43)}`))?.status()).toBe(404)
    await look(reader.page, "plan-unknown")

    await page.goto(`/accounts/${accountId}`)
    await page.getByRole("button", { name: /^Authenticate now with Amazon Advertising API/ }).click()
    await consentAs(look, page, "noor", "noor-consent")
    await page.waitForURL(/\/pending\/aut_/)
    await look(page, "pending-one-profile")
    const sure = page.getByRole("checkbox", { name: /I have checked this/ })
    if ((await sure.count()) > 0) await sure.check()
    await page.getByRole("button", { name: /^Use this profile/ }).click()
    await page.waitForURL(/\/connections\/con_/)
    for (const which of ["vendor", "seller"] as const)
      await simulate(place, "permission", { person: "noor", profile: ids[which], access: "edit" })
    await page.goto(base)
    await page
      .locator("li", { hasText: "noor@marmara.example" })
      .getByRole("button", { name: "Look", exact: true })
      .click()
    await page.getByText("Nothing is missing").waitFor()
    await look(page, "main-account-done")

    await page.goto("/consents")
    await look(page, "consents")
    await page.goto(`/connections/${ads}/diagnosis`)
    await page.getByRole("button", { name: "Look again now" }).click()
    await page.getByText("Looked again just now").waitFor()
    await page.getByText("Six checks, in this order").waitFor()
    await look(page, "diagnosis-payment")

    const steppe = await account(vera.api, "Степова майстерня", "A1PA6795UKMFR9")
    await page.goto(`/accounts/${steppe.accountId}`)
    await page.getByRole("button", { name: /^Authenticate now with Amazon Advertising API/ }).click()
    await page
      .locator("[data-person]")
      .first()
      .waitFor({ timeout: 3_000 })
      .catch(() => page.locator('[data-action="switch"]').click())
    await consentAs(look, page, "danylo", "danylo-consent")
    await page.waitForURL(/\/pending\/aut_/)
    await look(page, "pending-no-profile")
    await page.getByRole("link", { name: "What is missing?" }).click()
    await page.getByRole("button", { name: "Look again now" }).click()
    await page.getByText("Looked again just now").waitFor()
    await look(page, "diagnosis-asks")
    await page.getByRole("button", { name: /^No/ }).first().click()
    await page.getByText("Answer noted").waitFor()
    await look(page, "diagnosis-answered")

    expect(site.faults).toEqual([])
    expect(site.looked.size).toBeGreaterThan(14)
  }
)
