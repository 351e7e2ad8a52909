import { type Channel, type Failure, type Id } from "@portolan/domain"
import type { Effect, Redacted } from "effect"
import type { AccessTokens } from "./AccessTokens.ts"
import { callAsGrant, callWithToken } from "./callProvider.ts"

export { accessTo } from "./callProvider.ts"

type Call<A, E> = (token: Redacted.Redacted<string>) => Effect.Effect<A, E | Failure.AccessTokenRefused>

/** `callAsGrant`, for services that are not yet written as top-level functions. */
export const asGrant = <A, E>(
  accessTokens: AccessTokens["Service"],
  grant: { readonly id: Id.GrantId; readonly organizationId: Id.OrganizationId; readonly channel: Channel.Channel },
  call: Call<A, E>
) => callAsGrant({ accessTokens }, grant, call)

/** `callWithToken`, for services that are not yet written as top-level functions. */
export const withToken = <A, E>(
  accessTokens: AccessTokens["Service"],
  organizationId: Id.OrganizationId,
  id: Id.GrantId,
  call: Call<A, E>
) => callWithToken({ accessTokens }, { organizationId, id }, call)
