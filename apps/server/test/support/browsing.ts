/**
 * People at a real browser in front of a whole server with its simulated providers; every page they meet is looked at.
 */
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { Effect, Exit, Scope } from "effect"
import type { BrowserContext, Page } from "playwright-core"
import { expect } from "vitest"
import { type Eye, faults as faultsOf, frame, launch, narrow } from "../../../../adapters/wire/test/browser.ts"
import { server } from "./place.ts"

/** Somebody with a browser of their own. */
export interface Person {
  readonly context: BrowserContext
  readonly page: Page
}

const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

/**
 * Every rule at desktop width, for what differs from page to page; on a phone those whose answer depends on the width, because
 * the markup is the same. The frame, and contrast on a phone, are judged by the console's own tests.
 */
const sights: ReadonlyArray<{ readonly size: typeof desktop; readonly label: string; readonly eye: Eye }> = [
  { size: desktop, label: "desktop", eye: { without: frame } },
  { size: phone, label: "phone", eye: narrow }
]

/** Pictures are kept when a folder is named: `SCREENSHOTS=dir npm test -- browser`. */
const picture = async (page: Page, name: string) => {
  const folder = process.env.SCREENSHOTS
  if (folder === undefined || folder === "") return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** A server and a browser for the tests of one file. */
export const open = async (environment: { readonly [name: string]: string | undefined } = {}) => {
  const scope = Effect.runSync(Scope.make())
  const [place, browser] = await Promise.all([Effect.runPromise(Scope.provide(server(environment), scope)), launch()])
  const looked = new Set<string>()
  const faults: Array<string> = []
  return {
    place,
    /** The names of the pages that were looked at. */
    looked,
    /** What was wrong with them; a test ends by expecting none. */
    faults,
    /** A new browser that knows nobody. */
    person: async (): Promise<Person> => {
      const context = await browser.newContext({ baseURL: place.origin, viewport: desktop })
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      return { context, page }
    },
    /** Looks at the page as it stands, at desktop and phone width, and leaves it as wide as it was. */
    look: async (page: Page, name: string): Promise<void> => {
      const before = page.viewportSize() ?? desktop
      for (const { eye, label, size } of sights) {
        await page.setViewportSize(size)
        await picture(page, `${name}-${label}`)
        faults.push(...(await faultsOf(page, eye)).map((fault) => `${name}, ${label}: ${fault}`))
      }
      await page.setViewportSize(before)
      looked.add(name)
    },
    close: async (): Promise<void> => {
      await browser.close()
      await Effect.runPromise(Scope.close(scope, Exit.void))
    }
  }
}

/** What `open` gives. */
export type Browsing = Awaited<ReturnType<typeof open>>

/** Looks at a page under a name. */
export type Look = Browsing["look"]

/** Signs in on the sign-in page that is open; the demo world's owner unless told. */
export const signIn = async (
  page: Page,
  email = "vera@demo.example.com",
  password = "portolan-demo"
): Promise<void> => {
  await page.getByLabel("E-mail").fill(email)
  await page.getByLabel("Password").fill(password)
  await page.getByRole("button", { name: "Sign in" }).click()
}

/** Chooses who sits at the browser on a provider's sign-in page. */
export const sitDown = async (page: Page, person: string): Promise<void> => {
  await page.locator(`[data-person="${person}"]`).click()
  await page.waitForLoadState()
}

/** Agrees on a provider's page, and is led back. */
export const allow = async (page: Page): Promise<void> => {
  const box = page.locator("[data-consent-box]")
  if ((await box.count()) > 0) await box.check()
  await page.locator('[data-action="allow"]').click()
  await page.waitForLoadState()
}

/** Signs in to the provider, looks at what is asked for, and agrees. */
export const consentAs = async (look: Look, page: Page, person: string, name: string): Promise<void> => {
  await sitDown(page, person)
  await look(page, name)
  await allow(page)
}

/**
 * Waits on a connection's page for the end of its first load. The bars move by themselves: nothing here reloads the
 * page.
 */
export const complete = async (page: Page): Promise<void> => {
  await page.getByRole("heading", { name: "First load complete" }).waitFor({ timeout: 120_000 })
  await expect.poll(() => page.locator(".load-overall").innerText(), { timeout: 10_000 }).toBe("100 %")
}

/** Reloads the page until something shows; for what a worker does within a second or two. */
export const until = async (page: Page, shows: (page: Page) => Promise<boolean>, seconds = 30): Promise<void> => {
  await expect
    .poll(
      async () => {
        await page.reload()
        return shows(page)
      },
      { timeout: seconds * 1000, interval: 400 }
    )
    .toBe(true)
}
