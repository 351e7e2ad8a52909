/** The words of the pages in `pages/reuseConsent`. */
import { html, type Markup } from "../../page/html.ts"

/** What the page to use a consent that is there says. */
export const reuseConsent = {
  andMore: ({ quantity }: { readonly quantity: number }) => `and ${quantity} more`,
  givenOn: ({ day }: { readonly day: string }) => `given on ${day}`,
  alreadyConnected: ({ account }: { readonly account: Markup }) => html`Already connected to ${account}.`,
  authenticate: "Authenticate",
  authorizeAnew: "Authorize anew instead",
  checked: "I have checked this; it is the right one.",
  chooseConsent: "Choose a consent from the list.",
  forChannel: ({ channel }: { readonly channel: string }) => `for ${channel}`,
  noConsent: "No consent for this region",
  nobodyConsented: "Nobody has consented to this channel in the account's region yet.",
  oneLogin: "One login may see several accounts; nobody has to go to the provider again.",
  seeOffer: "See what it offers",
  seesNothing: "This consent sees nothing here",
  sellerAbsent: "The seller may not take part in the country yet. Authorize anew once it does.",
  useThis: "Use this one"
}
