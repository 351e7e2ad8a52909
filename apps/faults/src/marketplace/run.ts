/**
 * Many random consents that begin at the marketplace, and whether each landed on the right record or was refused in
 * words, without a connection or a consent that is there twice (rules C4, C10).
 */
import { Connection } from "@portolan/domain"
import { Effect } from "effect"
import { asItIs, type Variant } from "../identity/world.ts"
import type { Seller } from "./door.ts"
import { duplicates } from "./duplicates.ts"
import { type Outcome, perform, type Scene } from "./perform.ts"
import { planOf } from "./plan.ts"
import * as Steps from "./steps.ts"
import { make, type World } from "./world.ts"

/** What was found. All is well when `landed` and `refused` make up `starts`. */
export interface Result {
  readonly starts: number
  readonly landed: number
  readonly refused: number
  /** Connections and consents that are there twice. */
  readonly duplicates: number
}

/** What the run is asked for. */
export interface Options {
  readonly starts: number
  /** The first seed; each world has the next one. */
  readonly seed?: number
  readonly variant?: Variant
  /** Hears of every start that neither landed nor was refused. */
  readonly report?: (seed: number, wrong: string) => void
}

/** The starts of one world. */
const worldSize = 25

/** Connects a seller before the starts begin, by the ordinary way. */
const connected = Effect.fnUntraced(function* (world: World, tenant: Steps.Tenant, seller: Seller) {
  const id = yield* Steps.openAccount(world, tenant, `First account of ${seller}`)
  const returned = yield* Steps.goOn(world, tenant, yield* Steps.begin(world, seller), id)
  yield* Steps.comeBack(world.door, returned.callback, returned.browser)
  yield* Steps.choose(tenant, returned.authorizationId)
  const connection = yield* Steps.connectionOf(tenant, id)
  if (!Connection.isLinked(connection)) return yield* Effect.die(`${seller} could not be connected`)
  tenant.landed.set(world.idOf(seller), id)
})

const inWorld = (seed: number, count: number, variant: Variant) => {
  const world = make(seed, variant)
  return Effect.gen(function* () {
    const scene: Scene = { world, home: Steps.tenant(1), rival: Steps.tenant(2) }
    yield* connected(world, scene.home, "olga")
    yield* connected(world, scene.rival, "rita")
    const outcomes: Array<readonly [string, Outcome]> = []
    for (const start of planOf(world.door, seed, count)) {
      outcomes.push([`${start.kind} of ${start.seller}`, yield* perform(scene, start)])
    }
    return { outcomes, duplicates: yield* duplicates(world.door, [scene.home, scene.rival]) }
  }).pipe(Effect.provide(world.layer), Effect.scoped, Effect.orDie)
}

/** Runs the starts, world after world, and counts. */
export const run = Effect.fn("marketplace.run")(function* ({
  report,
  seed = 1,
  starts,
  variant = asItIs
}: Options): Effect.fn.Return<Result> {
  const found = { landed: 0, refused: 0, duplicates: 0 }
  for (let begun = 0, at = seed; begun < starts; begun += worldSize, at++) {
    const inside = yield* inWorld(at, Math.min(worldSize, starts - begun), variant)
    found.duplicates += inside.duplicates
    if (inside.duplicates > 0) report?.(at, `${inside.duplicates} duplicates`)
    for (const [name, outcome] of inside.outcomes) {
      if (typeof outcome === "string") found[outcome] += 1
      else report?.(at, `${name}: ${outcome.wrong}`)
    }
  }
  return { starts, ...found }
})
