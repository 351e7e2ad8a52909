import { serve } from "@hono/node-server"
import { Effect } from "effect"
import type { AddressInfo } from "node:net"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { faults, launch } from "../../wire/test/browser.ts"
import { problems } from "../src/index.ts"
import { routes } from "./support/contract.ts"
import { makeWorld } from "./support/world.ts"

let browser: Browser
let server: ReturnType<typeof serve>
let origin: string

beforeAll(async () => {
  // The page is made once and asks no service, so it outlives the world's scope.
  const { app } = await Effect.runPromise(Effect.scoped(makeWorld()))
  await new Promise<void>((resolve) => {
    server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, () => resolve())
  })
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launch()
})

afterAll(async () => {
  await browser.close()
  await new Promise((resolve) => server.close(resolve))
})

const visit = async (colorScheme: "light" | "dark", width: number, work: (page: Page) => Promise<void>) => {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } })
  try {
    const page = await context.newPage()
    const complaints: Array<string> = []
    page.on("console", (message) => complaints.push(message.text()))
    await page.goto(`${origin}/docs`)
    await work(page)
    expect(complaints).toEqual([])
  } finally {
    await context.close()
  }
}

// The parts that differ: every method, a stream, an answer without a body, an object, a list of problems. One function
// makes all cards, and looking at each of them twice takes a minute.
const parts = [
  ".top",
  ".side",
  "#contents",
  "#start",
  "#openAccount",
  "#renameAccount .line",
  "#assignBrands .line",
  "#disconnect",
  "#selectProfile",
  "#followEvents",
  "#revokeApiKey",
  "#schema-Event",
  "#problem-not-found",
  ".bottom"
]

const sideways = (page: Page) =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth")

describe("the reference page in a browser", () => {
  for (const [colorScheme, width] of [
    ["light", 1280],
    ["dark", 390]
  ] as const) {
    test(`is accessible and does not scroll sideways: ${colorScheme}, ${width} pixels wide`, () =>
      visit(colorScheme, width, async (page) => {
        expect(await sideways(page)).toBe(0)
        // What is folded away must fit too.
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        expect(await sideways(page)).toBe(0)
        expect(await faults(page, { within: parts })).toEqual([])
      }))
  }

  test("fits the narrowest phones, with every block that scrolls in reach of the keyboard", () =>
    visit("light", 320, async (page) => {
      expect(await sideways(page)).toBe(0)
      const unreachable = await page.evaluate<number>(`[...document.querySelectorAll("main *")].filter((one) =>
        (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1) &&
        ["auto", "scroll"].includes(getComputedStyle(one).overflowX) && one.tabIndex < 0).length`)
      expect(unreachable).toBe(0)
    }))

  test("has an anchor for every operation and problem, and shows what it leads to below the header", () =>
    visit("light", 1280, async (page) => {
      const ids = new Set(
        await page.evaluate<ReadonlyArray<string>>("[...document.querySelectorAll('[id]')].map((one) => one.id)")
      )
      for (const { operationId } of routes) expect(ids).toContain(operationId)
      for (const kind of problems.kinds) expect(ids).toContain(`problem-${kind}`)
      await page.goto(`${origin}/problems/profile-held`)
      expect(new URL(page.url()).hash).toBe("#problem-profile-held")
      const [top, header] = await page.evaluate<[number, number]>(
        "[document.querySelector(':target').getBoundingClientRect().top, document.querySelector('.top').getBoundingClientRect().bottom]"
      )
      expect(top).toBeGreaterThanOrEqual(header)
    }))

  test("shows the navigation beside the text, or folded above it on a phone", async () => {
    await visit("light", 1280, async (page) => {
      expect(await page.locator(".side").isVisible()).toBe(true)
      expect(await page.locator("#contents").isVisible()).toBe(false)
    })
    await visit("light", 390, async (page) => {
      expect(await page.locator(".side").isVisible()).toBe(false)
      await page.locator("#contents > summary").click()
      await page.locator("#contents").getByRole("link", { name: "Opens an account" }).click()
      expect(new URL(page.url()).hash).toBe("#openAccount")
    })
  })

  test("breaks a path at its slashes only", () =>
    visit("light", 390, async (page) => {
      const broken = await page.evaluate<number>(
        "[...document.querySelectorAll('.path span')].filter((one) => one.getClientRects().length > 1).length"
      )
      expect(broken).toBe(0)
    }))

  test("shows no backticks, and nothing that was not made into words", () =>
    visit("light", 1280, async (page) => {
      expect(await page.locator("body").innerText()).not.toMatch(/`|undefined|\[object/)
    }))
})
