/**
 * Carries out jobs: what a worker does with each kind of task. Failures become outcomes in `handle` and nowhere else: temporary trouble
 * waits longer each time and never ends a connection; missing permission limits it; only proof that the grant is dead asks for
 * reauthorization.
 */
import { Context, Effect, Layer } from "effect"
import type { Due, Outcome } from "../../driven/Scheduler.ts"
import { makeErasing } from "../accounts/erasing.ts"
import { makeDiscovery } from "../advertisers/discovery.ts"
import { makeJoining } from "../organizations/joining.ts"
import { makeDiagnosing } from "../overview/diagnosing.ts"
import { makeMailingPlan } from "../overview/mailingPlan.ts"
import { makeMailing } from "../requests/mailing.ts"
import { bound, type Service } from "../shared/deps.ts"
import { tokenDeps } from "../tokens/AccessTokens.ts"
import * as Handle from "./handle.ts"
import { handlersWith } from "./handlers.ts"

/** Carries out jobs. */
export interface Contract {
  /** Carries out one job. Never fails: whatever happens is an outcome. */
  readonly handle: (due: Due) => Effect.Effect<Outcome>
}

const verbs = { ...Handle }

const closures = Effect.gen(function* () {
  const erasing = yield* makeErasing
  const discovery = yield* makeDiscovery
  const diagnosing = yield* makeDiagnosing
  const mailingPlan = yield* makeMailingPlan
  const mailing = yield* makeMailing
  const joining = yield* makeJoining
  return handlersWith({
    CheckAccess: (_, job, task) => discovery.checkAccess(job, task),
    Diagnose: (_, job, task) => diagnosing.diagnose(job, task),
    DiscoverAdvertisers: (_, job, task) => discovery.discover(job, task),
    EraseData: (_, job, task) => erasing.erase(job, task),
    ExpireMembership: (_, job, task) => joining.expire(job, task),
    MailInvitation: (_, job, task) => joining.mail(job, task),
    MailPlan: (_, job, task) => mailingPlan.mail(job, task),
    MailRequest: (_, job, task) => mailing.mailRequest(job, task),
    ReconcileAdvertiser: (_, job, task) => discovery.reconcileAdvertiser(job, task),
    ReconcileAwaited: (_, job, task) => discovery.reconcileAwaited(job, task),
    RemindRequest: (_, job, task) => mailing.remindRequest(job, task)
  })
})

/** Carries out jobs. */
export class JobHandlers extends Context.Service<JobHandlers, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/JobHandlers"
) {
  /** The worker's side of every use case. */
  static readonly layer = Layer.effect(
    JobHandlers,
    bound(
      Effect.gen(function* () {
        const ports = ["dataSink", "deployment", "mailer", "notifier", "provider", "repository", "secrets"] as const
        return { ...(yield* tokenDeps(...ports, "unitOfWork", "vault")), handlers: yield* closures }
      }),
      verbs
    )
  )
}
