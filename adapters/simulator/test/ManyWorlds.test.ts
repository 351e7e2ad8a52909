import { describe, expect, test } from "vitest"
import { listen, Simulator } from "../src/index.ts"
import type { World } from "../src/index.ts"
import { connect } from "./walmart.ts"
import { ads, adsTokens, codeOf, consentUrl, fresh, profileOf, returnUrl, sp, type Tokens, US } from "./support.ts"

/** A world's own words, sent through the one door that all worlds share. */
const through = (door: Simulator.Simulator, own: Simulator.Simulator): Simulator.Simulator => ({
  ...own,
  fetch: door.fetch,
  consent: (order) => {
    const walk = { ...order }
    return door.consent(walk)
  }
})

const json = { "content-type": "application/json" }
const control = async (door: Simulator.Simulator, method: string, path: string, body?: unknown) => {
  const response = await door.fetch(
    new Request(`http://127.0.0.1:4010/_sim${path}`, {
      method,
      headers: json,
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
  )
  return [response.status, (await response.json()) as Readonly<Record<string, unknown>>] as const
}

describe("many worlds in one process", () => {
  test("200 in parallel, of one seed and one preset, do not see each other", { timeout: 120_000 }, async () => {
    const door = fresh()
    const worlds = Array.from({ length: 200 }, () => door.worlds.create())
    const live = async ({ id, simulator: own }: (typeof worlds)[number]) => {
      const mine = through(door, own)
      const tokens = await adsTokens(mine)
      const profile = profileOf(mine, "Lindqvist Lanterns", US)
      const made = await ads(mine, tokens, "/sp/campaigns", {
        method: "POST",
        profile,
        headers: { "content-type": "application/vnd.spCampaign.v3+json" },
        body: JSON.stringify({
          campaigns: [{ name: id, state: "ENABLED", targetingType: "AUTO", budget: { budget: 5, budgetType: "DAILY" } }]
        })
      })
      expect(made.status).toBe(207)
      // Every third is left by Ada, which the others do not feel.
      const isLeft = Number.parseInt(own.world().label?.slice(-1) ?? "0", 16) % 3 === 0
      if (isLeft) own.revoke("ada")
      const after = await ads(mine, tokens, "/v2/profiles")
      expect([id, after.status]).toEqual([id, isLeft ? 401 : 200])
      return { own, profile, tokens, id }
    }
    const lived = await Promise.all(worlds.map(live))
    expect(new Set(lived.map(({ tokens }) => tokens.access_token)).size).toBe(200)
    for (const { id, own, profile } of lived) {
      expect(
        own
          .world()
          .campaigns[profile]?.filter((one) => /^[0-9a-f]{12}$/.test(one.name))
          .map((one) => one.name)
      ).toEqual([id])
      // Consent page, sign-in, decision, exchange, campaign, profiles.
      expect(own.journal().length).toBe(lived[0]?.own.journal().length)
    }
    // The first world saw nothing, and the same people live in all of them.
    expect(door.journal()).toEqual([])
    expect(Object.keys(lived[7]?.own.world().sellers ?? {})).toEqual(Object.keys(door.world().sellers))
  })

  test("lead every provider's credentials home: codes, client ids, Basic, tokens, links, signatures", async () => {
    const door = fresh()
    const [a, b] = [door.worlds.create({ id: "a" }).simulator, door.worlds.create({ id: "b" }).simulator]
    const back = await through(door, a).consent({ as: "ada", url: consentUrl(a) })
    const { clientId, clientSecret } = a.application()
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64")
    const exchange = await door.fetch(
      new Request("https://api.amazon.com/auth/o2/token", {
        method: "POST",
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({ grant_type: "authorization_code", code: codeOf(back), redirect_uri: returnUrl })
      })
    )
    expect(exchange.status).toBe(200)
    const tokens = (await exchange.json()) as Tokens
    expect([a.journal().length > 0, b.journal()]).toEqual([true, []])
    // A token of one world is nobody's in the other.
    expect((await ads(b, tokens, "/v2/profiles")).status).toBe(401)
    expect((await sp(b, tokens, "/sellers/v1/marketplaceParticipations")).status).toBe(403)
    const shop = door.worlds.create({ id: "shop" }).simulator
    const { id } = shop.walmartAdvertiser("Lindqvist Lanterns")
    expect((await connect(through(door, shop), `/api/v1/campaigns?advertiserId=${id}`)).status).toBe(200)
    expect([shop.journal().length, door.journal()]).toEqual([1, []])
  })

  test("are named by path, machine or header, links included", async () => {
    const door = fresh()
    const { simulator: own } = door.worlds.create({ id: "blue" })
    const listening = await listen(door, {})
    const asked = [
      fetch(`${listening.url}/~blue/advertising-api.amazon.com/v2/profiles`),
      fetch(`${listening.url}/advertising-api.amazon.com/v2/profiles`, { headers: { "x-portolan-world": "blue" } }),
      door.fetch(new Request("http://blue.localhost:4010/advertising-api.amazon.com/v2/profiles")),
      door.fetch(new Request("http://blue.localhost:4010/_sim/world"))
    ]
    expect((await Promise.all(asked)).map((one) => one.status)).toEqual([401, 401, 401, 200])
    expect([own.journal().length, door.journal().length]).toEqual([3, 0])
    const page = await (
      await fetch(`${listening.url}/~blue/www.amazon.com/ap/oa?${new URL(consentUrl(own)).searchParams.toString()}`)
    ).text()
    expect(page).toContain("/~blue/www.amazon.com/ap/signin")
    const lost = await fetch(`${listening.url}/~blu/advertising-api.amazon.com/v2/profiles`)
    expect([lost.status, await lost.json()]).toEqual([404, { error: "there is no world blu: did you mean blue?" }])
    await listening.close()
  })

  test("are made, kept, put back, branched and ended over HTTP", async () => {
    const door = fresh()
    const order = { id: "one", preset: "view-only", seed: 3, clock: { manual: "2026-01-01T00:00:00Z" } }
    const [status, made] = await control(door, "POST", "/worlds", order)
    expect([status, made]).toMatchObject([
      200,
      { id: "one", preset: "view-only", seed: "3", now: "2026-01-01T00:00:00.000Z", base: "http://127.0.0.1:4010/~one" }
    ])
    const one = door.worlds.find("one") ?? door
    const tokens = await adsTokens(through(door, one), "chiara")
    const [, kept] = await control(door, "GET", "/worlds/one/snapshot")
    await control(door, "POST", "/worlds/one/advance", { milliseconds: 5_000_000 })
    const state = () => Object.values(one.world().grants).map((grant) => grant.revokedAt)
    await control(door, "POST", "/worlds/one/revoke", { person: "chiara" })
    expect(state()).toEqual([one.now()])
    const [, fork] = await control(door, "POST", "/worlds/one/fork", { id: "two" })
    await control(door, "POST", "/worlds/one/restore", kept)
    expect([state(), new Date(one.now()).toISOString()]).toEqual([[null], "2026-01-01T00:00:00.000Z"])
    // The branch goes on from where it was made, and takes the same tokens at its own address.
    const at = (base: unknown) =>
      door.fetch(
        new Request(`${String(base)}/advertising-api.amazon.com/v2/profiles`, {
          headers: {
            authorization: `Bearer ${tokens.access_token}`,
            "amazon-advertising-api-clientid": one.application().clientId
          }
        })
      )
    expect([(await at(fork.base)).status, (await at(made.base)).status]).toEqual([401, 200])
    const [, list] = await control(door, "GET", "/worlds")
    expect(list).toMatchObject([{ id: "one" }, { id: "two" }])
    expect(await control(door, "DELETE", "/worlds/one")).toEqual([200, {}])
    expect((await control(door, "DELETE", "/worlds/one"))[0]).toBe(400)
    const [again] = await control(door, "POST", "/worlds", { id: "one", snapshot: kept })
    expect([again, Object.keys(door.worlds.find("one")?.world().grants ?? {})]).toEqual([200, ["G1"]])
  })

  test.each([
    ["an unknown part", { sed: 2 }, "sed is not known: did you mean seed?"],
    ["an unknown preset", { preset: "viewonly" }, "there is no preset viewonly: did you mean view-only?"],
    ["an id that is none", { id: "A b" }, "small letters"],
    ["an id that is taken", { id: "taken" }, "there is a world taken already"],
    ["an unknown policy", { policy: { rotaton: "off" } }, "did you mean rotation?"],
    ["a clock that is none", { clock: { manual: "noon" } }, "valid instant"]
  ])("refuse %s", async (_, order, message) => {
    const door = fresh()
    door.worlds.create({ id: "taken" })
    const [status, answer] = await control(door, "POST", "/worlds", order)
    expect([status, answer.error]).toEqual([400, expect.stringContaining(message)])
    expect(door.worlds.list()).toHaveLength(1)
  })

  test("end when nobody asks them any more", async () => {
    const door = fresh()
    door.worlds.create({ id: "short", idleMinutes: 0.0005 })
    door.worlds.create({ id: "long" })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(door.worlds.list().map((one) => one.id)).toEqual(["long"])
  })

  test("begin again with what they were made of", () => {
    const door = fresh()
    const { simulator: own } = door.worlds.create({ preset: "view-only", seed: "x" })
    const before: World.World = own.snapshot()
    own.addCampaign(Object.keys(own.world().profiles)[0] ?? "")
    own.reset()
    expect({ ...own.world(), clock: 0 }).toEqual({ ...before, clock: 0 })
  })
})
