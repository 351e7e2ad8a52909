/** The handler of each kind of task. A task without a handler does not compile. */
import type { Failure, Job, Refused } from "@portolan/domain"
import type { Effect } from "effect"
import type { SinkUnavailable } from "../../driven/DataSink.ts"
import type { MailerUnavailable, MailRefused } from "../../driven/Mailer.ts"
import type { NotifierUnavailable } from "../../driven/Notifier.ts"
import type { CallError } from "../../driven/ProviderApi.ts"
import type { Outcome } from "../../driven/Scheduler.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { eraseData } from "../accounts/eraseData.ts"
import { discoverAdvertisers } from "../advertisers/discoverAdvertisers.ts"
import { checkAccess } from "../advertisers/noteAccess.ts"
import { reconcileAdvertiser } from "../advertisers/reconcileAdvertiser.ts"
import { reconcileAwaited } from "../advertisers/reconcileAwaited.ts"
import { findFallback } from "../connections/findFallback.ts"
import { checkIncident, notifyIncident } from "../incidents/incidentJobs.ts"
import { closeOrganization, mailClosing } from "../organizations/closingJobs.ts"
import { expireMembership, mailInvitation, mailInvitationBounced } from "../organizations/membershipInvitations.ts"
import { expireOwnershipOffer, mailOwnership } from "../organizations/ownershipMails.ts"
import { diagnose } from "../overview/diagnose.ts"
import { mailPlan } from "../overview/mailPlan.ts"
import { spreadRenewal } from "../renewals/spread.ts"
import { mailRequest, remindRequest } from "../requests/requestJobs.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import type { TokenDeps, TokenError } from "../tokens/AccessTokens.ts"
import { checkDeadline, checkSync, settleLoad } from "./backfill/checks.ts"
import { loadWindow } from "./backfill/loadWindow.ts"
import { cancelBackfill, planBackfill } from "./backfill/plan.ts"
import { planSync } from "./backfill/planSync.ts"
import { endGrant } from "./endGrant.ts"
import { expireAuthorization, expireInvitation } from "./expiry.ts"
import { findCandidates } from "./findCandidates.ts"
import type { JobContext, TaskOf } from "./jobContext.ts"
import { mailNews } from "./news.ts"
import { notify } from "./notices.ts"
import { proveConnection } from "./proofs.ts"
import { remindExpiry, remindSelection } from "./reminders.ts"

/** The ports that handlers use, and the service that hands out access tokens. */
export type JobDeps = ChangeDeps &
  TokenDeps<"dataSink" | "deployment" | "eventLog" | "mailer" | "notifier" | "provider" | "vault" | "vaultKeys">

/** What a handler may fail with; `handle` turns each failure into an outcome. */
export type HandlerError =
  | WriteError
  | TokenError
  | CallError
  | Failure.RequestRefused
  | Refused.Refused
  | SinkUnavailable
  | NotifierUnavailable
  | MailerUnavailable
  | MailRefused

/**
 * Carries out one kind of task. It ends in one commit that also completes the job, so a job that is handed out twice
 * takes effect once. A handler that finds nothing left to do says so.
 */
export interface Handler<Tag extends Job.Task["_tag"]> {
  (deps: JobDeps, job: JobContext, task: TaskOf<Tag>): Effect.Effect<Outcome, HandlerError>
}

/** One handler for each kind of task. */
export type Handlers = { readonly [Tag in Job.Task["_tag"]]: Handler<Tag> }

/** The handlers. */
export const handlers: Handlers = {
  CancelBackfill: cancelBackfill,
  CheckAccess: checkAccess,
  CheckDeadline: checkDeadline,
  CheckIncident: checkIncident,
  CheckSync: checkSync,
  CloseOrganization: closeOrganization,
  Diagnose: diagnose,
  DiscoverAdvertisers: discoverAdvertisers,
  EndGrant: endGrant,
  EraseData: eraseData,
  ExpireAuthorization: expireAuthorization,
  ExpireInvitation: expireInvitation,
  ExpireMembership: expireMembership,
  ExpireOwnershipOffer: expireOwnershipOffer,
  FindCandidates: findCandidates,
  FindFallback: findFallback,
  LoadWindow: loadWindow,
  MailClosing: mailClosing,
  MailInvitation: mailInvitation,
  MailInvitationBounced: mailInvitationBounced,
  MailNews: mailNews,
  MailOwnership: mailOwnership,
  MailPlan: mailPlan,
  MailRequest: mailRequest,
  Notify: notify,
  NotifyIncident: notifyIncident,
  PlanBackfill: planBackfill,
  PlanSync: planSync,
  ProveConnection: proveConnection,
  ReconcileAdvertiser: reconcileAdvertiser,
  ReconcileAwaited: reconcileAwaited,
  RemindExpiry: remindExpiry,
  RemindRequest: remindRequest,
  RemindSelection: remindSelection,
  SettleLoad: settleLoad,
  SpreadRenewal: spreadRenewal
}
