import { type Access, type Actor, type Id, type Invitation, MailQuota } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { consumeMailQuota } from "./mailQuota.ts"
import { isRequest, notRequest, requestView } from "./requestView.ts"

/** One command on a request; an email that it calls for counts against the quota. */
const command = Effect.fnUntraced(function* (
  deps: ChangeDeps & Deps<"eventLog">,
  caller: Access.Caller,
  id: Id.InvitationId,
  commandFor: (at: DateTime.Utc, by: Actor.Actor) => Invitation.Command
) {
  const link = yield* decideAndCommit(deps, caller, ({ actor, at, organizationId }) =>
    Effect.gen(function* () {
      const read = yield* AccessScope.invitation(deps, caller, "connect", id)
      if (!isRequest(read.state)) return yield* notRequest(id)
      const decided = yield* decideOn("invitation", read, commandFor(at, actor))
      const emails = decided.events.some(MailQuota.repeats) ? [{ to: read.state.request.owner.email }] : []
      return {
        decided: [decided, ...(yield* consumeMailQuota(deps, organizationId, emails))],
        result: decided.next as Invitation.Present
      }
    })
  )
  return yield* requestView(deps, link)
})

/** Mails a request to its owner once more and lets it live on, at most as long as any link lives. Limited in number. */
export const mailAgain = Effect.fn("Requests.mailAgain")(
  (deps: ChangeDeps & Deps<"eventLog">, caller: Access.Caller, id: Id.InvitationId) =>
    command(deps, caller, id, (at) => ({ _tag: "MailAgain", at }))
)

/**
 * Withdraws a request at once. The owner gets an email about it; a person who is at the provider with it learns it on
 * return.
 */
export const revoke = Effect.fn("Requests.revoke")(
  (deps: ChangeDeps & Deps<"eventLog">, caller: Access.Caller, id: Id.InvitationId) =>
    command(deps, caller, id, (at, by) => ({ _tag: "Revoke", at, by }))
)
