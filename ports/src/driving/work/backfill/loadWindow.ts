import {
  type Account,
  Backfill,
  Connection,
  Failure,
  given,
  type Grant,
  Messages,
  Profile,
  Window
} from "@portolan/domain"
import { DateTime, Duration, Effect } from "effect"
import type { WindowAnswer } from "../../../driven/ProviderApi.ts"
import type { Versioned } from "../../../driven/Repository.ts"
import { usingFor } from "../../../driven/TokenUse.ts"
import { recordRights } from "../../connections/grantRecords.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import { sideBySide } from "../../shared/sideBySide.ts"
import type { TokenDeps } from "../../tokens/AccessTokens.ts"
import { accessTo, callAsGrant } from "../../tokens/callProvider.ts"
import { done, during, type JobContext, lookAgain, type TaskOf } from "../jobContext.ts"
import {
  blockWindow,
  keyOf,
  lookEmpty,
  recordLoaded,
  recordOnWindow,
  refuseWindow,
  requestWindow,
  restartWindow
} from "./windows.ts"

type LoadDeps = ChangeDeps & TokenDeps<"dataSink" | "provider">

/**
 * How long a provider may prepare one window. Reports of the Amazon Ads API take up to three hours; a ticket that is
 * older than this is given up and the window asked for anew, with the waits and the limit of any other failure.
 */
export const ticketLife = Duration.hours(24)

const consentGone = Messages.text("backfill.consent-gone")

/** One window with all that is needed to fetch it. */
interface Target {
  readonly job: JobContext
  readonly task: TaskOf<"LoadWindow">
  readonly window: Versioned<Window.Open>
  readonly connection: Connection.Linked
  readonly account: Account.Present
  readonly grant: Grant.Present
}

/** Fetches one window and lands it. Landing is idempotent by key, and the record of the window completes the job. */
export const loadWindow = Effect.fn("JobHandlers.loadWindow")(function* (
  deps: LoadDeps,
  job: JobContext,
  task: TaskOf<"LoadWindow">
) {
  const { repository } = deps
  const { organizationId } = job
  const [{ state: backfill }, { state, version }] = yield* sideBySide(
    repository.find("backfill", organizationId, task.backfillId),
    repository.find("window", organizationId, keyOf(task))
  )
  if (backfill._tag === "Cancelled" || !Window.isOpen(state)) return done
  const window = { state, version }
  const [{ state: connection }, { state: account }] = yield* sideBySide(
    repository.find("connection", organizationId, backfill.connectionId),
    repository.find("account", organizationId, backfill.accountId)
  )
  if (!Connection.isLinked(connection) || !Backfill.isOf(backfill, connection.link.profile.key)) return done
  const block = (reason: string) => blockWindow(deps, job, task, { connection, reason })
  if (connection._tag === "ReauthorizationNeeded") return yield* block(consentGone)
  if (connection.paused !== undefined) return yield* block(Messages.text("backfill.connection-paused"))
  const { grantId } = connection.link
  const { state: grant } = yield* repository.find("grant", organizationId, grantId)
  return yield* usingFor(connection.id, fetchWindow(deps, { job, task, window, connection, account, grant })).pipe(
    Effect.catchTag("GrantRefused", () => block(consentGone)),
    // One refusal blames nobody: a later look has to agree.
    Effect.catchTag("PermissionMissing", ({ isFirst, missing }) =>
      isFirst === true
        ? lookAgain
        : Effect.andThen(
            recordRights(deps, during(job), { connectionId: connection.id, grantId }, missing),
            block(Messages.text("backfill.right-missing", { missing }))
          )
    ),
    Effect.catchTag("RequestRefused", (failure) =>
      failure.beyondRetention
        ? recordOnWindow(deps, job, task, (at) => ({ _tag: "Skip", reason: failure.detail, at }))
        : refuseWindow(deps, job, task, failure)
    )
  )
})

/** Asks the provider for a window, and does what its answer calls for. */
const fetchWindow = Effect.fnUntraced(function* (deps: LoadDeps, target: Target) {
  const { account, connection, grant, window } = target
  const { profile } = connection.link
  const { dataClass, from, until } = window.state
  const ticket = window.state._tag === "Requested" ? window.state.ticket : undefined
  const answer: WindowAnswer = yield* callAsGrant(deps, grant, (accessToken) =>
    deps.provider.load(
      accessTo({ ...profile.key, accountType: account.accountType }, accessToken, grant),
      given({ dataClass, profile, from, until, ticket })
    )
  )
  switch (answer._tag) {
    case "Rows":
      return yield* land(deps, target, answer)
    case "Empty":
      return yield* lookEmpty(deps, target.job, target.task, { how: answer.how, rows: 0 })
    case "NotReady":
      return (yield* isGivenUp(window.state, answer.ticket))
        ? yield* askAnew(deps, target, Messages.text("backfill.report-unfinished"))
        : yield* requestWindow(deps, target.job, target.task, answer)
    case "Lost":
      return yield* askAnew(deps, target, answer.reason)
  }
})

/** Whether a ticket has been waited for long enough. */
const isGivenUp = (window: Window.Open, ticket: string) =>
  Effect.map(
    DateTime.now,
    (now) =>
      window._tag === "Requested" &&
      window.ticket === ticket &&
      DateTime.isGreaterThan(now, DateTime.addDuration(window.at, ticketLife))
  )

/** Forgets the ticket at once; the new attempt waits like after any other failure. */
const askAnew = (deps: LoadDeps, { job, task }: Target, detail: string) =>
  Effect.andThen(restartWindow(deps, job, task, detail), new Failure.Temporary({ detail, throttled: false }))

/** Lands rows, and puts that on record. Days that the answer lacks are looked at again before they count as empty. */
const land = Effect.fnUntraced(function* (
  deps: LoadDeps,
  { account, connection, job, task, window }: Target,
  { missing = [], quarantined = [], rows }: Extract<WindowAnswer, { readonly _tag: "Rows" }>
) {
  const { grantId, profile } = connection.link
  const { organizationId } = job
  // Disconnected, or bound to another profile, during the request: rows of the earlier binding do not land any more.
  const now = yield* deps.repository.find("connection", organizationId, connection.id)
  if (!Connection.isLinked(now.state) || !Profile.sameKey(now.state.link.profile.key, profile.key)) return done
  yield* deps.dataSink.land({
    organizationId,
    connectionId: connection.id,
    accountId: account.id,
    profile: profile.key,
    dataClass: window.state.dataClass,
    windowId: task.windowId,
    rows
  })
  if (missing.length > 0) {
    const how = Messages.text("backfill.days-missing", { days: missing })
    return yield* lookEmpty(deps, job, task, { how, rows: rows.length })
  }
  const odd = quarantined.length === 0 ? undefined : quarantined.length
  return yield* recordLoaded(deps, job, task, {
    window,
    connection: now,
    grantId,
    rows: rows.length,
    ...given({ quarantined: odd })
  })
})
