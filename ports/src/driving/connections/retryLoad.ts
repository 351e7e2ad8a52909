import { type Access, Connection, type DataClass, type Id, Messages, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { decideWindows } from "../work/backfill/decideWindows.ts"
import { withSurroundings } from "./connectionView.ts"

const { say } = Messages

const refused = (detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Backfill", "Retry", "not-possible-now", { detail, nextStep })

/** Why nothing of a connection can be asked for now; undefined when it can. */
const obstacle = (connection: Connection.Present) => {
  if (!Connection.isLinked(connection)) {
    return refused(say("backfill.nothing-connected"), say("connection.authenticate-or-link"))
  }
  if (connection._tag === "ReauthorizationNeeded") {
    return refused(say("backfill.consent-gone"), say("connection.authenticate-or-link"))
  }
  return connection.paused === undefined
    ? undefined
    : refused(say("backfill.connection-paused"), say("backfill.resume-first"))
}

/**
 * Asks again for the windows of the load that wait for a person: all of them, or those of one class. Changes nothing
 * when none waits, so that it can be repeated. Refused (`not-possible-now`) while nothing could be fetched: not
 * connected, the consent is gone, or paused; each says what to do first.
 */
export const retry = Effect.fn("Connections.retry")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  id: Id.ConnectionId,
  dataClass?: DataClass.DataClass
) {
  const { organizationId } = caller
  const connection = yield* decideAndCommit(deps, caller, ({ at }) =>
    Effect.gen(function* () {
      const { state } = yield* AccessScope.connection(deps, caller, "connect", id)
      const wrong = obstacle(state)
      if (wrong !== undefined) return yield* wrong
      const load = yield* deps.repository.backfillOf(organizationId, id)
      const windows = yield* deps.repository.windows(organizationId, load.state.id)
      const retried = yield* decideOn("backfill", load, {
        _tag: "Retry",
        windows: windows.map((window) => window.state),
        dataClass,
        at
      })
      return { decided: [retried, ...(yield* decideWindows(retried, windows))], result: state }
    })
  )
  return yield* withSurroundings(deps, connection)
})
