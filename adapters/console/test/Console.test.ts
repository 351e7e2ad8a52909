/** The console as a whole: lists that go on, what it leaves to others, and what it says when something breaks. */
import { Callers, Identity } from "@portolan/ports"
import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Console } from "../src/index.ts"
import { fresh } from "./support/asking.ts"
import * as World from "./support/World.ts"

let world: World.World
beforeAll(async () => {
  world = await World.make()
})
afterAll(() => world.close())

describe("lists", () => {
  it("search and go on by pages, and the live search asks for the list alone", () =>
    fresh(async (own) => {
      for (let n = 0; n < 27; n++) await own.company(`Company ${String(n).padStart(2, "0")}`)
      const first = await own.html("/companies")
      const next = /href="(\/companies\?cursor=[^"]+)"/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? ""
      expect(await own.html(next)).toContain("Company 26")
      expect(await own.html(next)).not.toContain("Company 03")
      const fragment = await own.html("/companies?search=company+07", { as: "ada", headers: { "HX-Request": "true" } })
      expect(fragment).toContain("Company 07")
      expect(fragment).not.toMatch(/<html|Company 08/)
      const broken = await own.ask("/companies?cursor=broken", { as: "ada" })
      expect(broken.status).toBe(400)
      expect(await broken.text()).toContain("Start from the beginning")
    }))
})

describe("trouble", () => {
  it("leaves the paths of others alone", async () => {
    for (const path of ["/v1/companies", "/docs", "/openapi.json", "/healthz", "/readyz"]) {
      const response = await world.ask(path)
      expect(response.headers.get("content-security-policy"), path).toBeNull()
      expect(await response.text(), path).toBe("404 Not Found")
    }
  })

  it("tells a defect with an incident number and nothing of its inside, and an outage as one that passes", async () => {
    const withIdentity = async (whoIs: Callers.Callers["Service"]["whoIs"]) => {
      const app = await world.run(
        Effect.gen(function* () {
          const callers = yield* Callers.Callers
          return yield* Effect.provideService(Console.make({ secureCookies: false }), Callers.Callers, {
            ...callers,
            whoIs
          })
        })
      )
      const response = await app.request(`${World.origin}/companies`)
      return { status: response.status, text: await response.text() }
    }
    const broken = await withIdentity(() => Effect.die(new Error("secret inside")))
    expect(broken.status).toBe(500)
    expect(broken.text).toMatch(/Incident [0-9a-z]{10}/)
    expect(broken.text).not.toContain("secret inside")
    const away = await withIdentity(() => Effect.fail(new Identity.IdentityUnavailable({ cause: "down" })))
    expect(away.status).toBe(503)
    expect(away.text).toContain("Nothing was lost")
  })

  it("serves styles and scripts itself, for ever under one address", async () => {
    const page = await world.html("/sign-in", {})
    for (const url of page.match(/\/assets\/[a-f0-9]+\/[a-z.]+/g) ?? []) {
      const asset = await world.ask(url)
      expect(asset.status, url).toBe(200)
      expect(asset.headers.get("cache-control")).toContain("immutable")
    }
    expect((await world.ask("/assets/000000000000/pico.css")).status).toBe(404)
  })
})
