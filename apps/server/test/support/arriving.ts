/**
 * People who are new here: signing up, finding their mail where an installation without a mail server keeps it, and
 * settling.
 */
import type { Page } from "playwright-core"
import type { Look } from "./browsing.ts"

/** A look that is not one, for ways that another test looks at. */
export const unseen: Look = () => Promise.resolve()

/** Opens the mail with a subject on the mailbox page, as its plain text; waits until the worker has mailed it. */
export const openMail = async (page: Page, path: string, subject: RegExp): Promise<void> => {
  const mail = page.locator(".mails > li", { has: page.locator("summary", { hasText: subject }) }).first()
  for (let tries = 0; tries < 60; tries++) {
    await page.goto(path)
    if ((await mail.count()) > 0) break
    await page.waitForTimeout(400)
  }
  await mail.locator("summary").first().click()
  await mail.getByText("As plain text").click()
}

/** Follows the first address of the open mail that begins with a path. */
export const followLink = async (page: Page, path: string): Promise<void> => {
  await page.locator(`.mails details[open] pre a[href*="${path}"]`).first().click()
  await page.waitForLoadState()
}

/** Fills in the sign-up form that is open, reads the mail that follows, and proves the address. */
export const signUp = async (
  page: Page,
  who: { readonly name: string; readonly email: string },
  look: Look = unseen
): Promise<void> => {
  await page.getByLabel("Your name").fill(who.name)
  await page.getByLabel("E-mail").fill(who.email)
  await page.getByLabel("Password").fill("a quiet harbour at dawn")
  await look(page, "sign-up")
  await page.getByRole("button", { name: "Sign up" }).click()
  await page.getByRole("heading", { name: "Check your mail" }).waitFor()
  await look(page, "check-mail")
  const mailbox = (await page.getByRole("link", { name: "open the mailbox" }).getAttribute("href")) ?? ""
  await openMail(page, mailbox, /confirm|address/i)
  await look(page, "mailbox-installation")
  await followLink(page, "/verify/")
  await look(page, "verify")
  await page.getByRole("button", { name: "Confirm this address" }).click()
  await page.waitForLoadState()
}

/** Signs up and founds an organization; ends on the empty list of companies. */
export const settle = async (
  page: Page,
  who: { readonly name: string; readonly email: string; readonly organization: string },
  look: Look = unseen
): Promise<void> => {
  await page.goto("/sign-in")
  await page.getByRole("link", { name: "Sign up" }).click()
  await signUp(page, who, look)
  await page.waitForURL("**/organizations/new")
  await look(page, "organization-new")
  await page.getByLabel("Name of the organization").fill(who.organization)
  await page.getByRole("button", { name: "Create organization" }).click()
  await page.waitForURL("**/companies")
}
