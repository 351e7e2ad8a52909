/** The words of the pages in `pages/accounts`. */
import { html, type Markup } from "../../page/html.ts"

/** The words of this room. */
export const accounts = {
  inviteOwner: "Invite the owner as a member",
  inviteOwnerHint: "They sign in and connect this account themselves, now and whenever a consent ends.",
  chooseRight: "Choose the company that the account belongs to.",
  inCompany: ({ company }: { readonly company: Markup }) => html`It stands in ${company} now.`,
  otherCompany: ({ account }: { readonly account: string }) => `Take ${account} to another company`,
  rightCompany: "The right company",
  takeThere: "Take it there",
  linkIsOut:
    "A link is out: whoever got it opens it and logs in at the provider. You hear of it here; below it can be " +
    "withdrawn.",
  chooseCountry: "Choose a country",
  partnerHow:
    "An admin of the advertiser adds us as partner in Walmart's console. Then the advertiser appears here, and " +
    "you link it to this account.",
  lookAtAdvertisers: "Look at the advertisers",
  ownLogin: ({ provider }: { readonly provider: string }) =>
    `Your own ${provider} login has the rights for this account. You go to ${provider} and come back. Check ` +
    `first which ${provider} account this browser is logged in to.`,
  createAuthLink: "Create auth link",
  sendLink: "Somebody else has the rights. Send that person a link; no sign-in here is needed.",
  linkLife: "Link is valid for",
  createLink: ({ channel }: { readonly channel: string }) =>
    html`Create link<span class="sr-only"> for ${channel}</span>`,
  requestHow:
    "Only the owner can do it, and that is somebody else. We mail the owner, remind, and tell you when it is done.",
  authenticateAgainNow: "Authenticate again now",
  authenticateNow: "Authenticate now",
  authenticateAgainWith: ({ channel }: { readonly channel: string }) =>
    html`Authenticate again<span class="sr-only"> with ${channel}</span>`,
  authenticateWith: ({ channel }: { readonly channel: string }) =>
    html`Authenticate now<span class="sr-only"> with ${channel}</span>`,
  chooseType: "Choose an account type.",
  chooseBrand: "Choose at least one brand.",
  chooseTicked: "Choose one of the brands ticked above.",
  brands: "Brands on this account",
  defaultBrand: "Default brand",
  defaultBrandHint: "Every product of the account, now and later, belongs to this brand unless said otherwise.",
  createAccount: "Create account",
  newAccountLead: "One seller or vendor account in one marketplace. You connect it on the next page.",
  accountName: "Account name",
  accountNameHint: "Usually brand and country, e.g. “Nordwind US”.",
  chooseLife: "Choose one of the offered times for which the link is valid.",
  seeConsent: "See the consent",
  firstLoad: ({ percent }: { readonly percent: number }) => `First load ${percent} %`,
  startAgain: "Start again instead",
  optionalHint: "Optional for this kind of account.",
  whatIsMissing: ({ channel }: { readonly channel: string }) =>
    html`What is missing?<span class="sr-only"> for ${channel}</span>`,
  lastAttempt: "Last attempt:",
  details: ({ channel }: { readonly channel: string }) =>
    html`Details and history<span class="sr-only"> of ${channel}</span>`,
  chooseProfile: "Choose profile",
  seeWhy: "See why",
  linkIt: "Link it",
  connectAgain: "Connect again",
  fix: "Fix",
  optional: "optional",
  stepByStep: "Set it up step by step",
  unknownBrand: "unknown brand",
  default: "(default)",
  created: "Account created",
  connectApis: "Now connect each of its APIs.",
  connectApi: "Now connect its API.",
  linkCreated: "Link created",
  linkCreatedHint: "Copy it below and send it to the person who may consent.",
  linkWithdrawn: "Link withdrawn",
  linkWithdrawnHint: "Whoever opens it now is told so.",
  countryAdded: "Country added",
  countryAddedHint: "Its tiles are below. Use a consent that is there, or authorize anew."
}
