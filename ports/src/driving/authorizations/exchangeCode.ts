/**
 * What is asked of the provider when a person has consented: tokens for the code, and what the consent gives access to.
 */
import { type Authorization, given } from "@portolan/domain"
import { Effect, type Redacted } from "effect"
import { callbackUri } from "../../driven/Deployment.ts"
import type { Access } from "../../driven/ProviderApi.ts"
import type { Deps } from "../shared/deps.ts"
import { seal, whileUnavailable } from "../tokens/storedTokens.ts"
import { codeVerifierOf } from "./redirect.ts"

/** An authorization whose code is being exchanged. */
export type Exchanging = Extract<Authorization.Present, { readonly _tag: "Exchanging" }>

/** What a callback with a consent carries. */
export interface Code {
  readonly code: Redacted.Redacted<string>
  readonly grantor?: string
}

/** What a consent gives access to, as far as the provider says. */
export type Candidates = Pick<Authorization.AwaitingSelection, "candidates" | "listFailed">

/** Exchanges the code and stores the tokens. From the exchange to the vault nothing can be interrupted. */
export const exchangeCode = (
  deps: Deps<"deployment" | "provider" | "secrets" | "vault">,
  { channel, grantId, id, organizationId, region }: Exchanging,
  { code, grantor }: Code
) =>
  Effect.uninterruptible(
    Effect.gen(function* () {
      const redirectUri = callbackUri(deps.deployment.origin, channel)
      const codeVerifier = yield* codeVerifierOf(deps, id)
      const consent = yield* deps.provider.exchange(
        given({ channel, region, code, redirectUri, codeVerifier, grantor })
      )
      yield* whileUnavailable(deps.vault.put(organizationId, grantId, yield* seal(consent))).pipe(
        // A grant's id is far shorter than a reference may be.
        Effect.catchTag("ReferenceUnacceptable", Effect.die)
      )
      return consent
    })
  )

/**
 * Lists what a consent gives access to. The consent must not be lost because the list could not be read; it is read
 * again later. That a login lacks the permission is an answer; any other failure says nothing about what the login may
 * see.
 */
export const listCandidates = ({ provider }: Deps<"provider">, access: Access): Effect.Effect<Candidates> =>
  provider.discover(access).pipe(
    Effect.timeout("45 seconds"),
    Effect.map((candidates): Candidates => ({ candidates })),
    Effect.catch((error) =>
      Effect.as(Effect.logWarning("profiles could not be listed yet", error._tag), {
        candidates: [],
        ...(error._tag === "PermissionMissing" ? {} : { listFailed: true as const })
      })
    )
  )

/** Why an exchange came to nothing. */
export const failureReason = (error: { readonly _tag: string }): Authorization.FailureReason =>
  reasons[error._tag] ?? "provider-unavailable"

const reasons: { readonly [tag: string]: Authorization.FailureReason } = {
  CodeRefused: "code-refused",
  ApplicationRejected: "application-rejected"
}
