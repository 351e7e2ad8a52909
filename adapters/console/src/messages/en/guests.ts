/** The words of the pages in `pages/guests`. */
import { html, type Markup } from "../../page/html.ts"

/** What the page after the provider says, by kind of outcome. */
const outcomes = {
  accountOwner: "The owner of the account",
  afterAWhile: "Wait a few minutes, then open the link again or start again from the account page.",
  allowCookies: "Allow cookies for this site and open the link again, or start again from the account page.",
  askForLink: "Ask them for a new link.",
  askWhetherNew: "Ask them whether a new link is coming.",
  asFinished: "The consent was given and the profile is chosen.",
  asFinishedRequest: "You agreed, and the account is connected.",
  attemptEnded: ({ provider }: { readonly provider: string }) => `An attempt at ${provider} ends after 15 minutes.`,
  bothMailed: "You and the person who asked both get a confirmation by mail.",
  codeRefused: "The consent could not be used",
  codeUnacceptable: ({ provider }: { readonly provider: string }) =>
    `${provider} did not accept the code it had sent back with you; it was late or used before.`,
  consented: "Thank you, your consent is recorded",
  cookiesMissing:
    "It does not belong to an attempt that was started in this browser. The page may have been reloaded much later, " +
    "or cookies are blocked.",
  declined: "You declined",
  dismissed: "This consent was dropped",
  finishedRequest: "Thank you, the account is connected",
  forwardToOwner: "Forward the link to the owner, or log in at the provider as the owner and open it again.",
  handledNow: "The same return is being handled at this moment.",
  ifMistakeLink: "Open the link again if that was a mistake; it stays usable. Otherwise close this page.",
  ifMistakeStart: "Start again from the account page if that was a mistake. Otherwise close this page.",
  otherSeller: "The consent is of somebody else",
  sameSellerAgain:
    "Open the link again, sign in at the provider as the seller whose account it is for, and leave the address alone.",
  incomplete: "Something was missing on your way back",
  linkClosed: "The link was closed meanwhile",
  mayNotConsent: "This login may not consent",
  notAllowed: ({ provider }: { readonly provider: string }) => `${provider} told us that the access was not allowed.`,
  notKnown: "Not known",
  notUsed: "Somebody decided not to use it. Its tokens are forgotten.",
  oneBrowser: "For your safety a consent only counts in the browser it was started in.",
  otherBrowser: "You started in another browser",
  otherBrowserLabel: "Other browser",
  providerError: ({ provider }: { readonly provider: string }) => `${provider} reported an error`,
  providerSilent: ({ provider }: { readonly provider: string }) => `${provider} did not answer`,
  recording: "Your return is being recorded",
  sender: "The person who asked you to connect",
  sentBack: ({ provider }: { readonly provider: string }) => `${provider} sent you back with your consent.`,
  stayInBrowser: "Open the link again and stay in one browser, and in the same window mode (private or not).",
  tellAboutCredentials: "Tell the person who asked you; the operator has to check the client id and secret.",
  theyChoose: "They choose the right profile, and then the account is connected.",
  tooLong: "That took too long",
  tryOnceMore:
    "Try once more. If it happens again, tell the person who asked you; the operator has to check the registration " +
    "at the provider.",
  unknownReturn: "We do not know this return",
  waitThenClose: "Wait a moment, then you can close this page.",
  youIfWanted: "You, if you want to connect after all"
}

/** What the pages of links that are closed or unknown say. */
const closedLinks = {
  addressAltered: "The address is incomplete or altered, for example cut in two by a mail program.",
  askSender: "Ask the person who sent it for a new one.",
  askSenderWhetherNew: "Ask the person who sent it whether a new one is coming.",
  copyWholeAddress: "Copy the whole address from the message, or ask the person who sent it for a new one.",
  expired: "This link has expired",
  itWasFor: ({ account, company }: { readonly account: Markup; readonly company: Markup }) =>
    html`It was for the account ${account} of ${company}.`,
  onceConnected: "Whoever asked and whoever was asked get a confirmation by mail once the account is connected.",
  takenBack: "The person who sent it took it back.",
  used: "This link has been used",
  usedOnce: "A consent came through this link already. It works once.",
  usedNext: "If that was you, you are done and can close this page. Otherwise tell the person who sent it.",
  withdrawn: "This link was withdrawn"
}

