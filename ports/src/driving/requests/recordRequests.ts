/** How requests come on record, whether one is sent or a campaign. */
import { type Access, type Id, type Invitation, MailQuota, type Refused } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { tokenOf } from "../authorizations/links/linkAddress.ts"
import { commit, decideNew, onConflictAgain } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { type IdempotencyKey, idempotencyRecord } from "../shared/idempotency.ts"
import { consumeMailQuota } from "./mailQuota.ts"
import type { RequestDraft } from "./requestDraft.ts"

/** The ports that sending a request needs. */
export type SendDeps = ChangeDeps & Deps<"deployment" | "eventLog">

/** What is to come on record. */
export interface Recording<E> {
  readonly ids: ReadonlyArray<Id.InvitationId>
  /** Whether the ids come from a preview, so that the same requests may be sent twice. */
  readonly isPreviewed: boolean
  readonly idempotencyKey: IdempotencyKey | undefined
  /** Validates and gives the drafts with these ids; runs again when another change came first. */
  readonly drafts: Effect.Effect<ReadonlyArray<RequestDraft>, E>
}

/**
 * Puts requests on record, all of them or none, and gives them in the order of their ids. Requests of a preview come on
 * record once: of two changes at once the slower one finds what the faster one made. What an idempotency key remembers
 * are their ids, joined by dots.
 */
export const recordRequests = <E>(deps: SendDeps, caller: Access.Caller, recording: Recording<E>) => {
  const recorded = recording.isPreviewed ? onRecord(deps, caller, recording.ids) : Effect.succeed(undefined)
  const attempt = Effect.gen(function* (): Effect.fn.Return<
    ReadonlyArray<Invitation.Present>,
    E | Refused.Refused | NotFound | StoreError | WriteError
  > {
    const before = yield* recorded
    if (before !== undefined) return before
    return yield* Effect.catch(issueAll(deps, caller, recording), (error) =>
      Effect.flatMap(recorded, (meanwhile) =>
        meanwhile === undefined ? Effect.fail(error) : Effect.succeed(meanwhile)
      )
    )
  })
  return onConflictAgain(attempt)
}

/** The requests with these ids; `undefined` when they are not on record. They come on record all at once. */
const onRecord = (
  { repository }: Deps<"repository">,
  { organizationId }: Access.Caller,
  ids: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Invitation.Present> | undefined, StoreError> =>
  Effect.forEach(ids, (id) => Effect.map(repository.find("invitation", organizationId, id), ({ state }) => state)).pipe(
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )

const issueAll = Effect.fnUntraced(function* <E>(
  deps: SendDeps,
  { actor, organizationId }: Access.Caller,
  { drafts, idempotencyKey, ids }: Recording<E>
) {
  const valid = yield* drafts
  const at = yield* DateTime.now
  const issued = yield* Effect.forEach(valid, (draft) =>
    Effect.gen(function* () {
      const tokenDigest = yield* Effect.flatMap(tokenOf(deps, draft.id), deps.secrets.digest)
      const link = { ...draft, tokenDigest, issuedBy: actor, issuedAt: at }
      return yield* decideNew("invitation", draft.id, { _tag: "Issue", link })
    })
  )
  const emails = issued.flatMap(({ events }) => events.flatMap(MailQuota.addressed))
  const quota = yield* consumeMailQuota(deps, organizationId, emails)
  const context = { organizationId, actor, at, ...idempotencyRecord(idempotencyKey, ids.join(".")) }
  yield* commit(deps, context, [...issued, ...quota])
  const links = new Map(issued.map(({ id, next }) => [id, next as Invitation.Present]))
  return ids.flatMap((id) => links.get(id) ?? [])
})
