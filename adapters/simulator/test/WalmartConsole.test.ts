import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { faults, launch } from "../../wire/test/browser.ts"
import type { Listening, Simulator } from "../src/index.ts"
import { addresses, listen } from "../src/index.ts"
import { form, fresh, lastRule } from "./support.ts"
import { loginUrl, sellerTokens } from "./walmart.ts"

const host = "https://advertising.walmart.com"

const signIn = async (simulator: Simulator.Simulator, person: string) =>
  (
    (await simulator.fetch(new Request(`${host}/ap/signin`, form({ person, return_to: "/" })))).headers.get(
      "set-cookie"
    ) ?? ""
  ).split(";")[0] ?? ""

const page = async (simulator: Simulator.Simulator, cookie: string, path: string) =>
  (await simulator.fetch(new Request(`${host}${path}`, { headers: { cookie } }))).text()

const pathOf = (simulator: Simulator.Simulator, name = "Marmara Homes") =>
  `/admin/advertiser/${simulator.walmartAdvertiser(name).id}/api-partners`

const submit = async (
  simulator: Simulator.Simulator,
  cookie: string,
  fields: Readonly<Record<string, string>>,
  name?: string
) => {
  const path = pathOf(simulator, name)
  const ticket = /name="ticket" value="([^"]*)"/.exec(await page(simulator, cookie, path))?.[1] ?? ""
  const order = form({ ticket, ...fields })
  return simulator.fetch(
    new Request(`${host}${path}`, { ...order, headers: { ...order.headers, cookie } as Record<string, string> })
  )
}

const rowOf = (simulator: Simulator.Simulator, name = "Marmara Homes") =>
  simulator
    .walmartAdvertiser(name)
    .access.filter((row) => row.revokedAt === null)
    .map((row) => [row.partner, row.type])

