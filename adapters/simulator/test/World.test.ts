import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Hosts, presets, Simulator, step, transition, World } from "../src/index.ts"
import type { WireRequest } from "../src/index.ts"
import { sellerTokens as walmartTokens, signed } from "./walmart.ts"
import { ads, adsTokens, centralUrl, consentUrl, fresh, noon, profileIds, sellerTokens, sp, token } from "./support.ts"

const text = async (response: Promise<Response>) => {
  const got = await response
  return [got.status, [...got.headers], await got.text()] as const
}

type Command = { readonly kind: string; readonly n: number }
const command = fc.record({
  kind: fc.constantFrom(
    "consent",
    "central",
    "cancel",
    "refresh",
    "profiles",
    "participations",
    "advance",
    "revoke",
    "view",
    "fault"
  ),
  n: fc.nat(3)
})
const people = ["ada", "bruno", "chiara", "emre"]

/** Runs commands and gives everything that came back. */
const play = async (simulator: Simulator.Simulator, commands: ReadonlyArray<Command>) => {
  const seen: Array<unknown> = []
  const tokens: Array<{ access_token: string; refresh_token: string }> = []
  for (const { kind, n } of commands) {
    const as = people[n] ?? "ada"
    const held = tokens[n % Math.max(1, tokens.length)]
    if (kind === "consent") tokens.push(await adsTokens(simulator, as))
    else if (kind === "central") seen.push(await simulator.walk({ as, url: centralUrl(simulator) }))
    else if (kind === "cancel") seen.push(await simulator.walk({ as, url: consentUrl(simulator), decision: "cancel" }))
    else if (kind === "advance") simulator.advance(n * 977_000)
    else if (kind === "revoke") simulator.revoke(as)
    else if (kind === "view") simulator.setPermission(as, Object.keys(simulator.person(as).profiles)[0] ?? "", "view")
    else if (kind === "fault")
      simulator.arm({
        where: { path: "/v2" },
        effect: { kind: "status", status: 503 },
        times: { kind: "probability", of: 0.3 }
      })
    else if (held !== undefined && kind === "refresh")
      seen.push(await text(token(simulator, { grant_type: "refresh_token", refresh_token: held.refresh_token })))
    else if (held !== undefined && kind === "profiles") seen.push(await text(ads(simulator, held, "/v2/profiles")))
    else if (held !== undefined) seen.push(await text(sp(simulator, held, "/sellers/v1/marketplaceParticipations")))
  }
  return { seen, tokens, journal: simulator.journal() }
}

const commands = fc.array(command, { maxLength: 12 })

