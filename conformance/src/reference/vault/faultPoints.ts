import type { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { Redacted } from "effect"
import * as Keys from "./Keys.ts"
import type { Seal } from "./MemoryBackend.ts"

/** The small decisions of the model vault, each a place where somebody once decided otherwise. Mutants replace one. */
export interface FaultPoints {
  /** The key under which a secret lies in storage. */
  readonly place: (organizationId: Id.OrganizationId, reference: string) => string
  /** What a seal is bound to: it opens nowhere else. */
  readonly bound: (organizationId: string, reference: string, version: number) => string
  readonly nonce: (organizationId: string, reference: string) => Uint8Array
  readonly seal: typeof Keys.seal
  readonly open: typeof Keys.open
  /** What is stored for a secret. */
  readonly keep: (text: string) => string
  /** Why a secret cannot be stored, if it cannot. */
  readonly refuse: (text: string) => TokenVault.SecretUnacceptable["because"] | undefined
  /** Whether a text may name a secret. */
  readonly isReference: (text: string) => boolean
  /** Whether a lease that ends at `expiresAt` is over at `now`, both in milliseconds. */
  readonly isOver: (expiresAt: number, now: number) => boolean
  /** Whether a write with this fence comes too late, given the latest fence. */
  readonly isFenced: (fence: number, latest: number) => boolean
  /** Whether this seal is to be made anew. */
  readonly isOld: (seal: Seal, active: string) => boolean
}

/** Refuses what the port refuses. */
export const refuse = (text: string): TokenVault.SecretUnacceptable["because"] | undefined => {
  if (text === "") return "empty"
  if (!text.isWellFormed()) return "not-encodable"
  return Buffer.byteLength(text) > TokenVault.secretLimitBytes ? "too-large" : undefined
}

/** The decisions as they should be. */
export const faultPoints: FaultPoints = {
  place: (organizationId, reference) => JSON.stringify([organizationId, reference]),
  bound: (organizationId, reference, version) => JSON.stringify([organizationId, reference, version]),
  nonce: () => Keys.nonce(),
  seal: Keys.seal,
  open: Keys.open,
  keep: (text) => text,
  refuse,
  isReference: TokenVault.isReference,
  isOver: (expiresAt, now) => now >= expiresAt,
  isFenced: (fence, latest) => fence < latest,
  isOld: (seal, active) => seal.keyId !== active
}

/** Reads a secret where it has to be in clear: sealed, and compared by laws. */
export const clear = (secret: Redacted.Redacted<string>): string => Redacted.value(secret)
