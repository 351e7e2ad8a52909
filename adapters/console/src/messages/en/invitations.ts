/** The words of the pages in `pages/invitations`. */
import { type Content, html, type Markup } from "../../page/html.ts"

/** What the pages behind an invitation to join say. */
export const invitations = {
  answeredBefore:
    "It was accepted, declined or withdrawn, a newer one was sent, or the address was cut off on its way.",
  declineIt: "Decline",
  declined: "Invitation declined",
  expired: "This invitation has expired",
  forOtherAddress: "This invitation is for another address",
  invitation: "Invitation",
  invitedBy: "Invited by",
  join: ({ organization }: { readonly organization: Content }) => html`Join ${organization}`,
  joinedNothing: "You joined nothing.",
  nobodyAnswered: "Nobody answered it in time.",
  notOpen: "This invitation is not open any more",
  otherAddress: (said: { readonly email: Markup; readonly inviter: Markup; readonly signedInAs: Markup }) =>
    html`It was sent to ${said.email}, and you are signed in as ${said.signedInAs}. Sign out and come back as
    ${said.email}, or ask ${said.inviter} to invite ${said.signedInAs}.`,
  roleForChosen: ({ role }: { readonly role: string }) => `${role}, for chosen accounts`,
  signInOrAsk: "If you joined already, sign in. Otherwise ask the person who invited you to send it again.",
  signInOrUp: ({ email }: { readonly email: Markup }) =>
    html`Sign in as ${email}, or sign up with this address if it is new here. You come back to this page.`,
  turnDown: ({ inviter }: { readonly inviter: string }) =>
    `Do you turn this invitation down? ${inviter} would have to invite you again.`,
  yesDecline: "Yes, decline"
}
