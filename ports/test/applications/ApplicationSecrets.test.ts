import { describe, expect, it } from "@effect/vitest"
import { MemoryAdapters, NotifierMemory } from "@portolan/memory"
import { ApplicationSecrets, Deployment, liveSecrets, SecretWatch, TokenVault, useCases } from "@portolan/ports"
import { Context, DateTime, Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { newSecret, provider, secret, story } from "./scenario.ts"

const world = (one: ReturnType<typeof provider>) =>
  useCases.pipe(
    Layer.provideMerge(MemoryAdapters.layer()),
    Layer.provideMerge(Layer.succeed(Deployment.Deployment, { origin: "https://portolan.example.com" })),
    Layer.provideMerge(one.layer)
  )

/** Runs with a server's services; `servers` are two that watch the same store. */
const withWorld = <E>(
  run: (one: ReturnType<typeof provider>) => Effect.Effect<void, E, Layer.Success<ReturnType<typeof world>>>
) => {
  const one = provider()
  return run(one).pipe(Effect.provide(world(one)))
}

const server = Effect.map(Layer.build(Layer.fresh(SecretWatch.SecretWatch.layer)), (context) =>
  Context.get(context, SecretWatch.SecretWatch)
)

const subjects = Effect.map(NotifierMemory.notices, (all) => all.map((one) => one.subject))

const texts = (all: ReadonlyArray<{ readonly secret: Redacted.Redacted<string> }>) =>
  all.map((one) => Redacted.value(one.secret))

describe("the secrets of an application", () => {
  it.live("are set, promoted and rotated once by two at a time", () => withWorld(story))

  it.effect("send one notice per moment before the end, however many servers watch and however often", () =>
    withWorld((one) =>
      Effect.gen(function* () {
        const { receive } = yield* ApplicationSecrets.ApplicationSecrets
        const servers = [yield* server, yield* server]
        const look = Effect.forEach(servers, ({ look }) => look(), { concurrency: "unbounded" })
        const end = DateTime.add(yield* DateTime.now, { days: 100 })
        yield* receive({ _tag: "Expiry", clientId: "client", endsAt: end })
        for (let day = 0; day < 102; day++) {
          yield* look
          yield* TestClock.adjust("1 day")
        }
        expect(yield* subjects).toEqual([
          ...[90, 30, 14, 7, 3].map((left) => `The secret of made-up expires in ${left} days`),
          "The secret of made-up expires in 1 day",
          "The secret of made-up has expired"
        ])
        // A later end is news of its own; who was away for long hears of the latest moment only.
        yield* receive({ _tag: "Expiry", clientId: "client", endsAt: DateTime.add(yield* DateTime.now, { days: 5 }) })
        yield* look
        expect((yield* subjects).slice(7)).toEqual(["The secret of made-up expires in 5 days"])
        expect(one.state.rotations).toBe(0)
      }).pipe(Effect.scoped)
    )
  )

  it.effect("take a provider's new secret when it is accepted, and try a refused one again", () =>
    withWorld((one) =>
      Effect.gen(function* () {
        const { receive, status } = yield* ApplicationSecrets.ApplicationSecrets
        const watch = yield* server
        const now = yield* DateTime.now
        yield* receive(newSecret("second", now))
        yield* watch.look()
        yield* watch.look()
        expect((yield* status())[0]?.pending?.tested?.outcome).toBe("refused")
        expect(yield* subjects).toEqual([
          // The provider said when the one that is used ends.
          "The secret of made-up expires in 7 days",
          "The new secret of made-up is refused"
        ])
        one.state.accepts.add("second")
        yield* watch.look()
        expect((yield* status())[0]?.current.number).toBe(2)
        // The same message again, and an older one that comes late, change nothing.
        const before = yield* status()
        yield* receive(newSecret("second", now))
        yield* receive(newSecret("zeroth", DateTime.subtract(now, { days: 1 })))
        expect(yield* status()).toEqual(before)
        yield* watch.look()
        expect((yield* subjects).slice(2)).toEqual(["made-up uses its new secret"])
        // Once the provider accepts the one before no more, it is forgotten.
        yield* TestClock.adjust("8 days")
        yield* watch.look()
        expect((yield* status())[0]?.previous).toBeUndefined()
        const foreign = yield* Effect.flip(receive({ ...newSecret("x", now), clientId: "somebody else" }))
        expect(foreign.message).toContain("No application of this installation")
      }).pipe(Effect.scoped)
    )
  )

  it.effect("fall back when a promoted secret is refused, with one notice, and adopt one of the settings", () =>
    withWorld((one) =>
      Effect.gen(function* () {
        const { promote, receive, retire, set, status } = yield* ApplicationSecrets.ApplicationSecrets
        const watch = yield* server
        const source = liveSecrets({ applications: one.port, vault: yield* TokenVault.TokenVault })
        const now = yield* DateTime.now
        yield* set("made-up", { ...secret("mistyped"), endsAt: DateTime.add(now, { days: 900 }) })
        const refused = yield* Effect.flip(promote("made-up", false))
        expect(refused.message).toContain("The provider has not accepted the new secret yet (invalid_client).")
        yield* promote("made-up", true)
        expect(texts(yield* source.candidates("made-up/client"))).toEqual(["mistyped", "first"])
        const seen = { accepted: secret("first"), refused: [secret("mistyped")], detail: "invalid_client" }
        yield* Effect.all([source.report("made-up/client", seen), source.report("made-up/client", seen)], {
          concurrency: 2
        })
        yield* watch.look()
        yield* watch.look()
        const [view] = yield* status()
        expect(view?.current.number).toBe(1)
        expect(view?.warnings).toContain("The promotion of secret 2 was taken back.")
        expect(yield* subjects).toEqual([
          "The secret of made-up expires in 7 days",
          "made-up is back at its secret before"
        ])
        expect(texts(yield* source.candidates("made-up/client"))).toEqual(["first", "mistyped"])
        // Mistyped and corrected: the refused one gives way.
        one.state.accepts.add("second")
        yield* set("made-up", { ...secret("second"), endsAt: DateTime.add(now, { days: 170 }) })
        yield* promote("made-up", false)
        // A notice about a secret that was made before the operator's comes late; one that was made after it counts.
        yield* receive(newSecret("late", DateTime.subtract(now, { hours: 1 })))
        expect((yield* status())[0]?.pending).toBeUndefined()
        yield* receive(newSecret("third", DateTime.add(now, { hours: 1 })))
        expect((yield* status())[0]?.pending?.source).toBe("provider")
        yield* retire("made-up", "pending")
        expect(texts(yield* source.candidates("made-up/client")).slice(0, 1)).toEqual(["first"])
        yield* TestClock.adjust("6 seconds")
        expect(texts(yield* source.candidates("made-up/client")).slice(0, 1)).toEqual(["second"])
      }).pipe(Effect.scoped)
    )
  )
})
