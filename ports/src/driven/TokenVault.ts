/**
 * Keeps secrets: the tokens of grants, encrypted, per organization and reference. Secrets are opaque text.
 *
 * Leases let one of many processes spend a refresh token: a lease has a deadline by the vault's own clock and a fencing
 * number that only grows, and a write that carries an older number is refused.
 */
import { type Id, Messages } from "@portolan/domain"
import { Context, type DateTime, type Duration, type Effect, type Redacted, Schema } from "effect"

/**
 * Names a secret within an organization, e.g. a grant id: any text of 1 to `referenceLimit` characters. Different texts
 * are different secrets. A shorter or longer text names none: `create` and `put` refuse it, and everywhere else it is a
 * reference without a secret (law VAULT-30).
 */
export type Reference = string

/** The longest reference in characters (UTF-16 code units, as `length` counts them). */
export const referenceLimit = 200

/** Whether a text is short and long enough to name a secret. */
export const isReference = (text: string): boolean => text.length >= 1 && text.length <= referenceLimit

/** The largest secret in bytes of UTF-8. An Amazon token has at most 2,048. */
export const secretLimitBytes = 16_384

/** A secret with its version. Versions of one reference only grow, also across delete and re-create (law VAULT-05). */
export interface Stored {
  readonly secret: Redacted.Redacted<string>
  readonly version: number
  readonly updatedAt: DateTime.Utc
}

/** The right to act alone on one reference for a while. */
export interface Lease {
  readonly reference: Reference
  /** Larger than that of every lease before it on this reference. */
  readonly fence: number
  readonly expiresAt: DateTime.Utc
}

/** There is no such secret in this organization. Reads of a foreign secret look exactly like this (law VAULT-10). */
export class SecretNotFound extends Schema.TaggedError<SecretNotFound>()("SecretNotFound", {
  reference: Schema.String
}) {
  override get message(): string {
    return Messages.text("vault.no-secret", { reference: this.reference })
  }
}

/** The reference holds a secret already. */
export class SecretExists extends Schema.TaggedError<SecretExists>()("SecretExists", {
  reference: Schema.String,
  version: Schema.Int
}) {
  override get message(): string {
    return Messages.text("vault.exists", { reference: this.reference, version: this.version })
  }
}

/** The expected version is not the stored one, which is `found`. Nothing changed (law VAULT-04). */
export class StaleVersion extends Schema.TaggedError<StaleVersion>()("StaleVersion", {
  reference: Schema.String,
  expected: Schema.Int,
  found: Schema.Int
}) {
  override get message(): string {
    return Messages.text("vault.stale-version", {
      reference: this.reference,
      expected: this.expected,
      found: this.found
    })
  }
}

/** A later lease was granted to another holder; the caller's write is refused (law VAULT-24). */
export class Fenced extends Schema.TaggedError<Fenced>()("Fenced", { reference: Schema.String }) {
  override get message(): string {
    return Messages.text("vault.stale-holder", { reference: this.reference })
  }
}

/** Larger than `secretLimitBytes`, empty, or text that UTF-8 cannot carry (a lone surrogate). */
export class SecretUnacceptable extends Schema.TaggedError<SecretUnacceptable>()("SecretUnacceptable", {
  reference: Schema.String,
  because: Schema.Literals(["empty", "too-large", "not-encodable"])
}) {
  override get message(): string {
    return Messages.text("vault.cannot-store", { reference: this.reference, reason: this.because })
  }
}

/** The reference is empty or longer than `referenceLimit`; nothing was stored (law VAULT-30). */
export class ReferenceUnacceptable extends Schema.TaggedError<ReferenceUnacceptable>()("ReferenceUnacceptable", {
  /** How many characters it has. The text itself is left out: it may be anything, even a secret by mistake. */
  length: Schema.Int
}) {
  override get message(): string {
    return Messages.text("vault.reference-length", { length: this.length, longest: referenceLimit })
  }
}

/** The stored bytes were changed or moved; nothing of them is returned (laws VAULT-14, VAULT-15). */
export class SecretCorrupted extends Schema.TaggedError<SecretCorrupted>()("SecretCorrupted", {
  reference: Schema.String
}) {
  override get message(): string {
    return Messages.text("vault.seal-broken", { reference: this.reference })
  }
}

/**
 * The key the secret was sealed with is not at hand. The secret is not lost (law VAULT-20), unless `isDestroyed` says
 * that the keys of its organization were destroyed.
 */
