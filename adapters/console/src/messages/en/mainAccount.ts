/** The words of the pages in `pages/mainAccount`. */
import { html, type Markup } from "../../page/html.ts"

type Permission = "edit" | "view"

const may: { readonly [P in Permission]: string } = { edit: "may edit", view: "may only view" }

/** What the plan says, and the section that sends it. */
const plan = {
  administersIt: "administers it",
  done: ({ account }: { readonly account: string }) => `Done: ${account}`,
  eachSignsIn: ({ main }: { readonly main: Markup }) =>
    html`Each person signs in once, at the provider, and grants ${main} access. Then look again, or tell us that it is
    done.`,
  fillIn:
    "Add the logins and the accounts, say who administers what, and choose the login that is to see them all. The " +
    "plan then stands here.",
  mailedTo: ({ emails }: { readonly emails: string }) => `Mailed to ${emails}.`,
  mailIt: "Mail it",
  makeAddress: "Make an address",
  makeNewAddress: "Make a new address",
  may: ({ permission }: { readonly permission: Permission }) => may[permission],
  noAccount: "No account was added yet.",
  notPlannable: "Cannot be planned yet",
  plan: "The plan",
  seenAlready: "What it sees already",
  seesAll: ({ main }: { readonly main: Markup }) => html`${main} sees every account that could be planned.`,
  seeWhatTheySee: "See what they see",
  send: "Send",
  sendPlan: "Send the plan",
  shareLead:
    "An address that shows the plan to people without a sign-in here. It shows nothing else, works for 30 days, and " +
    "can be withdrawn.",
  withdrawAddress: "Withdraw it",
  wordWithIt: "A word to go with it",
  worksUntil: ({ at }: { readonly at: string }) => `Works until ${at}.`
}

/** What the lists of logins and of accounts say. */
const lists = {
  accessGrantedTo: "Access was granted to",
  accessWithdrawn: ({ login }: { readonly login: string }) => `Access of ${login} was withdrawn`,
  addAccount: "Add an account",
  addAccountNow: "Add account",
  addLogin: "Add a login",
  addLoginNow: "Add login",
  administeredBy: "Administered by",
  administeredByLogin: ({ login }: { readonly login: Markup }) => html`Administered by ${login}.`,
  administratorUnknown: "Administrator unknown",
  alsoSeenBy: ({ login, permission }: { readonly login: Markup; readonly permission: Permission }) =>
    html`Also seen by ${login} (${may[permission]}).`,
  anotherBelow: "Another one, named below",
  anotherOne: "Another one",
  atProvider: "Accounts at the provider",
  connectToLook: "To look what it sees, connect Amazon Advertising once with this login.",
  consentFor: ({ more, profiles }: { readonly profiles: ReadonlyArray<string>; readonly more: number }) =>
    `${profiles.join(" and ")}${more > 0 ? ` and ${more} more` : ""}`,
  emailOptional: "E-mail address (optional)",
  handedOverTo: "Administration was handed over to",
  idOptional: "The provider's id of it (optional)",
  kind: "Kind",
  look: "Look",
  looked: ({ at }: { readonly at: Markup }) => html`looked ${at}`,
  lookThrough: "Look through the consent that this login gave",
  lookWhatItSees: "Look what it sees",
  mainLogin: "Main login",
  makeMain: "Make it the main login",
  correctName: "Correct the name",
  unlink: "Take the link to our account back",
  wrongName: "The wrong login was named; it is",
  wrongNameEffects:
    "Only what is noted here changes: the login that was named by mistake keeps what the provider shows it. An " +
    "administration that really moved is noted above.",
  notKnownYet: "Not known yet",
  ownAccounts: "One of your accounts here",
  permission: "Permission",
  seenAndNotAdded: "Seen and not added",
  seenBy: ({ login }: { readonly login: Markup }) => html`seen by ${login}`,
  takeOff: "Take it off this list",
  viewOnly: "view only",
  whoAdministers: "Who administers it",
  whoseLogin: "Whose login it is, e.g. “Ada, vendor account”. Never the password."
}

/** What the page that gathers a company's accounts under one login says. */
export const mainAccount = {
  ...plan,
  ...lists,
  addressReady: "The address is ready",
  addressWithdrawn: "Address withdrawn",
  carriesAddress: "It carries the address of the plan.",
  chooseFromPage: "Choose from what the page offers.",
  chooseLogin: "Choose a login from the list.",
  chooseOrName: "Choose one of your accounts, or enter a name for another one.",
  idCharacters: "The provider's id has letters, digits, dots, dashes and underscores only.",
  inPlan: "What the login sees is in the plan.",
  lead:
    "Gather all accounts under one login. Each account has one administrator, and only the administrator can let " +
    "another login in.",
  mailOnItsWay: "The mail is on its way",
  sendToPeople: "Send it to the people named in the plan.",
  title: ({ company }: { readonly company: string }) => `${company}: main account`,
  upToDate: "The plan below is up to date.",
  whoeverOpens: "Whoever opens it is told so."
}