describe("the advertising console", () => {
  test("lets an account admin add a partner, change it, and remove it", async () => {
    const simulator = fresh()
    const cookie = await signIn(simulator, "walt")
    const added = await submit(simulator, cookie, { action: "add", partner: "portolan", access: "read" })
    expect([added.status, added.headers.get("location")]).toEqual([303, `${pathOf(simulator)}?done=add`])
    expect(rowOf(simulator)).toEqual([["portolan", "read"]])
    await submit(simulator, cookie, { action: "change", partner: "portolan", access: "write" })
    expect(rowOf(simulator)).toEqual([["portolan", "write"]])
    expect(await page(simulator, cookie, pathOf(simulator))).toContain('data-partner="portolan" data-access="write"')
    await submit(simulator, cookie, { action: "remove", partner: "portolan" })
    expect(rowOf(simulator)).toEqual([])
    expect(await page(simulator, cookie, pathOf(simulator))).toContain('data-outcome="no-partners"')
  })

  test("tells everybody else who must act, and refuses their forms", async () => {
    const simulator = fresh()
    const cookie = await signIn(simulator, "wendy")
    const html = await page(simulator, cookie, pathOf(simulator))
    expect(html).toContain('data-outcome="not-admin"')
    expect(html).toContain("Ask Walt Marsh.")
    expect(html).not.toContain("+ Add Partner")
    const path = pathOf(simulator)
    const stolen =
      /name="ticket" value="([^"]*)"/.exec(await page(simulator, await signIn(simulator, "walt"), path))?.[1] ?? ""
    expect(
      (await submit(simulator, cookie, { action: "add", partner: "portolan", access: "read", ticket: stolen })).status
    ).toBe(400)
    expect(lastRule(simulator)).toBe("LWA-AUT-10")
    expect(rowOf(simulator)).toEqual([])
  })

  test("refuses a change by somebody who was an admin until just now", async () => {
    const simulator = fresh()
    const cookie = await signIn(simulator, "walt")
    const ticket = /name="ticket" value="([^"]*)"/.exec(await page(simulator, cookie, pathOf(simulator)))?.[1] ?? ""
    simulator.walmartAdvertiser("Marmara Homes").people.walt = "member"
    const refused = await submit(simulator, cookie, { ticket, action: "add", partner: "portolan", access: "read" })
    expect([refused.status, lastRule(simulator)]).toEqual([403, "WMA-ADMIN"])
  })

  test.each<readonly [string, string, Readonly<Record<string, string>>]>([
    ["WMA-FORM", "an unknown partner", { action: "add", partner: "constructor", access: "read" }],
    ["WMA-FORM", "an unknown access type", { action: "add", partner: "portolan", access: "all" }],
    ["WMA-FORM", "an unknown action", { action: "toString", partner: "portolan", access: "read" }],
    ["WMA-FORM", "a change of a partner that is not there", { action: "change", partner: "tidewater", access: "read" }],
    ["WMA-FORM", "removing a partner that is not there", { action: "remove", partner: "tidewater" }],
    ["WMA-TWICE", "a partner that is there", { action: "add", partner: "portolan", access: "read" }]
  ])("%s: says so on the page for %s", async (rule, _, fields) => {
    const simulator = fresh()
    const response = await submit(simulator, await signIn(simulator, "walt"), fields, "Marmara Home")
    expect([response.status, lastRule(simulator)]).toEqual([400, rule])
    expect(await response.text()).toContain(`data-rule="${rule}"`)
    expect(rowOf(simulator, "Marmara Home")).toEqual([["portolan", "read"]])
  })

  test("takes ten partners and no eleventh", async () => {
    const simulator = fresh()
    const cookie = await signIn(simulator, "walt")
    const partners = Object.keys(simulator.world().walmart.partners)
    for (const partner of partners.slice(0, 10))
      await submit(simulator, cookie, { action: "add", partner, access: "read" })
    expect(rowOf(simulator)).toHaveLength(10)
    expect(await page(simulator, cookie, pathOf(simulator))).toContain('data-outcome="full"')
    expect(
      (await submit(simulator, cookie, { action: "add", partner: partners[10] ?? "", access: "read" })).status
    ).toBe(400)
    expect(lastRule(simulator)).toBe("WMA-LIMIT")
    expect(() => simulator.setWalmartAccess("Marmara Homes", "read", partners[10])).toThrow(RangeError)
  })

  test("shows only the accounts of the person, by their report address too", async () => {
    const simulator = fresh()
    const cookie = await signIn(simulator, "noor")
    expect(await page(simulator, cookie, "/")).toContain('data-outcome="no-advertisers"')
    await page(simulator, cookie, pathOf(simulator))
    expect(lastRule(simulator)).toBe("WMA-NONE")
    const { id } = simulator.walmartAdvertiser("Marmara Homes")
    expect(await page(simulator, await signIn(simulator, "walt"), `/view/report/advertiser/${id}`)).toContain(
      "Marmara Homes"
    )
    await page(simulator, cookie, "/elsewhere")
    expect(lastRule(simulator)).toBe("PAGE-404")
    expect(await page(simulator, "", pathOf(simulator))).toContain('data-simulated-page="sign-in"')
  })

  test("escapes names", async () => {
    const simulator = fresh()
    const { id } = simulator.addWalmartAdvertiser({ name: '<b>"Bold" & co</b>', type: "1p", people: { walt: "admin" } })
    const cookie = await signIn(simulator, "walt")
    for (const path of ["/", `/admin/advertiser/${id}/api-partners`])
      expect(await page(simulator, cookie, path)).not.toContain("<b>")
  })
})

