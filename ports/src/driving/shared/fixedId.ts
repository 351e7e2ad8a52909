/** Ids that follow from what they name, so that one thing in the world is one aggregate, in whatever process it is met. */
import { Id } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import { Secrets } from "../../driven/Secrets.ts"

/** Builds an id that follows from a text: the same text, the same id, in whatever process. */
export const makeFixedId = Effect.gen(function* () {
  const secrets = yield* Secrets
  return <K extends Id.Kind>(kind: K, text: string): Effect.Effect<Id.ByKind[K]> =>
    Effect.map(secrets.digest(Redacted.make(`${kind}/${text}`)), (digest) =>
      Id.make(
        kind,
        0,
        Uint8Array.from({ length: Id.entropyBytes }, (_, index) =>
          Number.parseInt(digest.slice(2 * index, 2 * index + 2), 16)
        )
      )
    )
})
