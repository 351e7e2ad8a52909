/**
 * What a provider sent that cannot be read, and is left out so that the rest can be used: one odd row, profile or
 * advertiser hides no other. Nothing is left out in silence: an adapter tells it, and somebody counts it.
 *
 * Rows of a window travel in its answer (`WindowAnswer`), because they are kept and read again after a fix. A list of
 * profiles or advertisers has no place for what is none, so it is told to a listener around the call.
 */
import { Context, Effect, Ref } from "effect"

/** One thing that could not be read. */
export interface Quarantined {
  /** Why, as a sentence for an operator. */
  readonly reason: string
  /**
   * What came, as it came: at most `longestRaw` characters, without secrets and without names, addresses and telephone
   * numbers of customers.
   */
  readonly raw: string
  /** Its key or id, when that much could be read: whoever takes what is not listed for gone must not take this. */
  readonly key?: string
}

/** The longest `raw`, in characters. */
export const longestRaw = 2000

/** What was left out of one list. */
export interface LeftOut {
  readonly channel: string
  /** The method of the port, e.g. `discover`. */
  readonly call: string
  readonly items: ReadonlyArray<Quarantined>
}

const log = ({ call, channel, items }: LeftOut) =>
  Effect.logWarning(`${items.length} of what ${channel} listed cannot be read and is left out`, {
    call,
    reasons: [...new Set(items.map(({ reason }) => reason))].slice(0, 10)
  })

/** Who is told of what was left out of a list; the log, unless somebody listens. */
export const LeftOutListener: Context.Reference<(left: LeftOut) => Effect.Effect<void>> = Context.Reference<
  (left: LeftOut) => Effect.Effect<void>
>("@portolan/ports/driven/LeftOutListener", { defaultValue: () => log })

/** Reports to whoever listens; nothing when nothing was left out. */
export const report = (left: LeftOut): Effect.Effect<void> =>
  left.items.length === 0 ? Effect.void : Effect.flatMap(LeftOutListener, (listen) => listen(left))

/** Runs a call and gives what it left out beside its value. Whoever listened before is told as well. */
export const collect = <A, E, R>(
  call: Effect.Effect<A, E, R>
): Effect.Effect<readonly [A, ReadonlyArray<Quarantined>], E, R> =>
  Effect.gen(function* () {
    const outer = yield* LeftOutListener
    const seen = yield* Ref.make<ReadonlyArray<Quarantined>>([])
    const value = yield* Effect.provideService(call, LeftOutListener, (left) =>
      Effect.andThen(
        Ref.update(seen, (items) => [...items, ...left.items]),
        outer(left)
      )
    )
    return [value, yield* Ref.get(seen)] as const
  })
