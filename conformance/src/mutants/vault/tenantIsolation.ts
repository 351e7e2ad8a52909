/** Vaults that open secrets to other organizations: VAULT-10 and 11. */
import { TokenVault } from "@portolan/ports"
import { Effect } from "effect"
import { mutant } from "./mutant.ts"

/** Looks a row up by reference alone. */
export const globalRef = mutant("vault-global-ref", "VAULT-10", "Reads a row by its reference alone.", {
  wrap: (vault, { backend }) => ({
    ...vault,
    get: (organizationId, reference) =>
      Effect.suspend(() => {
        const row = [...backend.rows.values()].find((each) => each.reference === reference)
        return vault.get((row?.organizationId ?? organizationId) as typeof organizationId, reference)
      })
  })
})

/** Knows a row by its version. */
export const foreignCas = mutant(
  "vault-foreign-cas",
  "VAULT-11",
  "Swaps by reference and version, whosever row it is.",
  {
    wrap: (vault, { backend }) => ({
      ...vault,
      compareAndSwap: (...[organizationId, reference, expected, secret, fence]) =>
        Effect.suspend(() => {
          const row = [...backend.rows.values()].find(
            (each) => each.reference === reference && each.version === expected
          )
          const owner = (row?.organizationId ?? organizationId) as typeof organizationId
          return vault.compareAndSwap(owner, reference, expected, secret, fence)
        })
    })
  }
)

/** Tells strangers more than that there is nothing. */
export const tellingStrangers = mutant(
  "vault-telling-strangers",
  "VAULT-10",
  "Refuses foreign reads in other words than reads of what never existed.",
  {
    wrap: (vault, { backend }) => ({
      ...vault,
      get: (organizationId, reference) =>
        Effect.catchTag(vault.get(organizationId, reference), "SecretNotFound", () =>
          Effect.fail(
            new TokenVault.SecretNotFound({
              reference: [...backend.rows.values()].some((row) => row.reference === reference)
                ? `${reference} (of another organization)`
                : reference
            })
          )
        )
    })
  }
)
