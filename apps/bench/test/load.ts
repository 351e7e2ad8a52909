/**
 * `npm run bench -- load`: first loads carried out by several workers on a real PostgreSQL. A worker carries out one job
 * at a time; the provider answers a window after `answerMillis`, and has no limit. Rounds of few and of many workers take
 * turns, each on accounts of its own.
 *
 * - `speedup`: windows a second with the most workers, over those with the fewest.
 * - `conflicts`: how often a commit met another one's version.
 * - `statementsPerWindow`: everything that is sent for a window, counted on the wire: what the queue sends, the handler,
 *   and its share of what settles the load.
 */
import { Scheduler } from "@portolan/ports"
import { Database } from "@portolan/postgres"
import { Deferred, Effect, Exit, Layer, Redacted, Ref, Scope } from "effect"
import * as Embedded from "../../../adapters/postgres/test/support/embedded.ts"
import {
  admin,
  carryOut,
  connectSeller,
  windowsOfSeller,
  world
} from "../../../adapters/postgres/test/support/loading.ts"
import { median } from "../src/measure.ts"
import type { bar } from "./report.ts"
import * as Tap from "./tap.ts"

/** What was measured. */
export interface Figures {
  readonly speedup: number
  readonly conflicts: number
  readonly statementsPerWindow: number
  /** Windows a second, by number of workers. */
  readonly perSecond: { readonly [workers: string]: number }
}

/** How long the provider takes for an answer, in milliseconds. */
export const answerMillis = 25

const rounds = 5
const sellers = 4
const windows = sellers * windowsOfSeller

/** Loads a few accounts with so many workers; gives seconds, and statements on the wire. */
const loadWith = Effect.fnUntraced(function* (tap: Tap.Tap, workers: number, first: number) {
  const by = yield* admin
  yield* Effect.forEach(
    Array.from({ length: sellers }, (_, n) => first + n),
    (n) => connectSeller(by, n)
  )
  const over = yield* Deferred.make<void>()
  let left = windows
  const work = yield* carryOut((task, outcome) => {
    if (task !== "LoadWindow" || outcome !== "Done") return
    left -= 1
    if (left === 0) Deferred.doneUnsafe(over, Effect.void)
  })
  const scope = yield* Scope.make()
  const scheduler = yield* Scheduler.Scheduler
  const before = tap.statements()
  const began = performance.now()
  yield* Effect.forEach(Array.from({ length: workers }), () =>
    Scope.provide(scheduler.consume(work, { concurrency: 1 }), scope)
  )
  yield* Deferred.await(over)
  const seconds = (performance.now() - began) / 1_000
  const statements = tap.statements() - before
  yield* Scope.close(scope, Exit.void)
  return { seconds, statements }
})

/** Measures loading. */
export const load = ({
  progress,
  workers
}: {
  readonly workers: ReadonlyArray<number>
  readonly progress: ReturnType<typeof bar>
}) =>
  Effect.gen(function* () {
    const server = yield* Effect.acquireRelease(
      Effect.promise(() => Embedded.start()),
      ({ stop }) => Effect.promise(() => stop())
    )
    const tap = yield* Effect.acquireRelease(
      Effect.promise(() => Tap.open(server.url)),
      ({ stop }) => Effect.promise(stop)
    )
    const conflicts = yield* Ref.make(0)
    const database = Database.layerPostgres({ url: Redacted.make(tap.url), poolSize: 6 })
    const context = yield* Layer.build(world(database, { conflicts, answerMillis }))
    const run = (many: number, first: number) => Effect.provide(loadWith(tap, many, first), context)
    const seconds = new Map(workers.map((many) => [many, [] as Array<number>]))
    let seller = 0
    for (const many of workers) yield* run(many, (seller += sellers))
    yield* Ref.set(conflicts, 0)
    let statements = 0
    for (let round = 0; round < rounds; round++) {
      for (const many of workers) {
        const one = yield* run(many, (seller += sellers))
        seconds.get(many)?.push(one.seconds)
        statements += one.statements
      }
      progress("rounds", (round + 1) / rounds)
    }
    const rate = (many: number) => windows / median(seconds.get(many) ?? [])
    const ordered = workers.toSorted((one, other) => one - other)
    const round = (value: number) => Number(value.toFixed(2))
    return {
      speedup: round(rate(ordered.at(-1) ?? 1) / rate(ordered[0] ?? 1)),
      conflicts: yield* Ref.get(conflicts),
      statementsPerWindow: round(statements / (windows * rounds * workers.length)),
      perSecond: Object.fromEntries(ordered.map((many) => [String(many), round(rate(many))]))
    } satisfies Figures
  }).pipe(Effect.scoped)
