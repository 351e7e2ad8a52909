/** The end of consents that wait for a choice, when their connection ends or leaves its account. */
import type { Id } from "@portolan/domain"
import { Effect } from "effect"
import { type CommitContext, decideOn } from "../shared/change.ts"
import type { Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"

/**
 * Decides to end every consent of a connection that waits for a choice: the latest one, and earlier ones that nobody
 * dismissed. `because`: what people read about it.
 */
export const dismissWaiting = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { actor: by, at, organizationId }: CommitContext,
  connectionId: Id.ConnectionId,
  because: string
) {
  const waiting = yield* everyPage((page) =>
    repository.authorizations(organizationId, { connectionId, states: ["AwaitingSelection"] }, page)
  )
  return yield* Effect.forEach(waiting, ({ id: authorizationId }) =>
    Effect.gen(function* () {
      const read = yield* repository.find("authorization", organizationId, authorizationId)
      // Chosen since: the connection was written with that, so this attempt starts over.
      if (read.state._tag !== "AwaitingSelection") return { authorizationId, decided: [] }
      return {
        authorizationId,
        decided: [yield* decideOn("authorization", read, { _tag: "Dismiss", at, by, because })]
      }
    })
  )
})
