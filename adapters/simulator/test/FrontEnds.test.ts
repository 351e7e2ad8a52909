import { mkdtemp, readFile, rm, writeFile, readdir } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setupServer } from "msw/node"
import { afterAll, describe, expect, test } from "vitest"
import { addresses, handlers, listen, Simulator, SimulatorFile } from "../src/index.ts"
import {
  ads,
  adsTokens,
  consentUrl,
  form,
  fresh,
  profileOf,
  reportBody,
  reportType,
  returnUrl,
  token,
  US
} from "./support.ts"

type Send = (url: string, init?: RequestInit) => Promise<Response>

/** One walk through most of the providers; `send` takes real addresses. */
const journey = async (simulator: Simulator.Simulator, send: Send) => {
  const seen: Array<unknown> = []
  const { clientId, clientSecret } = simulator.application()
  const note = async (response: Response) => {
    const body = await response.text()
    seen.push([response.status, response.headers.get("content-type"), response.headers.get("location"), body])
    return body
  }
  const url = consentUrl(simulator)
  await note(await send(url))
  const signIn = await send("https://www.amazon.com/ap/signin", {
    ...form({ person: "ada", return_to: "/ap/oa" }),
    redirect: "manual"
  })
  const cookie = (signIn.headers.get("set-cookie") ?? "").split(";")[0] ?? ""
  const page = await note(await send(url, { headers: { cookie } }))
  const field = (name: string) =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1]?.replaceAll("&#38;", "&") ?? ""
  const decided = await send("https://www.amazon.com/ap/consent", {
    method: "POST",
    redirect: "manual",
    headers: { cookie, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ request: field("request"), ticket: field("ticket"), decision: "allow" }).toString()
  })
  const code = new URL(decided.headers.get("location") ?? "").searchParams.get("code") ?? ""
  const tokens = JSON.parse(
    await note(
      await send(
        "https://api.amazon.com/auth/o2/token",
        form({
          grant_type: "authorization_code",
          code,
          redirect_uri: returnUrl,
          client_id: clientId,
          client_secret: clientSecret
        })
      )
    )
  ) as { access_token: string }
  const headers = {
    authorization: `Bearer ${tokens.access_token}`,
    "amazon-advertising-api-clientid": clientId,
    "amazon-advertising-api-scope": profileOf(simulator, "Lindqvist Lanterns", US)
  }
  await note(await send("https://advertising-api.amazon.com/v2/profiles", { headers }))
  const report = JSON.parse(
    await note(
      await send("https://advertising-api.amazon.com/reporting/reports", {
        method: "POST",
        headers: { ...headers, ...reportType },
        body: reportBody("2026-07-01", "2026-07-02")
      })
    )
  ) as { reportId: string }
  simulator.advance(10_000)
  const done = JSON.parse(
    await note(await send(`https://advertising-api.amazon.com/reporting/reports/${report.reportId}`, { headers }))
  ) as { url: string }
  seen.push([...new Uint8Array(await (await send(done.url)).arrayBuffer())].length)
  await note(
    await send("https://sellingpartnerapi-na.amazon.com/sellers/v1/marketplaceParticipations", {
      headers: { "x-amz-access-token": "Atza|no" }
    })
  )
  await note(await send("https://www.amazon.com/nothing"))
  return seen
}

/** Answers of a mapped front end differ only in the base of the links they contain. */
const unmap = (seen: unknown, base: string) =>
  JSON.parse(
    JSON.stringify(seen).replaceAll(`${base}/`, "https://").replaceAll('action=\\"/www.amazon.com/', 'action=\\"/')
  ) as unknown

