/** Vaults that no one could call correct. A law that one of them keeps shows nothing, unless there is a reason. */
import { TokenVault } from "@portolan/ports"
import { DateTime, Effect, Redacted } from "effect"
import type { Vault, VaultInstance } from "../../laws/vault/VaultInstance.ts"
import type { Degenerate } from "../../Port.ts"
import { features } from "../../reference/vault/ModelVault.ts"
import { modelSubject } from "../../reference/vault/modelSubject.ts"
import { draws, type Draws } from "../../Seed.ts"
import { startsAt } from "../../Simulation.ts"

const someTime = DateTime.makeUnsafe(startsAt)

/** Answers as if all went well, and does nothing. */
const idle: Vault = {
  features,
  get: () => Effect.succeed({ secret: Redacted.make(""), version: 0, updatedAt: someTime }),
  create: () => Effect.succeed(1),
  put: () => Effect.succeed(1),
  compareAndSwap: () => Effect.succeed(1),
  remove: () => Effect.succeed(false),
  acquireLease: (_organizationId, reference) => Effect.succeed({ reference, fence: 1, expiresAt: someTime }),
  renewLease: (_organizationId, lease) => Effect.succeed(lease),
  releaseLease: () => Effect.succeed(false),
  rewrap: () => Effect.succeed({ rewrapped: 0, remaining: 0 })
}

const unavailable = (doing: string) => Effect.fail(new TokenVault.VaultUnavailable({ doing, cause: "always" }))

/** Is never there. */
const failing: Vault = {
  features,
  get: () => unavailable("get"),
  create: () => unavailable("create"),
  put: () => unavailable("put"),
  compareAndSwap: () => unavailable("compareAndSwap"),
  remove: () => unavailable("remove"),
  acquireLease: () => unavailable("acquireLease"),
  renewLease: () => unavailable("renewLease"),
  releaseLease: () => unavailable("releaseLease"),
  rewrap: () => unavailable("rewrap")
}

/** Answers at random, now well, now badly. */
const random = (chance: Draws): Vault => {
  const either = <A, E>(well: () => A, badly: () => E) =>
    Effect.suspend(() => (chance.next() < 0.6 ? Effect.succeed(well()) : Effect.fail(badly())))
  const version = () => 1 + chance.below(5)
  const missing = (reference: string) => () => new TokenVault.SecretNotFound({ reference })
  const lease = (reference: string) => () => ({ reference, fence: version(), expiresAt: someTime })
  return {
    features,
    get: (_organizationId, reference) =>
      either(
        () => ({ secret: Redacted.make(String(chance.below(9))), version: version(), updatedAt: someTime }),
        missing(reference)
      ),
    create: (_organizationId, reference) =>
      either(version, () => new TokenVault.SecretExists({ reference, version: version() })),
    put: () => Effect.sync(version),
    compareAndSwap: (_organizationId, reference, expected) =>
      either(version, () => new TokenVault.StaleVersion({ reference, expected, found: version() })),
    remove: () => Effect.sync(() => chance.next() < 0.5),
    acquireLease: (_organizationId, reference) =>
      either(lease(reference), () => new TokenVault.LeaseHeld({ reference, until: someTime })),
    renewLease: (_organizationId, { reference }) =>
      either(lease(reference), () => new TokenVault.LeaseLost({ reference })),
    releaseLease: () => Effect.sync(() => chance.next() < 0.5),
    rewrap: () => Effect.sync(() => ({ rewrapped: chance.below(2), remaining: chance.below(2) }))
  }
}

/** One for all instances, so that they do not all begin alike. */
const dice = draws(1)

const saysNothing = "It knows no secret, so it has none to let out."

/** The degenerate vaults, and the laws that they keep for a reason. */
export const degenerates: ReadonlyArray<Degenerate<VaultInstance>> = [
  {
    subject: modelSubject("idle vault", { wrap: () => idle }),
    passes: { "VAULT-21/alone": saysNothing, "VAULT-21/outage": saysNothing }
  },
  { subject: modelSubject("failing vault", { wrap: () => failing }), passes: { "VAULT-21/alone": saysNothing } },
  {
    subject: modelSubject("random vault", { wrap: () => random(dice) }),
    passes: { "VAULT-21/alone": saysNothing, "VAULT-21/outage": saysNothing }
  }
]
