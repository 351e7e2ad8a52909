import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import * as FairQueue from "../src/FairQueue.ts"

const limits: FairQueue.Limits = { atOnce: 2, inQueue: 20, perAddress: 6, perAccount: 3 }

/** Work that notes its name and waits to be let go. */
const bench = Effect.map(Deferred.make<void>(), (open) => {
  const order: Array<string> = []
  return {
    open: Deferred.succeed(open, undefined),
    order,
    work: (name: string) =>
      Effect.andThen(
        Deferred.await(open),
        Effect.sync(() => order.push(name))
      )
  }
})

const turns = Effect.repeat(Effect.yieldNow, { times: 20 })

describe("a queue", () => {
  it.effect("lets addresses take turns, and refuses at once who has too much in it", () =>
    Effect.gen(function* () {
      const queue = FairQueue.make(limits)
      const { open, order, work } = yield* bench
      const ask = (address: string, account: string) =>
        Effect.tap(Effect.forkChild(queue.run({ address, account }, work(`${address}/${account}`))), () => turns)
      const many = yield* Effect.forEach(["a", "b", "c", "d", "e", "f"], (account) => ask("one", account))
      expect(yield* queue.run({ address: "one", account: "g" }, work("never"))).toBeUndefined()
      const other = yield* ask("other", "a")
      yield* open
      yield* Effect.forEach([...many, other], Fiber.join)
      expect(order.indexOf("other/a")).toBeLessThanOrEqual(3)
      expect(order).toHaveLength(7)
    })
  )

  it.effect("holds few attempts on one account of one address, and others on it from elsewhere", () =>
    Effect.gen(function* () {
      const queue = FairQueue.make(limits)
      const { open, work } = yield* bench
      const fibers = yield* Effect.forEach([1, 2, 3], (index) =>
        Effect.tap(Effect.forkChild(queue.run({ address: "one", account: "a" }, work(`${index}`))), () => turns)
      )
      expect(yield* queue.run({ address: "one", account: "a" }, work("never"))).toBeUndefined()
      const owner = yield* Effect.forkChild(queue.run({ address: "home", account: "a" }, work("owner")))
      yield* open
      expect(yield* Fiber.join(owner)).toBeDefined()
      yield* Effect.forEach(fibers, Fiber.join)
    })
  )

  it.effect("loses no place to whoever gives up, waiting or at work", () =>
    Effect.gen(function* () {
      const queue = FairQueue.make(limits)
      for (let round = 0; round < 30; round++) {
        const fibers = yield* Effect.forEach([1, 2, 3, 4, 5], (index) =>
          Effect.forkChild(queue.run({ account: `${index}` }, Effect.never))
        )
        yield* Effect.repeat(Effect.yieldNow, { times: round })
        yield* Fiber.interruptAll(fibers)
      }
      const done = yield* Effect.all(
        Array.from({ length: 20 }, (_, index) => queue.run({ account: `${index}` }, Effect.as(Effect.yieldNow, index))),
        { concurrency: "unbounded" }
      )
      expect(done).toEqual(Array.from({ length: 20 }, (_, index) => index))
    })
  )
})
