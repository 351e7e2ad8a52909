/** The days that come after the first load: planned once a day, when it is the connection's turn (flow F6). */
import { type Backfill, Connection, DataClass, Day, Marketplace, Sync } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import { decideAndCommit, decideOn } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import { sideBySide } from "../../shared/sideBySide.ts"
import { completing, done, type JobContext, type TaskOf } from "../jobContext.ts"
import { decideWindows } from "./decideWindows.ts"

/** The first day whose windows a round has to know: far enough back for every restatement, and for what was missed. */
const sinceOf = ({ syncsAt }: Backfill.Present, at: DateTime.Utc, timeZone: string): Day.Day =>
  Day.plus(Day.at(DateTime.min(syncsAt ?? at, at), timeZone), -Sync.horizonDays)

/**
 * Plans what a round asks for, and the next round. Nothing is asked for while the connection is paused or its consent
 * is gone; the rounds go on, and what was missed is planned as a gap. The rounds end with a load that was stopped, and
 * for a connection that is not linked; connecting it again begins them anew.
 */
export const planSync = Effect.fn("JobHandlers.planSync")(function* (
  deps: ChangeDeps,
  job: JobContext,
  { backfillId }: TaskOf<"PlanSync">
) {
  const { organizationId } = job
  const { repository } = deps
  return yield* decideAndCommit(deps, completing(job), ({ at }) =>
    Effect.gen(function* () {
      const load = yield* repository.find("backfill", organizationId, backfillId)
      const { state: connection } = yield* repository.find("connection", organizationId, load.state.connectionId)
      if (!Connection.isLinked(connection)) return { decided: [], result: done }
      const catalogue = yield* CurrentCatalogue
      const { timeZone } = Marketplace.get(connection.link.profile.key.marketplaceId, catalogue)
      const since = sinceOf(load.state, at, timeZone)
      const [{ state: account }, windows] = yield* sideBySide(
        repository.find("account", organizationId, connection.accountId),
        repository.windows(organizationId, backfillId, since)
      )
      const round = yield* decideOn("backfill", load, {
        _tag: "Sync",
        sources: DataClass.sources(connection.channel, account.accountType, catalogue),
        windows: windows.map(({ state }) => state),
        since,
        timeZone,
        isHeld: connection.paused !== undefined || connection._tag === "ReauthorizationNeeded",
        at
      })
      return { decided: [round, ...(yield* decideWindows(round, windows))], result: done }
    })
  )
})
