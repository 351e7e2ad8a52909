import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { Descriptions, type Simulator } from "../src/index.ts"
import { measure } from "../src/parity/parity.ts"
import { ads, adsTokens, fresh, lastRule, sellerTokens, sp, type Tokens } from "./support.ts"
import { write } from "./widgets.ts"

const files = write()
const widgets = Descriptions.make(Descriptions.folder(files.folder))
const sandbox = "sandbox.sellingpartnerapi-na.amazon.com"

const withWidgets = async (options: Simulator.Options = {}) => {
  const simulator = fresh({ descriptions: widgets, ...options })
  return { simulator, tokens: await sellerTokens(simulator) }
}

const detailsOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { errors: ReadonlyArray<{ details: string }> }).errors[0]?.details ?? ""

describe("a description that nobody has seen before", () => {
  test("has all its pairs answered alike, odd ones too, digit for digit", async () => {
    const found = await measure(widgets)
    expect(found).toMatchObject({
      operations: 7,
      dynamic: 0,
      unlike: [],
      sandboxPairs: 14,
      pairsAlike: 14,
      notSimulated: 1
    })
    const { simulator, tokens } = await withWidgets()
    const big = await sp(simulator, tokens, "/widgets/v1/items/big", { host: sandbox })
    expect(await big.text()).toContain('"serial":9007199254740993')
    const older = await sp(simulator, tokens, "/widgets/v1/items", {
      host: sandbox,
      method: "POST",
      body: '{"id":"MOCK"}'
    })
    expect([older.status, await older.json()]).toEqual([400, { errors: [{ code: "Mock", message: "no" }] }])
  })

  test.each([
    ["an unknown parameter", "/widgets/v1/items?region=EU&size=4", "size is not a parameter of listWidgets"],
    ["a missing one", "/widgets/v1/items", "region is missing"],
    ["one that is given twice", "/widgets/v1/items?region=EU&region=NA", "region is given more than once"],
    ["another type in a list", "/widgets/v1/items?region=EU&ids=1,x", "ids: 1 must be integer"],
    ["a list that is too long", "/widgets/v1/items?region=EU&ids=1,2,3,4", "ids: must NOT have more than 3 items"],
    ["a value that is not in the list", "/widgets/v1/items?region=EU&kinds=a&kinds=c", "kinds: 1 must be one of a, b"],
    ["another format", "/widgets/v1/items?region=EU&since=yesterday", 'since: must match format "date-time"'],
    ["a text for a boolean", "/widgets/v1/items?region=EU&deep=perhaps", "deep: must be boolean"]
  ])("refuses %s in the provider's shape", async (_, path, details) => {
    const { simulator, tokens } = await withWidgets()
    const response = await sp(simulator, tokens, path)
    expect([response.status, await detailsOf(response)]).toEqual([400, details])
  })

  test.each([
    ["a body that is no JSON", "{", "the body is not JSON"],
    ["no body", "", "the body is missing"],
    ["a field that is missing", "{}", "id is missing"],
    ["a value out of another file", '{"id":"w","colour":"green"}', "colour must be one of red, blue"],
    ["a bound that is not included", '{"id":"w","price":{"amount":0}}', "price.amount must be > 0"],
    ["a part of a part", '{"id":"w","parts":[{"id":"x","parts":[{}]}]}', "parts.0.parts.0.id is missing"]
  ])("refuses %s", async (_, body, details) => {
    const { simulator, tokens } = await withWidgets()
    const response = await sp(simulator, tokens, "/widgets/v1/items", { method: "POST", body })
    expect([response.status, await detailsOf(response)]).toEqual([400, details])
  })

  test("has operations that exist: a good request is answered as no provider would, and stands in the journal", async () => {
    const { simulator, tokens } = await withWidgets()
    for (const path of ["/widgets/v1/items/w1", "/widgets/v1/items/count", "/widgets/v1/quiet"]) {
      const response = await sp(simulator, tokens, path)
      expect([response.status, response.headers.get("x-portolan"), lastRule(simulator)]).toEqual([
        501,
        "not-simulated",
        "SIM-501-01"
      ])
    }
    expect(simulator.journal().at(-2)?.operation).toBe("countWidgets")
    const refused = [
      await sp(simulator, { ...tokens, access_token: "Atza|x" }, "/widgets/v1/quiet"),
      await sp(simulator, tokens, "/widgets/v1/unheard")
    ]
    expect(refused.map((one) => [one.status, one.headers.get("x-portolan")])).toEqual([
      [403, null],
      [403, null]
    ])
  })

  test("gives an operation without a rule of ours the rate of its usage plan in the sandbox only", async () => {
    const { simulator, tokens } = await withWidgets({ policy: { quotaScale: 1 } })
    const ask = () => sp(simulator, tokens, "/widgets/v1/account", { host: sandbox })
    const first = await ask()
    expect([first.status, first.headers.get("x-amzn-ratelimit-limit")]).toEqual([200, "5.0"])
    for (let call = 1; call < 15; call += 1) await ask()
    expect((await ask()).status).toBe(429)
  })
})

