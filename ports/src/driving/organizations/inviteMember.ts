import { Access, type Id, Member, MailQuota, type Text } from "@portolan/domain"
import { Effect } from "effect"
import { consumeMailQuota } from "../requests/mailQuota.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import { type CommitContext, decideAndCommit, decideOptional } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { type IdempotencyKey, idempotencyRecord, withIdempotency } from "../shared/idempotency.ts"
import { memberId } from "../shared/memberId.ts"
import { joinToken } from "./joinToken.ts"
import { changeMember } from "./changeMember.ts"
import { readMemberView } from "./memberView.ts"
import { revalidateRights } from "./revalidateRights.ts"
import { validateScope } from "./validateScope.ts"

/** Whom to invite, and to what. */
export interface InvitationInput {
  readonly email: Text.Email
  readonly role: Access.GivenRole
  readonly accessScope: Access.AccessScope
}

/**
 * Invites an address; a job mails it. Refuses an address that is a member or invited already, and more emails than the
 * organization may send in a day (`MailQuota`).
 */
export const invite = Effect.fn("Members.invite")(function* (
  deps: ChangeDeps & Deps<"eventLog">,
  caller: Access.Caller,
  input: InvitationInput,
  idempotencyKey?: IdempotencyKey
) {
  yield* AccessScope.requireUnrestricted(caller, "manage-people")
  yield* Effect.fromResult(Access.checkGives(caller, input.role))
  const id = yield* memberId(deps, caller.organizationId, input.email)
  const invited = decideAndCommit(deps, { ...caller, ...idempotencyRecord(idempotencyKey, id) }, (context) =>
    Effect.gen(function* () {
      const rights = yield* revalidateRights(deps, caller, "manage-people")
      const decided = yield* decideInvitation(deps, context, id, input)
      const emails = decided.events.flatMap(MailQuota.addressed)
      const quota = yield* consumeMailQuota(deps, context.organizationId, emails)
      return { decided: [decided, ...rights, ...quota], result: undefined }
    })
  )
  return yield* withIdempotency(deps, caller, idempotencyKey, {
    create: Effect.andThen(invited, readMemberView(deps, caller, id)),
    show: (resource) => readMemberView(deps, caller, resource)
  })
})

const decideInvitation = Effect.fnUntraced(function* (
  deps: Deps<"repository" | "secrets">,
  { actor: by, at, organizationId }: CommitContext,
  id: Id.MemberId,
  { accessScope, email, role }: InvitationInput
) {
  const { repository, secrets } = deps
  const limited = yield* validateScope(deps, organizationId, accessScope)
  const read = yield* Effect.catchTag(repository.find("member", organizationId, id), "NotFound", () =>
    Effect.succeed(undefined)
  )
  const round = Member.nextRound(read?.state ?? Member.initial)
  const tokenDigest = yield* secrets.digest(yield* joinToken(deps, id, round))
  const member = { id, organizationId, email, role, accessScope: limited, tokenDigest, round }
  return yield* decideOptional("member", id, read, { _tag: "Invite", by, at, member })
})

/** Mails an invitation once more; its life starts again. At most `Member.mailLimit` emails an invitation. */
export const mailAgain = Effect.fn("Members.mailAgain")(
  (deps: ChangeDeps & Deps<"eventLog">, caller: Access.Caller, id: Id.MemberId) =>
    changeMember(deps, caller, id, (at) => ({ _tag: "MailAgain", at }))
)

/** Withdraws an invitation; its link stops working at once. */
export const withdraw = Effect.fn("Members.withdraw")(
  (deps: ChangeDeps & Deps<"eventLog">, caller: Access.Caller, id: Id.MemberId) =>
    changeMember(deps, caller, id, (at) => ({ _tag: "Withdraw", by: caller.actor, at }))
)
