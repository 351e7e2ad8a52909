/** What the events of members, accounts, advertisers and consolidations call for. */
import * as DateTime from "effect/DateTime"
import type * as Account from "../../accounts/Account.ts"
import type * as Advertiser from "../../advertisers/Advertiser.ts"
import type * as Consolidation from "../../mainAccount/Consolidation.ts"
import * as Incident from "../../incidents/Incident.ts"
import type * as Member from "../../organizations/Member.ts"
import type * as Organization from "../../organizations/Organization.ts"
import { type JobRequest, want } from "./task.ts"

/** What the events of a membership call for. */
export const ofMember = (member: Member.Present, event: Member.Event): ReadonlyArray<JobRequest> => {
  const mailed = (at: DateTime.Utc, expiresAt: DateTime.Utc): ReadonlyArray<JobRequest> =>
    member._tag !== "Invited"
      ? []
      : [
          want(at, { _tag: "MailInvitation", memberId: member.id, round: member.round, mail: member.mails }),
          want(expiresAt, { _tag: "ExpireMembership", memberId: member.id, round: member.round })
        ]
  if (event._tag === "NewsCollected") return mailOfNews(member, event.news.dueAt)
  // What was collected at the last moment, when its mail was already made, gets one of its own.
  if (event._tag === "NewsMailed") return mailOfNews(member, event.at, true)
  if (event._tag === "MemberInvited") return mailed(event.invitedAt, event.expiresAt)
  if (event._tag === "InvitationBounced")
    return [want(event.at, { _tag: "MailInvitationBounced", memberId: member.id, round: event.round })]
  return event._tag === "InvitationMailed" ? mailed(event.at, event.expiresAt) : []
}

/** One mail for all news that is due at an instant: asked for by the first of it, or by what was left over. */
const mailOfNews = (member: Member.Present, at: DateTime.Utc, isLeftOver = false): ReadonlyArray<JobRequest> => {
  const news = member._tag === "Active" ? (member.news ?? []) : []
  const due = news.filter(({ dueAt }) =>
    isLeftOver ? !DateTime.isGreaterThan(dueAt, at) : DateTime.Equivalence(dueAt, at)
  )
  const isCalledFor = isLeftOver ? due.length > 0 : due.length === 1
  return isCalledFor ? [want(at, { _tag: "MailNews", memberId: member.id })] : []
}

/** What the events of an organization call for: both people hear of an offer of the ownership and of its end. */
export const ofOrganization = (
  { ownerId }: Organization.Present,
  event: Organization.Event
): ReadonlyArray<JobRequest> => {
  switch (event._tag) {
    case "OwnershipOffered":
      return [
        want(event.at, { _tag: "MailOwnership", about: "offered", owner: ownerId, other: event.to, at: event.at }),
        want(event.expiresAt, { _tag: "ExpireOwnershipOffer", to: event.to, at: event.at })
      ]
    case "OwnershipOfferEnded":
      return [
        want(event.at, { _tag: "MailOwnership", about: "offer-ended", owner: ownerId, other: event.to, at: event.at })
      ]
    case "OwnershipHandedOver":
      return [
        want(event.at, {
          _tag: "MailOwnership",
          about: "handed-over",
          owner: event.to,
          other: event.from,
          at: event.at
        })
      ]
    case "ClosingScheduled":
      return [
        want(event.at, { _tag: "MailClosing", about: "closing", by: event.by, at: event.at }),
        want(event.dueAt, { _tag: "CloseOrganization", closingAt: event.at })
      ]
    case "OrganizationReopened":
      return [want(event.at, { _tag: "MailClosing", about: "reopened", by: event.by, at: event.at })]
    default:
      return []
  }
}

/** What the events of an account call for. */
export const ofAccount = (event: Account.Event): ReadonlyArray<JobRequest> =>
  event._tag === "DeletionScheduled" ? [want(event.dueAt, { _tag: "EraseData", accountId: event.accountId })] : []

/**
 * What the events of the directory call for: the organization that an advertiser is, or was, assigned to is brought up
 * to date.
 */
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

/** What the events of an incident call for: whoever runs the installation hears of its beginning and of its end. */
export const ofIncident = ({ id: incidentId }: Incident.Present, event: Incident.Event): ReadonlyArray<JobRequest> => {
  switch (event._tag) {
    case "IncidentOpened": {
      const { at, epoch } = event
      return [
        want(at, { _tag: "NotifyIncident", incidentId, epoch, about: "opened" }),
        want(DateTime.add(at, { minutes: Incident.checkMinutes }), { _tag: "CheckIncident", incidentId, epoch })
      ]
    }
    case "IncidentClosed":
      return [want(event.at, { _tag: "NotifyIncident", incidentId, epoch: event.epoch, about: "closed" })]
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
