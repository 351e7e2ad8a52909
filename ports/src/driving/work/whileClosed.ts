/** What becomes of jobs while their organization is closed (rule C14): nothing is fetched, and nobody is reminded. */
import { Id, type Job } from "@portolan/domain"
import { Effect } from "effect"
import type { Outcome } from "../../driven/Scheduler.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { Deps } from "../shared/deps.ts"
import { standingOf } from "../shared/openOrganization.ts"
import { done, retryAfter } from "./jobContext.ts"

/** `waits`: put off until the organization is open again; `runs`: it ends something, or is about the closing itself. */
const whileClosed: { readonly [Tag in Job.Task["_tag"]]: "runs" | "waits" } = {
  CancelBackfill: "runs",
  CheckAccess: "waits",
  CheckDeadline: "waits",
  CheckIncident: "runs",
  CheckSync: "waits",
  CloseOrganization: "runs",
  Diagnose: "waits",
  DiscoverAdvertisers: "waits",
  EndGrant: "runs",
  EraseData: "runs",
  ExpireAuthorization: "runs",
  ExpireInvitation: "runs",
  ExpireMembership: "runs",
  ExpireOwnershipOffer: "runs",
  FindCandidates: "waits",
  FindFallback: "waits",
  LoadWindow: "waits",
  MailClosing: "runs",
  MailInvitation: "waits",
  MailInvitationBounced: "waits",
  MailNews: "waits",
  MailOwnership: "runs",
  MailPlan: "waits",
  MailRequest: "waits",
  Notify: "waits",
  NotifyIncident: "runs",
  PlanBackfill: "waits",
  PlanSync: "waits",
  ProveConnection: "waits",
  ReconcileAdvertiser: "runs",
  ReconcileAwaited: "runs",
  RemindExpiry: "waits",
  SettleLoad: "runs",
  SpreadRenewal: "waits",
  RemindRequest: "waits",
  RemindSelection: "waits"
}

/** How long a job waits before it looks again whether its organization is open. */
export const lookAgain = "1 hour"

/** The outcome of a job whose organization is closed; nothing when the job is to be carried out. */
export const heldBack = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  organizationId: Id.OrganizationId,
  tag: Job.Task["_tag"]
): Effect.fn.Return<Outcome | undefined, StoreError> {
  if (organizationId === Id.installation || whileClosed[tag] === "runs") return undefined
  switch ((yield* standingOf(deps, organizationId))?._tag) {
    case "Closing":
      return yield* retryAfter(lookAgain)
    case "Closed":
      return done
    default:
      return undefined
  }
})