/** What the page for somebody who is not the owner says. */
const objections = {
  askedPerson: "The person who asked",
  back: "Back to the request",
  belongsToOther: "You said that the seller account belongs to somebody else.",
  chooseAnswer: "Choose one of the two answers.",
  continueForOwner: ({ provider }: { readonly provider: string }) => `Continue to ${provider} for the owner`,
  goBack: "Go back to the request",
  hasBeenTold: ({ asker }: { readonly asker: Markup }) => html`Thank you, ${asker} has been told`,
  notExpected: "You said that you did not expect this.",
  onlyOwner: "Only the owner can connect this account",
  onRecord: ({ provider }: { readonly provider: string }) =>
    `Did the owner give your own ${provider} login the right to authorize software? Then continue with your own ` +
    "login; it is put on record that you did it for the owner.",
  ownerKnown: "Do you know the owner? Forward the mail. The link works once, for whoever logs in as the owner.",
  ownerUnexpecting: "I am the owner, but I did not expect this",
  requestAbout: ({ account }: { readonly account: Markup }) => html`Request to connect ${account}`,
  tellAsker: ({ asker }: { readonly asker: Markup }) =>
    html`Tell ${asker} below. They get a mail and ask somebody else.`,
  tellThemNotOwner: "Tell them that I am not the owner",
  theyFindOut: "They find out who owns the account and ask that person.",
  reported: "Told",
  wasMistake: ({ link }: { readonly link: Markup }) => html`Was that a mistake? ${link}; the link stays usable.`,
  whatYouCanDo: "What you can do",
  whoConsents: ({ provider }: { readonly provider: string }) =>
    `${provider} takes this consent from the owner of a seller account, usually the person who registered it. An ` +
    "accountant or an agency cannot give it in the owner's name."
}

/** What people without an account here read. */
export const guests = {
  ...outcomes,
  ...closedLinks,
  ...objections,
  accessThrough: "Access through",
  areYouOwner: "Are you the owner of this account?",
  asks: (said: { readonly asker: Markup; readonly account: Markup; readonly product: string }) =>
    html`${said.asker} asks you to connect ${said.account} to ${said.product}`,
  asOwner: ({ owner }: { readonly owner: Markup }) => html`${owner}, as the owner of the account`,
  cameBefore: "You were here before",
  checkLogin: ({ provider }: { readonly provider: string }) =>
    `Check which ${provider} account this browser is logged in to, and log out of any other one first. Please finish ` +
    "in this browser, within 15 minutes.",
  handledAlready: "This return was handled already; nothing was done twice. This is what came of it.",
  linkExpires: "Link expires",
  logInAtProvider: ({ provider }: { readonly provider: string }) =>
    `You go to ${provider} and log in there. We never see your password.`,
  logInWith: ({ account }: { readonly account: Markup }) => html`Log in with the seller account of ${account}`,
  memberHere: ({ link }: { readonly link: Markup }) => html`Are you a member of this installation? ${link}.`,
  onlyOwnerConnects:
    "Only the owner of the seller account can connect it; passing the link on does not pass on the right.",
  saySo: "say so",
  sayingSo: ({ link }: { readonly link: Markup }) => html`You can also ${link}.`,
  shownAtProvider: ({ provider }: { readonly provider: string }) =>
    `${provider} shows what is asked for; you agree or decline.`,
  signInToChoose: "Sign in to choose the profile",
  unexpected: ({ asker }: { readonly asker: Markup }) =>
    html`Don't know ${asker}, or didn't expect this? Close this page; nothing happens.`,
  useOwnersLogin: "Use the login of the account's owner or administrator",
  whatHappensNext: "What happens next",
  whatYouAllow: "What you allow",
  yesContinueTo: ({ provider }: { readonly provider: string }) => `Yes, continue to ${provider}`,
  youComeBack: "You come back here and are done. You need no account with us."
}
