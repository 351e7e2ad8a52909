/** Every page and every form, as asked by other sites, by scanners, and by people who may see or do less. */
import { Id } from "@portolan/domain"
import { Audit } from "@portolan/ports"
import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { seed, type Seeded } from "./support/seed.ts"
import { narrow } from "./support/walmart.ts"
import * as World from "./support/World.ts"

let world: World.World
let seeded: Seeded
beforeAll(async () => {
  world = await World.make()
  seeded = await seed(world)
}, 60_000)
afterAll(() => world.close())

/** Everything that happened in the organization, by its latest entry and how many are on a page. */
const happened = () =>
  world.run(
    Effect.gen(function* () {
      const audit = yield* Audit.Audit
      const ids: Array<string> = []
      let cursor: string | undefined
      do {
        const page = yield* audit.list(
          World.caller("ada"),
          {},
          { limit: 100, ...(cursor === undefined ? {} : { cursor }) }
        )
        ids.push(...page.items.map(({ id }) => id))
        cursor = page.next
      } while (cursor !== undefined)
      return ids.length
    })
  )

const routesOf = (method: string): ReadonlyArray<string> => [
  ...new Set(world.app.routes.filter((route) => route.method === method && route.path !== "*").map(({ path }) => path))
]

/** Ids of everything that the seed made, one of a kind and more. */
const ids = (): ReadonlyArray<string> => [
  ...new Set(
    [...JSON.stringify(seeded).matchAll(/"([a-z]{3}_[0-9a-z]{26})"/g)].flatMap(([, id]) =>
      id === undefined ? [] : [id]
    )
  )
]

/** A path with each id that there is in the place of its parameter. */
const filled = (path: string): ReadonlyArray<string> => {
  const rest = path
    .replace(":channel", "amazon-ads")
    .replace(":outcome", "connected")
    .replace(":token", "made-up-made-up-made-up-made-up")
    .replace(":kind", "share")
    .replace(/:(?!id)[a-z]+/g, "x")
  return rest.includes(":id") ? ids().map((id) => rest.replace(":id", id)) : [rest]
}

/** A form that says something to everybody who asks. */
const form = {
  name: "Changed",
  email: "changed@example.org",
  password: "a long enough password",
  role: "admin",
  to: "everything",
  brand: "Changed",
  type: "seller",
  life: "24",
  scope: "read",
  days: "30",
  because: "not-expected",
  message: "Hello",
  confirmed: "yes",
  region: "WALMART-US",
  check: "payment-valid",
  holds: "yes",
  answer: "yes",
  reason: "wrong",
  advertiser: "Changed"
}

describe("another site", () => {
  it("cannot send any form of this one", async () => {
    const before = await happened()
    const forms = routesOf("POST")
    expect(forms.length).toBeGreaterThan(50)
    for (const path of forms) {
      const [first = path] = filled(path)
      for (const headers of [
        { origin: "https://evil.example" },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { origin: "null" }
      ]) {
        expect([first, (await world.ask(first, { as: "ada", form, headers })).status]).toEqual([first, 403])
      }
    }
    expect(await happened()).toBe(before)
  })

  it("gets nobody sent anywhere but here, whatever it writes behind return=", async () => {
    for (const target of [
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "/\t/evil.example",
      "/%09/evil.example/..//evil.example",
      "javascript:alert(1)",
      "/..//evil.example",
      "/@evil.example//",
      "\n//evil.example",
      "///evil.example",
      "/.//evil.example"
    ]) {
      for (const path of ["/sign-in", "/sign-up"]) {
        const answer = await world.ask(`${path}?return=${encodeURIComponent(target)}`, { as: "ada" })
        const page = await answer.text()
        const to = answer.headers.get("location") ?? /name="return" value="([^"]*)"/.exec(page)?.[1] ?? ""
        expect([target, new URL(to, World.origin).origin]).toEqual([target, World.origin])
        expect([target, to.startsWith("//")]).toEqual([target, false])
      }
    }
  })
})

