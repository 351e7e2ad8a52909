/**
 * Ids that follow from what they name, so that one thing in the world is one aggregate, in whatever process it is met.
 */
import { Id } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import type { Deps } from "./deps.ts"

/**
 * An id that follows from a text: the same text gives the same id, in whatever process. `millis` is the instant it is
 * sorted by.
 */
export const fixedId = <K extends Id.Kind>(
  { secrets }: Deps<"secrets">,
  kind: K,
  text: string,
  millis = 0
): Effect.Effect<Id.ByKind[K]> =>
  Effect.map(secrets.digest(Redacted.make(`${kind}/${text}`)), (digest) =>
    Id.make(
      kind,
      millis,
      Uint8Array.from({ length: Id.entropyBytes }, (_, index) =>
        Number.parseInt(digest.slice(2 * index, 2 * index + 2), 16)
      )
    )
  )
