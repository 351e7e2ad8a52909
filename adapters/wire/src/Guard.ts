/**
 * Keeps this process from calling earlier than a provider asked. A call that must wait notes it under
 * the quota's name; until then every call on the same quota fails at once with what is left of the wait, and nothing is
 * sent. Other processes learn it from their own answer.
 */
import { Failure } from "@portolan/domain"
import { Clock, Effect } from "effect"

/** Most quotas that are remembered; beyond it those that are over are forgotten, then the oldest. */
const capacity = 10_000

/** Remembers waits. */
export interface Guard {
  /**
   * Runs a call unless its quota is closed, and closes the quota when the call is asked to wait: for as long as it was
   * asked, or for `longestSeconds` where many depend on one quota, so that one answer does not stop all of them for a
   * day.
   */
  readonly within: (
    quota: string,
    longestSeconds?: number
  ) => <A, E extends { readonly _tag: string }>(call: Effect.Effect<A, E>) => Effect.Effect<A, E | Failure.Temporary>
}

/** Makes an empty memory. */
export const make = (): Guard => {
  const opensAt = new Map<string, number>()

  const forget = (now: number): void => {
    for (const [quota, at] of opensAt) if (at <= now) opensAt.delete(quota)
    for (const quota of opensAt.keys()) {
      if (opensAt.size < capacity) return
      opensAt.delete(quota)
    }
  }

  const close = Effect.fnUntraced(function* (quota: string, longestSeconds: number, error: { readonly _tag: string }) {
    if (!(error instanceof Failure.Temporary) || error.retryAfterSeconds === undefined) return
    const now = yield* Clock.currentTimeMillis
    if (opensAt.size >= capacity) forget(now)
    // Several callers may be told different waits at once: the longest counts.
    opensAt.set(
      quota,
      Math.max(opensAt.get(quota) ?? 0, now + Math.min(error.retryAfterSeconds, longestSeconds) * 1000)
    )
  })

  const check = Effect.fnUntraced(function* (quota: string) {
    const left = (opensAt.get(quota) ?? 0) - (yield* Clock.currentTimeMillis)
    if (left <= 0) return
    return yield* Effect.fail(
      new Failure.Temporary({
        detail: "the provider asked to wait before this kind of call is repeated",
        throttled: true,
        retryAfterSeconds: Math.ceil(left / 1000)
      })
    )
  })

  return {
    within:
      (quota, longestSeconds = Number.POSITIVE_INFINITY) =>
      (call) =>
        Effect.flatMap(check(quota), () => Effect.tapError(call, (error) => close(quota, longestSeconds, error)))
  }
}
