/**
 * Master keys. A vault seals secrets with data keys of its own; a key ring seals those data keys, and the master keys
 * themselves stay with it: in the settings, in a file, or in a key management service that never shows them.
 */
import { Messages } from "@portolan/domain"
import { Context, type Effect, type Redacted, Schema } from "effect"
import type { KeyUnavailable } from "./TokenVault.ts"

/** The names of the master keys at hand. */
export interface Known {
  /** The key that seals. */
  readonly active: string
  /** Keys that only open what was sealed before. */
  readonly others: ReadonlySet<string>
}

/** Whether a key can open what it sealed. */
export const isKnown = ({ active, others }: Known, keyId: string): boolean => keyId === active || others.has(keyId)

/** The service that keeps the keys does not answer, or refuses us. Nothing is lost; what it sealed opens later. */
export class KeyRingUnavailable extends Schema.TaggedError<KeyRingUnavailable>()("KeyRingUnavailable", {
  doing: Schema.String,
  cause: Schema.Defect()
}) {
  override get message(): string {
    return Messages.text("keys.unavailable", { doing: this.doing })
  }
}

/** Seals and opens data keys. */
export class KeyRing extends Context.Service<
  KeyRing,
  {
    /** The keys at hand as last heard of. Costs nothing; the ring brings it up to date by itself. */
    readonly known: () => Known

    /** Asks anew which keys are at hand, e.g. after a row named one that is not known. */
    readonly refresh: Effect.Effect<Known, KeyRingUnavailable>

    /**
     * Seals a data key, of at most 64 bytes, with a master key. `place` says what it is for and is bound to it. Fails
     * with `KeyUnavailable` when the key is not at hand.
     */
    readonly seal: (
      keyId: string,
      place: ReadonlyArray<string>,
      dataKey: Redacted.Redacted<Uint8Array>
    ) => Effect.Effect<Uint8Array, KeyUnavailable | KeyRingUnavailable>

    /**
     * Opens what `seal` gave for the same place. Fails with `KeyUnavailable` when the key is not at hand, when another
     * one has its name, and when the sealed bytes were changed or moved.
     */
    readonly open: (
      keyId: string,
      place: ReadonlyArray<string>,
      sealed: Uint8Array
    ) => Effect.Effect<Redacted.Redacted<Uint8Array>, KeyUnavailable | KeyRingUnavailable>
  }
>()("@portolan/ports/driven/KeyRing") {}
