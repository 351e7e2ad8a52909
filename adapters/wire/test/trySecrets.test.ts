import { describe, expect, it } from "@effect/vitest"
import { Failure } from "@portolan/domain"
import type { Applications } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { trySecrets } from "../src/index.ts"

const rejected = () => new Failure.ApplicationRejected({ detail: "invalid_client" })
const credential = (text: string) => ({ secret: Redacted.make(text) })
const texts = (all: ReadonlyArray<Applications.Credential>) => all.map(({ secret }) => Redacted.value(secret))

/** A source that knows other secrets once it is asked anew, and the requests and reports that it saw. */
const playing = (known: ReadonlyArray<string>, renewed: ReadonlyArray<string>) => {
  const sent: Array<string> = []
  const reports: Array<{ readonly accepted: string; readonly refused: ReadonlyArray<string> }> = []
  const source: Applications.SecretSource = {
    candidates: (_, renew = false) => Effect.succeed((renew ? renewed : known).map(credential)),
    report: (_, { accepted, refused }) =>
      Effect.sync(() => void reports.push({ accepted: texts([accepted])[0] ?? "", refused: texts(refused) }))
  }
  const run = <A, E extends { readonly _tag: string }>(send: (secret: string) => Effect.Effect<A, E>) =>
    trySecrets<A, E | Failure.ApplicationRejected>({ source, applicationId: "a", none: rejected }, ({ secret }) => {
      sent.push(Redacted.value(secret))
      return send(Redacted.value(secret))
    })
  return { run, sent, reports }
}

describe("a request with the secrets of an application", () => {
  it.effect("is sent with the first alone while that is accepted", () =>
    Effect.gen(function* () {
      const { reports, run, sent } = playing(["new", "old"], ["new", "old"])
      expect(yield* run(() => Effect.succeed("token"))).toBe("token")
      expect([sent, reports]).toEqual([["new"], []])
    })
  )

  it.effect("is sent with the other one when the application is refused, which is reported", () =>
    Effect.gen(function* () {
      const { reports, run, sent } = playing(["new", "old"], [])
      expect(yield* run((secret) => (secret === "old" ? Effect.succeed("token") : Effect.fail(rejected())))).toBe(
        "token"
      )
      expect([sent, reports]).toEqual([["new", "old"], [{ accepted: "old", refused: ["new"] }]])
    })
  )

  it.effect("takes a refused grant as a sign that the secret is good, and trouble as none", () =>
    Effect.gen(function* () {
      const refused = playing(["new", "old"], [])
      const grant = (secret: string): Effect.Effect<never, Failure.ApplicationRejected | Failure.GrantRefused> =>
        Effect.fail(secret === "old" ? new Failure.GrantRefused({ detail: "" }) : rejected())
      expect((yield* Effect.flip(refused.run(grant)))._tag).toBe("GrantRefused")
      expect(refused.reports).toHaveLength(1)
      const away = playing(["new", "old"], [])
      const trouble = (secret: string): Effect.Effect<never, Failure.ApplicationRejected | Failure.Temporary> =>
        Effect.fail(secret === "old" ? new Failure.Temporary({ detail: "", throttled: false }) : rejected())
      expect((yield* Effect.flip(away.run(trouble)))._tag).toBe("Temporary")
      expect(away.reports).toEqual([])
    })
  )

  it.effect("looks once more for what is stored, sends none twice, and then gives the refusal", () =>
    Effect.gen(function* () {
      const { run, sent } = playing(["old"], ["newest", "old"])
      expect((yield* Effect.flip(run(() => Effect.fail(rejected()))))._tag).toBe("ApplicationRejected")
      expect(sent).toEqual(["old", "newest"])
      const none = playing([], [])
      expect((yield* Effect.flip(none.run(() => Effect.succeed(1))))._tag).toBe("ApplicationRejected")
    })
  )
})
