/** Calls to a provider with a grant's token: one call, and after a refused token one refresh and one repeat. */
import { Channel, Failure, given, type Id, Messages } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { Access } from "../../driven/ProviderApi.ts"
import { calling } from "../incidents/CallSubject.ts"
import type { TokenDeps } from "./AccessTokens.ts"
import type { TokenError } from "./refresh.ts"

/** The grant in whose name a call is made. */
export interface CallingGrant {
  readonly id: Id.GrantId
  readonly organizationId: Id.OrganizationId
  readonly channel: Channel.Channel
}

type Call<A, E> = (token: Redacted.Redacted<string>) => Effect.Effect<A, E | Failure.AccessTokenRefused>

/** What a call carries: where the account is, the token, and who consented as far as that is known. */
export const accessTo = (
  { accountType, channel, marketplaceId, region }: Omit<Access, "accessToken" | "grantor" | "grantId">,
  accessToken: Redacted.Redacted<string>,
  { grantor, id: grantId }: { readonly grantor?: string; readonly id?: Id.GrantId }
): Access => given({ accountType, channel, marketplaceId, region, accessToken, grantor, grantId })

/** Runs a call in the name of a grant: with its token, or, where access rests on our partnership, without one. */
export const callAsGrant = <A, E>(
  deps: TokenDeps<never>,
  grant: CallingGrant,
  call: Call<A, E>
): Effect.Effect<A, Exclude<E, Failure.AccessTokenRefused> | TokenError> =>
  Effect.flatMap(CurrentCatalogue, (catalogue) =>
    Channel.accessBy(grant.channel, catalogue) === "consent"
      ? callWithToken(deps, grant, call)
      : onRefusedToken(
          calling({ organizationId: grant.organizationId, grantId: grant.id }, call(noToken)),
          ({ detail }) => Effect.fail(new Failure.ApplicationRejected({ detail }))
        )
  )

const noToken = Redacted.make("")

/**
 * Runs a call with a token of the grant. After a refused token it runs the call once more with a new one; a token that
 * is refused twice in a row counts as temporary: it proves nothing.
 */
export const callWithToken = Effect.fnUntraced(function* <A, E>(
  { accessTokens }: TokenDeps<never>,
  { id, organizationId }: Omit<CallingGrant, "channel">,
  call: Call<A, E>
): Effect.fn.Return<A, Exclude<E, Failure.AccessTokenRefused> | TokenError> {
  const subject = { organizationId, grantId: id }
  const first = yield* accessTokens.ofGrant(organizationId, id)
  return yield* onRefusedToken(calling(subject, call(first.token)), () =>
    Effect.gen(function* () {
      const second = yield* accessTokens.ofGrant(organizationId, id, first.token)
      return yield* onRefusedToken(calling({ ...subject, isFresh: true }, call(second.token)), (again) =>
        Effect.fail(
          new Failure.Temporary({
            detail: Messages.text("token.refused-twice", { detail: again.detail }),
            throttled: false
          })
        )
      )
    })
  )
})

const onRefusedToken = <A, E, A2, E2>(
  effect: Effect.Effect<A, E | Failure.AccessTokenRefused>,
  handle: (error: Failure.AccessTokenRefused) => Effect.Effect<A2, E2>
): Effect.Effect<A | A2, Exclude<E, Failure.AccessTokenRefused> | E2> =>
  Effect.catch(effect, (error): Effect.Effect<A2, Exclude<E, Failure.AccessTokenRefused> | E2> =>
    error instanceof Failure.AccessTokenRefused
      ? handle(error)
      : Effect.fail(error as Exclude<E, Failure.AccessTokenRefused>)
  )
