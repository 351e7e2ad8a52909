/**
 * Follow-up work as data: saved together with the events that call for it, carried out later by a worker, exactly once
 * in effect. `react` functions read events and name the work; they never do it.
 */
import { DateTime, Schema } from "effect"
import type { Kind, Present, Types } from "./Aggregate.ts"
import * as Authorization from "../authorizations/Authorization.ts"
import * as Backfill from "../connections/Backfill.ts"
import type * as Connection from "../connections/Connection.ts"
import type * as Consolidation from "../mainAccount/Consolidation.ts"
import * as Grant from "../authorizations/Grant.ts"
import {
  AccountId,
  AdvertiserId,
  AuthorizationId,
  BackfillId,
  ConnectionId,
  ConsolidationId,
  GrantId,
  JobId,
  InvitationId,
  MemberId,
  OrganizationId
} from "../kernel/Id.ts"
import type * as Account from "../accounts/Account.ts"
import type * as Advertiser from "../advertisers/Advertiser.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as Channel from "../providers/Channel.ts"
import * as ConnectionMachine from "../connections/Connection.ts"
import { DataClass, syncHours } from "../providers/DataClass.ts"
import * as Invitation from "../authorizations/Invitation.ts"
import { RequestNews, Topic } from "../kernel/Topic.ts"
import type * as Member from "../organizations/Member.ts"
import { Region } from "../providers/Region.ts"

export { RequestNews, Topic } from "../kernel/Topic.ts"

/** What is to be done. */
export const Task = Schema.TaggedUnion({
  /** Closes an authorization nobody came back from (closed tab). */
  ExpireAuthorization: { authorizationId: AuthorizationId },
  ExpireInvitation: { invitationId: InvitationId },
  /** Looks again what a waiting consent can see; profiles may take a day to appear (rule P-R2). */
  FindCandidates: { authorizationId: AuthorizationId },
  /** Tells people that a consent waits for their choice. */
  RemindSelection: { authorizationId: AuthorizationId },
  PlanBackfill: { connectionId: ConnectionId, finalisedAt: Schema.DateTimeUtc },
  LoadWindow: { backfillId: BackfillId, windowId: Backfill.WindowId },
  CheckDeadline: { backfillId: BackfillId, dataClass: DataClass },
  /** Asks the provider whether the connection still works; no push tells of a withdrawal. */
  ProveConnection: { connectionId: ConnectionId, grantId: GrantId },
  RemindExpiry: { connectionId: ConnectionId, grantId: GrantId, expiresAt: Schema.DateTimeUtc },
  /** Ends a grant and forgets its tokens. */
  EndGrant: { grantId: GrantId, end: Grant.End },
  CancelBackfill: { connectionId: ConnectionId },
  /** Looks, once, whether a load is in sync 48 hours after finalising (rule P-R13). */
  CheckSync: { backfillId: BackfillId },
  /** Looks for another consent that sees the profile, because the one in use is dead (rule S-R7). */
  FindFallback: { connectionId: ConnectionId, grantId: GrantId },
  /** Asks the provider which advertisers let us in; comes back every 15 minutes (rule W-R5). Of the installation. */
  DiscoverAdvertisers: { region: Region },
  /** Makes an organization's grant agree with what the directory says of an advertiser. Of the installation. */
  ReconcileAdvertiser: { advertiserId: AdvertiserId, tenantId: OrganizationId, assignmentEpoch: Schema.Int },
  /** Reports an expected advertiser that is late (rule W-R10). */
  CheckAccess: { connectionId: ConnectionId },
  /** Tells the installation what a connection waits for, or no longer waits for. */
  ReconcileAwaited: { connectionId: ConnectionId },
  /** Mails an invitation to join; `mail` counts the mails of one invitation. */
  MailInvitation: { memberId: MemberId, round: Schema.Int, mail: Schema.Int },
  ExpireMembership: { memberId: MemberId, round: Schema.Int },
  /** Mails something about a request to connect to one of its two sides (rules X-R3, X-R5). */
  MailRequest: { invitationId: InvitationId, to: Schema.Literals(["owner", "requester"]), about: RequestNews },
  RemindRequest: { invitationId: InvitationId },
  /** Erases what was loaded for an account, once the time for calling it off is over (rule C14). */
  EraseData: { accountId: AccountId },
  /** Looks again at what keeps a profile from appearing (rules S-R5, C9). */
  Diagnose: { connectionId: ConnectionId },
  /** Mails the address of a consolidation plan (flow F4); `mail` counts the mails of one round. */
  MailPlan: { consolidationId: ConsolidationId, round: Schema.Int, mail: Schema.Int },
  /** Tells the members of the organization something that they should know. */
  Notify: { topic: Topic, connectionId: ConnectionId, detail: Schema.String }
})
/** What is to be done. */
export type Task = typeof Task.Type

