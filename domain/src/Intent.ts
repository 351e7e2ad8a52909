/**
 * Follow-up work as data: saved together with the events that call for it, carried out later by a worker, exactly once
 * in effect. `react` functions read events and name the work; they never do it.
 */
import { DateTime, Schema } from "effect"
import type { Kind, Present, Types } from "./Aggregate.ts"
import * as Authorization from "./Authorization.ts"
import * as Backfill from "./Backfill.ts"
import type * as Connection from "./Connection.ts"
import { DataClass } from "./DataClass.ts"
import * as Grant from "./Grant.ts"
import { AuthorizationId, BackfillId, ConnectionId, GrantId, IntentId, InvitationId, OrganizationId } from "./Id.ts"
import type * as Invitation from "./Invitation.ts"

/** What is to be done. */
export const Work = Schema.TaggedUnion({
  /** Closes a trip nobody came back from (closed tab). */
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
  /** Tells the members of the organization something that they should know. */
  Notify: {
    topic: Schema.Literals(["connected", "reauthorization-needed", "limited", "deadline-missed", "backfill-complete"]),
    connectionId: ConnectionId,
    detail: Schema.String
  }
})
/** What is to be done. */
export type Work = typeof Work.Type

/** Work with its due time, before it has an id. */
export interface Wanted {
  readonly dueAt: DateTime.Utc
  readonly work: Work
}

/** Work that is written down. */
export const Intent = Schema.Struct({
  id: IntentId,
  organizationId: OrganizationId,
  dueAt: Schema.DateTimeUtc,
  work: Work
})
/** Work that is written down. */
export type Intent = typeof Intent.Type

const want = (dueAt: DateTime.Utc, work: Work): Wanted => ({ dueAt, work })

/** Hours between proofs of an idle connection. */
export const proofHours = 24
/**
 * Minutes after which the tokens of an expired trip are forgotten. A process that was still exchanging the code when the
 * trip expired has stored what it got by then, or is dead.
 */
export const straggleMinutes = 10
/** Hours between looks for profiles that are not there yet. */
export const lookAgainHours = 1

/** What the events of a trip call for. */
export const ofAuthorization = (trip: Authorization.Present, event: Authorization.Event): ReadonlyArray<Wanted> => {
  const authorizationId = trip.id
  switch (event._tag) {
    case "AuthorizationStarted": return [want(event.expiresAt, { _tag: "ExpireAuthorization", authorizationId })]
    case "ConsentRecorded":
      return [
        ...Authorization.selectionReminderHours.map((hours) =>
          want(DateTime.add(event.at, { hours }), { _tag: "RemindSelection", authorizationId })),
        ...(event.candidates.length === 0
          ? [want(DateTime.add(event.at, { hours: lookAgainHours }), { _tag: "FindCandidates", authorizationId } as const)]
          : [])
      ]
    case "AuthorizationFailed":
      return event.grantId === undefined ? [] : [want(event.at, { _tag: "EndGrant", grantId: event.grantId, end: "discarded" })]
    case "AuthorizationExpired":
      return event.grantId === undefined ? []
        : [want(DateTime.add(event.at, { minutes: straggleMinutes }), { _tag: "EndGrant", grantId: event.grantId, end: "discarded" })]
    case "AuthorizationDismissed":
      return trip._tag === "Dismissed"
        ? [want(event.at, { _tag: "EndGrant", grantId: trip.grantId, end: "discarded" })]
        : []
    default: return []
  }
}

/** What the events of a link call for. */
export const ofInvitation = (event: Invitation.Event): ReadonlyArray<Wanted> =>
  event._tag === "LinkIssued" ? [want(event.expiresAt, { _tag: "ExpireInvitation", invitationId: event.id })] : []

const whenLinked = (event: Extract<Connection.Event, { readonly _tag: "Linked" | "Renewed" }>): ReadonlyArray<Wanted> => {
  const { connectionId, link } = event
  const { expiresAt, grantId, linkedAt } = link
  return [
    want(linkedAt, { _tag: "PlanBackfill", connectionId, finalisedAt: linkedAt }),
    want(DateTime.add(linkedAt, { hours: proofHours }), { _tag: "ProveConnection", connectionId, grantId }),
    ...(expiresAt === undefined ? [] : Grant.reminders(expiresAt, linkedAt).map((instant) =>
      want(instant, { _tag: "RemindExpiry", connectionId, grantId, expiresAt })))
  ]
}

/** What the events of a connection call for. */
export const ofConnection = (connection: Connection.Present, event: Connection.Event): ReadonlyArray<Wanted> => {
  const connectionId = connection.id
  switch (event._tag) {
    case "Linked":
      return [...whenLinked(event), want(event.link.linkedAt,
        { _tag: "Notify", topic: "connected", connectionId: event.connectionId, detail: event.link.profile.name })]
    case "Renewed":
      return [...whenLinked(event), want(event.link.linkedAt,
        { _tag: "EndGrant", grantId: event.replacedGrantId, end: "replaced" })]
    case "LimitFound":
      return [want(event.at, { _tag: "Notify", topic: "limited", connectionId, detail: event.missing })]
    // What was blocked for want of the right is taken up again.
    case "LimitLifted":
      return [want(event.at, { _tag: "PlanBackfill", connectionId, finalisedAt: event.at })]
    case "GrantLost":
      return [
        want(event.at, { _tag: "EndGrant", grantId: event.grantId, end: "refused-by-provider" }),
        want(event.at, { _tag: "Notify", topic: "reauthorization-needed", connectionId: event.connectionId, detail: event.loss })
      ]
    case "Disconnected":
      return event.released === undefined ? [] : [
        want(event.at, { _tag: "EndGrant", grantId: event.released.grantId, end: "disconnected" }),
        want(event.at, { _tag: "CancelBackfill", connectionId: event.connectionId })
      ]
    default: return []
  }
}

/** What the events of a load call for. */
export const ofBackfill = (backfill: Backfill.Present, event: Backfill.Event): ReadonlyArray<Wanted> => {
  const backfillId = backfill.id
  const begin = (
    windowIds: ReadonlyArray<Backfill.WindowId>, promises: ReadonlyArray<Backfill.Promised>, at: DateTime.Utc
  ) => [
    ...windowIds.map((windowId) => want(at, { _tag: "LoadWindow", backfillId, windowId })),
    ...promises.map(({ dataClass, dueAt }) => want(dueAt, { _tag: "CheckDeadline", backfillId, dataClass }))
  ]
  switch (event._tag) {
    case "BackfillPlanned": return begin(event.windows.map(({ id }) => id), event.promises, event.finalisedAt)
    case "BackfillExtended": return begin([...event.windows.map(({ id }) => id), ...event.retried], event.promises, event.at)
    case "DeadlineMissed":
      return [want(event.at, { _tag: "Notify", topic: "deadline-missed", connectionId: event.connectionId, detail: event.dataClass })]
    case "BackfillCompleted":
      // A channel without a first load has nothing to tell.
      return backfill.windows.length === 0 ? [] : [want(event.at, { _tag: "Notify", topic: "backfill-complete", connectionId: event.connectionId, detail: "" })]
    default: return []
  }
}

/** What an event of any aggregate calls for; `next` is the state it led to. */
export const of: { readonly [K in Kind]: (next: Present<K>, event: Types[K]["event"]) => ReadonlyArray<Wanted> } = {
  company: () => [],
  account: () => [],
  grant: () => [],
  connection: ofConnection,
  authorization: ofAuthorization,
  invitation: (_, event) => ofInvitation(event),
  backfill: ofBackfill
}
