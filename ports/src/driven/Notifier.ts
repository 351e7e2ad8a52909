/** Notifies people. Delivery is at least once; a notice has an id, so that a receiver can drop the second copy. */
import { type Id, type Job, type Member, Messages } from "@portolan/domain"
import { Context, type Effect, Schema } from "effect"

/** A notice to people about a connection, a consent or an advertiser. */
export interface Notice {
  /** The id of the job that sends it; the same notice always carries the same id. */
  readonly id: Id.JobId
  readonly organizationId: Id.OrganizationId
  readonly topic:
    | Job.Topic
    | "selection-waiting"
    | "consent-ends"
    | "advertiser-assigned"
    | "advertiser-unassigned"
    | "incident-opened"
    | "incident-closed"
    | "application-secret"
  /** What it is about; a link to it may be shown. */
  readonly connectionId?: Id.ConnectionId
  /** Who gets it: the members who can act, support, or both; or support and everybody who runs the installation. */
  readonly audience: "members" | "members-and-support" | "support" | "operators-and-support"
  readonly subject: string
  readonly text: string
  /** Members who get it beside those who can act, e.g. who is responsible for the consent; who left gets nothing. */
  readonly alsoTo?: ReadonlyArray<Id.MemberId>
  /** The consent that ends, on a reminder: mails gather such reminders into one a person and day. */
  readonly ending?: Member.EndingConsent
}

/** The notice could not be handed over; it will be tried again. */
export class NotifierUnavailable extends Schema.TaggedError<NotifierUnavailable>()("NotifierUnavailable", {
  cause: Schema.Defect()
}) {
  override get message(): string {
    return Messages.text("notifier.unavailable")
  }
}

/** Notifies people. */
export class Notifier extends Context.Service<
  Notifier,
  {
    /** Hands a notice over. */
    readonly notify: (notice: Notice) => Effect.Effect<void, NotifierUnavailable>
  }
>()("@portolan/ports/driven/Notifier") {}
