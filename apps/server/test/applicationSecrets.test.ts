/**
 * The secrets of applications on a live installation over HTTP: two servers on one PostgreSQL, simulated Amazon, and
 * the command beside them. Tokens are refreshed all the time while secrets are rotated, mistyped and taken away.
 */
import { text } from "@portolan/app-demo/Http"
import { until } from "@portolan/app-demo/Place"
import { SecretsCommand, Settings } from "@portolan/server"
import { Effect, Logger, Redacted, Result } from "effect"
import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest"
import { account, connect, type Member, member, server, simulate, world } from "./support/place.ts"

type Place = Effect.Success<ReturnType<typeof server>>

/** Everything that commands and servers printed; no secret may be in it. */
const printed: Array<string> = []
const logged = Logger.layer([Logger.make(({ message }) => void printed.push(JSON.stringify(message) ?? ""))])

/** Runs the command as a shell beside a server would. */
const command = (place: Place, words: ReadonlyArray<string>, input = "") =>
  Effect.gen(function* () {
    const settings = yield* Effect.fromResult(
      Settings.decode({
        DATABASE_URL: place.settings.DATABASE_URL,
        DATA_DIR: place.settings.DATA_DIR,
        SIMULATOR_URL: place.simulator
      })
    )
    const options = yield* Effect.fromResult(SecretsCommand.parse([...words, "--json"]))
    const lines: Array<string> = []
    const streams = { line: (line: string) => void lines.push(line), input: () => Effect.succeed(Redacted.make(input)) }
    const isWell = yield* SecretsCommand.run(settings, options, streams)
    printed.push(...lines)
    const { applications } = JSON.parse(lines.join("\n")) as { readonly applications: ReadonlyArray<View> }
    return { isWell, amazon: applications.find(({ name }) => name === "amazon-sp")! }
  }).pipe(Effect.scoped, Effect.provide(logged))

interface View {
  readonly name: string
  readonly current: { readonly number: number; readonly source: string; readonly daysLeft: number }
  readonly previous?: { readonly number: number }
  readonly pending?: { readonly number: number; readonly tested?: { readonly outcome: string } }
  readonly warnings: ReadonlyArray<string>
}

/** Fetches new tokens one after another until it is stopped; gives how often, and every failure. */
const reading = ({ api }: Member, connectionId: string) => {
  const failures: Array<string> = []
  const state = { reads: 0, isOver: false }
  const path = `/v1/connections/${connectionId}/access-token`
  const work = async () => {
    let last: string | undefined
    while (!state.isOver) {
      try {
        const body = last === undefined ? undefined : { refusedToken: last }
        const { json } = await (last === undefined ? api("GET", path, 200) : api("POST", path, 200, body))
        last = text(json, "accessToken")
        state.reads += 1
      } catch (error) {
        failures.push(String(error))
      }
    }
  }
  const done = work()
  return {
    reads: () => state.reads,
    stop: async () => {
      state.isOver = true
      await done
      return { reads: state.reads, failures }
    }
  }
}

const application = async (place: Place) => {
  const { applications } = (await world(place)) as unknown as {
    readonly applications: ReadonlyArray<{ readonly clientId: string; readonly clientSecret: string }>
  }
  return applications[0]!
}

const queue = async ({ simulator }: Place) =>
  (await (await fetch(new URL("/_sim/queue", simulator))).json()) as ReadonlyArray<unknown>

const databaseName = `secrets_${crypto.randomUUID().replaceAll("-", "")}`
let admin: postgres.Sql
let databaseUrl: string
beforeAll(async () => {
  admin = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined })
  await admin.unsafe(`create database ${databaseName}`)
  const url = new URL(inject("postgresUrl"))
  url.pathname = `/${databaseName}`
  databaseUrl = url.href
})
afterAll(async () => {
  await admin.unsafe(`drop database if exists ${databaseName} with (force)`)
  await admin.end({ timeout: 5 })
})

