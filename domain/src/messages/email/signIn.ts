/** Emails about a person's own sign-in, and invitations to join an organization. */
import type { DateTime } from "effect"
import { type EmailMessage, label, make } from "../MailTemplate.ts"
import { type Catalogue, say } from "../Messages.ts"
import { action, type From, paragraph, productOf, quote, short } from "./parts.ts"

/** What an email with a link that proves an address carries. */
export interface Proof extends From {
  readonly name: string
  readonly url: string
  readonly expiresAt: DateTime.Utc
}

/** Asks a person to prove that an address is theirs. */
export const verifyEmail = (input: Proof, language?: Catalogue): EmailMessage => {
  const product = productOf(input)
  return make(
    {
      subject: say("email.verify-subject", { product }),
      name: input.name,
      parts: [
        paragraph(say("email.signed-up", { product }), say("email.verify")),
        action(say("email.verify-action"), input.url)
      ],
      smallPrint: [say("email.link-until", { at: input.expiresAt }), say("email.verify-not-you")]
    },
    language
  )
}

/** Lets a person choose a new password. */
export const resetPassword = (input: Proof, language?: Catalogue): EmailMessage => {
  const product = productOf(input)
  return make(
    {
      subject: say("email.reset-subject", { product }),
      name: input.name,
      parts: [paragraph(say("email.reset", { product })), action(say("email.reset-action"), input.url)],
      smallPrint: [
        say("email.link-once", { at: input.expiresAt }),
        say("email.do-not-forward"),
        say("email.password-stays")
      ]
    },
    language
  )
}

/** What an email to somebody who signs up again carries. */
export interface AlreadyRegistered extends From {
  readonly name: string
  /** Where a new password is chosen; with no `expiresAt`, where the link for that is asked for. */
  readonly resetUrl: string
  readonly signInUrl: string
  readonly expiresAt?: DateTime.Utc
}

/** Says that the address has a sign-in already. The page does not say so, since strangers see it (rule P-R4). */
export const alreadyRegistered = (input: AlreadyRegistered, language?: Catalogue): EmailMessage => {
  const product = productOf(input)
  return make(
    {
      subject: say("email.registered-subject", { product }),
      name: input.name,
      parts: [
        paragraph(say("email.signed-up", { product }), say("email.registered")),
        action(say("email.registered-action"), input.signInUrl),
        action(say("email.reset-action"), input.resetUrl)
      ],
      smallPrint: [
        ...(input.expiresAt === undefined
          ? []
          : [say("email.password-link-once", { at: input.expiresAt }), say("email.do-not-forward")]),
        say("email.password-stays")
      ]
    },
    language
  )
}

/** What an invitation to an organization carries. */
export interface InviteMember extends From {
  readonly inviter: string
  readonly organization: string
  /** The role in words, e.g. `Bookkeeper`. */
  readonly role: string
  readonly name?: string
  readonly message?: string
  readonly url: string
  readonly expiresAt: DateTime.Utc
}

/** Invites a person to join an organization, e.g. an owner who is to start the connection themselves (rule X-R6). */
export const inviteMember = (input: InviteMember, language?: Catalogue): EmailMessage => {
  const [inviter, organization] = [label(input.inviter), label(input.organization)]
  return make(
    {
      subject: say("email.invite-subject", { inviter: short(input.inviter), organization: short(input.organization) }),
      name: input.name ?? "",
      parts: [
        paragraph(say("email.invite", { inviter, organization, product: productOf(input) })),
        {
          _tag: "Facts",
          facts: [
            [say("email.fact-organization"), organization],
            [say("email.fact-role"), label(input.role)]
          ]
        },
        ...quote(input.inviter, input.message),
        action(say("email.invite-action"), input.url)
      ],
      smallPrint: [say("email.invite-once", { at: input.expiresAt }), say("email.invite-unknown", { inviter })]
    },
    language
  )
}