describe("from another process", () => {
  const call = async (simulator: Simulator.Simulator, path: string, body?: unknown) => {
    const response = await simulator.fetch(
      new Request(
        `http://127.0.0.1:4010/_sim${path}`,
        body === undefined
          ? {}
          : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
      )
    )
    return [response.status, (await response.json()) as Record<string, unknown>] as const
  }

  test("access, advertisers and spend limits can be set, and the credentials read", async () => {
    const simulator = fresh()
    expect((await call(simulator, "/walmart-access", { advertiser: "Marmara Homes", access: "write" }))[1]).toEqual({
      touched: 1
    })
    expect((await call(simulator, "/walmart-access", { advertiser: "Marmara Homes", access: "all" }))[0]).toBe(400)
    const [, made] = await call(simulator, "/walmart-advertiser", { name: "Heron", type: "1p" })
    const id = (made.advertiser as { id: string }).id
    expect((await call(simulator, "/walmart-spend-limit", { advertiser: id, reached: true }))[1]).toEqual({
      touched: 1
    })
    expect((await call(simulator, "/walmart-advertiser", { name: "Heron", type: "4p" }))[0]).toBe(400)
    const [, world] = await call(simulator, "/world")
    expect(world.walmart).toMatchObject({ partner: { keyVersion: "1", id: "portolan" }, advertisers: { length: 8 } })
    const { sellerId } = await sellerTokens(simulator)
    expect((await call(simulator, "/revoke", { account: sellerId }))[1]).toEqual({ touched: 1 })
  })

  test("a world from before Walmart goes on with what its preset has there", () => {
    const { walmart: _, ...old } = fresh().snapshot()
    const people = Object.fromEntries(Object.entries(old.people).filter(([id]) => id !== "walt" && id !== "wendy"))
    const policy = Object.fromEntries(Object.entries(old.policy).filter(([name]) => !name.startsWith("walmart")))
    const simulator = fresh()
    simulator.restore({ ...old, people, policy } as ReturnType<typeof simulator.snapshot>)
    expect(simulator.walmartAdvertiser("Lindqvist Lanterns").id).toBe(
      fresh().walmartAdvertiser("Lindqvist Lanterns").id
    )
    expect([simulator.person("walt").name, simulator.world().policy.walmartSignatureSeconds]).toEqual([
      "Walt Marsh",
      180
    ])
  })
})

describe("a person in a browser", () => {
  const simulator = fresh()
  let browser: Browser
  let server: Listening

  beforeAll(async () => {
    server = await listen(simulator)
    simulator.registerReturnUrl(`${server.url}/back`)
    browser = await launch()
  })

  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  const clean = async (page: Page) => {
    expect(await faults(page, { strict: true })).toEqual([])
  }

  test("adds the partner on a phone with the keyboard alone, changes and removes it", async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 640 } })
    try {
      const page = await context.newPage()
      await page.goto(`${addresses(server.url).walmartConsole}/`)
      await page.locator('[data-person="walt"]').press("Enter")
      await clean(page)
      await page.getByRole("link", { name: "Marmara Homes" }).press("Enter")
      await page.locator('[data-outcome="no-partners"]').waitFor()
      await clean(page)
      await page.getByLabel("Partner name").selectOption({ label: "Portolan" })
      await page.getByLabel("Access type").selectOption("write")
      await page.locator('[data-action="add"]').press("Enter")
      await page.getByRole("status").waitFor()
      await clean(page)
      expect(await page.locator('[data-partner="portolan"]').getAttribute("data-access")).toBe("write")
      await page.locator("#access-portolan").selectOption("read")
      await page.getByRole("button", { name: "Save access type of Portolan" }).press("Enter")
      await page.locator('[data-partner="portolan"][data-access="read"]').waitFor()
      await page.getByRole("button", { name: "Remove Portolan" }).press("Enter")
      await page.locator('[data-outcome="no-partners"]').waitFor()
      await page.locator('[data-action="switch"]').press("Enter")
      await page.locator('[data-person="wendy"]').press("Enter")
      await page.locator('[data-outcome="not-admin"]').waitFor()
      await clean(page)
    } finally {
      await context.close()
    }
  })

  test("lets an application into a seller account", async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 640 } })
    try {
      const page = await context.newPage()
      await page.goto(addresses(server.url).map(loginUrl(simulator, { redirectUri: `${server.url}/back` })))
      await page.locator('[data-person="wendy"]').click()
      expect(await page.locator("[data-error-code]").getAttribute("data-rule")).toBe("WML-NONE")
      await clean(page)
      await page.locator('[data-action="switch"]').press("Enter")
      await page.locator('[data-person="walt"]').press("Enter")
      await clean(page)
      await page.locator('[data-action="allow"]').press("Enter")
      await page.waitForURL(/\/back\?code=.*sellerId=/)
    } finally {
      await context.close()
    }
  })
})
