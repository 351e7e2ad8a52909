/**
 * No output shows a secret. Known secrets are put wherever secrets are, everything is run that could show them, and
 * then every output is searched: the log of a real process, what it exports, its metrics, its readiness, its refusals.
 */
import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"
import { text } from "@portolan/app-demo/Http"
import { Effect } from "effect"
import postgres from "postgres"
import { expect, inject, test } from "vitest"
import { collector } from "./support/collector.ts"
import {
  account,
  connect,
  consent,
  folder,
  member,
  type Place,
  simulate,
  startAuthorization,
  until
} from "./support/place.ts"
import { parse } from "./support/prometheus.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

const canary = (name: string) => `CANARY-${name}-${randomBytes(12).toString("hex")}`

/** A database, and a login with a password that is a canary. */
const database = Effect.acquireRelease(
  Effect.promise(async () => {
    const admin = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined })
    const name = `canary_${randomBytes(6).toString("hex")}`
    const password = canary("database")
    await admin.unsafe(`create role ${name} login superuser password '${password}'`)
    await admin.unsafe(`create database ${name} owner ${name}`)
    const url = new URL(inject("postgresUrl"))
    url.username = name
    url.password = password
    url.pathname = `/${name}`
    return { admin, name, password, url: url.href }
  }),
  ({ admin, name }) =>
    Effect.promise(async () => {
      await admin.unsafe(`drop database if exists ${name} with (force)`)
      await admin.unsafe(`drop role ${name}`)
      await admin.end()
    })
)

/** A mail server that takes no login, and says again what it was sent. */
const mailServer = Effect.acquireRelease(
  Effect.promise(async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined)
      socket.write("220 mail ready\r\n")
      socket.on("data", (chunk) => {
        const line = chunk.toString().trim()
        if (/^EHLO/i.test(line)) socket.write("250-mail\r\n250 AUTH PLAIN LOGIN\r\n")
        else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n")
        else socket.write(`535 5.7.8 not accepted: ${line}\r\n`)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    return { server, port: typeof address === "object" && address !== null ? address.port : 0 }
  }),
  ({ server }) => Effect.promise(() => new Promise<void>((resolve) => server.close(() => resolve())))
)

/** Runs `npm start` as a process of its own; everything that it writes is kept. */
const program = (environment: { readonly [name: string]: string }) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const { DATABASE_URL: _none, ...clean } = process.env
      const child = spawn(process.execPath, [main], {
        env: { ...clean, PORT: "0", SIMULATOR_PORT: "0", SIMULATOR_REPORT_SECONDS: "1", ...environment }
      })
      let output = ""
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()))
      child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()))
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
      const stop = async () => {
        child.kill("SIGTERM")
        await ended
      }
      const place = await until("the server", 90, async (): Promise<Place | undefined> => {
        if (child.exitCode !== null) throw new Error(output)
        const origin = /Console +(\S+)/.exec(output)?.[1]
        const simulator = /Simulator +(\S+)/.exec(output)?.[1]
        return origin === undefined || simulator === undefined ? undefined : { origin, simulator }
      })
      return { place, output: () => output, stop }
    }),
    ({ stop }) => Effect.promise(stop)
  )

/** Every text under a name that says that it is a secret, anywhere in what the simulated providers keep. */
const secretsIn = (value: unknown, name = ""): ReadonlyArray<string> => {
  if (typeof value === "string") return /token|secret|privateKey/i.test(name) && value.length > 15 ? [value] : []
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => [
    ...(/^(Atz|amzn1\.oa2-cs)/.test(key) ? [key] : []),
    ...secretsIn(one, Array.isArray(value) ? name : key)
  ])
}

/** How a secret may look in an output. */
const spellings = (secret: string): ReadonlyArray<string> => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -1)
]

