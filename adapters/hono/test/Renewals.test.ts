/** Consents that end: the list, the calendar, and the address that calendar programs read. */
import { describe, expect, it } from "@effect/vitest"
import { fold } from "../src/wire/calendarText.ts"
import { DateTime, Effect } from "effect"
import { account, adsKey, at, connected, type Got, items, makeWorld, text, type World } from "./support/world.ts"

const inDays = (days: number) => Effect.map(DateTime.now, (now) => DateTime.add(now, { days }))
const browser = (world: World, who: "admin" | "viewer") =>
  Effect.map(world.signIn(who), (cookie) => ({ cookie, "sec-fetch-site": "same-origin" }))

/** The properties of each entry, unfolded, as a calendar program reads them. */
const entries = ({ text: calendar }: Got) =>
  calendar
    .replaceAll("\r\n ", "")
    .split("BEGIN:VEVENT\r\n")
    .slice(1)
    .map((event) => new Map(event.split("\r\n").map((line) => [line.split(/[:;]/)[0] ?? "", line])))

describe("/v1/renewals", () => {
  it.live("lists what ends, the nearest first, page by page, and not what is another organization's", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const far = yield* account(world, "admin", "Far")
        const near = yield* account(world, "admin", "Near")
        const never = yield* account(world, "admin", "Never")
        yield* connected(world, far.ads, adsKey("1"), "admin", yield* inDays(200))
        yield* connected(world, near.ads, adsKey("2"), "admin", yield* inDays(20))
        yield* connected(world, never.ads, adsKey("3"), "admin")
        const list = (query: string, as: "viewer" | "other" = "viewer") =>
          world.ask("GET", `/v1/renewals?${query}`, { as })
        const first = (yield* list("limit=1&total=true")).json
        expect(items(first).map(({ connectionId }) => connectionId)).toEqual([near.ads])
        expect(at(first, "total", "count")).toBe(2)
        expect(items(first)[0]).toMatchObject({ state: "ends", daysLeft: 19, accountName: "Near US", sharedWith: 1 })
        const second = (yield* list(`limit=1&cursor=${text(first, "next")}`)).json
        expect(items(second).map(({ connectionId }) => connectionId)).toEqual([far.ads])
        expect(second["next"]).toBeUndefined()
        expect(items((yield* list("withinDays=30")).json)).toHaveLength(1)
        expect(items((yield* list(`companyId=${far.companyId}`)).json)).toHaveLength(1)
        expect((yield* list("cursor=0.nonsense")).status).toBe(400)
        expect(items((yield* list("", "other")).json)).toEqual([])
        expect(items((yield* list(`companyId=${far.companyId}`, "other")).json)).toEqual([])
      })
    )
  )

  it.live("is a calendar whose entries keep their id when a renewal moves them, at an address of one's own", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const odd = "Über, “Größe”; \\ BEGIN:VEVENT 🛶".padEnd(90, "ü")
        const one = yield* account(world, "admin", odd)
        yield* connected(world, one.ads, adsKey("1"), "admin", yield* inDays(20))
        const headers = yield* browser(world, "viewer")
        const made = yield* world.ask("POST", "/v1/renewals/calendar-feed", { headers })
        expect(made.status).toBe(200)
        const address = new URL(text(made.json, "url"))
        const read = world.ask("GET", address.pathname)
        const before = yield* read
        expect(before.status).toBe(200)
        expect(before.headers.get("content-type")).toBe("text/calendar; charset=utf-8")
        expect(before.text).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n[^]*END:VCALENDAR\r\n$/)
        for (const line of before.text.split("\r\n"))
          expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
        const [entry] = entries(before)
        expect(entry?.get("SUMMARY")).toContain("Über\\, “Größe”\\; \\\\ BEGIN:VEVENT 🛶")
        yield* connected(world, one.ads, adsKey("1"), "admin", yield* inDays(380))
        const bearer = yield* world.ask("GET", "/v1/renewals.ics", { as: "viewer" })
        const [moved, ...others] = entries(bearer)
        expect(others).toEqual([])
        expect(bearer.text).toBe((yield* read).text)
        expect(moved?.get("UID")).toBe(entry?.get("UID"))
        expect(moved?.get("DTSTART")).not.toBe(entry?.get("DTSTART"))
        yield* world.ask("POST", `/v1/connections/${one.ads}/disconnect`, { as: "admin", body: { confirmed: true } })
        // Made anew, the address before shows nothing; withdrawn, none does. All of them say the same.
        const again = yield* world.ask("POST", "/v1/renewals/calendar-feed", { headers })
        const other = new URL(text(again.json, "url")).pathname
        expect((yield* read).status).toBe(404)
        expect((yield* world.ask("GET", other)).status).toBe(200)
        const foreign = other.replace(/org_\w+/, "org_00000000000000000000000002")
        expect((yield* world.ask("GET", foreign)).status).toBe(404)
        expect((yield* world.ask("GET", "/v1/renewals/feeds/nonsense.ics")).status).toBe(404)
        expect((yield* world.ask("GET", "/v1/renewals.ics")).status).toBe(401)
        expect((yield* world.ask("DELETE", "/v1/renewals/calendar-feed", { headers })).status).toBe(204)
        expect((yield* world.ask("GET", other)).status).toBe(404)
        expect((yield* world.ask("GET", "/v1/renewals/calendar-feed", { headers })).json).toEqual({ isOpen: false })
      })
    )
  )

  it("folds a line at 75 octets and cuts no character in two", () => {
    expect(fold("a".repeat(75))).toBe("a".repeat(75))
    expect(fold("a".repeat(76))).toBe(`${"a".repeat(75)}\r\n a`)
    expect(fold(`${"a".repeat(74)}🛶b`)).toBe(`${"a".repeat(74)}\r\n 🛶b`)
  })
})
