/** Forms and filters where a list is longer than what a page shows: nothing that a person did not touch is lost. */
import { type Company, Member } from "@portolan/domain"
import { Members } from "@portolan/ports"
import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { location } from "./support/asking.ts"
import * as World from "./support/World.ts"

const count = 501
let world: World.World
let companies: ReadonlyArray<Company.Present>
/** A member who sees three companies: the first, one in the middle and the last one by name. */
let memberId: string

beforeAll(async () => {
  world = await World.make()
  const made: Array<Company.Present> = []
  for (let n = 0; n < count; n++) made.push(await world.company(`Company ${String(n).padStart(4, "0")}`, `Brand ${n}`))
  companies = made
  const [first, middle, last] = [made[0]!, made[250]!, made[500]!]
  const form = { email: "limited@example.org", role: "viewer", to: "limited" }
  await world.ask("/members", {
    as: "ada",
    form: { ...form, [first.id]: "read", [middle.id]: "write", [middle.brands[0].id]: "write", [last.id]: "read" }
  })
  const { items } = await list()
  memberId = items.find(({ member }) => member.email === form.email)?.member.id ?? ""
})
afterAll(() => world.close())

const list = () =>
  world.run(Effect.flatMap(Members.Members, (members) => members.list(World.caller("ada"), {}, { limit: 100 })))

const scope = async () => {
  const found = (await list()).items.find(({ member }) => member.id === memberId)?.member as Member.Active
  return found.accessScope
}

/** The fields of a page's form as a browser would send them, nothing touched. */
const untouched = (text: string, action: string): { readonly [name: string]: string } => {
  const at = text.indexOf(`action="${action}"`)
  const part = text.slice(at, text.indexOf("</form>", at))
  const fields: { [name: string]: string } = {}
  for (const [, attributes = ""] of part.matchAll(/<input([^>]*)>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)?.[1]
    const isChoice = /type="(radio|checkbox)"/.test(attributes)
    if (name === undefined || (isChoice && !/\schecked/.test(attributes))) continue
    fields[name] = /value="([^"]*)"/.exec(attributes)?.[1] ?? ""
  }
  for (const [, attributes = "", options = ""] of part.matchAll(/<select([^>]*)>([\s\S]*?)<\/select>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)?.[1]
    if (name !== undefined) fields[name] = /value="([^"]*)" selected/.exec(options)?.[1] ?? ""
  }
  return fields
}

describe("the access of a member who sees three of 501 companies", () => {
  it("is the same after it was saved untouched", async () => {
    const before = await scope()
    const page = await world.html(`/members/${memberId}`)
    const form = untouched(page, `/members/${memberId}/access`)
    expect(location(await world.ask(`/members/${memberId}/access`, { as: "ada", form }))).toBe("/members?done=changed")
    const after = await scope()
    const sorted = (of: typeof after) =>
      of._tag === "Limited" ? { ...of, companies: of.companies.toSorted((a, b) => (a.id < b.id ? -1 : 1)) } : of
    expect(sorted(after)).toEqual(sorted(before))
    expect(after).toMatchObject({ companies: [{}, {}, {}], brands: [{}] })
  })

  it("keeps what was typed while a search finds further companies, and takes those too", async () => {
    const page = await world.html(`/members/${memberId}`)
    const form = { ...untouched(page, `/members/${memberId}/access`), role: "member" }
    const search = { ...form, "access-search": "company 0400", searching: "1" }
    const response = await world.ask(`/members/${memberId}/access`, { as: "ada", form: search })
    expect(response.status).toBe(200)
    const found = await response.text()
    expect(found).toContain("Company 0400")
    const again = untouched(found, `/members/${memberId}/access`)
    expect(again["role"]).toBe("member")
    const save = { ...again, [companies[400]!.id]: "read" }
    await world.ask(`/members/${memberId}/access`, { as: "ada", form: save })
    expect(await scope()).toMatchObject({ companies: [{}, {}, {}, {}], brands: [{}] })
  })
})

