/** The words of the pages in `pages/signUp`. */
import { html, type Markup } from "../../page/html.ts"

/** What the pages to sign up, to prove an address and to choose a new password say. */
export const signUp = {
  backToSignIn: "Back to sign-in",
  checkMail: "Check your mail",
  colleaguesSee: "Colleagues see it beside what you do.",
  confirmAddress: "Confirm your e-mail address",
  confirmedBefore: ({ link }: { readonly link: Markup }) =>
    html`If you confirmed the address before, just ${link}. There you can also have a new link sent.`,
  deadLink: "This link is not valid any more",
  goToSignIn: "Go to sign-in",
  haveSignIn: ({ link }: { readonly link: Markup }) => html`You have a sign-in? ${link}`,
  keptInstead: ({ link }: { readonly link: Markup }) => html`Mails are kept instead: ${link}.`,
  keptInsteadOrAsk: ({ link }: { readonly link: Markup }) =>
    html`Mails are kept instead: ${link}, or ask your operator for the link.`,
  lead: "You need an address that you read: a link is mailed to it.",
  linkIfKnown: ({ email }: { readonly email: Markup }) =>
    html`If ${email} has a sign-in, a link is on its way. It works for an hour.`,
  linkToNewPassword: "We mail you a link to choose a new password.",
  linkUnusable: "It was used before, it is too old, or it was cut off on its way.",
  mailNotSent: "The mail could not be sent at the moment. Nothing is lost; try again in a minute.",
  newLink: "Have a new link sent",
  newPassword: "New password",
  noMailSent: "This installation sends no mail",
  nothingThere:
    "Nothing there after a few minutes? Look into the spam folder, and check the address for a typing mistake.",
  oneClick: "One click, and you are signed in.",
  openMailbox: "open the mailbox",
  passwordHint: ({ longest, shortest }: { readonly longest: number; readonly shortest: number }) =>
    `${shortest} to ${longest} characters. A few words are easier to keep than one strange one.`,
  savePassword: "Save the new password",
  sendLink: "Send the link",
  signInThere: "sign in",
  signedOutElsewhere: "You are signed out everywhere else.",
  verifySent: ({ email }: { readonly email: Markup }) =>
    html`We sent a mail to ${email}. Open the link in it within a day; then you are signed in.`,
  yourName: "Your name"
}
