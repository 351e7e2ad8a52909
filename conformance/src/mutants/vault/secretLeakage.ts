/** Vaults that let secrets out: VAULT-21. */
import { TokenVault } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { clear } from "../../reference/vault/faultPoints.ts"
import { mutant } from "./mutant.ts"

/** Quotes the statement, with its parameters. */
export const errorEcho = mutant(
  "vault-error-echo",
  "VAULT-21",
  "Puts the parameters of the failed statement into the error.",
  {
    wrap: (vault) => ({
      ...vault,
      put: (organizationId, reference, secret) =>
        Effect.mapError(vault.put(organizationId, reference, secret), (error) =>
          error._tag === "VaultUnavailable"
            ? new TokenVault.VaultUnavailable({
                doing: "put",
                cause: new Error(`insert into secrets values ('${reference}', '${clear(secret)}')`)
              })
            : error
        )
    })
  }
)

/** Writes a friendly line to the log. */
export const logsSecret = mutant("vault-logs-secret", "VAULT-21", "Logs what it stores, at the lowest level.", {
  wrap: (vault) => ({
    ...vault,
    put: (organizationId, reference, secret) =>
      Effect.andThen(
        Effect.logTrace(`storing ${reference}`, { value: Redacted.value(secret) }),
        vault.put(organizationId, reference, secret)
      )
  })
})
