/** `GET /metrics`: valid text, what it counts, who may read it, and what it costs the database. */
import { BackgroundWork, Incidents, MasterKeys, StoreUnavailable } from "@portolan/ports"
import { Effect, Layer, Metric, Result } from "effect"
import { expect, test } from "vitest"
import * as Metrics from "../src/metrics/metrics.ts"
import * as Settings from "../src/Settings.ts"
import { account, connect, entered } from "./support/place.ts"
import { parse, valueIn } from "./support/prometheus.ts"

const settings = (environment: { readonly [name: string]: string } = {}) =>
  Result.getOrThrow(Settings.decode(environment))

const pool = () => ({ limit: 10, busy: 2, idle: 1, waiting: 0 })

/** What answers, over ports that count how often they are asked; and its own registry. */
const standIn = (environment: { readonly [name: string]: string } = {}) => {
  const asked = { backlog: 0, isDown: false }
  const backlog = () =>
    Effect.suspend(() => {
      asked.backlog += 1
      return asked.isDown
        ? Effect.fail(new StoreUnavailable.StoreUnavailable({ doing: "counting", cause: "down" }))
        : Effect.succeed({
            due: 3,
            overdue: 2,
            underWay: 1,
            later: 4,
            deadLetters: 5,
            oldestDueSeconds: 61.5,
            living: 1
          })
    })
  const none = { keyId: "k1", state: "active" as const, secrets: 9, dataKeys: 2, organizations: 1 }
  const old = { keyId: 'k"0\\\n', state: "opens-only" as const, secrets: 7, dataKeys: 1, organizations: 1 }
  const layers = Layer.mergeAll(
    Layer.mock(BackgroundWork.BackgroundWork, { backlog }),
    Layer.mock(Incidents.Incidents, { open: () => Effect.succeed([]) }),
    Layer.mock(MasterKeys.MasterKeys, {
      status: () => Effect.succeed({ keys: [none, old], missing: [], behind: 7, retirable: [] })
    })
  )
  const answer = Effect.map(Metrics.make(settings(environment), pool), (made) => made.answer).pipe(
    Effect.provide(layers),
    Effect.provideService(Metric.MetricRegistry, new Map())
  )
  return { asked, answer: Effect.runSync(answer) }
}

const ask = (headers: { readonly [name: string]: string } = {}, address = "http://127.0.0.1:4600/metrics") =>
  new Request(address, { headers })

test("what comes out is valid, and has no organization in it", { timeout: 120_000 }, async () => {
  const { close, place, who } = await entered()
  try {
    const tiles = await account(who.api, "Measured Ltd")
    await connect(who, tiles.ads, tiles.marketplace)
    await who.api("GET", `/v1/connections/${tiles.ads}/access-token`, 200)
    await who.api("GET", `/v1/connections/${tiles.sp}/access-token`, 409)
    await who.browser.go(`/connections/${tiles.ads}`)
    await who.browser.go("/nowhere/at/all")
    const answer = await fetch(new URL("/metrics", place.origin))
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8")
    const text = await answer.text()
    const families = parse(text)
    const value = (name: string, labels?: { readonly [label: string]: string }) => valueIn(families, name, labels)
    expect(value("portolan_database_up")).toBe(1)
    expect(value("portolan_workers_living")).toBe(1)
    expect(value("portolan_secrets_behind")).toBe(0)
    expect(value("portolan_token_reads_total", { for: "software", outcome: "ok" })).toBeGreaterThan(0)
    expect(value("portolan_token_reads_total", { for: "software", outcome: "Refused" })).toBeGreaterThan(0)
    expect(value("portolan_provider_calls_total", { channel: "amazon-ads", call: "token" })).toBeGreaterThan(0)
    expect(value("portolan_http_requests_total", { route: "/connections/:id", status: "200" })).toBeGreaterThan(0)
    const labels = [...families.values()].flatMap(({ samples }) => samples.flatMap((one) => Object.values(one.labels)))
    for (const label of labels) expect(label).not.toMatch(/(org|con|acc|com|gra)_[0-9a-z]{10}|@|Measured|nowhere/)
  } finally {
    await close()
  }
})

test("a server that others reach gives metrics to who has the token, and to nobody without one", async () => {
  const open = standIn()
  expect((await open.answer(ask(), true)).status).toBe(200)
  expect((await open.answer(ask(), false)).status).toBe(401)
  // A page of another site that leads its own name here.
  expect((await open.answer(ask({}, "http://evil.example:4600/metrics"), true)).status).toBe(401)
  expect((await open.answer(new Request("http://127.0.0.1/metrics", { method: "POST" }), true)).status).toBe(405)
  const token = "a-token-of-some-length"
  const closed = standIn({ METRICS_TOKEN: token })
  for (const isPrivate of [true, false]) {
    expect((await closed.answer(ask(), isPrivate)).status).toBe(401)
    expect((await closed.answer(ask({ authorization: `Bearer ${token}x` }), isPrivate)).status).toBe(401)
    expect((await closed.answer(ask({ authorization: `Bearer ${token}` }), isPrivate)).status).toBe(200)
  }
  const exposed = Settings.decode({ METRICS_PORT: "9464", METRICS_HOST: "0.0.0.0" })
  expect(Result.isFailure(exposed) && exposed.failure.message).toContain("METRICS_TOKEN needs a value")
})

test("many scrapes are one look at the database; one that is away is told, and nothing old with it", async () => {
  const { answer, asked } = standIn()
  const scrape = async () => parse(await (await answer(ask(), true)).text())
  const [families] = await Promise.all(Array.from({ length: 20 }, scrape))
  expect(asked.backlog).toBe(1)
  const value = (name: string, labels?: { readonly [label: string]: string }) =>
    families === undefined ? undefined : valueIn(families, name, labels)
  expect(value("portolan_jobs_due")).toBe(3)
  expect(value("portolan_jobs_overdue")).toBe(2)
  expect(value("portolan_jobs_dead_letters")).toBe(5)
  expect(value("portolan_jobs_oldest_due_seconds")).toBe(61.5)
  expect(value("portolan_secrets_behind")).toBe(7)
  expect(value("portolan_data_keys_behind")).toBe(1)
  expect(value("portolan_database_pool_connections", { state: "busy" })).toBe(2)
  const away = standIn()
  away.asked.isDown = true
  const without = parse(await (await away.answer(ask(), true)).text())
  expect(valueIn(without, "portolan_database_up")).toBe(0)
  expect(without.has("portolan_jobs_due")).toBe(false)
  expect(valueIn(without, "portolan_database_pool_limit")).toBe(10)
})

test("the reader of the format refuses what is not valid", () => {
  const head = "# HELP a_total What.\n# TYPE a_total counter\n"
  const sizes = "# HELP h What.\n# TYPE h histogram\n"
  expect(parse(`${head}a_total{x="\\"\\\\\\n"} 1\n`).get("a_total")?.samples[0]?.labels).toEqual({ x: '"\\\n' })
  for (const bad of [
    "a_total 1\n",
    `${head}a_total 1`,
    `${head}a_total 1\na_total 2\n`,
    `${head}a_total{x="1",x="2"} 1\n`,
    `${head}a_total{x="\\t"} 1\n`,
    `${head}a_total one\n`,
    `${head}b 1\n`,
    `${head}a_total 1\n${head}`,
    "# TYPE a_total counter\n",
    "# HELP a What.\n# TYPE a counter\na 1\n",
    `${sizes}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
    `${sizes}h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n`
  ])
    expect(() => parse(bad), bad).toThrow()
})
