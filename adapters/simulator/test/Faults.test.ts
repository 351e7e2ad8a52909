import { afterEach, describe, expect, test } from "vitest"
import { listen, type Listening } from "../src/index.ts"
import type { Effect } from "../src/core/FaultOrder.ts"
import { ads, adsHeaders, adsTokens, fresh } from "./support.ts"

const armed = async (effect: Effect) => {
  const simulator = fresh()
  const tokens = await adsTokens(simulator)
  const plain = await (await ads(simulator, tokens, "/v2/profiles")).text()
  simulator.arm({ id: "it", where: { path: "/v2" }, effect })
  return { simulator, tokens, plain, ask: () => ads(simulator, tokens, "/v2/profiles") }
}

type Row = { profileId?: unknown; accountInfo?: { name?: unknown; type?: unknown; novelField?: unknown } | null }

describe("one part of an answer is another", () => {
  test.each<
    readonly [
      string,
      Extract<Effect, { kind: "field" }>["change"],
      string,
      (rows: ReadonlyArray<Row>) => unknown,
      unknown
    ]
  >([
    ["gone", "remove", "0.accountInfo.name", (rows) => "name" in (rows[0]?.accountInfo ?? {}), false],
    ["null", "null", "*.accountInfo", (rows) => rows.every((one) => one.accountInfo === null), true],
    ["of another type", "retype", "*.profileId", (rows) => rows.map((one) => typeof one.profileId)[0], "string"],
    ["under another name", "rename", "0.accountInfo", (rows) => "accountInfoRenamed" in (rows[0] ?? {}), true],
    ["with a neighbour", "extra", "*.accountInfo", (rows) => rows[1]?.accountInfo?.novelField, { novel: true }],
    ["not in the list", "remove", "0", (rows) => rows.length, -1]
  ])("%s", async (_, change, path, see, due) => {
    const { ask, plain } = await armed({ kind: "field", path, change })
    const text = await (await ask()).text()
    const rows = JSON.parse(text) as ReadonlyArray<Row>
    const before = (JSON.parse(plain) as ReadonlyArray<unknown>).length
    expect(see(rows)).toEqual(due === -1 ? before - 1 : due)
  })

  test("and numbers keep their digits", async () => {
    const { ask, plain } = await armed({ kind: "field", path: "0.accountInfo.name", change: "remove" })
    const ids = (text: string) => [...text.matchAll(/"profileId":(\d+)/g)].map((match) => match[1])
    expect(ids(await (await ask()).text())).toEqual(ids(plain))
  })
})

test("a redirect leads elsewhere", async () => {
  const { ask } = await armed({ kind: "redirect", to: "http://elsewhere.example/", status: 307 })
  const answer = await ask()
  expect([answer.status, answer.headers.get("location")]).toEqual([307, "http://elsewhere.example/"])
})

describe("on the wire", () => {
  let server: Listening | undefined
  afterEach(async () => {
    await server?.close()
    server = undefined
  })

  const over = async (effect: Effect) => {
    const { plain, simulator, tokens } = await armed(effect)
    server = await listen(simulator, { graceMs: 0 })
    const url = `${server.url}/advertising-api.amazon.com/v2/profiles`
    return {
      plain,
      ask: (signal?: AbortSignal) =>
        fetch(url, { headers: adsHeaders(simulator, tokens), ...(signal === undefined ? {} : { signal }) })
    }
  }

  test("a body drips, whole in the end", async () => {
    const { ask, plain } = await over({ kind: "drip", bytesPerSecond: 4_000 })
    const began = performance.now()
    const answer = await ask()
    expect(await answer.text()).toBe(plain)
    expect(performance.now() - began).toBeGreaterThan(plain.length / 8)
  })

  test("nothing comes until the client gives up", async () => {
    const { ask } = await over({ kind: "hang" })
    await expect(ask(AbortSignal.timeout(150))).rejects.toThrow(/timeout|aborted/i)
  })

  test("in process, where nobody can wait, it says so", async () => {
    const { ask } = await armed({ kind: "hang" })
    await expect(ask()).rejects.toThrow(/does not answer/)
  })
})

test.each<readonly [string, Effect]>([
  ["an address that is none", { kind: "redirect", to: "elsewhere" }],
  ["a path that is none", { kind: "field", path: "a..b", change: "null" }],
  ["no bytes", { kind: "drip", bytesPerSecond: 0 }]
])("a fault with %s is refused", (_, effect) => {
  expect(() => fresh().arm({ effect })).toThrow(RangeError)
})
