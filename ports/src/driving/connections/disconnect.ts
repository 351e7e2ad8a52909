import { type Access, type Connection, type Id, Messages } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { type CommitContext, decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"
import { withSurroundings } from "./connectionView.ts"

const because = Messages.text("authorization.disconnected-before-choice")

/**
 * Ends a connection: frees the profile, asks the provider to end the consent where it offers that, forgets the tokens
 * and stops the load. Consents that wait for a choice of profile end with it, or nothing would ever forget their
 * tokens. Loaded data stays where it landed. For an advertiser it is the deliberate unlink (rules W-R9, C14).
 */
export const disconnect = Effect.fn("Connections.disconnect")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  id: Id.ConnectionId
) {
  const connection = yield* decideAndCommit(deps, caller, (context) =>
    Effect.gen(function* () {
      const { actor: by, at } = context
      const read = yield* AccessScope.connection(deps, caller, "administer", id)
      const waiting = yield* dismissWaiting(deps, context, id)
      const decided = yield* decideOn(
        "connection",
        read,
        { _tag: "Disconnect", at, by },
        ...waiting.map(({ authorizationId }): Connection.Command => ({ _tag: "DropSelection", authorizationId }))
      )
      return {
        // A consent that comes in at this moment writes the connection, so the next attempt finds it.
        decided: [{ ...decided, asserted: true }, ...waiting.flatMap((one) => one.decided)],
        result: decided.next as Connection.Present
      }
    })
  )
  return yield* withSurroundings(deps, connection)
})

/**
 * Decides to end every consent of a connection that waits for a choice: the latest one, and earlier ones that nobody
 * dismissed.
 */
const dismissWaiting = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { actor: by, at, organizationId }: CommitContext,
  connectionId: Id.ConnectionId
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
