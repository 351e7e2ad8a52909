/** Every page in every state, over one seeded world: what it says, who may see it, and what it keeps from others. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { location } from "./support/asking.ts"
import { pages } from "./support/pages.ts"
import { seed, type Seeded } from "./support/seed.ts"
import * as World from "./support/World.ts"

let world: World.World
let seeded: Seeded
beforeAll(async () => {
  world = await World.make()
  seeded = await seed(world)
})
afterAll(() => world.close())

describe("every page", () => {
  const said: { readonly [name: string]: ReadonlyArray<string> } = {
    "sign-in": ["Sign in", "ada@example.com"],
    companies: ["Nordwind Outdoor GmbH", "need attention"],
    "companies-nothing-found": ["No company found"],
    "companies-empty": ["No companies yet", "Add your first company"],
    company: ["Windrose Kids", "Nordwind US Vendor", "Choose profile", "First load"],
    "company-blank": ["No accounts yet", "Company added"],
    "account-new": ["Amazon Europe, Middle East and India", "Default brand"],
    account: ["Authenticate now", "Create auth link", "/link/", "Withdraw link"],
    "account-vendor": ["Optional for this kind of account"],
    pending: ["Nordwind UK", "Waiting long", "Ada Ferrer", "through an auth link"],
    "pending-none": ["Nothing is waiting"],
    "pending-choice": [
      "9007199254740993",
      "Fits",
      "Check first",
      "Not for this account",
      "It belongs to Germany",
      "I have checked this"
    ],
    "pending-empty": ["No profile visible yet", "Look again", "24 hours"],
    "pending-finalised": ["See the connection"],
    "pending-declined": ["Declined"],
    "pending-failed": ["client id and secret"],
    "account-company": ["Nordwind DE", "Harbor &amp; Pine Home"],
    "consents-all": ["Amazon offers applications no way to end a consent.", "I ended it at the provider"],
    connections: ["Reauthorization needed", "Limited", "Disconnected", "Waiting for your choice"],
    "connection-loading": ['hx-trigger="every 2s"', "Inventory", "On time", "Was promised"],
    "connection-complete": ["First load complete", "Consent ends"],
    "connection-lost": ["Authorize again as the same seller", "Authenticate again"],
    "connection-limited": ["right to edit campaigns"],
    "connection-ended": ["The connection was ended here", "is free to be connected again"],
    "connection-proposed": ["Nobody has authorized", "rejected this software", "declined"],
    "connection-disconnect": [
      "What ends",
      "What stays",
      "tokens for this consent are forgotten",
      "Keep the connection"
    ],
    "link-open": ["Ada Ferrer", "asks you to connect", "Continue to Amazon"],
    "link-used": ["This link has been used"],
    "link-revoked": ["This link was withdrawn"],
    "link-expired": ["This link has expired"],
    "link-unknown": ["This link is not known"],
    "not-found": ["Page not found"],
    "not-allowed": ["As viewer you may not manage companies"]
  }

  it("says what it is for, in every state, with the headers that guard it", async () => {
    for (const { as, name, path } of pages(seeded)) {
      const response = await world.ask(path, as === undefined ? {} : { as })
      const text = await response.text()
      for (const words of said[name] ?? []) expect(text, name).toContain(words)
      expect(text, name).toContain("<h1>")
      expect(response.headers.get("content-security-policy"), name).toContain("default-src 'self'")
      expect(response.headers.get("content-security-policy"), name).toContain("frame-ancestors 'none'")
      expect(response.headers.get("x-content-type-options"), name).toBe("nosniff")
      expect(["no-store", "private,no-cache"], name).toContain(response.headers.get("cache-control"))
      expect(text, name).not.toMatch(/ style="| on[a-z]+="|<script(?! src)/)
    }
  })

  it("asks for a sign-in and comes back to the page that was wanted", async () => {
    for (const { as, path } of pages(seeded)) {
      // An invitation to join, and a start at a marketplace, are shown to guests as well.
      if (as === undefined || path.startsWith("/join/") || path.startsWith("/marketplace/")) continue
      const response = await world.ask(path)
      if (path === "/nowhere") {
        expect(response.status).toBe(404)
        continue
      }
      expect(response.status, path).toBe(303)
      expect(location(response), path).toBe(`/sign-in?return=${encodeURIComponent(path)}`)
    }
    const fragment = await world.ask(`/connections/${seeded.connections.sales}/live`, {
      headers: { "HX-Request": "true", "HX-Current-URL": `${World.origin}/connections/${seeded.connections.sales}` }
    })
    expect(fragment.status).toBe(204)
    expect(fragment.headers.get("hx-redirect")).toContain("/sign-in?return=%2Fconnections")
  })

  it("stops asking for itself when the first load is over", async () => {
    expect(await world.html(`/connections/${seeded.connections.sales}/live`)).toContain("hx-get")
    expect(await world.html(`/connections/${seeded.connections.complete}/live`)).not.toContain("hx-get")
  })
})

describe("what belongs to others", () => {
  it("looks like what does not exist", async () => {
    for (const kind of ["company", "account", "connection", "authorization"] as const) {
      const path = { company: "companies", account: "accounts", connection: "connections", authorization: "pending" }[
        kind
      ]
      const foreign = {
        company: seeded.companies.nordwind.id,
        account: seeded.accounts.us.id,
        connection: seeded.connections.loading,
        authorization: seeded.authorizations.choice
      }[kind]
      const unknown = await world.newId(kind)
      const answers = await Promise.all(
        [foreign, unknown, "nonsense"].map(async (id) => {
          const response = await world.ask(`/${path}/${id}`, { as: "rex" })
          return `${response.status} ${await response.text()}`
        })
      )
      expect(answers[0]).toContain("404")
      expect(new Set(answers).size, kind).toBe(1)
    }
    const post = await world.ask(`/connections/${seeded.connections.complete}/disconnect`, { as: "rex", form: {} })
    expect(post.status).toBe(404)
  })
})

describe("roles", () => {
  it("a viewer sees no actions and is refused when asking anyway", async () => {
    const { accounts, companies, connections, links, authorizations } = seeded
    for (const path of [
      `/companies/${companies.nordwind.id}`,
      `/accounts/${accounts.de.id}`,
      `/pending/${authorizations.choice}`,
      `/connections/${connections.lost}`
    ]) {
      const text = await world.html(path, { as: "vic" })
      expect(text.match(/<form[^>]*method="post"[^>]*action="([^"]+)"/g), path).toEqual([
        '<form method="post" action="/sign-out"'
      ])
      expect(text, path).not.toContain("/link/")
    }
    const asked: ReadonlyArray<readonly [string, { readonly [field: string]: string }]> = [
      ["/companies", { name: "No", brand: "No" }],
      [`/companies/${companies.nordwind.id}/brands`, { brand: "No" }],
      [`/companies/${companies.nordwind.id}/accounts`, { name: "No" }],
      [`/connections/${connections.proposed}/authenticate`, {}],
      [`/connections/${connections.proposed}/links`, { life: "24" }],
      [`/links/${links.open.link.id}/revoke`, {}],
      [`/pending/${authorizations.choice}/select`, { profile: "x" }],
      [`/pending/${authorizations.choice}/look-again`, {}],
      [`/pending/${authorizations.choice}/dismiss`, { because: "x" }],
      [`/connections/${connections.complete}/disconnect`, {}]
    ]
    for (const [path, form] of asked) {
      const response = await world.ask(path, { as: "vic", form })
      expect(response.status, path).toBe(403)
      expect(await response.text(), path).toContain("As viewer you may not")
    }
    expect((await world.ask(`/connections/${connections.complete}/disconnect`, { as: "mia", form: {} })).status).toBe(
      403
    )
  })
})

describe("the list of connections", () => {
  it("filter connections by state and channel", async () => {
    const text = await world.html("/connections?state=connected&channel=amazon-sp")
    expect(text).toContain("Nordwind US")
    expect(text).not.toContain("Harbor &amp; Pine CA")
    expect(await world.html("/connections?state=awaiting-selection&channel=walmart-connect")).toContain(
      "No connection like this"
    )
  })
})
