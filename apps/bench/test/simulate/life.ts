/** One organization, lived through from beginning to end and judged. */
import { createHash } from "node:crypto"
import { DateTime, Effect, Logger } from "effect"
import { drawFrom } from "./draw.ts"
import { judge } from "./laws.ts"
import { ledger } from "./provider.ts"
import { run } from "./VirtualTime.ts"
import { live, planOf, world } from "./world.ts"

/** Which organization of a simulation, and how long it lives. */
export interface World {
  readonly n: number
  readonly seed: number
  readonly days: number
  readonly accounts: number
}

/** What a life came to. */
export interface Lived {
  readonly n: number
  readonly calls: number
  readonly refreshes: number
  readonly windows: number
  readonly events: number
  readonly broken: ReadonlyArray<string>
  readonly digest: string
}

const startsAt = DateTime.toEpochMillis(DateTime.makeUnsafe("2026-01-05T00:00:00Z"))

/** Lives through it. */
export const lifeOf = async ({ accounts, days, n, seed }: World): Promise<Lived> => {
  const seen = ledger()
  const draw = drawFrom(createHash("sha256").update(`${seed}/${n}`).digest().readUInt32BE())
  const life = Effect.gen(function* () {
    return yield* judge(yield* live(planOf(draw, accounts, days), days), seen, days)
  })
  const { broken, events } = await run(
    startsAt,
    Effect.scoped(life).pipe(
      Effect.provide(world(`${seed}/${n}`, seen)),
      Effect.withTracerEnabled(false),
      Effect.provide(Logger.layer([]))
    )
  )
  const { calls, refreshes, windows } = seen
  const digest = createHash("sha256")
    .update(JSON.stringify([events, calls, refreshes, [...windows]]))
    .digest("hex")
  return { n, calls, refreshes, windows: windows.size, events: events.length, broken, digest }
}
