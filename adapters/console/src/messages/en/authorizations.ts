/** The words of the pages in `pages/authorizations`. */
import { html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"

/** The words of this room. */
export const authorizations = {
  sellerOrEntityId: "Seller or entity id",
  takesPart: "Takes part",
  sellerId: "Seller id",
  connectedAlready: "It is connected already, with another consent",
  replaceEarlier: "Replace the earlier login",
  replaceHint: "Its consent ends here. Right for a renewal.",
  keepBoth: "Keep both",
  keepHint: "When the new login is lost, the earlier one takes over by itself.",
  alreadyConnected: "Already connected",
  notForCountry: "Not for this country",
  connectedTo: ({ holder }: { readonly holder: Markup }) =>
    html`Already connected to the account ${holder}. Disconnect it there first if it belongs here.`,
  useProfile: "Use this profile",
  haveChecked: "I have checked this; it is the right profile.",
  connectedElsewhere: "This profile was connected elsewhere meanwhile",
  seeThatConnection: "See that connection",
  noReason: "No reason given",
  chooseSeller: "Choose the seller of this account",
  chooseProfile: "Choose the profile of this account",
  seesToChoose: ({ quantity, at }: { readonly quantity: number; readonly at: Markup }) =>
    html`This login sees ${count(quantity, "profile")}. A profile can be connected to one account only. Last looked
      ${at}.`,
  wrongLogin: "Wrong login",
  startedBy: ({ actor, at }: { readonly actor: Markup; readonly at: Markup }) => html`started by ${actor} ${at}`,
  startedThroughLink: ({ at }: { readonly at: Markup }) => html`started through an auth link ${at}`,
  consentBy: "Consent by",
  waitingLong: "Waiting long",
  newProfiles: "Is a profile missing? The provider may show a new one only after up to 24 hours.",
  dismiss: "Dismiss this consent",
  dismissQuestion:
    "The consent is dropped without being used, and its tokens are forgotten. The account stays; it can be " +
    "connected again at any time.",
  yesDismiss: "Yes, dismiss it",
  why: "Why (shown in the history)",
  title: "Pending authorizations",
  lead:
    "Somebody consented at the provider. A person here chooses the right profile; only then the account is " +
    "connected.",
  tokensForgotten: "Its tokens are forgotten.",
  nothingWaiting: "Nothing is waiting",
  nothingWaitingHint:
    "Every consent has its profile. New ones appear here as soon as somebody comes back from the provider.",
  loginSees: ({ quantity }: { readonly quantity: number }) => `The login sees ${count(quantity, "profile")}.`
}