/** Work with its due time, before it has an id. */
export interface JobRequest {
  readonly dueAt: DateTime.Utc
  readonly task: Task
}

/** Work that is written down. */
export const Job = Schema.Struct({ id: JobId, organizationId: OrganizationId, dueAt: Schema.DateTimeUtc, task: Task })
/** Work that is written down. */
export type Job = typeof Job.Type

const want = (dueAt: DateTime.Utc, task: Task): JobRequest => ({ dueAt, task })

/** Minutes after a consent in which it may be finished by itself before the requester is asked to choose. */
export const choiceMinutes = 1
/** Minutes in which another consent may take over before people are told that one was lost. */
export const fallbackMinutes = 2
/** Hours between proofs of an idle connection. */
export const proofHours = 24
/**
 * Minutes after which the tokens of an expired authorization are forgotten. A process that was still exchanging the code when the
 * authorization expired has stored what it got by then, or is dead.
 */
export const straggleMinutes = 10
/** Hours between looks for profiles that are not there yet. */
export const lookAgainHours = 1

/** Minutes after a consent whose list of profiles could not be read at which it is asked for again; trouble there is short. */
export const readAgainMinutes = 1

/** Mails about the request that an authorization came through, if it came through one; a link without a request has nobody to tell. */
const ofRequest = (
  authorization: Authorization.Present,
  at: DateTime.Utc,
  about: RequestNews,
  ...sides: ReadonlyArray<"owner" | "requester">
): ReadonlyArray<JobRequest> => {
  const { origin } = authorization
  return origin._tag === "ByLink"
    ? sides.map((to) => want(at, { _tag: "MailRequest", invitationId: origin.invitationId, to, about }))
    : []
}

/** A connection without the checklist is explained by its requirements alone. */
const diagnosed = (
  { channel, connectionId }: { readonly channel: Channel.Channel; readonly connectionId: ConnectionId },
  at: DateTime.Utc,
  catalogue: Catalogue
): ReadonlyArray<JobRequest> =>
  Channel.hasChecklist(channel, catalogue) ? [want(at, { _tag: "Diagnose", connectionId })] : []

/** What the events of an authorization call for. */
export const ofAuthorization = (
  authorization: Authorization.Present,
  event: Authorization.Event,
  catalogue: Catalogue = standard
): ReadonlyArray<JobRequest> => {
  const authorizationId = authorization.id
  switch (event._tag) {
    case "AuthorizationStarted":
      return [want(event.expiresAt, { _tag: "ExpireAuthorization", authorizationId })]
    case "ConsentRecorded":
      return [
        // Where one profile fits and nothing speaks against it, the request is finished by itself before this is due.
        ...ofRequest(authorization, DateTime.add(event.at, { minutes: choiceMinutes }), "needs-choice", "requester"),
        ...Authorization.selectionReminderHours.map((hours) =>
          want(DateTime.add(event.at, { hours }), { _tag: "RemindSelection", authorizationId })
        ),
        ...(event.candidates.length === 0
          ? [
              want(
                DateTime.add(event.at, event.listFailed ? { minutes: readAgainMinutes } : { hours: lookAgainHours }),
                { _tag: "FindCandidates", authorizationId } as const
              ),
              ...diagnosed(authorization, event.at, catalogue)
            ]
          : [])
      ]
    case "ProfileSelected":
      return ofRequest(authorization, event.at, "connected", "owner", "requester")
    case "AuthorizationFailed":
      return event.grantId === undefined
        ? []
        : [want(event.at, { _tag: "EndGrant", grantId: event.grantId, end: "discarded" })]
    case "AuthorizationExpired":
      return event.grantId === undefined
        ? []
        : [
            want(DateTime.add(event.at, { minutes: straggleMinutes }), {
              _tag: "EndGrant",
              grantId: event.grantId,
              end: "discarded"
            })
          ]
    case "AuthorizationDismissed":
      return authorization._tag === "Dismissed"
        ? [want(event.at, { _tag: "EndGrant", grantId: authorization.grantId, end: "discarded" })]
        : []
    default:
      return []
  }
}

