/** Emails about the ownership of an organization, and invitations whose mail came back (rules C13, X-R7, P-R14). */
import type { DateTime } from "effect"
import { type EmailMessage, label, make } from "../MailTemplate.ts"
import { type Catalogue, type Message, say } from "../Messages.ts"
import { action, type From, paragraph, productOf, short } from "./parts.ts"

/** Who is written to about the ownership, and what they may know. */
export interface OwnershipNews extends From {
  /** The person who gets the email. */
  readonly name: string
  readonly organization: string
  readonly owner: string
  readonly other: string
  /** Where the organization's settings are. */
  readonly url: string
}

const subjectOf = (news: OwnershipNews): Message =>
  say("email.ownership-subject", { organization: short(news.organization) })

const names = ({ organization, other, owner, ...from }: OwnershipNews) => ({
  organization: label(organization),
  other: label(other),
  owner: label(owner),
  product: productOf(from)
})

const news = (
  input: OwnershipNews,
  {
    does,
    says,
    smallPrint = []
  }: { readonly says: Message; readonly does: Message; readonly smallPrint?: ReadonlyArray<Message> },
  language?: Catalogue
): EmailMessage =>
  make(
    { subject: subjectOf(input), name: input.name, parts: [paragraph(says), action(does, input.url)], smallPrint },
    language
  )

/** Tells a member that the ownership is offered to them; nothing changes until they accept. */
export const ownershipOffered = (input: OwnershipNews & { readonly expiresAt: DateTime.Utc }, language?: Catalogue) =>
  news(
    input,
    {
      says: say("email.ownership-offered", names(input)),
      does: say("email.ownership-look"),
      smallPrint: [say("email.ownership-until", { at: input.expiresAt })]
    },
    language
  )

/** Tells the owner that they offered it, in case it was somebody else at their screen. */
export const ownershipOfferMade = (input: OwnershipNews & { readonly expiresAt: DateTime.Utc }, language?: Catalogue) =>
  news(
    input,
    {
      says: say("email.ownership-offer-made", names(input)),
      does: say("email.ownership-settings"),
      smallPrint: [say("email.ownership-until", { at: input.expiresAt })]
    },
    language
  )

/** Tells both that there is a new owner. */
export const ownershipHandedOver = (input: OwnershipNews, language?: Catalogue) =>
  news(
    input,
    { says: say("email.ownership-handed-over", names(input)), does: say("email.ownership-settings") },
    language
  )

/** Tells both that an offer came to nothing; the owner stays. */
export const ownershipOfferEnded = (input: OwnershipNews, language?: Catalogue) =>
  news(
    input,
    { says: say("email.ownership-offer-ended", names(input)), does: say("email.ownership-settings") },
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
