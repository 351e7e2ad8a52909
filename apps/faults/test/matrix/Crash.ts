/** Ends a process at one of its outside calls. What it had begun ends with it. */
import { Effect } from "effect"

/** When it ends: before the call left, after it was carried out, or not at all, but the reply is lost. */
export type Moment = "before" | "after" | "reply lost"

/** The moments of a call. */
export const moments: ReadonlyArray<Moment> = ["before", "after", "reply lost"]

/** A process and the call at which something happens to it. */
export interface Life {
  /** Counts from 1; 0 for a process that nothing happens to. */
  readonly at: number
  readonly moment: Moment
  calls: number
  dead: boolean
  /** The call that was struck, as `port.method`. */
  struck: string | undefined
}

/** A process that is struck at a call. */
export const lifeWith = (at: number, moment: Moment): Life => ({ at, moment, calls: 0, dead: false, struck: undefined })

type Call = (...args: ReadonlyArray<never>) => unknown

const strike = (life: Life, call: Effect.Effect<unknown, unknown>, lost: Effect.Effect<never, unknown>) => {
  switch (life.moment) {
    case "before":
      life.dead = true
      return Effect.never
    case "after":
      return Effect.flatMap(Effect.exit(call), () => {
        life.dead = true
        return Effect.never
      })
    case "reply lost":
      return Effect.andThen(Effect.exit(call), lost)
  }
}

/**
 * A port whose calls count, and end the process that makes them when its time has come. `lost` is what the caller hears
 * when the reply is lost.
 */
export const mortal = <S extends object>(
  service: S,
  life: Life,
  { lost, port }: { readonly port: string; readonly lost: (doing: string) => Effect.Effect<never, unknown> }
): S => {
  const guarded =
    (name: string, call: Call): Call =>
    (...args) => {
      const effect = call(...args)
      if (!Effect.isEffect(effect)) return effect
      return Effect.suspend(() => {
        if (life.dead) return Effect.never
        life.calls += 1
        if (life.calls !== life.at) return effect as Effect.Effect<unknown, unknown>
        life.struck = `${port}.${name}`
        return strike(life, effect as Effect.Effect<unknown, unknown>, lost(name))
      })
    }
  return Object.fromEntries(
    Object.entries(service).map(([name, member]) => [
      name,
      typeof member === "function" ? guarded(name, member as Call) : member
    ])
  ) as S
}