describe("the front ends", () => {
  test("give the same answers in process, behind msw and over HTTP", async () => {
    const inProcess = fresh()
    const direct = await journey(inProcess, (url, init) => inProcess.fetch(new Request(url, init)))

    const mocked = fresh()
    const server = setupServer(...handlers(mocked))
    server.listen({ onUnhandledFrame: "error" })
    const intercepted = await journey(mocked, (url, init) => fetch(url, init)).finally(() => server.close())

    const served = fresh()
    const listening = await listen(served)
    const map = addresses(listening.url).map
    const overHttp = await journey(served, (url, init) =>
      fetch(url.startsWith("http://") ? url : map(url), init)
    ).finally(() => listening.close())

    expect(intercepted).toEqual(direct)
    expect(unmap(overHttp, listening.url)).toEqual(direct)
  })

  test("in process also takes mapped addresses, and the headless walk follows them", async () => {
    const simulator = fresh()
    const { map } = addresses("http://127.0.0.1:4010")
    const callback = await simulator.consent({ as: "ada", url: map(consentUrl(simulator)) })
    expect(callback).toMatch(/^https:\/\/app\.example\/callback\?code=/)
  })

  test("behind msw never let a request through to a provider", async () => {
    const simulator = fresh()
    const server = setupServer(...handlers(simulator))
    server.listen({ onUnhandledFrame: "bypass" })
    try {
      for (const url of [
        "https://payments.amazon.com/v2/charges",
        "https://sandbox.walmartapis.com/v3/token",
        "https://amazon.de/"
      ]) {
        const response = await fetch(url)
        expect([response.status, await response.json()]).toMatchObject([502, { error: "not_simulated" }])
        expect(simulator.journal().at(-1)?.host).toBe(new URL(url).hostname)
      }
      expect((await fetch("https://sellingpartnerapi-na.amazon.com/anything")).status).toBe(403)
    } finally {
      server.close()
    }
  })

  test("over HTTP refuse a body beyond the limit", async () => {
    const simulator = fresh()
    const response = await simulator.fetch(
      new Request("https://api.amazon.com/auth/o2/token", { method: "POST", body: "x".repeat(3 * 1024 * 1024) })
    )
    expect(response.status).toBe(413)
  })
})

describe("the control surface", () => {
  const call = async (
    simulator: Simulator.Simulator,
    path: string,
    body?: unknown,
    origin = "http://127.0.0.1:4010"
  ) => {
    const response = await simulator.fetch(
      new Request(
        `${origin}/_sim${path}`,
        body === undefined
          ? {}
          : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
      )
    )
    return [response.status, (await response.json()) as Record<string, unknown>] as const
  }

  test("runs a whole story from another process", async () => {
    const simulator = fresh()
    const [, outcome] = await call(simulator, "/consent", { as: "ada", url: consentUrl(simulator) })
    expect(outcome.kind).toBe("callback")
    const code = new URL(String(outcome.url)).searchParams.get("code") ?? ""
    const tokens = (await (
      await token(simulator, { grant_type: "authorization_code", code, redirect_uri: returnUrl })
    ).json()) as { access_token: string; refresh_token: string }
    await call(simulator, "/fault", {
      where: { path: "/v2/profiles" },
      effect: { kind: "status", status: 503 },
      times: { kind: "first", count: 1 }
    })
    expect([
      (await ads(simulator, tokens, "/v2/profiles")).status,
      (await ads(simulator, tokens, "/v2/profiles")).status
    ]).toEqual([503, 200])
    expect(
      (
        await call(simulator, "/permission", {
          person: "ada",
          profile: profileOf(simulator, "Lindqvist Lanterns", US),
          access: "none"
        })
      )[1]
    ).toEqual({ touched: 1 })
    expect((await call(simulator, "/advance", { milliseconds: 1000 }))[1].now).toBe("2026-07-15T12:00:01.000Z")
    expect((await call(simulator, "/revoke", { person: "ada" }))[1]).toEqual({ touched: 1 })
    expect((await call(simulator, "/world"))[1]).toMatchObject({ preset: "demo", seed: "7" })
    expect((await call(simulator, "/journal?after=3"))[1]).toHaveLength(simulator.journal().length - 3)
    expect((await call(simulator, "/reset", {}))[0]).toBe(200)
    expect(simulator.world().grants).toEqual({})
  })

  test("answers mistakes with 400, foreign names with 403, forms with 415", async () => {
    const simulator = fresh()
    expect((await call(simulator, "/advance", { milliseconds: -5 }))[0]).toBe(400)
    expect((await call(simulator, "/permission", { person: "ada", profile: "x", access: "all" }))[0]).toBe(400)
    expect((await call(simulator, "/consent", { as: "ada", url: "no" }))[0]).toBe(400)
    expect((await call(simulator, "/act", { kind: "explode" }))[0]).toBe(400)
    expect((await call(simulator, "/fault", { effect: { kind: "explode" } }))[0]).toBe(400)
    expect((await call(simulator, "/restore", { format: 1 }))[0]).toBe(400)
    expect((await call(simulator, "/world", undefined, "http://rebound.example"))[0]).toBe(403)
    expect(
      (
        await simulator.fetch(
          new Request("http://127.0.0.1/_sim/reset", { method: "POST", body: new URLSearchParams({ a: "b" }) })
        )
      ).status
    ).toBe(415)
  })
})

