/** The words of the pages in `pages/requests`. */
import { type Content, html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"

/** What the lists of requests, and of what can be asked for, say. */
const lists = {
  anyState: "Any state",
  askSomebody: "When somebody else owns the seller account, ask that person to connect it.",
  chooseLead: "Choose what is to be connected. One request names one account in one marketplace.",
  chooseOtherState: "Choose another state.",
  lead: "Only the owner of a seller account can connect it. Ask by mail; the owner needs no sign-in here.",
  newRequest: "New request",
  noneLikeThis: "No request like this",
  noRequests: "No requests yet",
  nothingToAsk: "Nothing to ask for here",
  nothingToAskHint: "Add the account first; each account shows which APIs it needs.",
  ofAccount: ({ account, channel }: { readonly account: string; readonly channel: string }) =>
    `of ${account}, ${channel}`,
  requestsToConnect: "Requests to connect",
  sent: "Sent",
  state: "State"
}

/** What the form of a request and the preview of its mail say. */
const form = {
  areYouOwner: "Are you the owner yourself?",
  askLead: "Ask the owner of the seller account by mail. You get a copy, and a confirmation when it is done.",
  authenticateNow: "authenticate now",
  cannotBeSent: "The request cannot be sent",
  copyToYou: "Copy to you",
  messageTooLong: ({ length, limit }: { readonly length: number; readonly limit: number }) =>
    `A message has at most ${limit} characters; this one has ${length.toLocaleString("en-GB")}.`,
  notAsked: ({ link }: { readonly link: Markup }) => html`Then ${link}; nobody has to be asked.`,
  ownersEmail: "Owner's e-mail address",
  preview: "Preview the mail",
  quoted: "Optional. It is quoted in the mail under your name.",
  registeredBy: "The person who registered the seller account. Passing the mail on does not pass on the right.",
  sendRequest: "Send the request",
  theRequest: "The request",
  toLabel: "To",
  wordForWord: "This is the mail, word for word.",
  yourMessage: "Your message"
}

/** What was done just now, where mails are sent and where they are only kept. */
const done = {
  linkDead: "The link no longer works.",
  mailMade: "Mail made",
  mailedAgain: "Mailed again",
  notSent: "It was not sent, because no mail server is set up here.",
  ownerAndYou: "The owner gets the mail, and you get a copy.",
  ownerIsInformed: "The link no longer works, and the owner is told so.",
  ownerOnceMore: "The owner gets the mail once more.",
  passLinkOn: "Pass the link below on by hand.",
  requestMade: "Request made",
  requestNotSent: "Its mail was not sent, because no mail server is set up here.",
  requestSent: "Request sent",
  requestWithdrawn: "Request withdrawn"
}

/** What the pages to ask an account's owner say. */
export const requests = {
  ...lists,
  ...form,
  ...done,
  askAgain: "Ask again",
  linkInMail: "The link in the mail",
  mailed: "Mailed",
  mailsKept: "Mails are kept instead of sent.",
  message: "Message",
  noMailServer: "No mail server is set up here",
  readThem: ({ mailbox }: { readonly mailbox: Markup }) => html`Read them in the ${mailbox}.`,
  requestFor: ({ account }: { readonly account: Content }) => html`Request for ${account}`,
  times: ({ quantity }: { readonly quantity: number }) => count(quantity, "time"),
  withdrawing:
    "The link stops working at once and the owner gets a mail that says so. Somebody who is at the provider with it " +
    "right now cannot finish.",
  withdrawRequest: "Withdraw request",
  wouldHaveExpired: "Would have expired"
}
