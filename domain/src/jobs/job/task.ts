/** Jobs as data: what is to be done, and when. */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as Grant from "../../authorizations/Grant.ts"
import { WindowId } from "../../connections/Window.ts"
import { Actor } from "../../kernel/Actor.ts"
import {
  AccountId,
  AdvertiserId,
  AuthorizationId,
  BackfillId,
  ConnectionId,
  ConsolidationId,
  GrantId,
  IncidentId,
  InvitationId,
  JobId,
  MemberId,
  OrganizationId,
  PersonId
} from "../../kernel/Id.ts"
import { RequestNews, Topic } from "../../kernel/Topic.ts"
import type { Catalogue } from "../../providers/Catalogue.ts"
import * as Channel from "../../providers/Channel.ts"
import { DataClass } from "../../providers/DataClass.ts"
import { Region } from "../../providers/Region.ts"

/** What is to be done. */
export const Task = Schema.TaggedUnion({
  /** Closes an authorization after which no browser came back (closed tab). */
  ExpireAuthorization: { authorizationId: AuthorizationId },
  ExpireInvitation: { invitationId: InvitationId },
  /** Lists the profiles of a waiting consent again; profiles may take a day to appear (rule P-R2). */
  FindCandidates: { authorizationId: AuthorizationId },
  /** Notifies members that a consent waits for their choice. */
  RemindSelection: { authorizationId: AuthorizationId },
  PlanBackfill: { connectionId: ConnectionId, finalisedAt: Schema.DateTimeUtc },
  /** Plans the days that came after the first load; once a day, when it is the connection's turn (`Sync`). */
  PlanSync: { backfillId: BackfillId },
  LoadWindow: { backfillId: BackfillId, windowId: WindowId },
  /** Records of which classes every window is over: it is asked for when the last one of a class ended. */
  SettleLoad: { backfillId: BackfillId },
  CheckDeadline: { backfillId: BackfillId, dataClass: DataClass },
  /** Asks the provider whether the connection still works; no provider reports a withdrawal by itself. */
  ProveConnection: { connectionId: ConnectionId, grantId: GrantId },
  RemindExpiry: { connectionId: ConnectionId, grantId: GrantId, expiresAt: Schema.DateTimeUtc },
  /** Lets a renewal answer for the other connections of the same login. */
  SpreadRenewal: { connectionId: ConnectionId, grantId: GrantId },
  /** Ends a grant and forgets its tokens. */
  EndGrant: { grantId: GrantId, end: Grant.End },
  CancelBackfill: { connectionId: ConnectionId },
  /** Checks, once, whether a load is in sync 48 hours after finalising (rule P-R13). */
  CheckSync: { backfillId: BackfillId },
  /** Looks for another consent that sees the profile, because the one in use is dead (rule S-R7). */
  FindFallback: { connectionId: ConnectionId, grantId: GrantId },
  /**
   * Asks the provider which advertisers list us as partner; repeated every 15 minutes (rule W-R5). Of the installation.
   */
  DiscoverAdvertisers: { region: Region },
  /** Makes an organization's grant agree with what the directory says of an advertiser. Of the installation. */
  ReconcileAdvertiser: { advertiserId: AdvertiserId, tenantId: OrganizationId, assignmentEpoch: Schema.Int },
  /** Reports an expected advertiser that is late (rule W-R10). */
  CheckAccess: { connectionId: ConnectionId },
  /** Copies to the installation what a connection waits for, or that it no longer waits. */
  ReconcileAwaited: { connectionId: ConnectionId },
  /** Mails an invitation to join; `mail` counts the mails of one invitation. */
  MailInvitation: { memberId: MemberId, round: Schema.Int, mail: Schema.Int },
  /** Tells the person who invited that the mail came back. */
  MailInvitationBounced: { memberId: MemberId, round: Schema.Int },
  /** Mails the two people about an offer of the ownership, and what became of it (rules C13, X-R7). */
  MailOwnership: {
    about: Schema.Literals(["offered", "handed-over", "offer-ended"]),
    owner: PersonId,
    other: PersonId,
    at: Schema.DateTimeUtc
  },
  /** Mails the members that the organization is closed or open again (rule C14). */
  MailClosing: { about: Schema.Literals(["closing", "reopened"]), by: Actor, at: Schema.DateTimeUtc },
  /** Ends what a closed organization has and erases its data, once it cannot be reopened any more (rule C14). */
  CloseOrganization: { closingAt: Schema.DateTimeUtc },
  ExpireOwnershipOffer: { to: PersonId, at: Schema.DateTimeUtc },
  /** Mails a member the news that is due, as one mail. */
  MailNews: { memberId: MemberId },
  ExpireMembership: { memberId: MemberId, round: Schema.Int },
  /** Mails news of a request to connect to one of its two sides (rules X-R3, X-R5). */
  MailRequest: { invitationId: InvitationId, to: Schema.Literals(["owner", "requester"]), about: RequestNews },
  RemindRequest: { invitationId: InvitationId },
  /** Erases what was loaded for an account, once the time for calling it off is over (rule C14). */
  EraseData: { accountId: AccountId },
  /** Looks again at what keeps a profile from appearing (rules S-R5, C9). */
  Diagnose: { connectionId: ConnectionId },
  /** Mails the address of a consolidation plan (flow F4); `mail` counts the mails of one round. */
  MailPlan: { consolidationId: ConsolidationId, round: Schema.Int, mail: Schema.Int },
  /** Notifies operators and support of an incident, or that it is over; `epoch` says which one. Of the installation. */
  NotifyIncident: { incidentId: IncidentId, epoch: Schema.Int, about: Schema.Literals(["opened", "closed"]) },
  /** Closes an incident that nobody meets any more; repeated while it is open. Of the installation. */
  CheckIncident: { incidentId: IncidentId, epoch: Schema.Int },
  /** Notifies the members of the organization. */
  Notify: {
    topic: Topic,
    connectionId: ConnectionId,
    detail: Schema.String,
    /** The consent that another one took over from: whether that is of another login is looked up for the notice. */
    replacedGrantId: Schema.optionalKey(GrantId)
  }
})
export type Task = typeof Task.Type

