/** Emails about the ownership of an organization, and invitations whose mail came back (rules C13, X-R7, P-R14). */
import type { DateTime } from "effect"
import { type EmailMessage, label, make } from "../MailTemplate.ts"
import { type Catalogue, say } from "../Messages.ts"
import { action, type From, paragraph, productOf, short } from "./parts.ts"

/** What there is to say about the ownership, who is written to, and what they may know. */
export interface OwnershipNews extends From {
  /**
   * `offered` to the member who gets the email; `offer-made` by the owner who gets it, in case it was somebody else at
   * their screen; `handed-over` and `offer-ended` to both.
   */
  readonly about: "offered" | "offer-made" | "handed-over" | "offer-ended"
  /** The person who gets the email. */
  readonly name: string
  readonly organization: string
  readonly owner: string
  readonly other: string
  /** Where the organization's settings are. */
  readonly url: string
  /** When an open offer ends. */
  readonly expiresAt?: DateTime.Utc
}

const says = {
  offered: "email.ownership-offered",
  "offer-made": "email.ownership-offer-made",
  "handed-over": "email.ownership-handed-over",
  "offer-ended": "email.ownership-offer-ended"
} as const

/** Tells one of two people about the ownership of their organization: it is offered, or who owns it from now on. */
export const ownership = (
  { about, expiresAt, name, organization, other, owner, url, ...from }: OwnershipNews,
  language?: Catalogue
): EmailMessage =>
  make(
    {
      subject: say("email.ownership-subject", { organization: short(organization) }),
      name,
      parts: [
        paragraph(
          say(says[about], {
            organization: label(organization),
            other: label(other),
            owner: label(owner),
            product: productOf(from)
          })
        ),
        action(say(about === "offered" ? "email.ownership-look" : "email.ownership-settings"), url)
      ],
      smallPrint: expiresAt === undefined ? [] : [say("email.ownership-until", { at: expiresAt })]
    },
    language
  )

/** Tells the person who invited somebody that the mail came back. */
export const invitationBounced = (
  input: From & {
    readonly name: string
    readonly email: string
    readonly organization: string
    /** What the mail server said. */
    readonly reason: string
    readonly url: string
  },
  language?: Catalogue
): EmailMessage =>
  make(
    {
      subject: say("email.invitation-bounced-subject", { email: short(input.email) }),
      name: input.name,
      parts: [
        paragraph(
          say("email.invitation-bounced", { email: label(input.email), organization: label(input.organization) }),
          say("email.server-said", { reason: label(input.reason) })
        ),
        action(say("email.invitation-other-address"), input.url)
      ],
      smallPrint: []
    },
    language
  )
