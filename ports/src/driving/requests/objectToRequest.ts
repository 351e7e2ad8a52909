import type { Invitation } from "@portolan/domain"
import { DateTime, Effect, type Redacted } from "effect"
import { commit, decideOn, onConflictAgain } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"

/**
 * The person who got the email says that they cannot help; the requester gets an email about it (rule X-R1). The link
 * stays usable.
 */
export const object = Effect.fn("Requests.object")(
  (deps: ChangeDeps, token: Redacted.Redacted<string>, because: Invitation.Objection) =>
    onConflictAgain(
      Effect.gen(function* () {
        const read = yield* Effect.flatMap(deps.secrets.digest(token), deps.repository.invitationByToken)
        const { id: invitationId, organizationId } = read.state
        const at = yield* DateTime.now
        const decided = yield* decideOn("invitation", read, { _tag: "Object", because, at })
        yield* commit(deps, { organizationId, actor: { _tag: "Guest", invitationId }, at }, [decided])
      })
    )
)
