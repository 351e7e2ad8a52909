/**
 * A small correct vault: every law passes on it, and the mutants are made from it. It keeps its rows in a
 * `MemoryBackend` that outlives it, does everything to a row in one access, and seals for real, so that laws about
 * bytes have bytes to see.
 */
import type { TokenVault } from "@portolan/ports"
import type { Vault } from "../../laws/vault/VaultInstance.ts"
import { acquireLease, releaseLease, renewLease } from "./leases.ts"
import type { Model } from "./model.ts"
import { rewrap } from "./rewrap.ts"
import { compareAndSwap, create, get, put, remove } from "./secrets.ts"

export type { Model } from "./model.ts"

/** The features that the model claims. */
export const features: ReadonlySet<TokenVault.VaultFeature> = new Set(["leases", "durable", "rollback-protection"])

/** Binds the service to what it works on. */
export const make = (model: Model): Vault => ({
  features: model.features,
  get: get(model),
  create: create(model),
  put: put(model),
  compareAndSwap: compareAndSwap(model),
  remove: remove(model),
  acquireLease: acquireLease(model),
  renewLease: renewLease(model),
  releaseLease: releaseLease(model),
  rewrap: rewrap(model)
})
