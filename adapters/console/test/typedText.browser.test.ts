/** Typed text in a real browser: a session that ends in the middle of a form, and the back button; without scripts too. */
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { launch } from "../../wire/test/browser.ts"
import { listen } from "./support/Browser.ts"
import * as World from "./support/World.ts"

let browser: Browser
let served: Awaited<ReturnType<typeof listen>>
let world: World.World
beforeAll(async () => {
  served = await listen()
  world = served.world
  browser = await launch()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await served.close()
})

const signedIn = async (options: { readonly javaScriptEnabled: boolean }): Promise<BrowserContext> => {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(`${world.origin}/sign-in`)
  await page.fill("#field-email", World.people.ada.email)
  await page.fill("#field-password", World.password)
  await page.click("main form button")
  await page.waitForURL(`${world.origin}/companies`)
  await page.close()
  return context
}

describe.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])("typed text, %o", (options) => {
  it("comes back after a sign-in when the session ended in the middle of the form", async () => {
    const context = await signedIn(options)
    const page = await context.newPage()
    await page.goto(`${world.origin}/companies/new`)
    await page.fill("#field-name", 'Größe & "Söhne"')
    await page.fill("#field-brand", "Kite")
    const session = (await context.cookies()).filter(({ name }) => name !== "portolan_who")
    for (const { name } of session) await context.clearCookies({ name })
    await page.click("main form button")
    await page.getByText("Nothing was saved yet.").waitFor()
    await page.fill("#field-email", World.people.ada.email)
    await page.fill("#field-password", "wrong at first")
    await page.click("main form button")
    await page.fill("#field-password", World.password)
    await page.click("main form button")
    await page.getByText("Check the form, and send it again.").waitFor()
    expect(await page.inputValue("#field-name")).toBe('Größe & "Söhne"')
    await page.click('form[action="/companies"] button')
    await page.waitForURL(/\/companies\/com_/)
    expect(await page.textContent("h1")).toContain('Größe & "Söhne"')
    await context.close()
  })

  it("is still there after the back button", async () => {
    const context = await signedIn(options)
    const page = await context.newPage()
    await page.goto(`${world.origin}/companies/new`)
    await page.fill("#field-name", "Typed, then left")
    await page.click("a.brand")
    await page.waitForURL(`${world.origin}/companies`)
    await page.goBack()
    expect(await page.inputValue("#field-name")).toBe("Typed, then left")
    await context.close()
  })
})