test("no secret is in the log, the exports, the metrics, the readiness or a refusal", { timeout: 300_000 }, () =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const sink = yield* collector
        const store = yield* database
        const mail = yield* mailServer
        const given = {
          SECRET: canary("signing-secret-of-32-characters"),
          METRICS_TOKEN: canary("metrics"),
          OWNER_PASSWORD: canary("owner"),
          SMTP_PASSWORD: canary("smtp"),
          COLLECTOR: canary("collector"),
          MASTER: randomBytes(32).toString("base64")
        }
        const running = yield* program({
          DATA_DIR: yield* folder,
          DATABASE_URL: store.url,
          SECRET: given.SECRET,
          MASTER_KEYS: `k1:${given.MASTER}`,
          METRICS_TOKEN: given.METRICS_TOKEN,
          ORGANIZATION: "Canary Ltd",
          OWNER_EMAIL: "owner@canary.example.com",
          OWNER_PASSWORD: given.OWNER_PASSWORD,
          SMTP_URL: `smtp://user:${given.SMTP_PASSWORD}@127.0.0.1:${mail.port}`,
          MAIL_FROM: "portolan@canary.example.com",
          SUPPORT_EMAIL: "support@canary.example.com",
          LOG_FORMAT: "json",
          LOG_LEVEL: "debug",
          OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
          OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
          OTEL_EXPORTER_OTLP_HEADERS: `authorization=${given.COLLECTOR}`
        })
        const { place } = running
        const answers: Array<string> = []
        const ask = async (path: string, init: RequestInit = {}) => {
          const answer = await fetch(new URL(path, place.origin), { redirect: "manual", ...init })
          const body = await answer.text()
          answers.push(`${answer.status} ${answer.headers.get("location") ?? ""} ${body}`)
          return { status: answer.status, body }
        }
        const secrets: Record<string, string> = { ...given, database: store.password }

        yield* Effect.promise(async () => {
          const who = await member(place, "owner@canary.example.com", given.OWNER_PASSWORD)
          secrets["session"] = who.browser.cookie.split("=").slice(1).join("=").split(".")[0] ?? ""
          const made = await who.session(
            "POST",
            "/v1/api-keys",
            201,
            { name: "canary", scopes: ["read"] },
            { "idempotency-key": "canary" }
          )
          const key = text(made.json, "secret")
          secrets["apiKey"] = key
          const tiles = await account(who.api, "Canary")
          await connect(who, tiles.ads, tiles.marketplace)
          const token = await who.api("GET", `/v1/connections/${tiles.ads}/access-token`, 200)
          secrets["accessToken"] = text(token.json, "accessToken")
          const link = await who.api(
            "POST",
            `/v1/connections/${tiles.sp}/auth-links`,
            201,
            {},
            { "idempotency-key": "l" }
          )
          secrets["link"] = new URL(text(link.json, "url")).pathname.split("/").at(-1) ?? ""

          // A consent whose callback comes twice, and one with a state that nobody made.
          const { url } = await startAuthorization(who, tiles.sp)
          const back = new URL(text(await consent(place, "ada", url), "url"))
          for (const name of ["state", "code", "spapi_oauth_code"]) {
            const value = back.searchParams.get(name)
            if (value !== null) secrets[name] = value
          }
          await who.browser.go(back.href)
          await ask(`${back.pathname}${back.search}`)
          await ask(`/callback/amazon-ads?code=${secrets["spapi_oauth_code"] ?? ""}&state=${given.SECRET}`)

          // Secrets where they do not belong: in addresses, bodies, and headers that are refused.
          const bearer = { authorization: `Bearer ${key}` }
          await ask(`/v1/connections/${key}`, { headers: { authorization: `Bearer ${key}x` } })
          await ask(`/v1/connections/${secrets["accessToken"]}?cursor=${key}`, { headers: bearer })
          await ask("/v1/companies", {
            method: "POST",
            headers: { ...bearer, "content-type": "application/json" },
            body: `{"name": "${secrets["accessToken"]}"`
          })
          await ask(`/sign-in`, {
            method: "POST",
            headers: { origin: place.origin },
            body: new URLSearchParams({ email: "owner@canary.example.com", password: `${given.OWNER_PASSWORD}x` })
          })
          await ask("/metrics", { headers: { authorization: `Bearer ${given.METRICS_TOKEN}x` } })
          await ask("/metrics")

          // A mail that cannot be sent, to a server that repeats the password.
          await ask("/forgot-password", {
            method: "POST",
            headers: { origin: place.origin },
            body: new URLSearchParams({ email: "owner@canary.example.com" })
          })
          await ask("/sign-up", {
            method: "POST",
            headers: { origin: place.origin },
            body: new URLSearchParams({ name: "New", email: "new@canary.example.com", password: canary("sign-up") })
          })

          // The provider breaks, then the consent ends.
          await simulate(place, "fault", {
            where: { host: "api.amazon.com", path: "/auth/o2/token" },
            effect: { kind: "junk", body: "html" },
            times: { kind: "first", count: 1 }
          })
          const replace = () =>
            ask(`/v1/connections/${tiles.ads}/access-token`, {
              method: "POST",
              headers: { cookie: who.browser.cookie, origin: place.origin, "content-type": "application/json" },
              body: JSON.stringify({ refusedToken: secrets["accessToken"] })
            })
          expect((await replace()).status).toBe(503)
          const kept = await (await fetch(new URL("/_sim/snapshot", place.simulator))).json()
          const world = await (await fetch(new URL("/_sim/world", place.simulator))).json()
          for (const [index, secret] of [...secretsIn(kept), ...secretsIn(world)].entries()) {
            secrets[`provider ${index}`] = secret
          }
          await simulate(place, "revoke", { person: "ada" })
          expect((await replace()).status).toBe(409)
          await ask(`/v1/connections/${tiles.ads}/diagnosis`, { headers: { cookie: who.browser.cookie } })

          // The program itself breaks, in a page and in the API.
          const admin = postgres(store.url, { max: 1, onnotice: () => undefined })
          await admin.unsafe("alter table portolan.companies rename to gone")
          expect((await ask("/companies", { headers: { cookie: who.browser.cookie } })).status).toBe(500)
          expect((await ask("/v1/companies", { headers: bearer })).status).toBe(500)
          await ask("/readyz")
          // And the database goes away under everybody.
          await admin.unsafe(`alter database ${store.name} allow_connections false`).catch(() => undefined)
          await store.admin.unsafe(`alter database ${store.name} allow_connections false`)
          await store.admin.unsafe(
            `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${store.name}'`
          )
          await admin.end({ timeout: 1 }).catch(() => undefined)
          await ask("/readyz")
          await ask("/v1/accounts", { headers: bearer })
          await new Promise((resolve) => setTimeout(resolve, 6_000))
          const metrics = await ask("/metrics", { headers: { authorization: `Bearer ${given.METRICS_TOKEN}` } })
          expect(metrics.status).toBe(200)
          const families = parse(metrics.body)
          expect(families.get("portolan_database_up")?.samples).toMatchObject([{ value: 0 }])
          expect(families.has("portolan_jobs_due")).toBe(false)
          await store.admin.unsafe(`alter database ${store.name} allow_connections true`)
          await running.stop()
        })

        const log = running.output()
        const outputs: ReadonlyArray<readonly [string, string]> = [
          ["the log", log],
          ["the exports", sink.received.map(({ body }) => body).join("\n")],
          ["the answers", answers.join("\n")]
        ]
        // What is searched has something in it.
        const lines = log.split("\n").filter((line) => line.startsWith("{"))
        const logged = lines.map((line): Record<string, unknown> => JSON.parse(line))
        expect(logged.some(({ cause, level }) => level === "ERROR" && typeof cause === "string")).toBe(true)
        expect(logged.some(({ message }) => JSON.stringify(message).includes("mail"))).toBe(true)
        expect(logged.some(({ annotations }) => JSON.stringify(annotations).includes('"organizationId":"org_'))).toBe(
          true
        )
        expect(logged.some(({ traceId }) => typeof traceId === "string" && /^[0-9a-f]{32}$/.test(traceId))).toBe(true)
        expect(new Set(sink.received.map(({ path }) => path))).toEqual(
          new Set(["/v1/traces", "/v1/metrics", "/v1/logs"])
        )
        const found = Object.entries(secrets).flatMap(([name, secret]) => {
          expect(secret.length, name).toBeGreaterThan(7)
          return outputs
            .filter(([, output]) => spellings(secret).some((spelling) => output.includes(spelling)))
            .map(([where]) => `${name} in ${where}`)
        })
        expect(Object.keys(secrets).length).toBeGreaterThan(15)
        expect(found).toEqual([])
      })
    )
  )
)
