/** The words of the pages in `pages/lifecycle`. */
import { type Content, html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"
import { shared } from "./shared.ts"

/** What a sentence names. */
export interface Named {
  /** The account: isolated in a heading, plain in the title of a page. */
  readonly account: Content
}

/** A country of an account. */
export interface InCountry extends Named {
  readonly country: string
}

/** What the page before each command says: its title, its question, and both answers. */
const commands = {
  pause: {
    title: ({ account }: Named) => html`Pause ${account}`,
    question: ({ account }: Named) => html`Pause ${account}?`,
    button: "Pause now",
    keep: "Keep it running"
  },
  resume: {
    title: ({ account }: Named) => html`Resume ${account}`,
    question: ({ account }: Named) => html`Resume ${account}?`,
    button: "Resume now",
    keep: "Leave it paused"
  },
  disconnect: {
    title: ({ account }: Named) => html`Disconnect ${account}`,
    question: ({ account }: Named) => html`Disconnect ${account}?`,
    button: "Disconnect now",
    keep: "Keep the connection"
  },
  unlink: {
    title: ({ account }: Named) => html`Unlink ${account}`,
    question: ({ account }: Named) => html`Unlink ${account}?`,
    button: "Unlink now",
    keep: "Keep the link"
  },
  "remove-marketplace": {
    title: ({ account, country }: InCountry) => html`Take ${country} out of ${account}`,
    question: ({ account, country }: InCountry) => html`Take ${country} out of ${account}?`,
    button: ({ country }: { readonly country: string }) => `Take ${country} out now`,
    keep: ({ country }: { readonly country: string }) => `Keep ${country}`
  },
  remove: {
    title: ({ account }: Named) => shared.removeNamed({ name: account }),
    question: ({ account }: Named) => html`Remove ${account}?`,
    button: "Remove it now",
    keep: "Keep the account"
  },
  restore: {
    title: ({ account }: Named) => html`Restore ${account}`,
    question: ({ account }: Named) => html`Restore ${account}?`,
    button: "Restore it now",
    keep: "Leave it removed"
  },
  "delete-data": {
    title: ({ account }: Named) => html`Delete the data of ${account}`,
    question: ({ account }: Named) => html`Delete the data of ${account}?`,
    button: "Delete the data",
    keep: "Keep the data"
  },
  "keep-data": {
    title: ({ account }: Named) => html`Keep the data of ${account}`,
    question: ({ account }: Named) => html`Keep the data of ${account}?`,
    button: "Call the erasure off",
    keep: "Leave the erasure scheduled"
  }
}

/** What a finished command says on the page it leads back to. */
const done = {
  disconnected: "Disconnected",
  erasureScheduled: "Erasure scheduled",
  fetchedAgain: "Data is fetched again, and the gap is loaded.",
  offTheLists: "It is off the lists. Its data and history are kept.",
  profileFree: "The profile is free again. Loaded data stays where it is.",
  untilItsDay: "Until its day it can be called off."
}

/** What the pages and controls to pause, disconnect, remove and erase say. */
export const lifecycle = {
  changeCompany: "Take it to another company",
  companyChanged: "The account is in its company",
  companyChangedHow: "Its connections, consents, data and history came with it.",
  ...done,
  addAgain: "Add it again …",
  countryRemoved: "The country is taken out",
  countryRemovedHow: "Its connections left the lists. Adding it again brings them back with their history.",
  removeCountry: ({ country }: { readonly country: string }) => `Take ${country} out …`,
  withdrawn: ({ country }: { readonly country: string }) => `${country} was taken out of the account`,
  withdrawnAt: ({ at }: { readonly at: Markup }) =>
    html`Since ${at}, and this connection with it. What it loaded and its history stay.`,
  callErasureOff: "Call the erasure off …",
  callItOff: "Call it off …",
  commands,
  deletionAskedFor: ({ at }: { readonly at: Markup }) => html`Asked for ${at}. Until then it can be called off.`,
  deleteItsData: "Delete its data …",
  disconnect: "Disconnect",
  disconnectFirst: ({ quantity }: { readonly quantity: number }) =>
    quantity === 1
      ? "Disconnect this connection first; then come back."
      : "Disconnect these connections first; then come back.",
  disconnectIt: "Disconnect …",
  endsConnection: "Ends the connection and frees the profile.",
  endsLink: "Ends the connection and frees the advertiser.",
  endsWaiting: "Ends what is waiting.",
  erased: "erased",
  erasedOn: ({ day }: { readonly day: string }) => `erased on ${day}`,
  historyStays: "The account and its history stay.",
  itsData: "Its data",
  kept: "kept",
  listedHere: "An account that you remove is listed here, and can be restored.",
  manage: "Manage this account",
  noneRemoved: "No removed accounts",
  pause: "Pause",
  paused: "Paused",
  pauseIt: "Pause …",
  pausingStays: "Fetches nothing until somebody resumes. Consent, profile and data stay.",
  removeAccount: "Remove the account …",
  removed: "Removed",
  removedLead: "Taken off the lists, with their data and history. They can be restored.",
  restore: "Restore …",
  restoreAccount: "Restore the account …",
  restoreIt: "Restore it …",
  seeEffects: "You see all effects before you confirm.",
  stillConnected: "The account is still connected",
  stillLive: ({ quantity }: { readonly quantity: number }) =>
    `${count(quantity, "connection is", "connections are")} live.`,
  takenOff: ({ at }: { readonly at: Markup }) => html`It was taken off the lists ${at}; its data and history are kept.`,
  threeDiffer: "Disconnecting, removing and deleting differ. Each shows its effects before you confirm.",
  tick: "I know that erased data cannot be brought back.",
  tickFirst: "Tick the box once you have read what happens.",
  unlink: "Unlink",
  unlinkIt: "Unlink …",
  wasErased: ({ day }: { readonly day: string }) => `Its data was erased on ${day}`,
  wasRemoved: "This account was removed"
}