describe("setting an account up among 501 companies", () => {
  const start = { type: "seller", name: "Sold", marketplace: World.market("US") }
  const form = async () => untouched(await world.html("/start"), "/start")

  it("chooses no company for a person", async () => {
    expect((await form())["company"]).toBe("")
    const response = await world.ask("/start", { as: "ada", form: { ...(await form()), ...start } })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain("Choose a company, or a new one.")
  })

  it("takes the company that a search found, and never makes a new one unasked", async () => {
    const search = { ...(await form()), ...start, "company-search": "0499", searching: "1" }
    const found = await (await world.ask("/start", { as: "ada", form: search })).text()
    expect(found).toContain("Company 0499")
    expect(untouched(found, "/start")["name"]).toBe("Sold")
    const chosen = { ...untouched(found, "/start"), ...start, company: companies[499]!.id }
    const made = location(await world.ask("/start", { as: "ada", form: chosen }))
    expect(made).toMatch(/^\/start\/acc_/)
    expect(await world.html(`/companies/${companies[499]!.id}`)).toContain("Sold")
    const strange = { ...(await form()), ...start, company: "com_00000000000000000000000000" }
    const refused = await world.ask("/start", { as: "ada", form: strange })
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain("This company is not there any more.")
  })
})

describe("filters by company", () => {
  it("find every company, keep the one that is chosen, and say that there are more", async () => {
    for (const path of ["/connections", "/requests/new"]) {
      const all = await world.html(`${path}?state=connected`)
      if (path === "/connections" && !all.includes("company-options")) continue
      expect(all).toContain("There are more than these")
      const chosen = await world.html(`${path}?company=${companies[500]!.id}&company-search=0123`)
      expect(chosen).toContain("Company 0123")
      expect(chosen).toContain(`<option value="${companies[500]!.id}" selected>`)
    }
  })
})

describe("pages of a list", () => {
  const linkOf = (text: string, rel: string) =>
    /href="([^"]*)"/.exec(text.match(new RegExp(`<a[^>]*rel="${rel}"[^>]*>`))?.[0] ?? "")?.[1]?.replaceAll("&amp;", "&")

  it("lead on to the last one and back to the first, page by page", async () => {
    const pages = [await world.html("/companies")]
    for (let at = linkOf(pages[0]!, "next"); at !== undefined; at = linkOf(pages.at(-1)!, "next")) {
      pages.push(await world.html(at))
    }
    expect(pages).toHaveLength(Math.ceil(count / 25))
    for (let n = pages.length - 1; n > 0; n--) {
      const back = linkOf(pages[n]!, "prev")
      const rows = (text: string) => [...text.matchAll(/href="\/companies\/(com_[^"]*)"/g)].map(([, id]) => id)
      expect(rows(await world.html(back!))).toEqual(rows(pages[n - 1]!))
    }
    expect(linkOf(pages[0]!, "prev")).toBeUndefined()
  })

  it("say which rows of how many they show, also on the way back and in a search", async () => {
    const first = await world.html("/companies")
    expect(first).toContain("1–25 of 501")
    const third = await world.html(linkOf(await world.html(linkOf(first, "next")!), "next")!)
    expect(third).toContain("51–75 of 501")
    expect(await world.html(linkOf(third, "prev")!)).toContain("26–50 of 501")
    const found = await world.html("/companies?search=company+00")
    expect(found).toContain("1–25 of 100")
    expect(await world.html("/companies?search=company+0400")).not.toContain(" of 1<")
    expect(await world.html("/audit")).toMatch(/1–50 of [\d,]+/)
  })

  it("go on where an address without positions left off, and then name the total alone", async () => {
    const next = new URL(linkOf(await world.html("/companies"), "next")!, "http://console.invalid")
    const bare = (next.searchParams.get("cursor") ?? "").replace(/^\d+\./, "")
    const page = await world.html(`/companies?cursor=${encodeURIComponent(bare)}`)
    expect(page).toContain("501 in all")
    expect(page).toContain("Company 0025")
  })
})
