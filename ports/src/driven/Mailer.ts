/**
 * Sends mail to people. Delivery is at least once: a mail whose fate is unknown is sent again, under the same id, so
 * that the receiver can recognise the second copy. An installation without a mail server keeps mails instead, and pages
 * show them.
 */
import { type EmailMessage, type Id, Messages, type Text } from "@portolan/domain"
import { Context, type DateTime, type Effect, Schema } from "effect"
import type { InvalidCursor, Page, PageRequest } from "./Page.ts"
import type { StoreUnavailable } from "./StoreUnavailable.ts"

/** A person with an address. The name is text as it was typed; an adapter makes one line of it. */
export interface Correspondent {
  readonly name: string
  readonly email: Text.Email
}

/** One mail to one person. */
export interface Mail {
  /**
   * Names the mail, e.g. the id of the work that asked for it and who gets it. The same mail always carries the same
   * id; 1 to 200 characters.
   */
  readonly id: string
  readonly organizationId: Id.OrganizationId
  readonly to: Correspondent
  /** Who gets the answers, e.g. the bookkeeper who asks; the sender's own address when left out. */
  readonly replyTo?: Correspondent
  readonly emailMessage: EmailMessage.EmailMessage
}

/** A mail that was kept instead of sent. */
export interface KeptMail extends Mail {
  readonly keptAt: DateTime.Utc
}

/** The most mails that are kept for one organization; the oldest go first. */
export const keptLimit = 1000

/** The mail could not be handed over, or it is unknown whether it was; it may be sent again under the same id. */
export class MailerUnavailable extends Schema.TaggedError<MailerUnavailable>()("MailerUnavailable", {
  /** What the mail server or the network said, free of credentials and addresses. */
  reason: Schema.String
}) {
  override get message(): string {
    return Messages.text("mailer.unavailable", { reason: this.reason })
  }
}

/** This mail will never be accepted for this recipient; sending it again does not help. */
export class MailRefused extends Schema.TaggedError<MailRefused>()("MailRefused", {
  /** What the mail server said, free of credentials and addresses. */
  reason: Schema.String
}) {
  override get message(): string {
    return Messages.text("mailer.refused", { reason: this.reason })
  }
}

/** Sends mail. */
export class Mailer extends Context.Service<
  Mailer,
  {
    /**
     * Hands a mail over. Handing the same id over again is harmless: it is kept once, or sent as a recognisable copy.
     */
    readonly send: (mail: Mail) => Effect.Effect<void, MailerUnavailable | MailRefused>

    /** The mails of an organization that were kept, the youngest first. Empty where mail is really sent. */
    readonly kept: (
      organizationId: Id.OrganizationId,
      page: PageRequest
    ) => Effect.Effect<Page<KeptMail>, InvalidCursor | StoreUnavailable>

    /** False when mails are only kept, so that a page can say where to read them. */
    readonly sends: boolean
  }
>()("@portolan/ports/driven/Mailer") {}
