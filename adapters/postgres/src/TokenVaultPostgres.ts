/**
 * Keeps secrets sealed in one table. A row holds secret, version and lease, so each change is one statement; the row
 * outlives the secret, so that versions and fences never repeat (laws VAULT-05, VAULT-24). Leases go by the database's
 * clock, whatever the callers' clocks say (law VAULT-23).
 */
import { TokenVault } from "@portolan/ports"
import { Effect, Layer } from "effect"
import { DataKeys } from "./DataKeys.ts"
import { Store } from "./Store.ts"
import { acquireLease, releaseLease, remove, renewLease } from "./vault/leases.ts"
import { rewrap } from "./vault/rewrap.ts"
import type { VaultContext } from "./vault/rows.ts"
import { compareAndSwap, create, get, put, readingText } from "./vault/secrets.ts"

/** Keeps secrets in `Store`. */
export const layer: Layer.Layer<TokenVault.TokenVault, never, Store | DataKeys> = Layer.effect(
  TokenVault.TokenVault,
  Effect.gen(function* () {
    const context: VaultContext = { store: yield* Store, keys: yield* DataKeys }
    const reading = readingText(context)
    return TokenVault.TokenVault.of({
      features: new Set<TokenVault.VaultFeature>(["leases", "durable", "rollback-protection"]),
      get: (organizationId, reference) => get(context, reading, { organizationId, reference }),
      create: (organizationId, reference, secret) => create(context, { organizationId, reference }, secret),
      put: (organizationId, reference, secret) => put(context, { organizationId, reference }, secret),
      compareAndSwap: (organizationId, reference, expected, secret, fence) =>
        compareAndSwap(context, { organizationId, reference }, secret, { expected, fence }),
      remove: (organizationId, reference) => remove(context, { organizationId, reference }),
      acquireLease: (organizationId, reference, life) => acquireLease(context, { organizationId, reference }, life),
      renewLease: (organizationId, lease, life) => renewLease(context, organizationId, lease, life),
      releaseLease: (organizationId, lease) => releaseLease(context, organizationId, lease),
      rewrap: (organizationId, limit) => rewrap(context, organizationId, limit)
    })
  })
)
