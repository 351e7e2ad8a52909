/**
 * Carries out intents: what a worker does with each kind of work. Every handler ends in one commit that also completes
 * the intent, so work that is handed out twice takes effect once. A handler that finds nothing left to do says so.
 *
 * Failures become outcomes here and nowhere else: temporary trouble waits longer each time and never ends a connection;
 * missing permission limits it; only proof that the grant is dead asks for reauthorization.
 */
import { Backoff, type Job } from "@portolan/domain"
import { Context, DateTime, Effect, Layer } from "effect"
import type { Due, Outcome } from "../../driven/Scheduler.ts"
import { Secrets } from "../../driven/Secrets.ts"
import { makeDiagnosing } from "../overview/diagnosing.ts"
import { makeDiscovery } from "../advertisers/discovery.ts"
import { makeErasing } from "../accounts/erasing.ts"
import { makeFallback } from "../connections/fallback.ts"
import type { JobContext } from "./job.ts"
import { makeJoining } from "../organizations/joining.ts"
import { makeLoading } from "./loading.ts"
import { makeMailing } from "../requests/mailing.ts"
import { makeMailingPlan } from "../overview/mailingPlan.ts"
import { makeUpkeep } from "./upkeep.ts"

/** Carries out work. */
export class Work extends Context.Service<
  Work,
  {
    /** Carries out one piece of work. Never fails: whatever happens is an outcome. */
    readonly handle: (due: Due) => Effect.Effect<Outcome>
  }
>()("@portolan/ports/driving/Work") {
  /** The worker's side of every conversation. */
  static readonly layer = Layer.effect(
    Work,
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const loading = yield* makeLoading
      const upkeep = yield* makeUpkeep
      const fallback = yield* makeFallback
      const erasing = yield* makeErasing
      const discovery = yield* makeDiscovery
      const diagnosing = yield* makeDiagnosing
      const mailingPlan = yield* makeMailingPlan
      const mailing = yield* makeMailing
      const joining = yield* makeJoining

      const dispatch = Effect.fnUntraced(function* (due: Job.Job) {
        const { dueAt, id, organizationId, task } = due
        const job: JobContext = { jobId: id, organizationId, dueAt, actor: { _tag: "System", part: "worker" } }
        switch (task._tag) {
          case "PlanBackfill":
            return yield* loading.plan(job, task)
          case "LoadWindow":
            return yield* loading.load(job, task)
          case "CheckDeadline":
            return yield* loading.checkDeadline(job, task)
          case "CheckSync":
            return yield* loading.checkSync(job, task)
          case "CancelBackfill":
            return yield* loading.cancel(job, task)
          case "ExpireAuthorization":
            return yield* upkeep.expireAuthorization(job, task)
          case "ExpireInvitation":
            return yield* upkeep.expireInvitation(job, task)
          case "FindCandidates":
            return yield* upkeep.findCandidates(job, task)
          case "RemindSelection":
            return yield* upkeep.remindSelection(job, task)
          case "ProveConnection":
            return yield* upkeep.proveConnection(job, task)
          case "RemindExpiry":
            return yield* upkeep.remindExpiry(job, task)
          case "EndGrant":
            return yield* upkeep.endGrant(job, task)
          case "Notify":
            return yield* upkeep.notify(job, task)
          case "FindFallback":
            return yield* fallback.find(job, task)
          case "EraseData":
            return yield* erasing.erase(job, task)
          case "DiscoverAdvertisers":
            return yield* discovery.discover(job, task)
          case "ReconcileAdvertiser":
            return yield* discovery.reconcileAdvertiser(job, task)
          case "Diagnose":
            return yield* diagnosing.diagnose(job, task)
          case "MailPlan":
            return yield* mailingPlan.mail(job, task)
          case "CheckAccess":
            return yield* discovery.checkAccess(job, task)
          case "MailInvitation":
            return yield* joining.mail(job, task)
          case "ExpireMembership":
            return yield* joining.expire(job, task)
          case "MailRequest":
            return yield* mailing.mailRequest(job, task)
          case "RemindRequest":
            return yield* mailing.remindRequest(job, task)
          case "ReconcileAwaited":
            return yield* discovery.reconcileAwaited(job, task)
        }
      })

      const failed = (due: Due, reason: string, retryAfterSeconds?: number) =>
        Effect.gen(function* () {
          const now = yield* DateTime.now
          const wait = Backoff.delay(due.failures + 1, yield* secrets.unit, retryAfterSeconds)
          return { _tag: "Failed", at: DateTime.addDuration(now, wait), reason } as const
        })

      // Throttling is not a failure: it waits as long as asked and does not count (law PROV-12).
      const later = (retryAfterSeconds: number) =>
        Effect.gen(function* () {
          const now = yield* DateTime.now
          return {
            _tag: "RetryAt",
            at: DateTime.addDuration(now, Backoff.asked(retryAfterSeconds, yield* secrets.unit))
          } as const
        })

      return Work.of({
        handle: Effect.fn("Work.carryOut")((due: Due) =>
          dispatch(due.job).pipe(
            Effect.catch((error): Effect.Effect<Outcome> => {
              switch (error._tag) {
                // Carried out before, or what it was about is gone: nothing is left to do.
                case "JobGone":
                case "NotFound":
                  return Effect.succeed({ _tag: "Done" })
                case "Temporary":
                  return error.throttled && error.retryAfterSeconds !== undefined
                    ? later(error.retryAfterSeconds)
                    : failed(due, error.message, error.retryAfterSeconds)
                case "VersionConflict":
                case "StoreUnavailable":
                case "VaultUnavailable":
                case "KeyUnavailable":
                case "SinkUnavailable":
                case "NotifierUnavailable":
                case "MailerUnavailable":
                case "ApplicationRejected":
                case "ChannelUnavailable":
                  return failed(due, error.message)
                default:
                  return Effect.succeed({ _tag: "DeadLettered", reason: error.message })
              }
            }),
            Effect.annotateSpans({ task: due.job.task._tag })
          )
        )
      })
    })
  )
}