describe("faults", () => {
  test("strike the nth call, the first n, or by a seeded draw, and say so", async () => {
    const run = async (simulator: Simulator.Simulator) => {
      const tokens = await adsTokens(simulator)
      return Promise.all(
        Array.from({ length: 20 }, () => ads(simulator, tokens, "/v2/profiles").then((response) => response.status))
      )
    }
    const nth = fresh()
    nth.arm({
      id: "third",
      where: { host: "advertising-api.amazon.com" },
      effect: { kind: "status", status: 429, retryAfter: "7" },
      times: { kind: "nth", n: 3 }
    })
    expect((await run(nth)).indexOf(429)).toBe(2)
    expect(nth.journal().filter((entry) => entry.fault === "third")).toHaveLength(1)
    const drawn = () => {
      const simulator = fresh()
      simulator.arm({
        where: { path: "/v2" },
        effect: { kind: "status", status: 500, body: "html" },
        times: { kind: "probability", of: 0.4 }
      })
      return run(simulator)
    }
    const first = await drawn()
    expect(first).toEqual(await drawn())
    expect(new Set(first)).toEqual(new Set([200, 500]))
  })

  test("after the commit lose the answer but not the deed", async () => {
    const simulator = fresh()
    const url = await simulator.consent({ as: "ada", url: consentUrl(simulator) })
    simulator.arm({
      where: { path: "/auth/o2/token" },
      effect: { kind: "status", status: 504, body: "empty" },
      when: "after",
      times: { kind: "first", count: 1 }
    })
    const code = new URL(url).searchParams.get("code") ?? ""
    const exchange = () => token(simulator, { grant_type: "authorization_code", code, redirect_uri: returnUrl })
    expect([(await exchange()).status, (await exchange()).status]).toEqual([504, 400])
    expect(Object.keys(simulator.world().grants)).toEqual(["G1"])
  })

  test.each([
    ["html", /<html>/],
    ["truncated", /^\[\{/],
    ["empty", /^$/],
    ["not-json", /^\{\]$/]
  ] as const)("can answer 200 with %s", async (body, shape) => {
    const simulator = fresh()
    const tokens = await adsTokens(simulator)
    simulator.arm({ where: { path: "/v2" }, effect: { kind: "junk", body } })
    const response = await ads(simulator, tokens, "/v2/profiles")
    const text = await response.text()
    expect([response.status, shape.test(text)]).toEqual([200, true])
    expect(() => {
      JSON.parse(text)
    }).toThrow()
    simulator.disarm()
    expect((await ads(simulator, tokens, "/v2/profiles")).headers.has("x-simulated-fault")).toBe(false)
  })

  test("answer with a recorded incident, headers and all", async () => {
    const simulator = fresh()
    const tokens = await adsTokens(simulator)
    const json = { message: "Forbidden" }
    const headers = { "X-Amzn-ErrorType": "AccessDeniedException" }
    const armed = simulator.arm({ where: { path: "/v2" }, effect: { kind: "status", status: 403, json, headers } })
    const response = await ads(simulator, tokens, "/v2/profiles")
    expect([response.status, response.headers.get("x-amzn-errortype"), await response.json()]).toEqual([
      403,
      "AccessDeniedException",
      json
    ])
    simulator.disarm(armed.id)
    simulator.arm({ effect: { kind: "status", status: 200, text: "plain", headers: { "content-type": "text/plain" } } })
    const plain = await ads(simulator, tokens, "/v2/profiles")
    expect([plain.headers.get("content-type"), await plain.text()]).toEqual(["text/plain", "plain"])
  })

  test("break a connection before or within an answer, in process and on a socket", async () => {
    const simulator = fresh()
    const tokens = await adsTokens(simulator)
    const server = await listen(simulator)
    const look = (via: typeof fetch, base: string) =>
      via(
        new Request(`${base}/v2/profiles`, {
          headers: {
            authorization: `Bearer ${tokens.access_token}`,
            "amazon-advertising-api-clientid": simulator.application().clientId
          }
        })
      )
    try {
      simulator.arm({ where: { path: "/v2" }, effect: { kind: "reset" }, times: { kind: "first", count: 2 } })
      await expect(look(simulator.fetch as typeof fetch, "https://advertising-api.amazon.com")).rejects.toThrow(
        TypeError
      )
      await expect(look(fetch, `${server.url}/advertising-api.amazon.com`)).rejects.toThrow(TypeError)
      simulator.disarm()
      simulator.arm({ where: { path: "/v2" }, effect: { kind: "cut" } })
      const half = await look(simulator.fetch as typeof fetch, "https://advertising-api.amazon.com")
      expect((await half.text()).length * 2).toBeGreaterThanOrEqual(Number(half.headers.get("content-length")) - 1)
      const onSocket = look(fetch, `${server.url}/advertising-api.amazon.com`).then((response) => response.text())
      await expect(onSocket).rejects.toThrow(TypeError)
    } finally {
      await server.close()
    }
  })

  test.each<[string, unknown]>([
    ["a part of an effect", { effect: { kind: "status", status: 500, jsn: {} } }],
    ["a part of a place", { where: { hots: "x" }, effect: { kind: "delay", milliseconds: 1 } }],
    ["a part of an order", { effct: {}, effect: { kind: "delay", milliseconds: 1 } }],
    ["a kind of effect", { effect: { kind: "explode" } }],
    ["a header", { effect: { kind: "status", status: 500, headers: { "x y": "z" } } }],
    ["a status", { effect: { kind: "status", status: 99, json: {} } }]
  ])("that name %s that there is not are refused", (_name, order) => {
    expect(() => fresh().arm(order as Parameters<Simulator.Simulator["arm"]>[0])).toThrow(RangeError)
    expect(() => fresh().act({ kind: "policy", policy: { quotaScala: 1 } as object })).toThrow(
      /quotaScala is not known in policy: did you mean quotaScale/
    )
  })

  test("that could never happen are refused when they are armed", () => {
    const simulator = fresh()
    expect(() => simulator.arm({ effect: { kind: "status", status: 200 } })).toThrow(RangeError)
    expect(() => simulator.arm({ effect: { kind: "status", status: 500, retryAfter: "1\r\nx: y" } })).toThrow(
      RangeError
    )
    expect(() => simulator.arm({ id: "日", effect: { kind: "delay", milliseconds: 1 } })).toThrow(RangeError)
    expect(() => simulator.registerReturnUrl("https://app.example/日")).toThrow(RangeError)
    expect(() =>
      simulator.arm({ effect: { kind: "status", status: 500 }, times: { kind: "probability", of: 0 } })
    ).toThrow(RangeError)
  })
})

describe("a world in a file", () => {
  const folder = mkdtemp(join(tmpdir(), "simulator-"))
  afterAll(async () => rm(await folder, { recursive: true, force: true }))

  test("goes on after a restart: tokens stay valid, and no half-written file is left", async () => {
    const path = join(await folder, "state", "world.json")
    const first = await SimulatorFile.open(path, { preset: "demo", clock: { manual: "2026-07-15T12:00:00Z" } })
    expect(first.restored).toBe(false)
    const tokens = await adsTokens(first.simulator)
    await first.close()
    const second = await SimulatorFile.open(path, { preset: "demo", returnUrls: ["http://127.0.0.1:1/new"] })
    expect(second.simulator.application().returnUrls).toContain("http://127.0.0.1:1/new")
    expect(second.restored).toBe(true)
    expect((await ads(second.simulator, tokens, "/v2/profiles")).status).toBe(200)
    await second.close()
    expect(await readdir(join(await folder, "state"))).toEqual(["world.json"])
    expect((JSON.parse(await readFile(path, "utf8")) as { format: number }).format).toBe(1)
  })

  test("refuses a file it cannot read rather than starting afresh", async () => {
    const path = join(await folder, "broken.json")
    await writeFile(path, "{")
    await expect(SimulatorFile.open(path)).rejects.toThrow()
    await writeFile(path, '{"format":9}')
    await expect(SimulatorFile.open(path)).rejects.toThrow(/format 9/)
    await writeFile(path, '{"format":1}')
    await expect(SimulatorFile.open(path)).rejects.toThrow(/the snapshot lacks/)
  })
})
