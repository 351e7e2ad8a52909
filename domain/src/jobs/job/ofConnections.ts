/** What the events of connections and of their loads call for. */
import * as DateTime from "effect/DateTime"
import * as Grant from "../../authorizations/Grant.ts"
import type * as Backfill from "../../connections/Backfill.ts"
import type { WindowId } from "../../connections/Window.ts"
import type { ConnectionId } from "../../kernel/Id.ts"
import type * as Connection from "../../connections/Connection.ts"
import * as ConnectionMachine from "../../connections/Connection.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import * as Channel from "../../providers/Channel.ts"
import { syncHours } from "../../providers/DataClass.ts"
import { type JobRequest, diagnosed, fallbackMinutes, firstProofHours, identityMinutes, want } from "./task.ts"

/** A provider that could not say who consented is asked again sooner than it is asked for proofs. */
const firstProof = ({ identity }: Connection.Link) =>
  identity?._tag === "Claimed" && identity.doubt === "unanswered"
    ? { minutes: identityMinutes }
    : { hours: firstProofHours }

const whenLinked = (
  event: Extract<Connection.Event, { readonly _tag: "Linked" | "Renewed" }>,
  catalogue: Catalogue
): ReadonlyArray<JobRequest> => {
  const { connectionId, link } = event
  const { expiresAt, grantId, linkedAt } = link
  return [
    want(linkedAt, { _tag: "PlanBackfill", connectionId, finalisedAt: linkedAt }),
    want(DateTime.add(linkedAt, firstProof(link)), { _tag: "ProveConnection", connectionId, grantId }),
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

/**
 * Notifies of a connection that works again without anybody's act: another login took over, or an advertiser lists us
 * again. The answer to a request is the act of its owner.
 */
const byItself = (
  { channel, connectionId, link, replacedGrantId }: Extract<Connection.Event, { readonly _tag: "Renewed" }>,
  catalogue: Catalogue
): ReadonlyArray<JobRequest> =>
  link.linkedBy._tag !== "System" || link.linkedBy.part === "request"
    ? []
    : [
        want(link.linkedAt, {
          _tag: "Notify",
          topic: Channel.accessBy(channel, catalogue) === "partner" ? "connected" : "fell-back",
          connectionId,
          detail: link.profile.name,
          replacedGrantId
        })
      ]

/** What follows when a consent takes the place of another one, or shows its profile anew. */
const whenRenewed = (
  event: Extract<Connection.Event, { readonly _tag: "Renewed" }>,
  catalogue: Catalogue
): ReadonlyArray<JobRequest> => [
  ...whenLinked(event, catalogue),
  ...byItself(event, catalogue),
  ...(event.keepsReplaced || Channel.accessBy(event.channel, catalogue) === "partner"
    ? []
    : [
        want(event.link.linkedAt, {
          _tag: "SpreadRenewal",
          connectionId: event.connectionId,
          grantId: event.link.grantId
        } as const)
      ]),
  ...(event.keepsReplaced
    ? []
    : [want(event.link.linkedAt, { _tag: "EndGrant", grantId: event.replacedGrantId, end: "replaced" } as const)])
]

/** How a grant ends whose connections lost it. */
const grantEnds: { readonly [L in Connection.Loss]: Grant.End } = {
  "withdrawn-or-reset": "refused-by-provider",
  expired: "refused-by-provider",
  "access-removed": "access-removed",
  "rotation-lost": "rotation-lost",
  "different-identity": "different-identity",
  "identity-taken": "discarded"
}

const whenLost = (event: Extract<Connection.Event, { readonly _tag: "GrantLost" }>): ReadonlyArray<JobRequest> => [
  want(event.at, { _tag: "EndGrant", grantId: event.grantId, end: grantEnds[event.loss] }),
  // What it was bound to was never its own, so no other consent takes over for it.
  ...(event.loss === "different-identity" || event.loss === "identity-taken"
    ? []
    : [want(event.at, { _tag: "FindFallback", connectionId: event.connectionId, grantId: event.grantId } as const)]),
  want(DateTime.add(event.at, { minutes: fallbackMinutes }), {
    _tag: "Notify",
    topic: "reauthorization-needed",
    connectionId: event.connectionId,
    detail: event.loss
  })
]

/** Follow-up work of a connection that waits for an advertiser. */
const ofExpectation = (
  connectionId: ConnectionId,
  event: Extract<
    Connection.Event,
    { readonly _tag: "AccessExpected" | "AccessOverdue" | "AccessNoted" | "ExpectationDropped" }
  >
): ReadonlyArray<JobRequest> => {
  switch (event._tag) {
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
        // The advertiser is gone again; when the day is over already, it is late at once.
        ...(event.advertiser === undefined ? [want(event.at, { _tag: "CheckAccess", connectionId } as const)] : [])
      ]
    case "ExpectationDropped":
      return [want(event.at, { _tag: "ReconcileAwaited", connectionId })]
  }
}

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
      return whenRenewed(event, catalogue)
    case "LimitFound":
      return [
        want(event.at, { _tag: "Notify", topic: "limited", connectionId, detail: event.missing }),
        ...diagnosed({ channel: connection.channel, connectionId }, event.at, catalogue)
      ]
    // Windows that were blocked because the right was missing are planned again.
    // Whoever was told of the limit is told that it is over.
    case "LimitLifted":
      return [
        want(event.at, { _tag: "PlanBackfill", connectionId, finalisedAt: event.at }),
        want(event.at, { _tag: "Notify", topic: "limit-lifted", connectionId, detail: "" })
      ]
    // The notice waits a little, because another consent that sees the profile may have taken over by then (rule S-R7).
    case "GrantLost":
      return whenLost(event)
    case "AccessExpected":
    case "AccessOverdue":
    case "AccessNoted":
    case "ExpectationDropped":
      return ofExpectation(connectionId, event)
    // Work that waited during the pause is planned again.
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
  const begin = (windowIds: ReadonlyArray<WindowId>, promises: ReadonlyArray<Backfill.Promised>, at: DateTime.Utc) => [
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
    case "RoundPlanned":
      return [
        ...[...event.windows.map(({ id }) => id), ...event.retried].map((windowId) =>
          want(event.at, { _tag: "LoadWindow", backfillId, windowId })
        ),
        want(event.nextAt, { _tag: "PlanSync", backfillId })
      ]
    case "LoadRetried":
      return event.retried.map((windowId) => want(event.at, { _tag: "LoadWindow", backfillId, windowId }))
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
      // A channel without a first load has no notice.
      return backfill.promises.length === 0
        ? []
        : [want(event.at, { _tag: "Notify", topic: "backfill-complete", connectionId: event.connectionId, detail: "" })]
    default:
      return []
  }
}
