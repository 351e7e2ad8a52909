import { expect, it } from "@effect/vitest"
import { Failure } from "@portolan/domain"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Guard } from "../src/index.ts"
import { failure } from "./support.ts"

const asked = (seconds?: number) =>
  Effect.fail(
    new Failure.Temporary({
      detail: "slow down",
      throttled: true,
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds })
    })
  )

it.effect("sends nothing on a closed quota, tells what is left, and opens it in time", () =>
  Effect.gen(function* () {
    const guard = Guard.make()
    let sent = 0
    const call = Effect.sync(() => {
      sent++
    }).pipe(guard.within("orders"))
    yield* failure(asked(30).pipe(guard.within("orders")))
    yield* TestClock.adjust("10500 millis")
    expect(yield* failure(call)).toMatchObject({ throttled: true, retryAfterSeconds: 20 })
    expect(sent).toBe(0)
    yield* TestClock.adjust("19500 millis")
    yield* call
    expect(sent).toBe(1)
  })
)

it.effect("closes no other quota, and none when no wait was asked for", () =>
  Effect.gen(function* () {
    const guard = Guard.make()
    yield* failure(asked(30).pipe(guard.within("orders")))
    expect(yield* Effect.succeed("sent").pipe(guard.within("items"))).toBe("sent")
    yield* failure(asked().pipe(guard.within("items")))
    expect(yield* Effect.succeed("sent").pipe(guard.within("items"))).toBe("sent")
  })
)

it.effect("keeps the longest of several waits", () =>
  Effect.gen(function* () {
    const guard = Guard.make()
    yield* Effect.all([30, 5].map((seconds) => failure(asked(seconds).pipe(guard.within("orders")))))
    yield* Effect.all(
      [60, 5].map((seconds) => failure(Effect.andThen(Effect.yieldNow, asked(seconds)).pipe(guard.within("stock")))),
      { concurrency: "unbounded" }
    )
    expect(yield* failure(asked(1).pipe(guard.within("orders")))).toMatchObject({ retryAfterSeconds: 30 })
    expect(yield* failure(asked(1).pipe(guard.within("stock")))).toMatchObject({ retryAfterSeconds: 60 })
  })
)

it.effect("remembers the newest waits of very many quotas", () =>
  Effect.gen(function* () {
    const guard = Guard.make()
    for (let one = 0; one <= 10_000; one++) yield* failure(asked(30).pipe(guard.within(`quota ${one}`)))
    expect(yield* failure(asked(1).pipe(guard.within("quota 10000")))).toMatchObject({ retryAfterSeconds: 30 })
    expect(yield* failure(asked(1).pipe(guard.within("quota 0")))).toMatchObject({ detail: "slow down" })
  })
)
