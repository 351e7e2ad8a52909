import type { Id } from "@portolan/domain"
import type { TokenVault } from "@portolan/ports"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Instance } from "../../Subject.ts"

/** What a vault offers to its callers. */
export type Vault = TokenVault.TokenVault["Service"]

/** Bytes at rest, with a name for where they were found, such as `secrets.sealed row 3`. */
export interface Chunk {
  readonly where: string
  readonly bytes: Uint8Array
}

/**
 * The sealed parts of one stored secret, by name: `body` is the ciphertext (or all of the seal, if it is one blob),
 * `nonce` the nonce if it is kept apart; tag, key identifier and others have the names the adapter gives them. The
 * version, the organization and the reference are not among them: they say where the seal belongs.
 */
export type Sealed = Readonly<Record<string, Uint8Array>>

/** Hooks into a vault's storage. Each is optional; what is left out makes the laws that need it not verified. */
export interface VaultProbes {
  /** Opens independent clients of the same storage: own connections, own caches, own processes if need be. */
  readonly clients?: (count: number) => Effect.Effect<ReadonlyArray<Vault>, unknown, Scope.Scope>
  /** Lets time pass for a store that keeps its own clock. Not needed where time comes from Effect's `Clock`. */
  readonly advance?: (millis: number) => Effect.Effect<void>
  /** Drops everything in process and opens the same storage again. */
  readonly reopen?: () => Effect.Effect<Vault, unknown, Scope.Scope>
  /** Gives all bytes at rest: rows, logs, temporary files. */
  readonly dump?: () => Effect.Effect<ReadonlyArray<Chunk>, unknown>
  /** Reads and overwrites sealed parts behind the vault's back; all else of the row stays as it is. */
  readonly tamper?: {
    /** The sealed parts as they are stored. */
    readonly read: (organizationId: Id.OrganizationId, reference: string) => Effect.Effect<Sealed, unknown>
    /** Overwrites sealed parts as given. */
    readonly write: (
      organizationId: Id.OrganizationId,
      reference: string,
      sealed: Sealed
    ) => Effect.Effect<void, unknown>
  }
  /** Turns the keys that secrets are sealed with. */
  readonly keys?: {
    /** Makes a new key the active one and gives the identifier of the one it replaces. */
    readonly rotate: () => Effect.Effect<string, unknown>
    /** Takes a key away, as when the key service is down or a key is retired. */
    readonly withdraw: (keyId: string) => Effect.Effect<void, unknown>
    /** Brings a withdrawn key back. */
    readonly restore: (keyId: string) => Effect.Effect<void, unknown>
    /** Gives the identifier of the active key. */
    readonly active: () => Effect.Effect<string, unknown>
  }
  /** Ends the caller at the `call`-th call to storage from now on (counted from 1), before or after it took effect. */
  readonly crash?: {
    /** Breaks the storage before or after the n-th call from now. */
    readonly arm: (call: number, side: "before" | "after") => Effect.Effect<void, unknown>
    /** Removes the trap and says whether it struck. */
    readonly disarm: () => Effect.Effect<boolean, unknown>
  }
  /** Makes the next `count` calls to storage fail as they do when the database is away. */
  readonly outage?: (count: number) => Effect.Effect<void, unknown>
}

/** A vault for one case. */
export interface VaultInstance extends Instance {
  readonly vault: Vault
  /** `vault.features`: what the running vault claims. */
  readonly features: ReadonlySet<TokenVault.VaultFeature>
  /** Two organizations that have nothing to do with each other and that no other case uses. */
  readonly organizations: readonly [Id.OrganizationId, Id.OrganizationId]
  readonly probes: VaultProbes
}
