/** The words of the page in `pages/renewals`. */
import { type Content, html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"

/** A number of things. */
export interface Quantity {
  readonly quantity: number
}

/** What the page says that lists which consents end when. */
export const renewals = {
  title: "Renewals",
  lead: ({ campaign }: { readonly campaign: Content }) => html`What ends when, the nearest end first. ${campaign}`,
  ofAccount: "All ends of this account",
  askOwners: "Ask owners to renew",
  lostHeading: "Must be given again",
  lost: "Lost",
  ended: "Ended",
  sharedWith: ({ quantity }: Quantity) =>
    `One renewal answers for ${count(quantity, "more connection")} of this login.`,
  renew: "Renew",
  renewNamed: ({ account, channel }: { readonly account: string; readonly channel: string }) =>
    `Renew ${account}, ${channel}`,
  none: "Nothing ends here",
  noneHint: "Consents that end by themselves, or that a provider refuses, are listed here. There are none now.",
  calendarHeading: "In your calendar",
  calendarLead:
    "Calendar programs cannot sign in. They read an address of your own, which holds a secret: anybody with it can " +
    "see when your consents end, and nothing else. It ends when you leave the organization.",
  makeAddress: "Make an address for a calendar",
  makeAnew: "Make a new address for a calendar",
  anewQuestion: "The present address stops working at once.",
  yesAnew: "Make it anew",
  hasAddress: ({ at }: { readonly at: Markup }) => html`You have an address, made ${at}.`,
  addressReady: "Your address is ready",
  addressOnce: "Copy it now: it is shown once. Add it to your calendar program as a subscription.",
  address: "Address for your calendar",
  withdraw: "Withdraw the address",
  withdrawQuestion: "Calendars that read it are empty from then on.",
  yesWithdraw: "Yes, withdraw the address",
  withdrawn: "The address is withdrawn"
}
