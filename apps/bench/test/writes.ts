/**
 * `npm run bench -- writes`: what writes cost on a real PostgreSQL, from the request to its answer; a window from its
 * handler. The yardstick is a bare server of Hono and postgres.js with one INSERT in a transaction. Both take turns in
 * one run.
 */
import type { AddressInfo } from "node:net"
import { createAdaptorServer } from "@hono/node-server"
import { ProviderScript } from "@portolan/memory"
import { useCases } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { Hono } from "hono"
import postgres from "postgres"
import { driven } from "../../faults/test/matrix/Installation.ts"
import * as Embedded from "../../../adapters/postgres/test/support/embedded.ts"
import { app, type Customer, customer, journey, type Step, steps, type Watch } from "./journey.ts"
import * as Tap from "./tap.ts"

/** A write: statements of one, how often a second it is done, and how fast it is compared with the bare server. */
export interface Written {
  readonly statements: number
  readonly perSecond: number
  readonly ratio: number
}

const lanes = 4
const counted = 3

const listening = (fetch: (request: Request) => Response | Promise<Response>) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(async () => {
        const server = createAdaptorServer({ fetch })
        await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))
        return server
      }),
      (server) => Effect.promise(() => new Promise((resolve) => void server.close(resolve)))
    ),
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  )

/** One INSERT in a transaction. */
const bare = Effect.fnUntraced(function* (url: string) {
  const sql = yield* Effect.acquireRelease(
    Effect.sync(() => postgres(url, { max: 12, onnotice: () => undefined })),
    (open) => Effect.promise(() => open.end({ timeout: 1 }))
  )
  yield* Effect.promise(() => sql`create table bare (id bigint generated always as identity primary key, name text)`)
  const server = new Hono()
  server.post("/", async (c) => {
    const { name } = await c.req.json<{ readonly name: string }>()
    const [row] = await sql.begin((begun) => begun`insert into bare (name) values (${name}) returning id`)
    return c.json(row, 201)
  })
  const origin = yield* listening(server.fetch)
  return Effect.promise(async () => {
    const body = JSON.stringify({ name: "Harbour" })
    const response = await fetch(origin, { method: "POST", headers: { "content-type": "application/json" }, body })
    await response.text()
  })
})

const median = (numbers: ReadonlyArray<number>): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0

/**
 * Sends so many statements a step: the least of some journeys, one after another, because a process also does something
 * of its own now and then.
 */
const countStatements = Effect.fnUntraced(function* (origin: string, tap: Tap.Tap, one: Customer) {
  const seen = new Map<Step, Array<number>>(steps.map((step) => [step, []]))
  const watch: Watch = (step, effect) =>
    Effect.suspend(() => {
      const before = tap.statements()
      return Effect.tap(effect, () => Effect.sync(() => seen.get(step)?.push(tap.statements() - before)))
    })
  yield* journey(origin, one, (_, effect) => effect)
  for (let at = 0; at < counted; at++) yield* journey(origin, one, watch)
  return new Map([...seen].map(([step, all]) => [step, Math.min(...all)]))
})

/** The milliseconds of each step and of the yardstick before it, while customers make journeys side by side. */
const timeSteps = Effect.fnUntraced(function* (
  origin: string,
  yardstick: Effect.Effect<void>,
  { customers, millis }: { readonly customers: ReadonlyArray<Customer>; readonly millis: number }
) {
  const times = new Map<Step | "bare", Array<number>>([...steps, "bare" as const].map((step) => [step, []]))
  const timed = <A, E, R>(step: Step | "bare", effect: Effect.Effect<A, E, R>) =>
    Effect.suspend(() => {
      const began = performance.now()
      return Effect.tap(effect, () => Effect.sync(() => times.get(step)?.push(performance.now() - began)))
    })
  const watch: Watch = (step, effect) => Effect.andThen(timed("bare", yardstick), timed(step, effect))
  const until = performance.now() + millis
  const lane = (one: Customer) =>
    Effect.whileLoop({
      while: () => performance.now() < until,
      body: () => journey(origin, one, watch),
      step: () => undefined
    })
  yield* Effect.forEach(customers, lane, { concurrency: "unbounded", discard: true })
  return new Map([...times].map(([step, all]) => [step, median(all)]))
})

/** Counts the statements of each step of a journey. */
export const statementsOf = Effect.fnUntraced(function* (tap: Tap.Tap) {
  yield* (yield* ProviderScript.ProviderScript).tokens({ accessLife: "10 hours" })
  const origin = yield* listening((yield* app).fetch)
  return { origin, statements: yield* countStatements(origin, tap, yield* customer) }
})

/** Measures the steps of a journey, by name. */
export const writes = (millis: number) =>
  Effect.gen(function* () {
    const server = yield* Effect.acquireRelease(
      Effect.promise(() => Embedded.start()),
      ({ stop }) => Effect.promise(() => stop())
    )
    const tap = yield* Effect.acquireRelease(
      Effect.promise(() => Tap.open(server.url)),
      ({ stop }) => Effect.promise(stop)
    )
    const context = yield* Layer.build(Layer.provideMerge(useCases, driven(Redacted.make(tap.url))))
    const { statements, times } = yield* Effect.provide(
      Effect.gen(function* () {
        const { origin, statements } = yield* statementsOf(tap)
        const customers = yield* Effect.all(Array.from({ length: lanes }, () => customer))
        const times = yield* timeSteps(origin, yield* bare(tap.url), { customers, millis: millis * 5 })
        return { statements, times }
      }),
      context
    )
    const base = times.get("bare") ?? 0
    return Object.fromEntries(
      steps.map((step): readonly [Step, Written] => {
        const took = times.get(step) ?? 0
        return [
          step,
          {
            statements: statements.get(step) ?? 0,
            perSecond: Math.round((lanes * 1_000) / took),
            ratio: Number((base / took).toFixed(3))
          }
        ]
      })
    )
  }).pipe(Effect.scoped)