describe("the world", () => {
  test("is determined: the same seed and the same requests give the same answers and journal", () =>
    fc.assert(
      fc.asyncProperty(commands, fc.nat(1000), async (list, seed) => {
        expect(await play(fresh({ seed }), list)).toEqual(await play(fresh({ seed }), list))
      }),
      { numRuns: 30 }
    ))

  test("goes on from a snapshot, even through JSON, exactly as it would have", () =>
    fc.assert(
      fc.asyncProperty(commands, commands, async (before, after) => {
        const original = fresh()
        const { tokens } = await play(original, before)
        const copy = Simulator.make({ state: JSON.parse(JSON.stringify(original.snapshot())) as World.World })
        expect(copy.snapshot()).toEqual(original.snapshot())
        expect(await play(copy, after)).toEqual(await play(original, after))
        for (const held of tokens)
          expect(await text(ads(copy, held, "/v2/profiles"))).toEqual(await text(ads(original, held, "/v2/profiles")))
      }),
      { numRuns: 30 }
    ))

  test("forks: what happens in a copy leaves the original alone", () =>
    fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const original = fresh()
        const state = original.snapshot()
        await play(Simulator.make({ state }), list)
        expect(original.snapshot()).toEqual(state)
        expect(state.counters.requests).toBeUndefined()
      }),
      { numRuns: 15 }
    ))

  test("changes from value to value with `transition`, which agrees with `step`", () => {
    const world = fresh().snapshot()
    const request: WireRequest = {
      method: "GET",
      host: "www.amazon.com",
      path: "/ap/oa",
      query: "client_id=x",
      headers: {},
      body: "",
      base: ""
    }
    const before = structuredClone(world)
    const [next, reply] = transition(world, request, noon)
    expect(world).toEqual(before)
    expect(step(world, request, noon)).toEqual(reply)
    expect(world).toEqual(next)
  })

  test("never lets a token reach what its person does not", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...people),
        fc.constantFrom(...Hosts.all.filter((host) => host.startsWith("advertising"))),
        async (as, host) => {
          const simulator = fresh()
          const shown = profileIds(
            await (
              await ads(simulator, await adsTokens(simulator, as), "/v2/profiles?accessLevel=view", { host })
            ).text()
          )
          for (const id of shown) expect(Object.keys(simulator.person(as).profiles)).toContain(id)
        }
      ),
      { numRuns: 12 }
    ))

  test("answers anything at all with a well-formed reply", () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...Hosts.all, "unknown.example"),
        fc.constantFrom("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "BREW"),
        fc.oneof(
          fc.constantFrom(
            "/ap/oa",
            "/ap/consent",
            "/ap/signin",
            "/auth/o2/token",
            "/user/profile",
            "/apps/authorize/consent",
            "/apps/authorize/decision",
            "/v2/profiles",
            "/v2/profiles/1",
            "/sp/campaigns",
            "/sp/campaigns/list",
            "/reporting/reports",
            "/reporting/reports/x",
            "/sellers/v1/marketplaceParticipations",
            "/sales/v1/orderMetrics",
            "/fba/inventory/v1/summaries",
            "/reports/2021-06-30/reports",
            "/reports/2021-06-30/documents/constructor",
            "/vendor/orders/v1/purchaseOrders",
            "/__proto__",
            "/authorize",
            "/decision",
            "/v3/token",
            "/v3/token/detail",
            "/v3/orders",
            "/v3/items",
            "/v3/inventory",
            "/admin/advertiser/1/api-partners",
            ...[
              "v1/snapshot/insight",
              "v1/snapshot",
              "v2/snapshot/report",
              "v1/campaigns",
              "v1/file/constructor",
              "v1/stats"
            ].map((path) => `/api-proxy/service/WPA/Api/v1/api/${path}`)
          ),
          fc.string().map((path) => `/${path}`)
        ),
        fc.oneof(
          fc.string(),
          fc.webQueryParameters(),
          fc.constantFrom(
            "clientId=__proto__&snapshotId=constructor",
            "client_id=__proto__",
            "marketplaceIds=constructor&interval=--&granularity=toString"
          )
        ),
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.json(),
          fc.constantFrom(
            "grant_type=refresh_token&client_id=__proto__&client_secret=x",
            '{"configuration":[]}',
            '{"campaigns":[null,1]}',
            '[null,{"name":1}]',
            '{"advertiserId":"__proto__","reportMetrics":["constructor"]}',
            "person=constructor&return_to=//"
          )
        ),
        fc.dictionary(
          fc.constantFrom(
            "authorization",
            "content-type",
            "cookie",
            "x-amz-access-token",
            "wm_sec.access_token",
            "wm_svc.name",
            "accept",
            "amazon-advertising-api-scope",
            "user-agent"
          ),
          fc.oneof(
            fc.string(),
            fc.constantFrom(
              "Bearer Atza|IwEBIzz",
              "Basic !!",
              "application/json",
              "application/x-www-form-urlencoded",
              "valid"
            )
          )
        ),
        (host, method, path, query, body, headers) => {
          const request: WireRequest = {
            host,
            method,
            path,
            query,
            body,
            headers: { ...headers, ...replaceValid(headers, path) },
            base: ""
          }
          const reply = step(ready, request, noon)
          expect(reply.status).toBeGreaterThanOrEqual(200)
          expect(reply.status).toBeLessThan(600)
          for (const [name, value] of Object.entries(reply.headers)) expect(`${name}: ${value}`).not.toMatch(/[\r\n]/)
          if (
            reply.headers["content-type"]?.startsWith("application/json") === true &&
            typeof reply.body === "string" &&
            reply.body !== ""
          )
            JSON.parse(reply.body)
          expect(() => new Response(null, { headers: reply.headers })).not.toThrow()
        }
      ),
      { numRuns: 1500 }
    ))

  test("keeps no secret in its journal, and notices one in an address", async () => {
    const simulator = fresh()
    const tokens = await adsTokens(simulator)
    await sellerTokens(simulator)
    await token(simulator, { grant_type: "refresh_token", refresh_token: tokens.refresh_token })
    await simulator.fetch(
      new Request(`https://api.amazon.com/user/profile?access_token=${encodeURIComponent(tokens.access_token)}`)
    )
    const journal = JSON.stringify(simulator.journal())
    const codes = Object.keys(simulator.world().codes)
    for (const secret of [tokens.access_token, tokens.refresh_token, simulator.application().clientSecret, ...codes]) {
      // A clipped secret would still be one.
      expect(journal).not.toContain(secret.slice(0, 60))
    }
    expect(
      simulator
        .journal()
        .map((entry) => entry.secretInAddress)
        .filter(Boolean)
    ).toHaveLength(1)
    expect(journal).toContain("refresh:G1")
  })

  test("bounds its journal", () => {
    const simulator = fresh({ policy: { journalLimit: 10 } })
    for (let call = 0; call < 100; call += 1)
      simulator.answer({ method: "GET", host: "api.amazon.com", path: "/", query: "", headers: {}, body: "", base: "" })
    expect(simulator.journal().length).toBeLessThanOrEqual(12)
    expect(simulator.journal().at(-1)?.sequence).toBe(100)
  })
})

