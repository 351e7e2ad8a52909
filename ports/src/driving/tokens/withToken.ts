/** Asking a provider with a grant's token: one call, and after a refused token one refresh and one repeat (law PROV-18). */
import { Channel, Failure, type Id } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import type { Access } from "../../driven/ProviderApi.ts"
import type { AccessTokens, TokenError } from "./AccessTokens.ts"

/** Whom a call is for: where the account is, the token, and who consented as far as that is known. */
export const accessTo = (
  { accountType, channel, marketplaceId, region }: Omit<Access, "accessToken" | "grantor">,
  accessToken: Redacted.Redacted<string>,
  { grantor }: { readonly grantor?: string }
): Access => ({
  accountType,
  channel,
  marketplaceId,
  region,
  accessToken,
  ...(grantor === undefined ? {} : { grantor })
})

/**
 * Runs a call in the name of a grant: with its token, or, where access rests on our partnership, without one.
 */
export const asGrant = <A, E>(
  tokens: AccessTokens["Service"],
  grant: { readonly id: Id.GrantId; readonly organizationId: Id.OrganizationId; readonly channel: Channel.Channel },
  call: (token: Redacted.Redacted<string>) => Effect.Effect<A, E | Failure.AccessTokenRefused>
): Effect.Effect<A, Exclude<E, Failure.AccessTokenRefused> | TokenError> =>
  Channel.accessBy(grant.channel) === "consent"
    ? withToken(tokens, grant.organizationId, grant.id, call)
    : Effect.catch(call(noToken), (error) =>
        Effect.fail(
          isRefusedToken(error)
            ? new Failure.ApplicationRejected({ detail: error.detail })
            : (error as Exclude<E, Failure.AccessTokenRefused>)
        )
      )

const noToken = Redacted.make("")

/** Runs a call with a token of the grant. A token refused twice in a row counts as temporary: it proves nothing. */
export const withToken = <A, E>(
  tokens: AccessTokens["Service"],
  organizationId: Id.OrganizationId,
  grantId: Id.GrantId,
  call: (token: Redacted.Redacted<string>) => Effect.Effect<A, E | Failure.AccessTokenRefused>
): Effect.Effect<A, Exclude<E, Failure.AccessTokenRefused> | TokenError> =>
  Effect.gen(function* () {
    const first = yield* tokens.ofGrant(organizationId, grantId)
    return yield* Effect.catch(call(first.token), (error) =>
      isRefusedToken(error)
        ? Effect.gen(function* () {
            const second = yield* tokens.ofGrant(organizationId, grantId, first.token)
            return yield* Effect.catch(call(second.token), (again) =>
              Effect.fail(
                isRefusedToken(again)
                  ? new Failure.Temporary({
                      detail: `a fresh access token was refused: ${again.detail}`,
                      throttled: false
                    })
                  : (again as Exclude<E, Failure.AccessTokenRefused>)
              )
            )
          })
        : Effect.fail(error as Exclude<E, Failure.AccessTokenRefused>)
    )
  })

const isRefusedToken = (error: unknown): error is Failure.AccessTokenRefused =>
  error instanceof Failure.AccessTokenRefused
