/** Creations that may be repeated under a key (law REPO-23): the second request gets what the first created. */
import type { Id } from "@portolan/domain"
import { Effect } from "effect"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { AlreadyDone, KeyReused } from "../../driven/UnitOfWork.ts"
import { UnitOfWork } from "../../driven/UnitOfWork.ts"

/** The caller's key for a creation, and a digest of what was asked. */
export interface IdempotencyKey {
  readonly key: string
  readonly fingerprint: string
}

/** Builds `creating`, once per service. */
export const makeIdempotency = Effect.gen(function* () {
  const { remembered } = yield* UnitOfWork
  /** Of two at once, the slower one may be refused because the faster one did it; then it gets what that one made. */
  const made = <E>(
    organizationId: Id.OrganizationId,
    idempotencyKey: IdempotencyKey | undefined,
    error: E
  ): Effect.Effect<string, E | KeyReused | StoreUnavailable> =>
    Effect.gen(function* () {
      const meanwhile =
        idempotencyKey === undefined
          ? undefined
          : yield* remembered(organizationId, idempotencyKey.key, idempotencyKey.fingerprint)
      return meanwhile ?? (yield* Effect.fail(error))
    })

  /**
   * Looks the key up, creates, and shows what was created, by this request or by an earlier one. `create` gives the id
   * and must hand `remember` to its commit.
   */
  return <A, E1, E2>(
    organizationId: Id.OrganizationId,
    idempotencyKey: IdempotencyKey | undefined,
    create: Effect.Effect<string, E1>,
    show: (resource: string) => Effect.Effect<A, E2>
  ): Effect.Effect<A, Exclude<E1, AlreadyDone> | E2 | KeyReused | StoreUnavailable> =>
    Effect.gen(function* () {
      const earlier =
        idempotencyKey === undefined
          ? undefined
          : yield* remembered(organizationId, idempotencyKey.key, idempotencyKey.fingerprint)
      const created =
        earlier ??
        (yield* Effect.catch(create, (error) =>
          isAlreadyDone(error)
            ? Effect.succeed(error.resource)
            : made(organizationId, idempotencyKey, error as Exclude<E1, AlreadyDone>)
        ))
      return yield* show(created)
    })
})

const isAlreadyDone = (error: unknown): error is AlreadyDone =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "AlreadyDone"

/** The part of a commit's frame that remembers a creation. */
export const idempotencyRecord = (idempotencyKey: IdempotencyKey | undefined, resource: string) =>
  idempotencyKey === undefined
    ? {}
    : { idempotency: { key: idempotencyKey.key, fingerprint: idempotencyKey.fingerprint, resource } }
