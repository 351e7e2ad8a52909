import { type Access, type Connection, type Id, Messages } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { withSurroundings } from "./connectionView.ts"
import { dismissWaiting } from "./dismissWaiting.ts"

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
      const because = Messages.text("authorization.disconnected-before-choice")
      const read = yield* AccessScope.connection(deps, caller, "administer", id)
      const waiting = yield* dismissWaiting(deps, context, id, because)
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