/** Subjects of the mails to those who run the installation, about secrets. */
const subjects = async () => {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined })
  try {
    const rows = await sql<Array<{ readonly subject: string; readonly id: string }>>`
      select id, mail #>> '{emailMessage,subject}' as subject from portolan.kept_mails
      where organization_id = 'org_00000000000000000000000000' order by at`
    return rows.map(({ subject }) => subject)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const program = Effect.gen(function* () {
  const place = yield* server({ DATABASE_URL: databaseUrl, OPERATORS: "vera@demo.example.com" })
  const who = yield* Effect.promise(() => member(place))
  const run = (words: ReadonlyArray<string>, input = "") => command(place, words, input)
  const tile = yield* Effect.promise(async () => {
    const { ads, marketplace } = await account(who.api, "Rotation")
    await connect(who, ads, marketplace)
    return ads
  })
  const reader = reading(who, tile)
  const more = (count: number) =>
    Effect.promise(() => {
      const from = reader.reads()
      return until(`${count} more reads`, 60, async () => (reader.reads() >= from + count ? true : undefined))
    })
  yield* more(3)
  expect((yield* run(["status"])).amazon.current).toMatchObject({ number: 1, source: "settings" })

  // Amazon makes a new secret, and a forwarder posts what arrives in the queue: twice, as queues do.
  yield* run(["rotate", "amazon-sp"])
  expect((yield* Effect.flip(run(["rotate", "amazon-ads"]))).message).toContain("was asked for a new secret")
  const [message] = yield* Effect.promise(() => queue(place))
  const route = "/v1/operator/application-secrets/notices"
  const posted = yield* Effect.promise(() => Promise.all([1, 2].map(() => who.session("POST", route, 200, message))))
  expect(JSON.stringify(posted)).not.toContain("amzn1.oa2-cs")
  yield* Effect.promise(() => who.api("POST", route, 401, message).catch(() => who.api("POST", route, 403, message)))
  yield* Effect.promise(() => who.session("POST", route, 422, { notificationType: "ANY_OFFER_CHANGED", payload: {} }))
  const rotated = yield* run(["status"])
  expect(rotated.amazon).toMatchObject({ current: { number: 2, source: "provider", daysLeft: 179 } })
  expect(rotated.amazon.previous?.number).toBe(1)
  yield* more(3)

  // The developer portal makes one, and an operator sets it; Amazon accepts the one before a while longer.
  const { clientId } = yield* Effect.promise(() => application(place))
  yield* Effect.promise(() => simulate(place, "act", { kind: "rotate-secret", clientId, overlapSeconds: 3600 }))
  const third = (yield* Effect.promise(() => application(place))).clientSecret
  const mistyped = yield* run(["set", "amazon-sp", "--expires", "2099-01-01"], `${third}x`)
  expect(mistyped.isWell).toBe(false)
  expect(mistyped.amazon.pending?.tested?.outcome).toBe("refused")
  expect((yield* run(["set", "amazon-sp"], third)).isWell).toBe(true)
  yield* Effect.all([run(["promote", "amazon-sp"]), Effect.ignore(run(["promote", "amazon-sp"]))], { concurrency: 2 })
  expect((yield* run(["status"])).amazon.current).toMatchObject({ number: 4, source: "operator" })
  yield* more(3)

  // A wrong secret is promoted against the provider's word: requests fall back, and everybody hears of it.
  yield* run(["set", "amazon-sp"], "amzn1.oa2-cs.v1.wrong")
  expect((yield* Effect.flip(run(["promote", "amazon-sp"]))).message).toContain("invalid_client")
  yield* run(["promote", "amazon-sp", "--yes"])
  yield* Effect.promise(() =>
    until("the promotion is taken back", 30, async () => {
      const { amazon } = await Effect.runPromise(run(["status"]))
      return amazon.current.number === 4 ? amazon.warnings : undefined
    })
  )
  yield* more(3)
  const { failures, reads } = yield* Effect.promise(reader.stop)
  expect(failures).toEqual([])
  expect(reads).toBeGreaterThan(15)
  expect(yield* Effect.promise(() => who.session("GET", "/v1/operator/incidents", 200))).toMatchObject({
    json: { items: [] }
  })

  // An end is announced, and servers that start look at once: one notice a moment, not one a server.
  yield* Effect.promise(() => simulate(place, "act", { kind: "secret-end", clientId, inSeconds: 2 * 86_400 }))
  const announced = (yield* Effect.promise(() => queue(place))).at(-1)
  yield* Effect.promise(() => who.session("POST", route, 200, announced))
  const shared = { DATABASE_URL: databaseUrl, DATA_DIR: place.settings.DATA_DIR, SIMULATOR_URL: place.simulator }
  const others = yield* Effect.all([server(shared), server(shared)], { concurrency: 2 })
  expect(others).toHaveLength(2)
  const ends = (all: ReadonlyArray<string>) => all.filter((subject) => subject.includes("expires in 2 days"))
  yield* Effect.promise(() =>
    until("the notice", 30, async () => (ends(await subjects()).length > 0 ? true : undefined))
  )
  expect(ends(yield* Effect.promise(subjects))).toHaveLength(1)
  expect((yield* Effect.promise(subjects)).filter((subject) => subject.includes("back at its secret"))).toHaveLength(1)
  expect((yield* run(["status"])).isWell).toBe(false)

  // No secret works any more (F8): operators hear of it, no connection changes, and the right secret heals it.
  yield* Effect.promise(() => simulate(place, "act", { kind: "rotate-secret", clientId, overlapSeconds: 0 }))
  const { json } = yield* Effect.promise(() => who.api("POST", `/v1/connections/${tile}/access-token`, 200))
  const refusedToken = text(json, "accessToken")
  yield* Effect.promise(() => who.api("POST", `/v1/connections/${tile}/access-token`, 502, { refusedToken }))
  const { items } = (yield* Effect.promise(() => who.session("GET", "/v1/operator/incidents", 200)))
    .json as unknown as { readonly items: ReadonlyArray<{ readonly kind: string; readonly state: string }> }
  expect(items).toMatchObject([{ kind: "application-rejected", state: "open" }])
  const { json: connection } = yield* Effect.promise(() => who.api("GET", `/v1/connections/${tile}`, 200))
  expect(JSON.stringify(connection)).not.toMatch(/reauthorization/i)
  yield* run(["retire", "amazon-sp", "--pending"])
  yield* run(["set", "amazon-sp"], (yield* Effect.promise(() => application(place))).clientSecret)
  yield* run(["promote", "amazon-sp"])
  yield* Effect.promise(() => who.api("POST", `/v1/connections/${tile}/access-token`, 200, { refusedToken }))
  expect(printed.join("\n")).not.toContain("amzn1.oa2-cs")
})

describe("the secrets of applications", () => {
  test("change on a live installation without a failed read, and say what is wrong", { timeout: 180_000 }, async () => {
    await Effect.runPromise(Effect.scoped(program))
  })

  test("are no arguments, and what was typed is not repeated", () => {
    for (const words of [
      ["set", "amazon-sp", "amzn1.oa2-cs.v1.x"],
      ["set"],
      ["promote", "a", "--file=b"],
      ["--secret=x"],
      []
    ]) {
      const refused = SecretsCommand.parse(words)
      expect(Result.isFailure(refused) && refused.failure.message).toContain("npm run secrets -- set APP")
      expect(Result.isFailure(refused) && refused.failure.message).not.toContain("amzn1")
    }
    expect(Result.isSuccess(SecretsCommand.parse(["retire", "amazon-sp", "--pending"]))).toBe(true)
  })
})