describe("the sandbox", () => {
  const ask = async (path: string, init: Parameters<typeof sp>[3], options: Simulator.Options = {}) => {
    const { simulator, tokens } = await withWidgets(options)
    const response = await sp(simulator, tokens, path, { host: sandbox, ...init })
    return [response.status, lastRule(simulator)] as const
  }

  test("wants a real token, and refuses with 400 what fits no pair", async () => {
    const { simulator } = await withWidgets()
    const none: Tokens = { access_token: "Atza|none", refresh_token: "" }
    expect((await sp(simulator, none, "/widgets/v1/account", { host: sandbox })).status).toBe(403)
    expect(await ask("/widgets/v1/items/other", {})).toEqual([400, "SPA-400-05"])
  })

  test("passes over parameters that a pair does not name", async () => {
    expect(await ask("/widgets/v1/items?ids=1,2&region=EU&deep=true", {})).toEqual([200, null])
    expect(await ask("/widgets/v1/items?region=FE", { method: "POST", body: '{"id":"whatever"}' })).toEqual([202, null])
  })

  test("compares bodies whole, or in part where the world says so", async () => {
    const init = { method: "POST", body: '{"price":{"amount":2,"currency":"EUR"},"colour":"red","id":"w1"}' }
    expect(await ask("/widgets/v1/items", init)).toEqual([400, "SPA-400-05"])
    expect(await ask("/widgets/v1/items", init, { policy: { sandboxBody: "subset" } })).toEqual([201, null])
  })

  test("is every host where the world says so", async () => {
    const { simulator, tokens } = await withWidgets({ policy: { sandboxEverywhere: true } })
    expect(await (await sp(simulator, tokens, "/widgets/v1/account")).json()).toEqual({ owner: "me" })
  })

  test("without descriptions answers by the rules, and says what it has none for", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator)
    expect((await sp(simulator, tokens, "/sellers/v1/marketplaceParticipations", { host: sandbox })).status).toBe(200)
    const unruled = await sp(simulator, tokens, "/messaging/v1/orders/1")
    expect([unruled.status, unruled.headers.get("x-portolan")]).toEqual([501, "not-simulated"])
  })
})

describe("a description of another API", () => {
  const post = { method: "POST", headers: { "content-type": "application/vnd.gadget.v1+json" } }

  test("refuses in the shape of the Ads API", async () => {
    const descriptions = Descriptions.make([Descriptions.named("ads", files.gadgets)])
    const simulator = fresh({ descriptions })
    const tokens = await adsTokens(simulator)
    const wrong = await ads(simulator, tokens, "/gadgets", { ...post, body: '{"name":null,"size":"XL"}' })
    expect([wrong.status, await wrong.json()]).toMatchObject([
      400,
      { code: "400", details: "size must be one of S, M" }
    ])
    const json = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }
    expect((await ads(simulator, tokens, "/gadgets", json)).status).toBe(415)
    const headers = { "x-trace": "1" }
    expect((await ads(simulator, tokens, "/gadgets/7.json?sizes=a&sizes=b")).status).toBe(400)
    expect((await ads(simulator, tokens, "/gadgets/seven.json", { headers })).status).toBe(400)
    expect((await ads(simulator, tokens, "/gadgets/7.json?sizes=a&sizes=b", { headers })).status).toBe(501)
    expect((await ads(simulator, tokens, "/gadget")).status).toBe(404)
  })

  test("makes its host simulated, by a name that is told or by its own word", async () => {
    const told = Descriptions.named("gadgets.example", files.gadgets)
    const own = Descriptions.named("gadgets", files.hosted)
    const simulator = fresh({ descriptions: Descriptions.make([told, own]) })
    const ask = async (url: string, init: RequestInit = {}) => (await simulator.fetch(new Request(url, init))).status
    expect(await ask("https://gadgets.example/gadgets", { ...post, body: '{"name":"g"}' })).toBe(501)
    expect(await ask("https://gadgets.example/gadgets", { ...post, body: "{}" })).toBe(400)
    expect(await ask("https://api.gadgets.example/v2/gadgets", { ...post, body: '{"name":"g"}' })).toBe(501)
    expect(await ask("http://127.0.0.1:4010/gadgets.example/nothing")).toBe(404)
    expect(await ask("https://gadgets.test/gadgets")).toBe(502)
  })

  test("that cannot be read says which file, why, and what to do", () => {
    const broken = join(files.folder, "..", "portolan-broken.json")
    writeFileSync(broken, "{ no json")
    expect(() => Descriptions.named("ads", broken)).toThrow(/portolan-broken\.json cannot be read as a description/)
    expect(() => Descriptions.named("ads", join(files.folder, "notes.json"))).toThrow(/neither `swagger/)
    expect(() => Descriptions.named("ads", join(files.folder, "missing.yaml"))).toThrow(/there is no such file/)
    expect(() => Descriptions.named("gadgets", files.gadgets)).toThrow(/it names no host: name it selling-partner, ads/)
    expect(() => Descriptions.folder(join(files.folder, "nowhere"))).toThrow(/there is no such folder/)
  })
})
