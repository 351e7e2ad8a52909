/**
 * Flow F5 clicked through: a bookkeeper asks by mail, somebody who is not the owner says so, the owner connects, and
 * consents are renewed.
 */
import { addCompany, openAccount } from "@portolan/app-demo/Member"
import { afterAll, beforeAll, expect, test } from "vitest"
import { openMail } from "./support/arriving.ts"
import { allow, type Browsing, open, signIn, sitDown } from "./support/browsing.ts"
import { connect, member } from "./support/place.ts"

let site: Browsing

beforeAll(async () => {
  site = await open()
}, 180_000)
afterAll(() => site.close(), 60_000)

const canada = "A2EUQ1WTGCTBG2"
const unitedStates = "ATVPDKIKX0DER"
const phone = { width: 390, height: 844 }

test(
  "a request is shown before it is sent, refused by the wrong person, answered by the owner, and renewed in one mail",
  { timeout: 300_000 },
  async () => {
    const { look, place } = site
    const vera = await member(place)
    const companyId = await addCompany(vera, "Lindqvist Lanterns of Canada", "Lindqvist")
    const { accountId } = await openAccount(vera, companyId, "Lanterns Canada", canada)
    const before = await openAccount(vera, companyId, "Lanterns United States", unitedStates)
    await connect(vera, before.tile("amazon-ads"), unitedStates)

    const { page } = await site.person()
    await page.goto(`/accounts/${accountId}`)
    await signIn(page)
    await page.waitForURL(/\/accounts\/acc_/)
    await page.goto("/requests")
    await look(page, "requests-none")
    await page.getByRole("link", { name: "New request" }).first().click()
    await look(page, "request-choose")
    await page.getByRole("link", { name: /^Ask the owner\s+of\s+Lanterns Canada, Amazon Selling Partner API/ }).click()
    await page.getByRole("button", { name: "Preview the mail" }).click()
    await page.getByLabel("Owner's name").fill("Ada-Wilhelmina Lindqvist-Oyelaran")
    await page.getByLabel("Owner's e-mail address").fill("ada@people.example")
    await page.getByLabel("Your message").fill("We need this for your <books> & taxes.\nIt takes two minutes.")
    await look(page, "request-form")
    await page.getByRole("button", { name: "Preview the mail" }).click()
    await page.frameLocator("iframe").getByText("We need this for your <books> & taxes.").waitFor()
    await look(page, "request-preview")
    await page.getByRole("button", { name: "Send the request" }).click()
    await page.getByText("Request made").waitFor()
    await look(page, "request-sent")
    const request = page.url().replace(/\?.*/, "")

    await openMail(page, "/mailbox", /asks you to connect/)
    expect(
      await page.locator(".mails > li > details > summary", { hasText: /asks you to connect/ }).count(),
      "the owner's mail and the copy"
    ).toBe(2)
    await look(page, "mailbox-both")
    const link = (await page.locator('.mails details[open] pre a[href*="/link/"]').first().getAttribute("href")) ?? ""

    const forwarded = await site.person()
    await forwarded.page.setViewportSize(phone)
    await forwarded.page.goto(link)
    await look(forwarded.page, "request-landing")
    await forwarded.page.getByRole("button", { name: "Yes, continue to Amazon" }).click()
    await sitDown(forwarded.page, "bruno")
    await look(forwarded.page, "amazon-refuses")
    await forwarded.page.goto(link)
    await forwarded.page.getByRole("link", { name: "I am not the owner" }).click()
    await look(forwarded.page, "not-the-owner")
    await forwarded.page.getByRole("button", { name: "Tell them that I am not the owner" }).click()
    await forwarded.page.getByText("has been told").waitFor()
    await look(forwarded.page, "not-the-owner-told")
    await page.goto(request)
    await look(page, "request-objected")
    await page.getByRole("button", { name: "Send again" }).click()
    await page.getByText(/Mail made|Mailed again/).waitFor()

    const owner = await site.person()
    await owner.page.setViewportSize(phone)
    await owner.page.goto(link)
    await owner.page.getByRole("button", { name: "Yes, continue to Amazon" }).click()
    await sitDown(owner.page, "ada")
    await look(owner.page, "owner-consent")
    await allow(owner.page)
    await owner.page.waitForURL(/\/arrived\//)
    expect(owner.page.url()).not.toContain("code=")
    await look(owner.page, "owner-arrived")
    expect((await owner.page.goto(link))?.status()).toBe(410)
    await look(owner.page, "request-used")

    await expect
      .poll(
        async () => {
          await page.goto(request)
          return page.getByRole("link", { name: "See the connection" }).count()
        },
        { timeout: 30_000 }
      )
      .toBe(1)
    await look(page, "request-done")
    await page.getByRole("link", { name: "See the connection" }).click()
    await page.getByText("Connected", { exact: true }).first().waitFor()
    await look(page, "requested-connection")
    await openMail(page, "/mailbox", /onnected/)

    await page.goto("/campaigns/new")
    await look(page, "campaign-none-soon")
    await page.getByLabel("Consent ends").selectOption("365")
    await page.getByRole("button", { name: "Filter" }).click()
    await page.getByRole("checkbox").first().waitFor()
    for (const box of await page.getByRole("checkbox").all()) await box.check()
    for (const field of await page.getByLabel(/^Owner's name for/).all())
      await field.fill("Ada-Wilhelmina Lindqvist-Oyelaran")
    for (const field of await page.getByLabel(/^Owner's e-mail for/).all()) await field.fill("ada@people.example")
    await look(page, "campaign")
    await page.getByRole("button", { name: "Preview the mails" }).click()
    await page
      .frameLocator("iframe")
      .first()
      .getByText(/Lanterns/)
      .first()
      .waitFor()
    await look(page, "campaign-preview")
    await page.getByRole("button", { name: "Send 1 mail" }).click()
    await page.waitForURL(/\/requests\?state=open/)
    await look(page, "requests-open")

    expect(site.faults).toEqual([])
    expect(site.looked.size).toBeGreaterThan(18)
  }
)
