/** The words of the pages in `pages/operator/tokens`. */
import { html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"

/** The words of this room. */
export const operatorTokens = {
  takeIn: "Take in a refresh token",
  title: ({ organization }: { readonly organization: string }) => `Take in a refresh token: ${organization}`,
  lead:
    "For a private application, which its seller authorizes by hand, and for a customer who leaves another system. " +
    "There is no redirect: somebody gave you the token.",
  search: "Search companies or brands",
  connection: "Which connection is it for?",
  none: "No connection can take a token",
  noneHint: "The organization needs an account first; its people add one under Companies.",
  noneLike: ({ search }: { readonly search: Markup }) =>
    html`No company of this organization has “${search}” in its name or brands.`,
  more: "There are more connections than these. Search for the company to find the others.",
  token: "Refresh token",
  tokenHint: "Paste it as the provider gave it. It is sealed at once, and no page, log or history shows it.",
  grantor: "Selling partner id",
  grantorHint:
    "Whose token it is, as its seller says. The provider confirms it or refuses it. Leave it empty if you do not " +
    "know it; the consent is then a claim.",
  expires: "Last day of the consent",
  expiresHint: "Leave it empty if it does not end, or you do not know. People are reminded before that day.",
  whatHappens: [
    "The provider is asked first whether the token works, whose it is and what it gives access to. If it refuses the " +
      "token, nothing is kept.",
    "If that fits the account, the connection is linked and its first load starts. Otherwise a member of the " +
      "organization chooses under Pending.",
    "The history of the organization names you. Nobody of it is responsible for the consent until a member takes it " +
      "over under Consents."
  ],
  submit: "Ask the provider, and take it in",
  chooseOne: "Choose a connection",
  choice: (of: {
    readonly account: string
    readonly channel: string
    readonly marketplace: string
    readonly status: string
  }) => `${of.account}: ${of.channel}, ${of.marketplace} (${of.status})`,
  chooseConnection: "Choose a connection from the list.",
  pasteToken: "Paste the refresh token.",
  tokenTooLong: ({ limit }: { readonly limit: string }) =>
    `It is longer than ${limit} characters, so it is no refresh token. Paste the token alone.`,
  tokenHasSpaces: "There are spaces or line breaks inside it. Paste the token alone, in one piece.",
  grantorUnreadable:
    "An id has letters, digits and . _ : - only, at most 100. Copy it from the seller's account settings.",
  expiresUnreadable: "Choose a day after today, or leave it empty.",
  pasteAgain: "The token is not shown again. Paste it once more before you send the form.",
  refused:
    "The provider refuses this token: it is mistyped, was taken back, or belongs to another application or region. " +
    "Nothing was kept.",
  wasNotTakenIn: "The token was not taken in",
  taken: "The token works, and is taken in",
  takenLinked: "The connection is linked. Its first load starts by itself.",
  takenWaiting:
    "It is not linked yet: what it gives access to does not fit the account beyond doubt. A member of the " +
    "organization chooses under Pending, where the reasons are shown.",
  takenBefore: "This token was taken in before",
  takenBeforeHint: "Nothing changed. This is the consent that it belongs to.",
  listed: "The provider listed",
  listedNothing: "Nothing at that time",
  moreListed: ({ quantity }: { readonly quantity: number }) => `and ${count(quantity, "other")}`,
  notParticipating: "not selling there now",
  suspended: "listings suspended",
  lacks: ({ scopes }: { readonly scopes: string }) => `Roles that the consent lacks: ${scopes}`,
  choiceOpen: "A member of the organization still chooses, under Pending."
}
