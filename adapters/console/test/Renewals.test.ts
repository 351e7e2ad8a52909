/** What ends when, on a page: by month, for the member who looks, and at an address for their calendar. */
import { afterEach, describe, expect, it } from "vitest"
import * as World from "./support/World.ts"

let world: World.World
afterEach(() => world.close())

describe("the page of renewals", () => {
  it("lists what ends by month, the nearest first, and gives a person an address for their calendar once", async () => {
    world = await World.make()
    const company = await world.company("Nordwind Outdoor GmbH", "Nordwind")
    for (const [name, days] of [
      ["Nordwind Far", 300],
      ["Nordwind Near", 12]
    ] as const) {
      const account = await world.account(company, name)
      const profile = World.profile("amazon-ads", "US", `10000000000000000${days}`, { name })
      await world.connect(account, "amazon-ads", profile, "ada", days)
    }
    const page = await world.html("/renewals", { as: "mia" })
    expect(page.indexOf("Nordwind Near")).toBeGreaterThan(0)
    expect(page.indexOf("Nordwind Far")).toBeGreaterThan(page.indexOf("Nordwind Near"))
    expect(page).toContain("Ends soon")
    expect(page).toContain(">Renew<")
    // Who may only look is not led to what they may not do; somebody else's organization sees nothing of it.
    expect(await world.html("/renewals", { as: "vic" })).not.toContain(">Renew<")
    expect(await world.html("/renewals", { as: "rex" })).not.toContain("Nordwind")
    expect(await world.html(`/renewals?company=${company.id}&channel=amazon-sp`, { as: "mia" })).toContain(
      "Nothing ends here"
    )
    const made = await (await world.ask("/renewals/calendar", { as: "mia", form: {} })).text()
    expect(made).toMatch(/value="[^"]*\/v1\/renewals\/feeds\/org_\w+\.mem_\w+\.[\w-]{43}\.ics"/)
    const again = await world.html("/renewals", { as: "mia" })
    expect(again).not.toContain("/feeds/")
    expect(again).toContain("Withdraw the address")
    expect((await world.ask("/renewals/calendar/withdraw", { as: "mia", form: {} })).status).toBe(303)
    expect(await world.html("/renewals?done=withdrawn", { as: "mia" })).toContain("The address is withdrawn")
  })
})
