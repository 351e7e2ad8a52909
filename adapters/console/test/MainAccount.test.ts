/** A company's main account at a browser, and the plan that is shared (flow F4; rules S-R1 to S-R7). */
import { type Company } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Consolidations, Mailer } from "@portolan/ports"
import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { location } from "./support/asking.ts"
import * as World from "./support/World.ts"

let world: World.World
beforeAll(async () => {
  world = await World.make()
})
afterAll(() => world.close())

const view = (company: Company.Present) =>
  world.run(Effect.flatMap(Consolidations.Consolidations, (asked) => asked.view(World.caller("ada"), company.id)))
const post = (
  company: Company.Present,
  kind: string,
  form: { readonly [field: string]: string },
  as: World.Who = "ada"
) => world.ask(`/companies/${company.id}/main-account/${kind}`, { as, form })
const idOf = async (company: Company.Present, name: string) =>
  (await view(company)).consolidation.credentials.find((one) => one.name === name)?.id ?? ""

/** Three logins, each the administrator of one account; M is to see them all. */
const threeLogins = async () => {
  const company = await world.company("Harbour Goods")
  for (const name of ["Ada", "Bo", "Main"])
    await post(company, "logins", { name, email: `${name.toLowerCase()}@example.com` })
  const add = async (name: string, id: string, type: string, admin: string) =>
    post(company, "accounts", { name, id, type, administrator: await idOf(company, admin) })
  await add("Vendor", "VENDOR1", "vendor", "Ada")
  await add("Seller", "SELLER1", "seller", "Bo")
  await add("Own", "SELLER2", "seller", "Main")
  await post(company, "main", { login: await idOf(company, "Main") })
  return company
}

describe("the worked example", () => {
  it("shows the plan by who signs in, and after the steps the main login sees all three", async () => {
    const company = await threeLogins()
    const page = await world.html(`/companies/${company.id}/main-account`)
    expect(page).toContain("Sign in to Amazon as Ada (ada@example.com).")
    expect(page).toContain(
      "Give Main (main@example.com) access to the account Seller (Seller), with permission to edit."
    )
    const main = await idOf(company, "Main")
    for (const [account, admin] of [
      ["VENDOR1", "Ada"],
      ["SELLER1", "Bo"]
    ] as const) {
      expect(
        location(
          await post(company, "grant", {
            account,
            performer: await idOf(company, admin),
            login: main,
            permission: "edit"
          })
        )
      ).toContain("done=saved")
    }
    const done = await world.html(`/companies/${company.id}/main-account`)
    expect(done).toContain("Nothing is missing")
    expect((await view(company)).plan.visible).toHaveLength(3)
  })

  it("a look with the main login marks as done what people did at the provider", async () => {
    const company = await threeLogins()
    const account = await world.account(company, "Harbour US")
    const seen = (externalId: string, ownerId: string, type: "seller" | "vendor" = "seller") =>
      World.profile("amazon-ads", "US", externalId, { name: ownerId, ownerId, type })
    await world.connect(account, "amazon-ads", seen("901", "SELLER2"))
    const consent = (await view(company)).consents[0]?.grant
    await world.run(
      Effect.flatMap(ProviderScript.ProviderScript, ({ shows }) =>
        shows(consent?.grantor ?? "", [
          seen("901", "SELLER2"),
          seen("902", "SELLER1"),
          seen("903", "VENDOR1", "vendor"),
          seen("904", "STRANGER")
        ])
      )
    )
    const looked = await post(company, "look", { login: await idOf(company, "Main"), consent: consent?.id ?? "" })
    expect(location(looked)).toContain("done=looked")
    const page = await world.html(`/companies/${company.id}/main-account`)
    expect(page).toContain("Nothing is missing")
    expect(page).toContain("Seen and not added")
    expect(page).toContain("STRANGER")
  })

  it("refuses in words what only the administrator can do, and what a form left out", async () => {
    const company = await threeLogins()
    const refused = await post(company, "grant", {
      account: "VENDOR1",
      performer: await idOf(company, "Bo"),
      login: await idOf(company, "Main"),
      permission: "edit"
    })
    expect([refused.status, (await refused.text()).includes("Have Ada sign in and do it.")]).toEqual([409, true])
    const nameless = await post(company, "logins", { name: "" })
    expect([nameless.status, (await nameless.text()).includes("Enter a name for the login.")]).toEqual([422, true])
    expect((await post(company, "accounts", { name: "", type: "seller" })).status).toBe(422)
    expect((await post(company, "nonsense", {})).status).toBe(400)
    expect((await post(company, "logins", { name: "X" }, "vic")).status).toBe(403)
    expect(await world.html(`/companies/${company.id}/main-account`, { as: "vic" })).not.toContain(
      '<button class="small'
    )
  })
})

describe("hostile names", () => {
  it("are shown as text on the page and on the plan", async () => {
    const nasty = `"><script>alert(1)</script>`
    const company = await world.company(nasty)
    await post(company, "logins", { name: nasty })
    await post(company, "logins", { name: "Main" })
    await post(company, "accounts", {
      name: nasty,
      id: "NASTY1",
      type: "seller",
      administrator: await idOf(company, nasty)
    })
    await post(company, "main", { login: await idOf(company, "Main") })
    await post(company, "share", {})
    const page = await world.html(`/companies/${company.id}/main-account`)
    const plan = await (await world.ask(/\/plan\/[A-Za-z0-9_-]+/.exec(page)?.[0] ?? "")).text()
    for (const text of [page, plan]) {
      expect(text).toContain("&lt;script&gt;")
      expect(text).not.toContain("<script>")
    }
  })
})

describe("the shared plan", () => {
  it("is shown without a sign-in by GET alone, says nothing else, and ends when it is withdrawn or replaced", async () => {
    const company = await threeLogins()
    await post(company, "share", {})
    const path = async () =>
      /\/plan\/[A-Za-z0-9_-]+/.exec(await world.html(`/companies/${company.id}/main-account`))?.[0] ?? ""
    const first = await path()
    const shown = await world.ask(first)
    const text = await shown.text()
    expect(shown.status).toBe(200)
    for (const words of [
      "Who signs in, and what to grant there",
      "Sign in to Amazon as Ada",
      "Harbour Goods",
      "There already"
    ])
      expect(text).toContain(words)
    expect(text).not.toMatch(/href="\/(companies|accounts|connections|pending)/)
    expect(text).not.toContain("<form")
    expect(shown.headers.get("referrer-policy")).toBe("no-referrer")
    expect((await world.ask(first, { method: "POST", form: {} })).status).toBe(404)
    await post(company, "share", {})
    expect((await world.ask(first)).status).toBe(404)
    const second = await path()
    await post(company, "unshare", {})
    const gone = await world.ask(second)
    expect([gone.status, (await gone.text()).includes("no longer shared")]).toEqual([410, true])
    expect((await world.ask("/plan/x")).status).toBe(404)
  })

  it("is mailed with the address that works", async () => {
    const company = await threeLogins()
    expect((await post(company, "mail", { to: "not an address" })).status).toBe(422)
    expect(
      location(await post(company, "mail", { to: "Olive@Example.com", message: "Please do your part." }))
    ).toContain("done=mailed")
    await world.work(200)
    const { items } = await world.run(
      Effect.flatMap(Mailer.Mailer, (mailer) => mailer.kept(company.organizationId, { limit: 10 }))
    )
    const mail = items.find(({ to }) => to.email === "olive@example.com")
    expect(mail?.emailMessage.text).toContain("/plan/")
    expect(mail?.emailMessage.text).toContain("Please do your part.")
  })
})
