import { Identity, Messages } from "@portolan/domain"
import { Effect } from "effect"
import type { Access, CallError } from "../../../driven/ProviderApi.ts"
import type { Deps } from "../../shared/deps.ts"

/**
 * Asks the provider whether the tokens are of whom the consent names. Never fails: a consent must not be lost because
 * the provider could not be asked; it is asked again later. A refused token says so to who can refresh it.
 */
export const askIdentity = (
  { provider }: Deps<"provider">,
  access: Access
): Effect.Effect<Identity.Answer, Extract<CallError, { readonly _tag: "AccessTokenRefused" }>> =>
  provider.prove(access).pipe(
    Effect.timeout("20 seconds"),
    Effect.catch((error) =>
      error._tag === "AccessTokenRefused"
        ? Effect.fail(error)
        : Effect.as(
            Effect.logWarning("it could not be asked yet who consented", error._tag),
            Identity.Answer.make({
              _tag: "Unproven",
              doubt: error._tag === "PermissionMissing" ? "right-missing" : "unanswered",
              detail: error._tag === "TimeoutError" ? Messages.text("identity.unanswered") : error.message
            })
          )
    )
  )
