/** An application at a provider that a test plays, and one story of its secrets that every vault has to keep. */
import { Result, DateTime, Effect, Layer, Redacted } from "effect"
import { expect } from "vitest"
import { ApplicationSecrets, Applications, liveSecrets, TokenVault } from "@portolan/ports"

/** A provider of one application: it accepts the secrets in `accepts`. */
export const provider = () => {
  const accepts = new Set(["first"])
  const state = { accepts, rotations: 0, isAway: false }
  const application: Applications.Application = {
    id: "made-up/client",
    name: "made-up",
    clientId: "client",
    channels: ["made-up-channel"],
    given: { secret: Redacted.make("first") },
    lifeDays: 180,
    overlapDays: 7,
    attempt: ({ secret }) =>
      Effect.sync(() => {
        if (state.isAway) return { outcome: "unclear", detail: "no answer" } as const
        return accepts.has(Redacted.value(secret))
          ? ({ outcome: "accepted", detail: "" } as const)
          : ({ outcome: "refused", detail: "invalid_client" } as const)
      }),
    requestRotation: () => Effect.sync(() => void (state.rotations += 1))
  }
  const port: Applications.ApplicationsPort = {
    all: [application],
    readNotice: (message) => message as Applications.Notice
  }
  return { ...state, state, application, port, layer: Layer.succeed(Applications.Applications, port) }
}

export const secret = (text: string) => ({ secret: Redacted.make(text) })

/** The message that brings a new secret. */
export const newSecret = (text: string, now: DateTime.Utc): Applications.Notice => ({
  _tag: "NewSecret",
  clientId: "client",
  secret: Redacted.make(text),
  endsAt: DateTime.add(now, { days: 180 }),
  previousEndsAt: DateTime.add(now, { days: 7 })
})

const texts = (all: ReadonlyArray<Applications.Credential>) => all.map((one) => Redacted.value(one.secret))

/** Sets, promotes and rotates, two at a time; gives nothing, and fails where a vault does not keep what it promises. */
export const story = ({ port, state }: ReturnType<typeof provider>) =>
  Effect.gen(function* () {
    const secrets = yield* ApplicationSecrets.ApplicationSecrets
    const vault = yield* TokenVault.TokenVault
    const source = liveSecrets({ applications: port, vault })
    expect(texts(yield* source.candidates("made-up/client"))).toEqual(["first"])

    // Two set at once: one secret waits, and the other one is refused with what to do.
    state.accepts.add("second")
    const sets = yield* Effect.all(
      [secrets.set("made-up", secret("second")), secrets.set("made-up", secret("third"))],
      { concurrency: 2, mode: "result" }
    )
    expect(sets.filter(Result.isSuccess)).toHaveLength(1)
    expect(sets.find(Result.isFailure)?.failure.message).toContain("Promote it, or retire it first.")
    yield* secrets.retire("made-up", "pending")
    yield* secrets.set("made-up", secret("second"))

    // Two promote at once: it is promoted once, and the one before is kept.
    const promoted = yield* Effect.all([secrets.promote("made-up", false), secrets.promote("client", false)], {
      concurrency: 2,
      mode: "result"
    })
    expect(promoted.some(Result.isSuccess)).toBe(true)
    const [view] = yield* secrets.status()
    expect(view?.current.source).toBe("operator")
    expect(view?.previous?.number).toBe(1)
    expect(view?.pending).toBeUndefined()
    expect(JSON.stringify(view)).not.toMatch(/first|second|third/)
    expect(texts(yield* source.candidates("made-up/client", true)).slice(0, 2)).toEqual(["second", "first"])

    // Two rotate at once: the provider is called once.
    const rotations = yield* Effect.all([secrets.rotate("made-up"), secrets.rotate("made-up")], {
      concurrency: 2,
      mode: "result"
    })
    expect(rotations.filter(Result.isSuccess)).toHaveLength(1)
    expect(state.rotations).toBe(1)
  })
