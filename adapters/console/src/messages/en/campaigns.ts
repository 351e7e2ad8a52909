/** The words of the pages in `pages/campaigns`. */
import { html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"

/** The words of this room. */
export const campaigns = {
  chooseOne: "Choose at least one connection.",
  sendMails: ({ quantity }: { readonly quantity: number }) => `Send ${count(quantity, "mail")}`,
  accounts: ({ quantity }: { readonly quantity: number }) => count(quantity, "account"),
  ownersEmail: "Owner's e-mail",
  sendRequest: "send a request instead",
  noEnd: ({ request }: { readonly request: Markup }) => html`no end known; ${request}`,
  requestedAlready: "asked already",
  ownersNameFor: ({ account }: { readonly account: string }) => `Owner's name for ${account}`,
  ownersEmailFor: ({ account }: { readonly account: string }) => `Owner's e-mail for ${account}`,
  lead:
    "Ask owners to consent again before a consent ends. Each owner gets one mail with a link for each account; " +
    "account, brands and history are kept.",
  cannotBeSent: "The campaign cannot be sent",
  nothingToRenew: "Nothing to renew",
  nothingToRenewHint: "No consent ends within this time, or none that an owner could renew.",
  seeAll: "See all connections",
  preview: "Preview the mails",
  copyToYou: ({ email }: { readonly email: Markup }) => html`A copy of each goes to you, ${email}.`,
  previewLead: "One mail an owner, word for word. Nothing has been sent yet.",
  mailTo: ({ name }: { readonly name: Markup }) => html`To ${name}`,
  theMailTo: ({ name }: { readonly name: string }) => `The mail to ${name}`
}
