/** The words of the pages in `pages/apiKeys`. */
import { html, type Markup } from "../../page/html.ts"

/** The words of this room. */
export const apiKeys = {
  tickOne: "Tick at least one.",
  mayRead: "See companies, accounts and how connections stand",
  mayConnect: "Connect accounts and finish what is pending",
  mayAdminister: "Manage companies, brands and accounts",
  mayManagePeople: "Manage people, invitations and keys",
  days90: "90 days",
  year1: "1 year",
  years2: "2 years",
  key: "Key",
  may: "May",
  asRole: ({ role }: { readonly role: string }) => `as ${role}`,
  revoke: "Revoke",
  revokeQuestion: ({ name }: { readonly name: string }) =>
    `Revoke ${name}? Software that uses it stops working at once.`,
  yesRevoke: "Yes, revoke",
  newKey: "New key",
  theApi: "the API",
  lead: ({ api }: { readonly api: Markup }) =>
    html`For software that works with ${api}. A key ends with the membership of whoever made it.`,
  isRevoked: "The key is revoked",
  none: "No keys yet",
  noneHint: "Make one for each program, with no more rights than it needs.",
  whatItMayDo: "What it may do",
  endsAfter: "Ends after",
  make: "Make the key",
  nameHint: "What uses it, e.g. nightly export.",
  whichAccounts: "Which accounts this key sees",
  made: "Key made",
  madeBefore: "This key was made before",
  madeBeforeHint: "Its secret was shown then and cannot be shown again. Revoke it and make another one if it is lost.",
  theKey: "The key",
  howToSend: html`Send it with each request as <code>Authorization: Bearer …</code>. Keep it like a password.`,
  isMade: "The key is made",
  copyNow: "Copy it now. It is shown this once and nobody can look it up later."
}
