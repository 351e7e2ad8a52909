/** What is put on record about one window of a load. */
import { Connection, type Failure, type Id, Window } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { Versioned } from "../../../driven/Repository.ts"
import type { Outcome } from "../../../driven/Scheduler.ts"
import { shown } from "../../connections/grantRecords.ts"
import { change, on, startingFrom } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import { complete, done, during, type JobContext, type TaskOf } from "../jobContext.ts"

type Task = TaskOf<"LoadWindow">

/** The id of the window that a job is about. */
export const keyOf = ({ backfillId, windowId }: Task): Window.WindowKey => Window.keyOf(backfillId, windowId)

/** Decides one command on a window, and completes the job with it. */
export const recordOnWindow = (
  deps: ChangeDeps,
  job: JobContext,
  task: Task,
  command: (at: DateTime.Utc) => Window.Command
) => complete(deps, job, [on("window", keyOf(task), command)])

/** Rows of a window that have landed. */
export interface Landed {
  /** The window as it was read before they were asked for. */
  readonly window: Versioned<Window.Present>
  /** The connection as it was read before they landed. */
  readonly connection: Versioned<Connection.Present>
  readonly grantId: Id.GrantId
  readonly rows: number
  /** Rows that cannot be read and are kept apart, when there are any. */
  readonly quarantined?: number
}

/**
 * Puts rows that have landed on record, together with the proof that the grant works, and completes the job. Both are
 * decided from what is at hand; when one of them moved meanwhile, it is read again.
 */
export const recordLoaded = (
  deps: ChangeDeps,
  job: JobContext,
  task: Task,
  { connection, grantId, quarantined, rows, window }: Landed
) => {
  const { find } = deps.repository
  const { organizationId } = job
  const proven = startingFrom(connection, find("connection", organizationId, connection.state.id))
  const loaded = startingFrom(window, find("window", organizationId, keyOf(task)))
  return complete(deps, job, [
    on("window", loaded, (at) => ({ _tag: "Load", rows, quarantined, at })),
    shown(proven, (at) => ({ _tag: "Prove", grantId, at }))
  ])
}

/**
 * Puts it on record that a window waits for a person. A consent that was renewed meanwhile has taken up what was
 * blocked then, and this window was not: it comes back at once.
 */
export const blockWindow = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  job: JobContext,
  task: Task,
  { connection, reason }: { readonly connection: Connection.Linked; readonly reason: string }
) {
  const block = on("window", keyOf(task), (at) => ({ _tag: "Block", reason, at }))
  yield* change(deps, during(job), [block])
  const { state: now } = yield* deps.repository.find("connection", job.organizationId, connection.id)
  const isRenewed =
    Connection.isLinked(now) &&
    now._tag !== "ReauthorizationNeeded" &&
    (now.link.grantId !== connection.link.grantId || (connection.paused !== undefined && now.paused === undefined))
  return isRenewed ? ({ _tag: "RetryAt", at: yield* DateTime.now } satisfies Outcome) : done
})

/** Comes back after so many seconds, or is done when nothing is left to try. */
const comeBack = Effect.fnUntraced(function* (seconds: number | undefined) {
  return seconds === undefined
    ? done
    : ({ _tag: "RetryAt", at: DateTime.add(yield* DateTime.now, { seconds }) } satisfies Outcome)
})

/**
 * Counts a refusal, which proves nothing by itself: the window is asked for again, with growing gaps. After the last
 * attempt it waits for a person.
 */
export const refuseWindow = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  job: JobContext,
  task: Task,
  { message: detail, words }: Pick<Failure.RequestRefused, "message" | "words">
) {
  const [window] = yield* change(deps, during(job), [
    on("window", keyOf(task), (at) => ({ _tag: "Refuse", detail, words, at }))
  ])
  const refusals = window._tag === "Waiting" ? window.refusals : undefined
  return yield* comeBack(refusals === undefined ? undefined : Window.nextAttempt(refusals))
})

/** What a look found: nothing, or rows beside days that have none. */
export interface Look {
  /** How it came to find nothing, for a person. */
  readonly how: string
  readonly rows: number
}

/** Counts a look that found nothing, which is believed when a later one, apart in time, agrees. */
export const lookEmpty = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  job: JobContext,
  task: Task,
  { how, rows }: Look
) {
  const [window] = yield* change(deps, during(job), [
    on("window", keyOf(task), (at) => ({ _tag: "LookEmpty", how, rows, at }))
  ])
  const looks = window._tag === "Waiting" ? window.emptyLooks : undefined
  return yield* comeBack(looks === undefined ? undefined : Window.nextLook(looks))
})

/** Forgets the ticket of a window, so that it is asked for anew. */
export const restartWindow = (deps: ChangeDeps, job: JobContext, task: Task, reason: string) =>
  change(deps, during(job), [on("window", keyOf(task), (at) => ({ _tag: "Restart", reason, at }))])

/** The longest time, in seconds, after which a window that a provider prepares is looked at again. */
const longestWaitSeconds = 3_600

/** Puts the provider's ticket on record while it is still preparing; the same job comes back later. */
export const requestWindow = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  job: JobContext,
  task: Task,
  { retryAfterSeconds, ticket }: { readonly ticket: string; readonly retryAfterSeconds: number }
) {
  const seconds = Math.min(Math.max(1, retryAfterSeconds), longestWaitSeconds)
  yield* change(deps, during(job), [on("window", keyOf(task), (at) => ({ _tag: "Request", ticket, at }))])
  return { _tag: "RetryAt", at: DateTime.add(yield* DateTime.now, { seconds }) } satisfies Outcome
})