export class KeyUnavailable extends Schema.TaggedError<KeyUnavailable>()("KeyUnavailable", {
  keyId: Schema.String,
  isDestroyed: Schema.optionalKey(Schema.Boolean)
}) {
  override get message(): string {
    return Messages.text("vault.key-missing", { keyId: this.keyId })
  }
}

/** The vault cannot be reached. */
export class VaultUnavailable extends Schema.TaggedError<VaultUnavailable>()("VaultUnavailable", {
  doing: Schema.String,
  cause: Schema.Defect()
}) {
  override get message(): string {
    return Messages.text("vault.unavailable", { doing: this.doing })
  }
}

/** Another process holds the lease until `until`. */
export class LeaseHeld extends Schema.TaggedError<LeaseHeld>()("LeaseHeld", {
  reference: Schema.String,
  until: Schema.DateTimeUtc
}) {
  override get message(): string {
    return Messages.text("vault.leased", { reference: this.reference })
  }
}

/** The lease is over or belongs to another process. */
export class LeaseLost extends Schema.TaggedError<LeaseLost>()("LeaseLost", { reference: Schema.String }) {
  override get message(): string {
    return Messages.text("vault.lease-lost", { reference: this.reference })
  }
}

/** What a vault can do beyond the core; laws of a feature apply only when it is claimed. */
export type VaultFeature = "leases" | "durable" | "rollback-protection"

/** Keeps secrets, encrypted. */
export class TokenVault extends Context.Service<
  TokenVault,
  {
    /** The features this vault claims. */
    readonly features: ReadonlySet<VaultFeature>

    /** Reads a secret. */
    readonly get: (
      organizationId: Id.OrganizationId,
      reference: Reference
    ) => Effect.Effect<Stored, SecretNotFound | SecretCorrupted | KeyUnavailable | VaultUnavailable>

    /**
     * Stores a secret that must not exist yet; of several callers exactly one succeeds (law VAULT-06). Gives the
     * version.
     */
    readonly create: (
      organizationId: Id.OrganizationId,
      reference: Reference,
      secret: Redacted.Redacted<string>
    ) => Effect.Effect<
      number,
      SecretExists | ReferenceUnacceptable | SecretUnacceptable | KeyUnavailable | VaultUnavailable
    >

    /** Stores a secret whatever was there. Gives the new version. */
    readonly put: (
      organizationId: Id.OrganizationId,
      reference: Reference,
      secret: Redacted.Redacted<string>
    ) => Effect.Effect<number, ReferenceUnacceptable | SecretUnacceptable | KeyUnavailable | VaultUnavailable>

    /**
     * Replaces a secret if its version is still `expected`; a refusal changes nothing. With a `fence`, also refuses
     * when a later lease was granted. Gives the new version.
     */
    readonly compareAndSwap: (
      organizationId: Id.OrganizationId,
      reference: Reference,
      expected: number,
      secret: Redacted.Redacted<string>,
      fence?: number
    ) => Effect.Effect<
      number,
      SecretNotFound | StaleVersion | Fenced | SecretUnacceptable | KeyUnavailable | VaultUnavailable
    >

    /** Forgets a secret and its lease. Says whether there was one; repeating it is harmless. */
    readonly remove: (
      organizationId: Id.OrganizationId,
      reference: Reference
    ) => Effect.Effect<boolean, VaultUnavailable>

    /**
     * Takes the lease of an existing secret. Before its deadline no other process can; at or after the deadline the
     * next one can, without the old holder's help (laws VAULT-22, VAULT-23).
     */
    readonly acquireLease: (
      organizationId: Id.OrganizationId,
      reference: Reference,
      life: Duration.Duration
    ) => Effect.Effect<Lease, SecretNotFound | LeaseHeld | VaultUnavailable>

    /** Prolongs a lease that is still held. */
    readonly renewLease: (
      organizationId: Id.OrganizationId,
      lease: Lease,
      life: Duration.Duration
    ) => Effect.Effect<Lease, LeaseLost | VaultUnavailable>

    /** Releases a lease; ignored from any process but its holder. Says whether it was held. */
    readonly releaseLease: (organizationId: Id.OrganizationId, lease: Lease) => Effect.Effect<boolean, VaultUnavailable>

    /**
     * Seals secrets anew that are not sealed with the active key, at most `limit` of them. Never undoes a newer write
     * (law VAULT-19). Gives how many were sealed anew and how many remain.
     */
    readonly rewrap: (
      organizationId: Id.OrganizationId,
      limit: number
    ) => Effect.Effect<{ readonly rewrapped: number; readonly remaining: number }, KeyUnavailable | VaultUnavailable>
  }
>()("@portolan/ports/driven/TokenVault") {}
