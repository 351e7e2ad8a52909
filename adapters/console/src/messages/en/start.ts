/** The words of the pages in `pages/start`. */
import { type Content, html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"

/** How a step, or a country, stands. */
const states = {
  done: "Done",
  later: "Later",
  loading: "Loading",
  optional: "Optional",
  underWay: "Under way",
  yourTurn: "Your turn"
}

/** What the load at the end of the way says. */
const sync = {
  historyLoaded: "History loaded",
  historyFollows: "The history is loaded, and new days follow by themselves.",
  inSync: "In sync",
  notInSync: "Not in sync after 48 hours",
  percentLoaded: ({ percent }: { readonly percent: number }) => `${percent} % loaded`,
  loadGoesOn: "The load goes on by itself; nobody has to start again, and you hear from us when it is complete.",
  syncing: "Syncing.",
  syncingUntil: ({ at }: { readonly at: Markup }) => html`It should be complete ${at}.`
}

/** What the first step says. */
const first = {
  chooseCompany: "Choose a company",
  chooseOrNew: "Choose a company, or a new one.",
  companyGone: "This company is not there any more. Choose another one.",
  businessHint: "A business that sells in several countries is one company.",
  continueOn: "Continue",
  goOn: "Go on with one you began",
  lead:
    "A few steps: name the account, let us in at the provider, choose which account it is, and we load its history. " +
    "You can leave at any step and come back.",
  nameHint: "Usually the brand, e.g. “Nordwind”.",
  nameOfAccount: "Name of the account",
  newCompany: "A new company, named like the account",
  next: ({ step }: { readonly step: string }) => `next: ${step}`,
  nothingNext: "done",
  otherProvider: "Choose a marketplace of the same provider as the kind of account.",
  stepOne: "Step 1",
  whatKind: "What kind of account is it?"
}

/** What the steps of setting up an account say. */
export const start = {
  ...states,
  ...sync,
  ...first,
  agencyRefused:
    "An agency's user is refused by Amazon until the primary account owner has given the permission. If you end on a " +
    "page of Amazon that says so, come back here: nothing is lost.",
  agree:
    "The login that connected advertising has the advertising permission in Seller Central, and I agree that sales, " +
    "inventory and content are read.",
  agreeFirst: "Tick the box first; without the permission Amazon refuses the login.",
  beforeYouGoOn: "Before you go on",
  checkedToo: ({ product }: { readonly product: string }) =>
    `${product} checks this afterwards, too, and says which of it is missing.`,
  confirmAndContinue: "Confirm and continue to Amazon",
  confirmSeller: "Confirm the seller",
  countries: "Countries of this account",
  countriesDone: ({ done, total }: { readonly done: number; readonly total: number }) =>
    `${done} of ${count(total, "country is", "countries are")} done. Each is set up for itself.`,
  everythingInSync: "Everything is in sync.",
  goToProvider: ({ provider }: { readonly provider: string }) =>
    `You go to ${provider}, sign in, agree, and come back here.`,
  leaveWhenever: ({ link }: { readonly link: Markup }) => html`Leave whenever you like; ${link} leads back here.`,
  nextSyncing: "Next: syncing. It goes on without you.",
  nothingToChoose: "Nothing to choose from?",
  nothingToSignInTo: "There is nothing to sign in to. Tell us which advertiser to wait for, or link one that is here.",
  otherCountry: "Another country of this account is connected already",
  otherCountryOfRegion:
    "If the one you want is of another country of the same region, choosing it moves the account there after you " +
    "confirm.",
  otherLogin: ({ link }: { readonly link: Markup }) => html`Does somebody else have the login? ${link}.`,
  seeAccount: "See the account",
  sellingPartnerConnected: "Selling partner connected",
  sendAuthLink: "Send an auth link",
  setUp: ({ account }: { readonly account: Content }) => html`Set up ${account}`,
  steps: "Steps",
  theHistory: "The history",
  whereYouAre: "Where you are",
  worksForThis: ({ provider }: { readonly provider: string }) =>
    `Its login may see this one, too; then nobody has to go to ${provider} again.`,
  yourNextStep: "Your next step"
}