/** Work with its due time, before it has an id. */
export interface JobRequest {
  readonly dueAt: DateTime.Utc
  readonly task: Task
}

/** Work with its id. */
export const Job = Schema.Struct({ id: JobId, organizationId: OrganizationId, dueAt: Schema.DateTimeUtc, task: Task })
export type Job = typeof Job.Type

/** A task with its due time. */
export const want = (dueAt: DateTime.Utc, task: Task): JobRequest => ({ dueAt, task })

/** Minutes after a consent before the requester is asked to choose; the request may finish by itself until then. */
export const choiceMinutes = 1
/** Minutes before members are notified that a consent was lost; another one may take over until then. */
export const fallbackMinutes = 2
/** Hours until the first proof of a connection. An installation asks for the later ones as often as it wants to. */
export const firstProofHours = 1
/** Minutes until a provider is asked again who consented, when it could not say at the consent. */
export const identityMinutes = 15
/**
 * Minutes after which the tokens of an expired authorization are forgotten. A process that was still exchanging the
 * code when the authorization expired has stored what it got by then, or is dead.
 */
export const straggleMinutes = 10
/** Hours between looks for profiles that are not there yet. */
export const lookAgainHours = 1

/** Minutes after which a list of profiles that could not be read is asked for again; such failures are short. */
export const readAgainMinutes = 1

/** A connection without the checklist is explained by its requirements alone. */
export const diagnosed = (
  { channel, connectionId }: { readonly channel: Channel.Channel; readonly connectionId: ConnectionId },
  at: DateTime.Utc,
  catalogue: Catalogue
): ReadonlyArray<JobRequest> =>
  Channel.hasChecklist(channel, catalogue) ? [want(at, { _tag: "Diagnose", connectionId })] : []
