/**
 * The keys that the secrets of all organizations hang on: how many hang on which, sealing anew with the active key,
 * trying whether everything opens, and destroying the keys of one organization. For operators.
 */
import type { Id } from "@portolan/domain"
import { Context, type Effect } from "effect"
import type { KeyUnavailable, Reference, VaultUnavailable } from "./TokenVault.ts"

/** What hangs on a master key. */
export interface KeyUse {
  readonly keyId: string
  readonly state: "active" | "opens-only" | "missing"
  /** Secrets that only this key opens. */
  readonly secrets: number
  /** Data keys that it seals; a backup may hold secrets of each. */
  readonly dataKeys: number
  readonly organizations: number
}

/** What one round of sealing anew did, and what is left. */
export interface Round {
  /** Secrets that were sealed anew. */
  readonly rewrapped: number
  /** Secrets and data keys that are not under the active key yet. */
  readonly remaining: number
  /** Of those, how many cannot be sealed anew: their key is missing, or their seal is broken. */
  readonly stuck: number
}

/** A secret that does not open. */
export interface Unopened {
  readonly organizationId: Id.OrganizationId
  readonly reference: Reference
  /** `key-missing`: its master key is not at hand. `destroyed`: its data key is gone. `broken`: the seal is. */
  readonly because: "key-missing" | "destroyed" | "broken"
}

/** Some secrets that were tried. */
export interface Verified {
  readonly opened: number
  readonly unopened: ReadonlyArray<Unopened>
  /** Where the next call goes on; absent after the last secret. */
  readonly next?: string
}

/** What destroying the keys of an organization did. */
export interface Shredded {
  /** Secrets that are gone. */
  readonly secrets: number
  /** Master keys that still open what a backup from before holds of the organization, until they are retired. */
  readonly stillOpening: ReadonlyArray<string>
}

/** How far `look` counts; a count of as many means that many or more. */
export const countLimit = 1_000

/** Cares for the keys of a vault. */
export class VaultKeys extends Context.Service<
  VaultKeys,
  {
    /** Every master key at hand, and every other one that something hangs on. */
    readonly status: Effect.Effect<ReadonlyArray<KeyUse>, VaultUnavailable>

    /**
     * The same for keys that data keys are sealed with, and counted up to `countLimit`: a look at an index, which costs
     * the same however many secrets there are. Secrets whose data key is gone are not in it.
     */
    readonly look: Effect.Effect<ReadonlyArray<KeyUse>, VaultUnavailable>

    /**
     * Seals at most `limit` secrets of whichever organizations with the active key, then data keys that nothing new is
     * sealed with. Readers and writers go on meanwhile; of two that do it at once each secret is sealed anew once. It
     * may be stopped anywhere and repeated (law VAULT-18). A secret that does not open stays as it is.
     */
    readonly rewrap: (limit: number) => Effect.Effect<Round, KeyUnavailable | VaultUnavailable>

    /**
     * Opens at most `limit` secrets, in an order that stays, and shows none. `after` is the `next` of the call before.
     */
    readonly verify: (limit: number, after?: string) => Effect.Effect<Verified, VaultUnavailable>

    /**
     * Destroys the data keys and the secrets of an organization, for ever, and makes the key ring unable to open what a
     * backup holds of it. Other organizations, and what backups hold of them, stay. Repeating it is harmless; so is
     * doing it after a backup was put back.
     */
    readonly shred: (organizationId: Id.OrganizationId) => Effect.Effect<Shredded, VaultUnavailable>
  }
>()("@portolan/ports/driven/VaultKeys") {}
