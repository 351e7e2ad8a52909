/** The words of the pages in `pages/mailbox`. */
import { html, type Markup } from "../../page/html.ts"

/** What the mailbox of kept mails says, and what stands around a mail. */
export const mailbox = {
  answersGoTo: ({ email, name }: { readonly email: Markup; readonly name: Markup }) =>
    html`Answers go to ${name}, ${email}.`,
  asHtml: ({ label }: { readonly label: string }) => `${label}, as HTML`,
  asPlainText: "As plain text",
  installationMails: "Mails of this installation",
  leadInstallation: "Mails of this installation: sign-ups, and notices to support.",
  leadOrganization: "Mails of your organization: requests to connect, invitations and notices.",
  linkOfMail: "The link of this mail",
  linksOfMail: "The links of this mail",
  mailsBefore: "This installation has a mail server. Only mails from before it was set up are shown here.",
  mailsSent: "Mails are really sent",
  noMails: "No mails",
  notForYou: "Kept mails are for admins of an organization.",
  notSent: "These mails were not sent",
  nothingKept: "Nothing has been kept yet.",
  organizationMails: "Mails of your organization",
  passOn: "Ask an owner or admin of your organization to pass the mail on.",
  plainTextOf: ({ label }: { readonly label: string }) => `${label}, as plain text`,
  subject: "Subject",
  toNamed: ({ email, name }: { readonly email: Markup; readonly name: Markup }) => html`to ${name}, ${email}`,
  whyKept:
    "This installation has no mail server, so every mail is kept here instead. Whoever it is for does not get it: " +
    "open it and pass its link on by hand, or ask your operator to set up a mail server."
}
