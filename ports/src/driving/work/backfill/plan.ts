/** The plan of a first load: which windows of which data are to be fetched for the profile of a connection. */
import { Backfill, Connection, DataClass, Day, Id, Marketplace, Sync } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import type { Versioned } from "../../../driven/Repository.ts"
import { decideAndCommit, type Decided, decideNew, decideOn } from "../../shared/change.ts"
import type { ChangeDeps, Deps } from "../../shared/deps.ts"
import { fixedId } from "../../shared/fixedId.ts"
import { decideWindows } from "./decideWindows.ts"
import { completing, done, during, type JobContext, type TaskOf } from "../jobContext.ts"

type Existing = Versioned<Backfill.Present> | undefined

/**
 * The id of a load follows from its connection and the load before it, so two plans at one moment make one load: the
 * slower one finds it there. A later load sorts behind an earlier one.
 */
const nextId = (deps: Deps<"secrets">, connection: Connection.Linked, before: Backfill.Present | undefined) =>
  fixedId(
    deps,
    "backfill",
    `${connection.id}/${before?.id ?? ""}`,
    before === undefined ? DateTime.toEpochMillis(connection.proposedAt) : Id.millis(before.id) + 1
  )

/**
 * The load to plan anew or to go on with: undefined when the one that exists is of another profile, or was erased
 * since.
 */
const ofSameProfile = (
  existing: Existing,
  { link }: Connection.Linked,
  erasedAt: DateTime.Utc | undefined
): Existing => {
  if (existing === undefined || !Backfill.isOf(existing.state, link.profile.key)) return undefined
  // What was erased since is loaded anew, by a load of its own.
  const isErased = erasedAt !== undefined && DateTime.isLessThan(existing.state.finalisedAt, erasedAt)
  return isErased ? undefined : existing
}

/**
 * Decides what a plan changes: the load of the bound profile, and one of a profile that was bound before, which ends.
 * `first` is decided on the load before the plan.
 */
const planned = Effect.fnUntraced(function* (
  deps: Deps<"repository" | "secrets">,
  connection: Connection.Linked,
  existing: Existing,
  { finalisedAt, first }: { readonly finalisedAt: DateTime.Utc; readonly first?: Backfill.Command }
) {
  const { accountId, channel, id: connectionId, link, organizationId } = connection
  const { state: account } = yield* deps.repository.find("account", organizationId, accountId)
  const catalogue = yield* CurrentCatalogue
  const { key } = link.profile
  const own = ofSameProfile(existing, connection, account.erasedAt)
  const id = own?.state.id ?? (yield* nextId(deps, connection, existing?.state))
  const windows = own === undefined ? [] : yield* deps.repository.windows(organizationId, own.state.id)
  const sources = DataClass.sources(channel, account.accountType, catalogue)
  const { timeZone } = Marketplace.get(key.marketplaceId, catalogue)
  const plan: Backfill.Command = {
    _tag: "Plan",
    backfill: { id, organizationId, connectionId, accountId, profile: key },
    windows: windows.map(({ state }) => state),
    sources,
    today: Day.at(finalisedAt, timeZone),
    finalisedAt,
    syncsAt: Sync.nextRound(sources, { connectionId, timeZone }, finalisedAt)
  }
  const load =
    own === undefined
      ? yield* decideNew("backfill", id, plan)
      : yield* decideOn("backfill", own, ...(first === undefined ? [] : [first]), plan)
  const decided: Array<Decided> = [load, ...(yield* decideWindows(load, windows))]
  if (existing !== undefined && own === undefined) {
    decided.push(yield* decideOn("backfill", existing, { _tag: "Cancel", at: finalisedAt }))
  }
  return decided
})

const loadOf = ({ repository }: Deps<"repository">, { organizationId }: JobContext, connectionId: Id.ConnectionId) =>
  Effect.catchTag(repository.backfillOf(organizationId, connectionId), "NotFound", () => Effect.succeed(undefined))

/** Plans the load of a connection, or adds to the plan what a new consent makes possible. */
export const planBackfill = Effect.fn("JobHandlers.planBackfill")(function* (
  deps: ChangeDeps,
  job: JobContext,
  { connectionId, finalisedAt }: TaskOf<"PlanBackfill">
) {
  return yield* decideAndCommit(deps, completing(job), ({ organizationId }) =>
    Effect.gen(function* () {
      const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
      if (!Connection.isLinked(connection)) return { decided: [], result: done }
      const existing = yield* loadOf(deps, job, connectionId)
      return { decided: yield* planned(deps, connection, existing, { finalisedAt }), result: done }
    })
  )
})

/**
 * Stops the load of a connection that was ended. When it was connected again meanwhile, the load is planned anew: a job
 * that was handed out in between found nothing to do.
 */
export const cancelBackfill = Effect.fn("JobHandlers.cancelBackfill")(function* (
  deps: ChangeDeps,
  job: JobContext,
  { connectionId }: TaskOf<"CancelBackfill">
) {
  return yield* decideAndCommit(deps, completing(job), ({ at, organizationId }) =>
    Effect.gen(function* () {
      const existing = yield* loadOf(deps, job, connectionId)
      if (existing === undefined) return { decided: [], result: done }
      const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
      const first: Backfill.Command = { _tag: "Cancel", at }
      const decided = Connection.isLinked(connection)
        ? yield* planned(deps, connection, existing, { finalisedAt: connection.link.linkedAt, first })
        : [yield* decideOn("backfill", existing, first)]
      return { decided, result: done }
    })
  )
})

/**
 * Begins the rounds of the days after the first load for a load that has none, because it was planned by a release
 * that knew none. Does nothing for any other.
 */
export const beginRounds = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  job: JobContext,
  connection: Connection.Linked
) {
  const first = yield* loadOf(deps, job, connection.id)
  if (first === undefined || first.state._tag === "Cancelled" || first.state.syncsAt !== undefined) return
  yield* decideAndCommit(deps, during(job), () =>
    Effect.gen(function* () {
      const existing = yield* loadOf(deps, job, connection.id)
      if (existing === undefined) return { decided: [], result: undefined }
      // The very plan that was made last: nothing but the rounds is new.
      const finalisedAt = existing.state.extendedAt ?? existing.state.finalisedAt
      return { decided: yield* planned(deps, connection, existing, { finalisedAt }), result: undefined }
    })
  )
})
