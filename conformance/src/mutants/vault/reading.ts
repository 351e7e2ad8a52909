/** Vaults that are wrong about what is read: VAULT-01, 02, 08, 09. */
import { TokenVault } from "@portolan/ports"
import { Clock, DateTime, Effect, Redacted } from "effect"
import { faultPoints } from "../../reference/vault/faultPoints.ts"
import { mutant, replacing } from "./mutant.ts"

/** Remembers what it read, and forgets only at its own writes. */
export const staleCache = mutant(
  "vault-stale-cache",
  "VAULT-01",
  "Serves reads from a cache of the client, which only the client's own writes empty.",
  {
    wrap: (vault) => {
      const cache = new Map<string, TokenVault.Stored>()
      const forget = (organizationId: string, reference: string) =>
        Effect.sync(() => cache.delete(organizationId + reference))
      return {
        ...vault,
        get: (organizationId, reference) =>
          Effect.suspend(() => {
            const hit = cache.get(organizationId + reference)
            if (hit !== undefined) return Effect.succeed(hit)
            return Effect.tap(vault.get(organizationId, reference), (stored) =>
              Effect.sync(() => cache.set(organizationId + reference, stored))
            )
          }),
        put: (organizationId, reference, secret) =>
          Effect.andThen(forget(organizationId, reference), vault.put(organizationId, reference, secret)),
        create: (organizationId, reference, secret) =>
          Effect.andThen(forget(organizationId, reference), vault.create(organizationId, reference, secret)),
        remove: (organizationId, reference) =>
          Effect.andThen(forget(organizationId, reference), vault.remove(organizationId, reference)),
        compareAndSwap: (...[organizationId, reference, expected, secret, fence]) =>
          Effect.andThen(
            forget(organizationId, reference),
            vault.compareAndSwap(organizationId, reference, expected, secret, fence)
          )
      }
    }
  }
)

/** Gives an empty secret where there is none. */
export const emptyOnMiss = mutant("vault-empty-on-miss", "VAULT-02", "Gives an empty secret when the row is missing.", {
  wrap: replacing((vault) => ({
    get: (organizationId, reference) =>
      Effect.catchTag(vault.get(organizationId, reference), "SecretNotFound", () =>
        Effect.map(Clock.currentTimeMillis, (now) => emptyStored(now))
      )
  }))
})

const emptyStored = (now: number): TokenVault.Stored => ({
  secret: Redacted.make(""),
  version: 0,
  updatedAt: DateTime.makeUnsafe(now)
})

/** Tidies text up. */
export const trim = mutant("vault-trim", "VAULT-08", "Trims and normalises text before storing it.", {
  faultPoints: { keep: (text) => text.trim().normalize("NFC") }
})

/** Cuts to the column's width. */
export const truncate = mutant("vault-truncate", "VAULT-09", "Cuts what is too long to the width of the column.", {
  faultPoints: {
    refuse: (text) => (faultPoints.refuse(text) === "too-large" ? undefined : faultPoints.refuse(text)),
    keep: (text) => cut(text)
  }
})

/** As many bytes as the column holds, and no half character at the end. */
const cut = (text: string) =>
  new TextDecoder().decode(Buffer.from(text).subarray(0, TokenVault.secretLimitBytes), { stream: true })