/** A world with a consent in it, so that random requests get past the door now and then. */
const prepared = fresh()
const held = await sellerTokens(prepared)
const advertiser = await adsTokens(prepared)
const seller = await walmartTokens(prepared)
const ready = prepared.world()
const replaceValid = (headers: Record<string, string>, path: string): Record<string, string> => ({
  ...(headers["x-amz-access-token"] === "valid" ? { "x-amz-access-token": held.access_token, "user-agent": "x" } : {}),
  ...(headers["wm_sec.access_token"] === "valid"
    ? { "wm_sec.access_token": seller.access_token, "wm_svc.name": "Walmart Marketplace", "wm_qos.correlation_id": "x" }
    : {}),
  ...(path.startsWith("/api-proxy")
    ? signed(prepared)
    : headers.authorization === "valid"
      ? {
          authorization: `Bearer ${advertiser.access_token}`,
          "amazon-advertising-api-clientid": prepared.application().clientId,
          "amazon-advertising-api-scope": Object.keys(prepared.person("ada").profiles)[0] ?? "",
          "content-type": path.startsWith("/reporting")
            ? "application/vnd.createasyncreportrequest.v3+json"
            : "application/vnd.spcampaign.v3+json"
        }
      : {})
})

describe("time", () => {
  test("stands still, moves when told, runs what is due in order, and refuses to go back", async () => {
    const simulator = fresh({ preset: "revoked-later" })
    const { refresh_token } = await adsTokens(simulator)
    simulator.advance(39 * 86_400_000)
    expect((await token(simulator, { grant_type: "refresh_token", refresh_token })).status).toBe(200)
    simulator.advance(86_400_000)
    expect((await token(simulator, { grant_type: "refresh_token", refresh_token })).status).toBe(400)
    expect(() => simulator.advance(-1)).toThrow(RangeError)
    expect(Object.values(simulator.world().grants)[0]?.revokedAt).toBe(noon + 40 * 86_400_000)
  })

  test("does by itself what was put on the calendar, when real time gets there", async () => {
    let at = noon
    const simulator = Simulator.make({ seed: 7, clock: () => at })
    const tokens = await adsTokens(simulator)
    simulator.act({ kind: "revoke", person: "ada" }, 60_000)
    at += 59_999
    expect((await ads(simulator, tokens, "/v2/profiles")).status).toBe(200)
    at += 1
    expect((await ads(simulator, tokens, "/v2/profiles")).status).toBe(401)
    expect(() => simulator.act({ kind: "revoke", person: "ada" }, -1)).toThrow(RangeError)
  })

  test("can be shared with the caller, and does not run back when the caller's does", () => {
    let at = 1_000_000
    const simulator = Simulator.make({ clock: () => at })
    at = 2_000_000
    expect(simulator.now()).toBe(2_000_000)
    at = 1_500_000
    expect(simulator.now()).toBe(2_000_000)
    expect(simulator.advance(500)).toBe(2_000_500)
  })
})

describe("presets", () => {
  test.each(presets.all.map((preset) => [preset.id] as const))(
    "%s builds a world with readable, distinct people and accounts",
    (id) => {
      const world = fresh({ preset: id }).world()
      expect(Object.keys(world.people).length).toBeGreaterThan(0)
      for (const profile of Object.values(world.profiles)) expect(profile.id).toMatch(/^[1-9]\d{9,15}$/)
      for (const person of Object.values(world.people))
        for (const profile of Object.keys(person.profiles)) expect(Object.keys(world.profiles)).toContain(profile)
    }
  )

  test("the agency has fifty clients and two name clashes", () => {
    const { profiles } = fresh({ preset: "agency-fifty" }).world()
    const clients = Object.values(profiles)
      .filter((one) => one.type !== "agency")
      .map((one) => one.accountName)
    expect([clients.length, clients.length - new Set(clients).size]).toEqual([50, 2])
  })

  test("another seed gives other ids and the same names", () => {
    const [one, two] = [fresh({ seed: 1 }).world(), fresh({ seed: 2 }).world()]
    expect(Object.keys(one.profiles)).not.toEqual(Object.keys(two.profiles))
    expect(Object.values(one.sellers).map((seller) => seller.name)).toEqual(
      Object.values(two.sellers).map((seller) => seller.name)
    )
  })

  test("an unknown one is refused by name", () => {
    expect(() => Simulator.make({ preset: "nowhere" })).toThrow(/there is no preset nowhere/)
  })
})
