/** What the events of authorizations and of links call for. */
import * as DateTime from "effect/DateTime"
import * as Authorization from "../../authorizations/Authorization.ts"
import * as Grant from "../../authorizations/Grant.ts"
import * as Invitation from "../../authorizations/Invitation.ts"
import { RequestNews } from "../../kernel/Topic.ts"
import { nextDigest } from "../../organizations/Member.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import {
  type JobRequest,
  choiceMinutes,
  diagnosed,
  lookAgainHours,
  readAgainMinutes,
  straggleMinutes,
  want
} from "./task.ts"

/** Mails about the request that an authorization came through; none for a link without a request. */
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
        // Where exactly one profile fits without a warning, the request is finished by itself before this is due.
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

/**
 * When the owner of a consent that ends is reminded: at the hour of the daily mail, the first time soon after the
 * request was made, and then at the moments at which members are reminded, as long as its link lives.
 */
const renewalMoments = (
  { endsAt }: Invitation.Renews,
  { expiresAt, issuedAt }: Pick<Invitation.Present, "expiresAt" | "issuedAt">
): ReadonlyArray<DateTime.Utc> => {
  const moments = [issuedAt, ...Grant.reminders(endsAt, issuedAt)].map((at) => nextDigest(at).epochMilliseconds)
  return [...new Set(moments)].filter((at) => at < expiresAt.epochMilliseconds).map((at) => DateTime.makeUnsafe(at))
}

/** When the owner is reminded of a new request. */
const remindersOf = (
  event: Extract<Invitation.Event, { readonly _tag: "LinkIssued" }>
): ReadonlyArray<DateTime.Utc> => {
  const { expiresAt, issuedAt, request } = event
  if (request === undefined || request.carriedBy !== undefined) return []
  if (request.renews !== undefined) return renewalMoments(request.renews, event)
  const remindAt = DateTime.subtract(expiresAt, { hours: Invitation.reminderHours })
  const isWorthIt = DateTime.isGreaterThan(DateTime.subtract(remindAt, { hours: Invitation.reminderHours }), issuedAt)
  return isWorthIt ? [remindAt] : []
}

/**
 * What the events of a link call for. A request is mailed to both sides, unless the email of another request carries
 * its link.
 */
export const ofInvitation = (link: Invitation.Present, event: Invitation.Event): ReadonlyArray<JobRequest> => {
  const invitationId = link.id
  const { request } = link
  // Nobody asked for what the software reminds of by itself, so nobody hears that it ended unanswered.
  const isBySoftware = request?.renews !== undefined
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
    case "LinkIssued":
      return [
        ...ends(event.expiresAt),
        ...(isBySoftware ? [] : ownMail(event.issuedAt, "asked", "owner", "requester")),
        ...remindersOf(event).map((at) => want(at, { _tag: "RemindRequest", invitationId }))
      ]
    case "RequestMailedAgain":
      return [...ends(event.expiresAt), ...mail(event.at, "asked", "owner")]
    case "RequestReminded":
      return mail(event.at, "reminded", "owner")
    case "RequestObjected":
      return mail(event.at, "objected", "requester")
    // When the requester's own address is refused, no email helps; the page shows it.
    case "RequestBounced":
      return event.to === "owner" ? mail(event.at, "bounced", "requester") : []
    case "LinkRevoked":
      return isBySoftware ? [] : mail(event.at, "withdrawn", "owner")
    case "LinkExpired":
      return isBySoftware ? [] : mail(event.at, "expired", "requester")
    default:
      return []
  }
}
