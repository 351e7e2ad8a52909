/**
 * The care for master keys, for operators: what hangs on which, sealing anew after a key was
 * changed, trying whether everything opens, and destroying what is left of an organization.
 */
import type { Id } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { KeyUnavailable, VaultUnavailable } from "../../driven/TokenVault.ts"
import type { Shredded, Verified } from "../../driven/VaultKeys.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as Custody from "./custody.ts"

export type { Progress, KeyStatus } from "./custody.ts"

/** Cares for master keys. */
export interface Contract {
  /** Every key, what hangs on it, what is missing, and what is behind. */
  readonly status: () => Effect.Effect<Custody.KeyStatus, VaultUnavailable>

  /** The same, counted up to `VaultKeys.countLimit`: it costs the same however many secrets there are. */
  readonly look: () => Effect.Effect<Custody.KeyStatus, VaultUnavailable>

  /**
   * Seals everything anew that is not under the active key, some hundred secrets at a time, and tells `onRound` of each
   * step. Ends when nothing is left that can be sealed anew. May be stopped anywhere and called again.
   */
  readonly rewrapAll: (
    onRound?: (progress: Custody.Progress) => Effect.Effect<void>
  ) => Effect.Effect<Custody.Progress, KeyUnavailable | VaultUnavailable>

  /** Tries whether every secret opens; shows none. */
  readonly verify: (
    onStep?: (tried: number) => Effect.Effect<void>
  ) => Effect.Effect<Omit<Verified, "next">, VaultUnavailable>

  /** Destroys the data keys and secrets of an organization, for ever, and what backups hold of them. */
  readonly shred: (organizationId: Id.OrganizationId) => Effect.Effect<Shredded, VaultUnavailable>

  /** Looks every minute whether something is to be sealed anew, and does it. Runs until it is interrupted. */
  readonly watch: () => Effect.Effect<never>
}

const { look, rewrapAll, shred, status, verify, watch } = Custody
const verbs = { look, rewrapAll, shred, status, verify, watch }

/** Cares for master keys. */
export class MasterKeys extends Context.Service<MasterKeys, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/MasterKeys"
) {
  /** Over the vault's keys. */
  static readonly layer = Layer.effect(MasterKeys, bound(deps("vaultKeys"), verbs))
}