describe("two megabytes", () => {
  it("are refused by every form, and nothing breaks", async () => {
    const huge = "x".repeat(2_000_000)
    for (const path of routesOf("POST")) {
      const [first = path] = filled(path)
      const answer = await world.ask(first, { as: "ada", form: { ...form, name: huge } })
      expect([first, [400, 413].includes(answer.status)], String(answer.status)).toEqual([first, true])
    }
  })
})

describe("looking at a page", () => {
  it("changes nothing and never breaks, for whoever looks", async () => {
    const before = await happened()
    for (const path of routesOf("GET")) {
      for (const one of filled(path)) {
        for (const as of ["ada", "vic", undefined] as const) {
          const { status } = await world.ask(one, as === undefined ? {} : { as })
          expect([one, as, status < 500]).toEqual([one, as, true])
        }
      }
    }
    expect(await happened()).toBe(before)
  }, 120_000)
})

describe("a viewer", () => {
  it("changes nothing, whatever form is sent with whatever id", async () => {
    const before = await happened()
    // What everybody may do: another organization of their own, a calendar of their own, leaving, signing out.
    const own = new Set([
      "/organizations",
      "/organizations/:id/choose",
      "/renewals/calendar",
      "/renewals/calendar/withdraw",
      "/settings/leave",
      "/sign-out"
    ])
    for (const path of routesOf("POST").filter((path) => !own.has(path))) {
      for (const one of filled(path)) await world.ask(one, { as: "vic", form })
    }
    expect(await happened()).toBe(before)
  }, 120_000)
})

describe("somebody whose access is limited to one account", () => {
  it("reads nothing of the others on any page, and changes nothing of them by any form", async () => {
    await narrow(world, seeded.accounts.homeUs.id, "write")
    const own = new Set<string>([seeded.accounts.homeUs.id, seeded.accounts.homeUs.companyId])
    expect(await world.html(`/accounts/${seeded.accounts.homeUs.id}`, { as: "lim" })).toContain("Harbor &amp; Pine US")
    const hidden = ["Nordwind", "Sable Beauty", "Tidewater", "Fjord", "Harbor &amp; Pine CA"]
    for (const path of routesOf("GET")) {
      for (const one of filled(path)) {
        const text = await (await world.ask(one, { as: "lim" })).text()
        for (const name of hidden) expect([one, text.includes(name)]).toEqual([one, false])
      }
    }
    const before = await happened()
    const others = ids().filter((id) => !own.has(id) && (/^(acc|com)_/.test(id) || id === seeded.connections.loading))
    for (const path of routesOf("POST").filter((path) => path.includes(":id") && !path.startsWith("/organizations"))) {
      for (const id of others) await world.ask(path.replace(":id", id).replace(":kind", "share"), { as: "lim", form })
    }
    expect(await happened()).toBe(before)
  }, 120_000)
})

describe("kept mails", () => {
  it("are for admins and operators, unless the installation is one where things are tried out", async () => {
    expect((await world.ask("/mailbox")).headers.get("location")).toContain("/sign-in")
    expect((await world.ask("/mailbox?box=installation")).headers.get("location")).toContain("/sign-in")
    for (const as of ["vic", "mia", "lim"] as const)
      expect([as, (await world.ask("/mailbox", { as })).status]).toEqual([as, 403])
    for (const as of ["ada", "rex", "mia"] as const)
      expect([as, (await world.ask("/mailbox?box=installation", { as })).status]).toEqual([as, 403])
    expect((await world.ask("/mailbox?box=installation", { as: "opal" })).status).toBe(200)
    expect((await world.ask(`/mailbox?box=${Id.installation}`, { as: "rex" })).status).toBe(200)
    expect(await world.html("/mailbox", { as: "rex" })).not.toContain("@example.org")
  })
})

describe("the forms that these tests send", () => {
  it("would change a lot if the right person sent them", async () => {
    const before = await happened()
    for (const path of routesOf("POST").filter((path) =>
      /^\/(?:companies|accounts|connections|members|api-keys|settings\/name)/.test(path)
    )) {
      for (const one of filled(path)) await world.ask(one, { as: "ada", form })
    }
    expect(await happened()).toBeGreaterThan(before + 20)
  }, 120_000)
})