/** What the events of a link call for. A request is mailed to both sides; what another one's mail carries has none of its own. */
export const ofInvitation = (link: Invitation.Present, event: Invitation.Event): ReadonlyArray<JobRequest> => {
  const invitationId = link.id
  const { request } = link
  const mail = (
    at: DateTime.Utc,
    about: RequestNews,
    ...sides: ReadonlyArray<"owner" | "requester">
  ): ReadonlyArray<JobRequest> =>
    request === undefined ? [] : sides.map((to) => want(at, { _tag: "MailRequest", invitationId, to, about }))
  const ownMail = (at: DateTime.Utc, about: RequestNews, ...sides: ReadonlyArray<"owner" | "requester">) =>
    request?.carriedBy === undefined ? mail(at, about, ...sides) : []
  const ends = (expiresAt: DateTime.Utc): ReadonlyArray<JobRequest> => [
    want(expiresAt, { _tag: "ExpireInvitation", invitationId })
  ]
  switch (event._tag) {
    case "LinkIssued": {
      const remindAt = DateTime.subtract(event.expiresAt, { hours: Invitation.reminderHours })
      const worthReminding =
        event.request !== undefined &&
        event.request.carriedBy === undefined &&
        DateTime.isGreaterThan(DateTime.subtract(remindAt, { hours: Invitation.reminderHours }), event.issuedAt)
      return [
        ...ends(event.expiresAt),
        ...ownMail(event.issuedAt, "asked", "owner", "requester"),
        ...(worthReminding ? [want(remindAt, { _tag: "RemindRequest", invitationId })] : [])
      ]
    }
    case "RequestMailedAgain":
      return [...ends(event.expiresAt), ...mail(event.at, "asked", "owner")]
    case "RequestReminded":
      return mail(event.at, "reminded", "owner")
    case "RequestObjected":
      return mail(event.at, "objected", "requester")
    // A requester whose own address is refused is told on the page.
    case "RequestBounced":
      return event.to === "owner" ? mail(event.at, "bounced", "requester") : []
    case "LinkRevoked":
      return mail(event.at, "withdrawn", "owner")
    case "LinkExpired":
      return mail(event.at, "expired", "requester")
    default:
      return []
  }
}

/** What the events of a membership call for. */
export const ofMember = (member: Member.Present, event: Member.Event): ReadonlyArray<JobRequest> => {
  const mailed = (at: DateTime.Utc, expiresAt: DateTime.Utc): ReadonlyArray<JobRequest> =>
    member._tag !== "Invited"
      ? []
      : [
          want(at, { _tag: "MailInvitation", memberId: member.id, round: member.round, mail: member.mails }),
          want(expiresAt, { _tag: "ExpireMembership", memberId: member.id, round: member.round })
        ]
  return event._tag === "MemberInvited"
    ? mailed(event.invitedAt, event.expiresAt)
    : event._tag === "InvitationMailed"
      ? mailed(event.at, event.expiresAt)
      : []
}

/** What the events of an account call for. */
export const ofAccount = (event: Account.Event): ReadonlyArray<JobRequest> =>
  event._tag === "DeletionScheduled" ? [want(event.dueAt, { _tag: "EraseData", accountId: event.accountId })] : []

