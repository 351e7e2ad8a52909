/** Emails to the members of an organization that is closed, or open again (rule C14). */
import type { DateTime } from "effect"
import { type EmailMessage, label, make } from "../MailTemplate.ts"
import { type Catalogue, say } from "../Messages.ts"
import { action, paragraph, short } from "./parts.ts"

/** Who is written to, and what they may know. */
export interface ClosingNews {
  /** The person who gets the email. */
  readonly name: string
  readonly organization: string
  /** Who closed or reopened it. */
  readonly by: string
  /** Where a person's organizations are. */
  readonly url: string
}

/** Tells a member that the organization is closed, and until when it can be reopened. */
export const organizationClosing = (
  { by, name, organization, until, url }: ClosingNews & { readonly until: DateTime.Utc },
  language?: Catalogue
): EmailMessage =>
  make(
    {
      subject: say("email.closing-subject", { organization: short(organization) }),
      name,
      parts: [
        paragraph(say("email.closing", { by: label(by), organization: label(organization), until })),
        action(say("email.closing-look"), url)
      ],
      smallPrint: []
    },
    language
  )

/** Tells a member that the organization is open again. */
export const organizationReopened = (
  { by, name, organization, url }: ClosingNews,
  language?: Catalogue
): EmailMessage =>
  make(
    {
      subject: say("email.reopened-subject", { organization: short(organization) }),
      name,
      parts: [
        paragraph(say("email.reopened", { by: label(by), organization: label(organization) })),
        action(say("email.closing-look"), url)
      ],
      smallPrint: []
    },
    language
  )
