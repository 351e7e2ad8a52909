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

/** Whose data key it is: the kind of owner, and the owner. */
export type Owner = readonly [kind: string, id: string]

/** What a data key is for: its owner, and what tells it from the owner's other keys. */
export type Place = readonly [...owner: Owner, ...name: ReadonlyArray<string>]

/** The owner of a place. */
export const ownerOf = ([kind, id]: Place): Owner => [kind, id]

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
      place: Place,
      dataKey: Redacted.Redacted<Uint8Array>
    ) => Effect.Effect<Uint8Array, KeyUnavailable | KeyRingUnavailable>

    /**
     * Opens what `seal` gave for the same place. Fails with `KeyUnavailable` when the key is not at hand, when another
     * one has its name, when the sealed bytes were changed or moved, and when the owner's keys were destroyed.
     */
    readonly open: (
      keyId: string,
      place: Place,
      sealed: Uint8Array
    ) => Effect.Effect<Redacted.Redacted<Uint8Array>, KeyUnavailable | KeyRingUnavailable>

    /**
     * Makes the ring unable to open the data keys of one owner, for ever, also those in any copy of a database. Other
     * owners keep theirs. Gives the names of the keys that cannot be changed so and still open a copy: they are to be
     * retired. Repeating it is harmless.
     */
    readonly destroy: (owner: Owner) => Effect.Effect<ReadonlyArray<string>, KeyRingUnavailable>
  }
>()("@portolan/ports/driven/KeyRing") {}