/** What the events of the directory call for: the organization an advertiser is, or was, assigned to is brought up to date. */
export const ofAdvertiser = (advertiser: Advertiser.Present, event: Advertiser.Event): ReadonlyArray<JobRequest> => {
  const advertiserId = advertiser.id
  switch (event._tag) {
    case "AdvertiserAssigned":
      return [
        want(event.assignment.at, {
          _tag: "ReconcileAdvertiser",
          advertiserId,
          tenantId: event.assignment.tenantId,
          assignmentEpoch: advertiser.assignmentEpoch
        })
      ]
    case "AdvertiserUnassigned":
      return [
        want(event.at, {
          _tag: "ReconcileAdvertiser",
          advertiserId,
          tenantId: event.tenantId,
          assignmentEpoch: event.assignmentEpoch
        })
      ]
    case "AdvertiserChanged":
    case "AdvertiserLost":
    case "AdvertiserReturned":
      return advertiser.assignment === undefined
        ? []
        : [
            want(event.at, {
              _tag: "ReconcileAdvertiser",
              advertiserId,
              tenantId: advertiser.assignment.tenantId,
              assignmentEpoch: advertiser.assignmentEpoch
            })
          ]
    default:
      return []
  }
}

const whenLinked = (
  event: Extract<Connection.Event, { readonly _tag: "Linked" | "Renewed" }>,
  catalogue: Catalogue
): ReadonlyArray<JobRequest> => {
  const { connectionId, link } = event
  const { expiresAt, grantId, linkedAt } = link
  return [
    want(linkedAt, { _tag: "PlanBackfill", connectionId, finalisedAt: linkedAt }),
    want(DateTime.add(linkedAt, { hours: proofHours }), { _tag: "ProveConnection", connectionId, grantId }),
    ...(Channel.accessBy(event.channel, catalogue) === "partner"
      ? [want(linkedAt, { _tag: "ReconcileAwaited", connectionId } as const)]
      : []),
    ...(expiresAt === undefined
      ? []
      : Grant.reminders(expiresAt, linkedAt).map((instant) =>
          want(instant, { _tag: "RemindExpiry", connectionId, grantId, expiresAt })
        ))
  ]
}

/** What came back without anybody's doing is told: another login took over, or an advertiser lists us again. */
const byItself = (
  { channel, connectionId, link }: Extract<Connection.Event, { readonly _tag: "Renewed" }>,
  catalogue: Catalogue
): ReadonlyArray<JobRequest> =>
  link.linkedBy._tag !== "System"
    ? []
    : [
        want(link.linkedAt, {
          _tag: "Notify",
          topic: Channel.accessBy(channel, catalogue) === "partner" ? "connected" : "fell-back",
          connectionId,
          detail: link.profile.name
        })
      ]

/** What the events of a connection call for. */
export const ofConnection = (
  connection: Connection.Present,
  event: Connection.Event,
  catalogue: Catalogue = standard
): ReadonlyArray<JobRequest> => {
  const connectionId = connection.id
  switch (event._tag) {
    case "Linked":
      return [
        ...whenLinked(event, catalogue),
        want(event.link.linkedAt, {
          _tag: "Notify",
          topic: "connected",
          connectionId: event.connectionId,
          detail: event.link.profile.name
        })
      ]
    case "Renewed":
      return [
        ...whenLinked(event, catalogue),
        ...byItself(event, catalogue),
        ...(event.keepsReplaced
          ? []
          : [want(event.link.linkedAt, { _tag: "EndGrant", grantId: event.replacedGrantId, end: "replaced" } as const)])
      ]
    case "LimitFound":
      return [
        want(event.at, { _tag: "Notify", topic: "limited", connectionId, detail: event.missing }),
        ...diagnosed({ channel: connection.channel, connectionId }, event.at, catalogue)
      ]
    // What was blocked for want of the right is taken up again.
    case "LimitLifted":
      return [want(event.at, { _tag: "PlanBackfill", connectionId, finalisedAt: event.at })]
    // People are told a little later: another consent that sees the profile may have taken over by then (rule S-R7).
    case "GrantLost":
      return [
        want(event.at, {
          _tag: "EndGrant",
          grantId: event.grantId,
          end: event.loss === "access-removed" ? "access-removed" : "refused-by-provider"
        }),
        want(event.at, { _tag: "FindFallback", connectionId, grantId: event.grantId }),
        want(DateTime.add(event.at, { minutes: fallbackMinutes }), {
          _tag: "Notify",
          topic: "reauthorization-needed",
          connectionId: event.connectionId,
          detail: event.loss
        })
      ]
    case "AccessExpected":
      return [
        want(event.expected.since, { _tag: "ReconcileAwaited", connectionId }),
        want(DateTime.add(event.expected.since, { hours: ConnectionMachine.accessHours }), {
          _tag: "CheckAccess",
          connectionId
        })
      ]
    case "AccessOverdue":
      return [want(event.at, { _tag: "Notify", topic: "access-overdue", connectionId, detail: event.advertiser })]
    case "AccessNoted":
      return [
        want(event.at, { _tag: "ReconcileAwaited", connectionId }),
        // It is gone again: the day may be over already, and then it is late.
        ...(event.advertiser === undefined ? [want(event.at, { _tag: "CheckAccess", connectionId } as const)] : [])
      ]
    case "ExpectationDropped":
      return [want(event.at, { _tag: "ReconcileAwaited", connectionId })]
    // What was put off while it was paused is taken up again.
    case "ConnectionResumed":
      return [want(event.at, { _tag: "PlanBackfill", connectionId, finalisedAt: event.at })]
    case "Disconnected":
      return event.released === undefined
        ? []
        : [
            want(event.at, { _tag: "EndGrant", grantId: event.released.grantId, end: "disconnected" }),
            want(event.at, { _tag: "CancelBackfill", connectionId: event.connectionId })
          ]
    default:
      return []
  }
}

