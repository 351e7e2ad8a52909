/** What was done is said on the page that a form leads to: each `done` of a redirect has its notice. */
import { readdirSync, readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { seed, type Seeded } from "./support/seed.ts"
import * as World from "./support/World.ts"

const rooms = new URL("../src/pages/", import.meta.url)

/** Every address with a `done` that the sources lead to, with `*` for what is filled in. */
const redirects = new Set(
  readdirSync(rooms, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => [
      ...readFileSync(new URL(name, rooms), "utf8").matchAll(/["`]([^"`\n]*[?&]done=[^\n]*?)["`](?=[,)])/g)
    ])
    .map(([, address = ""]) => address.replaceAll(/\$\{[^}]*\}/g, "*").replace(/#.*$/, ""))
)

let world: World.World
let seeded: Seeded
beforeAll(async () => {
  world = await World.make()
  seeded = await seed(world)
})
afterAll(() => world.close())

/** An address of the sources, the page that it is, and what takes the place of a `done` that is filled in. */
interface Row {
  readonly page: string
  readonly as?: World.Who
  readonly values?: ReadonlyArray<string>
}

const rows = (): { readonly [redirect: string]: Row } => {
  const { accounts, authorizations, companies, connections, consents, partners } = seeded
  const account = `/accounts/${accounts.de.id}`
  const connection = `/connections/${connections.complete}`
  return {
    "/connections/*?done=connected": { page: connection },
    "/connections/*?done=*": { page: connection, values: ["pause", "resume", "disconnected"] },
    "/connections/*?done=tried-again": { page: connection },
    "/connections/*/diagnosis?done=looked": { page: `/connections/${connections.lost}/diagnosis` },
    "/connections/*/diagnosis?done=answered": { page: `/connections/${connections.lost}/diagnosis` },
    "/accounts/*?done=change-company": { page: account },
    "/accounts/*?done=country-added": { page: account },
    "/accounts/*?done=country-removed": { page: account },
    "/accounts/*?done=account-created": { page: account },
    "/accounts/*?done=link-created": { page: account },
    "/accounts/*?done=link-revoked": { page: account },
    "/accounts/*?done=*": { page: account, values: ["remove", "restore", "delete-data", "keep-data"] },
    "*?done=expected": { page: `/connections/${partners.waiting}/advertisers` },
    "*?done=dropped": { page: `/connections/${partners.waiting}/advertisers` },
    "/pending/*?done=looked": { page: `/pending/${authorizations.empty}` },
    "/pending?done=dismissed": { page: "/pending" },
    "/renewals?done=withdrawn": { page: "/renewals" },
    "/companies/*?done=company-added": { page: `/companies/${companies.blank.id}` },
    "/companies/*?done=remove": { page: `/companies/${companies.blank.id}` },
    "/companies/*?done=restore": { page: `/companies/${companies.blank.id}` },
    "/companies/*/main-account?done=*": {
      page: `/companies/${companies.nordwind.id}/main-account`,
      values: ["saved", "looked", "shared", "unshared", "mailed"]
    },
    "*?done=looked&seen=*": { page: "/operator", as: "opal" },
    "*?done=closed": { page: "/operator/incidents", as: "opal" },
    "*?done=assigned": { page: `/operator/advertisers/${partners.assigned}`, as: "opal" },
    "*/*?done=taken-back": { page: `/operator/advertisers/${partners.unassigned}`, as: "opal" },
    "*/*/consents/*?done=confirmed": {
      page: `/operator/organizations/${World.home}/consents/${consents.claimed}`,
      as: "opal"
    },
    "*/*/consents/*?done=unconfirmed": {
      page: `/operator/organizations/${World.home}/consents/${consents.claimed}`,
      as: "opal"
    },
    "*/*/consents/*?done=*": {
      page: `/operator/organizations/${World.home}/consents/${consents.claimed}`,
      as: "opal",
      values: ["taken-in", "taken-waiting", "taken-before"]
    },
    "*/*?done=handed-over": { page: `/operator/organizations/${World.home}`, as: "opal" },
    "/mail-preferences?done=saved": { page: "/mail-preferences" },
    "/api-keys?done=revoked": { page: "/api-keys" },
    "/consents?done=handed-over": { page: "/consents" },
    "/consents?state=all&done=revoked": { page: "/consents?state=all" },
    "/members?done=invited": { page: "/members" },
    "/members?done=changed": { page: "/members" },
    "/members?done=again": { page: "/members" },
    "/members?done=withdrawn": { page: "/members" },
    "/members?done=removed": { page: "/members" },
    "/settings?done=renamed": { page: "/settings" },
    "/settings?done=offered": { page: "/settings" },
    "/settings?done=*": { page: "/settings", values: ["owner", "declined", "called-off"] }
  }
}

/** Requests have no page among the seeded ones; their notices are read in `Requests.test.ts`. */
const elsewhere = ["/requests/*?done=sent", "/requests/*?done=*"]

const notices = (text: string) => text.split('class="notice').length - 1

describe("what was done", () => {
  it("is in a row here, for every redirect of the sources", () => {
    expect([...redirects].toSorted()).toEqual([...Object.keys(rows()), ...elsewhere].toSorted())
  })

  it("is said by a notice on the page that the redirect leads to", async () => {
    const silent: Array<string> = []
    for (const [redirect, { as = "ada", page, values }] of Object.entries(rows())) {
      const [, done = ""] = /done=([^&]*)/.exec(redirect) ?? []
      for (const value of values ?? [done]) {
        const query = `${page.includes("?") ? "&" : "?"}done=${value}`
        const said = notices(await world.html(`${page}${query}`, { as }))
        if (said <= notices(await world.html(page, { as }))) silent.push(`${page}${query}`)
      }
    }
    expect(silent).toEqual([])
  })
})
