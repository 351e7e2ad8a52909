/**
 * Sending a request with the secret of an application, where there may be two of them: while a provider accepts both
 * the old and the new one, a request that it refuses with one is sent with the other before the application counts as
 * rejected.
 */
import type { Failure } from "@portolan/domain"
import type { Applications } from "@portolan/ports"
import { Effect, Redacted, Result } from "effect"

type Credential = Applications.Credential

const isSame = (one: Credential, other: Credential) => Redacted.value(one.secret) === Redacted.value(other.secret)

/** What a token endpoint says when it refuses the application itself; nothing for every other failure. */
const ofApplication = (failure: { readonly _tag: string }): string | undefined =>
  failure._tag === "ApplicationRejected" ? (failure as Failure.ApplicationRejected).detail : undefined

/** Whether a failure shows that the provider knew the application: it judged a code or a grant. */
const showsAcceptance = ({ _tag }: { readonly _tag: string }) => _tag === "GrantRefused" || _tag === "CodeRefused"

/** The secrets of one application, and what its provider's failures say of them. */
export interface Trying<E> {
  readonly source: Applications.SecretSource
  readonly applicationId: string
  /** The failure of an application without any secret. */
  readonly none: () => E
  /** Why the provider refused the application, or may have; `ApplicationRejected` when left out. */
  readonly refusalOf?: (failure: E) => string | undefined
}

/**
 * Sends a request with each secret in turn until the provider does not refuse the application. After every one was
 * refused it looks once more for what is stored now, because a secret may have been changed in this moment.
 */
export const trySecrets = <A, E extends { readonly _tag: string }>(
  { applicationId, none, refusalOf = ofApplication, source }: Trying<E>,
  send: (credential: Credential) => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    const refused: Array<Credential> = []
    let last: { readonly failure: E; readonly detail: string } | undefined
    for (const renew of [false, true]) {
      const credentials = yield* source.candidates(applicationId, renew)
      for (const credential of credentials.filter((one) => !refused.some((other) => isSame(one, other)))) {
        const result = yield* Effect.result(send(credential))
        const detail = Result.isFailure(result) ? refusalOf(result.failure) : undefined
        if (Result.isFailure(result) && detail !== undefined) {
          refused.push(credential)
          last = { failure: result.failure, detail }
          continue
        }
        const isAccepted = Result.isSuccess(result) || showsAcceptance(result.failure)
        if (isAccepted && last !== undefined)
          yield* source.report(applicationId, { accepted: credential, refused, detail: last.detail })
        return yield* Effect.fromResult(result)
      }
    }
    return yield* Effect.fail(last === undefined ? none() : last.failure)
  })
