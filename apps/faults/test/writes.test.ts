/** How many statements the main writes send, settings, begin and commit among them: a table that nothing may exceed. */
import { expect, it } from "@effect/vitest"
import { useCases } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { freshDatabase } from "../../../adapters/postgres/test/support/databases.ts"
import { steps } from "../../bench/test/journey.ts"
import * as Tap from "../../bench/test/tap.ts"
import { statementsOf } from "../../bench/test/writes.ts"
import { driven } from "./matrix/Installation.ts"

/** By step of a customer's way. A request also says who calls; the window is what its handler sends. */
const budgets = { addCompany: 14, authenticateNow: 25, callback: 18, choose: 32, window: 31 }

it.live("the main writes send as many statements as their budget says, and no more", () =>
  Effect.gen(function* () {
    const { url } = yield* freshDatabase
    const tap = yield* Effect.acquireRelease(
      Effect.promise(() => Tap.open(Redacted.value(url))),
      ({ stop }) => Effect.promise(stop)
    )
    const world = Layer.provideMerge(useCases, driven(Redacted.make(tap.url)))
    const { statements } = yield* Effect.provide(statementsOf(tap), yield* Layer.build(Layer.fresh(world)))
    const exceeding = steps.filter((step) => !((statements.get(step) ?? Infinity) <= budgets[step]))
    expect({ exceeding, statements: Object.fromEntries(statements) }).toMatchObject({ exceeding: [] })
  }).pipe(Effect.scoped)
)