/** What the events of a load call for. */
export const ofBackfill = (backfill: Backfill.Present, event: Backfill.Event): ReadonlyArray<JobRequest> => {
  const backfillId = backfill.id
  const begin = (
    windowIds: ReadonlyArray<Backfill.WindowId>,
    promises: ReadonlyArray<Backfill.Promised>,
    at: DateTime.Utc
  ) => [
    ...windowIds.map((windowId) => want(at, { _tag: "LoadWindow", backfillId, windowId })),
    ...promises.map(({ dataClass, dueAt }) => want(dueAt, { _tag: "CheckDeadline", backfillId, dataClass })),
    ...(windowIds.length === 0
      ? []
      : [want(DateTime.add(at, { hours: syncHours }), { _tag: "CheckSync", backfillId } as const)])
  ]
  switch (event._tag) {
    case "BackfillPlanned":
      return begin(
        event.windows.map(({ id }) => id),
        event.promises,
        event.finalisedAt
      )
    case "BackfillExtended":
      return begin([...event.windows.map(({ id }) => id), ...event.retried], event.promises, event.at)
    case "DeadlineMissed":
      return [
        want(event.at, {
          _tag: "Notify",
          topic: "deadline-missed",
          connectionId: event.connectionId,
          detail: event.dataClass
        })
      ]
    case "LoadOverdue":
      return [want(event.at, { _tag: "Notify", topic: "overdue", connectionId: event.connectionId, detail: "" })]
    case "LoadCaughtUp":
      return [want(event.at, { _tag: "Notify", topic: "caught-up", connectionId: event.connectionId, detail: "" })]
    case "BackfillCompleted":
      // A channel without a first load has nothing to tell.
      return backfill.windows.length === 0
        ? []
        : [want(event.at, { _tag: "Notify", topic: "backfill-complete", connectionId: event.connectionId, detail: "" })]
    default:
      return []
  }
}

/** What the events of a consolidation call for. */
export const ofConsolidation = (
  consolidation: Consolidation.Open,
  event: Consolidation.Event
): ReadonlyArray<JobRequest> =>
  event._tag === "PlanMailed"
    ? [
        want(event.mail.at, {
          _tag: "MailPlan",
          consolidationId: consolidation.id,
          round: event.round,
          mail: event.mail.number
        })
      ]
    : []

/** What an event of any aggregate calls for; `next` is the state it led to. */
export const of: {
  readonly [K in Kind]: (next: Present<K>, event: Types[K]["event"], catalogue?: Catalogue) => ReadonlyArray<JobRequest>
} = {
  organization: () => [],
  member: ofMember,
  apiKey: () => [],
  company: () => [],
  account: (_, event) => ofAccount(event),
  grant: () => [],
  advertiser: ofAdvertiser,
  awaited: () => [],
  connection: ofConnection,
  authorization: ofAuthorization,
  invitation: ofInvitation,
  backfill: ofBackfill,
  consolidation: ofConsolidation,
  diagnosis: () => []
}
