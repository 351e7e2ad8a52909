import { Backoff, type Job } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { Due, Outcome } from "../../driven/Scheduler.ts"
import { count } from "../shared/counting.ts"
import { type Use, using } from "../../driven/TokenUse.ts"
import type { Deps } from "../shared/deps.ts"
import type { HandlerError, Handlers, JobDeps } from "./handlers.ts"
import type { JobContext, TaskOf } from "./jobContext.ts"
import { subjectOf } from "../shared/subject.ts"
import { jobs } from "./metrics.ts"
import { heldBack } from "./whileClosed.ts"

/** Carries out one job. Never fails: whatever happens is an outcome. */
export const handle = Effect.fn("JobHandlers.handle")((
  deps: JobDeps & { readonly handlers: Handlers },
  due: Due
): Effect.Effect<Outcome> => {
  const { dueAt, id: jobId, organizationId, task } = due.job
  const job: JobContext = { jobId, organizationId, dueAt, actor: { _tag: "System", part: "worker" } }
  return heldBack(deps, organizationId, task._tag).pipe(
    Effect.flatMap((outcome) =>
      outcome === undefined ? using(useOf(job, task), dispatch(deps, job, task._tag, task)) : Effect.succeed(outcome)
    ),
    Effect.catch((error) => outcomeOf(deps, due, error)),
    Effect.tap((outcome) => count(jobs, { task: task._tag, outcome: outcome._tag })),
    Effect.annotateSpans({ task: task._tag, ...subjectOf([due.job, task]) }),
    Effect.annotateLogs({ task: task._tag, jobId, ...subjectOf([due.job, task]) })
  )
})

/** The use of the tokens that a job reads. */
const useOf = ({ actor, jobId }: JobContext, task: Job.Task): Use => ({
  actor,
  operation: task._tag,
  jobId,
  ...("connectionId" in task ? { connectionId: task.connectionId } : {})
})

const dispatch = <Tag extends Job.Task["_tag"]>(
  deps: JobDeps & { readonly handlers: Handlers },
  job: JobContext,
  tag: Tag,
  task: TaskOf<Tag>
): Effect.Effect<Outcome, HandlerError> => deps.handlers[tag](deps, job, task)

/** Carried out before, or what it was about is gone: nothing is left to do. */
const nothingLeft: ReadonlySet<HandlerError["_tag"]> = new Set(["JobGone", "NotFound"])

/** Trouble that passes: tried again, with longer waits each time. It never ends a connection. */
const passing: ReadonlySet<HandlerError["_tag"]> = new Set([
  "VersionConflict",
  "StoreUnavailable",
  "VaultUnavailable",
  "KeyUnavailable",
  "SinkUnavailable",
  "NotifierUnavailable",
  "MailerUnavailable",
  "ChannelUnavailable"
])

const outcomeOf = (deps: Deps<"secrets">, due: Due, error: HandlerError): Effect.Effect<Outcome> => {
  if (nothingLeft.has(error._tag)) return Effect.succeed({ _tag: "Done" })
  if (error._tag === "ApplicationRejected") return waitFor(deps, error.retryAfterSeconds ?? rejectedSeconds)
  if (error._tag === "Temporary") {
    const { isShared, message, notBefore, retryAfterSeconds, throttled } = error
    if (notBefore !== undefined) return notSooner(notBefore)
    return (throttled || isShared === true) && retryAfterSeconds !== undefined
      ? waitFor(deps, retryAfterSeconds)
      : failed(deps, due, message, retryAfterSeconds)
  }
  return passing.has(error._tag)
    ? failed(deps, due, error.message)
    : Effect.succeed({ _tag: "DeadLettered", reason: error.message })
}

/** What is not there yet is no trouble and does not count; a date of long ago does not make a job ask in a loop. */
const notSooner = (notBefore: DateTime.Utc): Effect.Effect<Outcome> =>
  Effect.map(DateTime.now, (now) => ({
    _tag: "RetryAt",
    at: DateTime.max(notBefore, DateTime.add(now, { seconds: notThereSeconds }))
  }))

/** Seconds at least between two questions for a day that is not there yet. */
const notThereSeconds = 60

const failed = Effect.fnUntraced(function* (
  { secrets }: Deps<"secrets">,
  { failures }: Due,
  reason: string,
  retryAfterSeconds?: number
): Effect.fn.Return<Outcome> {
  const wait = Backoff.delay(failures + 1, yield* secrets.unit, retryAfterSeconds)
  return { _tag: "Failed", at: DateTime.addDuration(yield* DateTime.now, wait), reason }
})

/**
 * Seconds before a job asks again while the provider rejects our application, when nothing says for how long. No job
 * is at fault, so none is counted against it or becomes a dead letter.
 */
const rejectedSeconds = 60

/**
 * Throttling is no failure, and neither is what many meet at once: the job waits as long as it is told, and that does
 * not count.
 */
const waitFor = Effect.fnUntraced(function* (
  { secrets }: Deps<"secrets">,
  retryAfterSeconds: number
): Effect.fn.Return<Outcome> {
  const wait = Backoff.rateLimitDelay(retryAfterSeconds, yield* secrets.unit)
  return { _tag: "RetryAt", at: DateTime.addDuration(yield* DateTime.now, wait) }
})
