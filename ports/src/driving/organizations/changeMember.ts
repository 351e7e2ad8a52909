import { type Access, type Id, type Member, MailQuota } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { consumeMailQuota } from "../requests/mailQuota.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import { decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { readMemberView } from "./memberView.ts"

/**
 * One command on one membership by somebody who manages people; an email that it calls for counts against the quota.
 */
export const changeMember = Effect.fnUntraced(function* (
  deps: ChangeDeps & Deps<"eventLog">,
  caller: Access.Caller,
  id: Id.MemberId,
  command: (at: DateTime.Utc) => Member.Command
) {
  yield* AccessScope.requireUnrestricted(caller, "manage-people")
  yield* decideAndCommit(deps, caller, ({ at, organizationId }) =>
    Effect.gen(function* () {
      const read = yield* deps.repository.find("member", organizationId, id)
      const decided = yield* decideOn("member", read, command(at))
      const emails = decided.events.some(MailQuota.repeats) ? [{ to: read.state.email }] : []
      return { decided: [decided, ...(yield* consumeMailQuota(deps, organizationId, emails))], result: undefined }
    })
  )
  return yield* readMemberView(deps, caller, id)
})
