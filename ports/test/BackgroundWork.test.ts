import { describe, expect, it } from "@effect/vitest"
import { Id } from "@portolan/domain"
import { MemoryAdapters } from "@portolan/memory"
import { BackgroundWork, Deployment, Mailer, useCases, Workers } from "@portolan/ports"
import { Context, Duration, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { account, adsKey, caller, connected, working } from "./support/world.ts"

const world = useCases.pipe(
  Layer.provideMerge(MemoryAdapters.layer()),
  Layer.provideMerge(
    Layer.succeed(Deployment.Deployment, {
      origin: "https://portolan.example.com",
      supportEmail: "support@portolan.example.com"
    })
  )
)

const alarmAfter = Duration.minutes(5)

/** A server of its own over the same store. */
const server = Effect.map(Layer.build(Layer.fresh(BackgroundWork.BackgroundWork.layer)), (context) =>
  Context.get(context, BackgroundWork.BackgroundWork)
)

const mails = Effect.flatMap(Mailer.Mailer, ({ kept }) =>
  Effect.map(kept(Id.installation, { limit: 50 }), ({ items }) => items.map((mail) => mail.emailMessage.subject))
)

describe("a standstill of background work", () => {
  it.effect("is mailed to support once by several servers, and so is its end", () =>
    Effect.gen(function* () {
      const servers = [yield* server, yield* server]
      const look = Effect.forEach(servers, (one) => one.look(alarmAfter), { concurrency: "unbounded" })
      yield* Effect.scoped(Effect.andThen(servers[0]!.live("worker"), TestClock.adjust("10 minutes")))
      yield* look
      expect(yield* mails).toEqual([])
      yield* TestClock.adjust("6 minutes")
      yield* look
      yield* look
      expect(yield* mails).toEqual(["Background work stands still"])
      yield* TestClock.adjust("1 hour")
      yield* look
      expect(yield* mails).toHaveLength(1)
      yield* servers[1]!.live("another worker")
      yield* look
      yield* look
      expect(yield* mails).toEqual(["Background work goes on", "Background work stands still"])
    }).pipe(Effect.scoped, Effect.provide(world))
  )

  it.effect("is told by the next server when the first one died while it mailed", () =>
    Effect.gen(function* () {
      const { claimNotice, beat } = yield* Workers.Workers
      yield* beat("worker", Duration.seconds(30))
      yield* TestClock.adjust("10 minutes")
      expect(yield* claimNotice("standstill", Duration.minutes(2))).toBe(true)
      const next = yield* server
      expect(yield* next.look(alarmAfter)).toBeUndefined()
      yield* TestClock.adjust("3 minutes")
      expect(yield* next.look(alarmAfter)).toBe("standstill")
      expect(yield* mails).toEqual(["Background work stands still"])
    }).pipe(Effect.scoped, Effect.provide(world))
  )

  it.effect("is also that a worker lives and does nothing, and no queue that is worked on", () =>
    Effect.gen(function* () {
      const own = yield* server
      yield* own.live("worker")
      const by = caller()
      const { ads } = yield* account(by)
      yield* connected(by, ads.id, "code", adsKey("2973802954634317"))
      yield* TestClock.adjust("2 hours")
      expect((yield* own.status()).living).toBe(1)
      expect(yield* own.look(alarmAfter)).toBe("standstill")
      yield* working
      expect((yield* own.status()).oldestDueAt).toBeUndefined()
    }).pipe(Effect.scoped, Effect.provide(world))
  )

  it.effect("is none while an idle worker lives", () =>
    Effect.gen(function* () {
      const own = yield* server
      yield* own.live("worker")
      yield* TestClock.adjust("2 hours")
      expect(yield* own.look(alarmAfter)).toBeUndefined()
      expect((yield* own.status()).living).toBe(1)
    }).pipe(Effect.scoped, Effect.provide(world))
  )
})
