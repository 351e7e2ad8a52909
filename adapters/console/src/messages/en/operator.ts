/** The words of the pages in `pages/operator`. */
import { Messages } from "@portolan/domain"
import { type Content, html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"

/** What the directory of advertisers says, and assigning one. */
const directory = {
  all: "All",
  anyRegion: "Any region",
  assign: "Assign …",
  assigned: "Assigned",
  assignedAt: ({ at }: { readonly at: Markup }) =>
    html`Assigned ${at}. To give it to another organization, take it back first.`,
  assignIt: "Assign it to an organization",
  assignQuestion: ({ advertiser, organization }: { readonly advertiser: Markup; readonly organization: Markup }) =>
    html`Assign ${advertiser} to ${organization}? Its people will see this advertiser and can link it. Nobody else
    will.`,
  belongsTo: "Belongs to",
  belongsToOrganization: ({ organization }: { readonly organization: Markup }) => html`Belongs to ${organization}`,
  canAssignAgain: "The advertiser still lists us; it can be assigned again.",
  chooseOrganization: "Choose an organization from the list.",
  chooseOtherPart: "Choose another part of the directory.",
  connectionEnds: "A connection of theirs that is linked to it is disconnected, and a load under way stops.",
  directoryLead: "Every advertiser that lists us as its partner, and to which organization it belongs.",
  everyOneBelongs: "Every advertiser that lets us in belongs to an organization.",
  firstSeen: ({ at }: { readonly at: Markup }) => html`First seen ${at}.`,
  leaveIt: "Leave it there",
  lost: "Lost",
  lostAt: ({ at, looks }: { readonly at: Markup; readonly looks: number }) =>
    html`Lost ${at}: it was missing from ${looks} looks in a row. Its admin can add us again; nothing has to be assigned
    anew.`,
  missed: ({ looks, of }: { readonly looks: number; readonly of: number }) => `Missed ${looks} of ${of} looks`,
  moreOrganizations: "There are more. Type more of the name.",
  noAdvertiser: "No advertiser like this",
  nobody: "nobody",
  notAssigned: "Not assigned",
  notTheirs: "The organization no longer sees the advertiser.",
  open: "Open",
  organizationNotFound: ({ search }: { readonly search: Markup }) =>
    html`No organization has “${search}” in its name. Check with the customer how it is called here.`,
  peopleSee: "The people of that organization see the advertiser in a moment, and are told.",
  recordStays: "What was loaded so far, and the record of who assigned it and who took it back.",
  region: "Region",
  seenFirst: "Seen first",
  show: "Show",
  since: ({ day }: { readonly day: string }) => `since ${day}`,
  state: "Standing",
  takeBackQuestion: ({ advertiser, organization }: { readonly advertiser: Markup; readonly organization: Markup }) =>
    html`Take ${advertiser} back from ${organization}?`,
  takeBackTitle: "Take an advertiser back",
  takeItBack: "Take it back …",
  takeItBackNow: "Take it back now",
  takenBack: "Taken back",
  theySeeNoMore: ({ organization }: { readonly organization: Markup }) =>
    html`The people of ${organization} no longer see this advertiser.`,
  wasNotAssigned: "It was not assigned",
  whatItIs: "What it is",
  yesAssign: "Yes, assign it"
}

/** What the page of incidents says. */
const incidents = {
  incidents: "Incidents",
  incidentsLead:
    "Trouble at a provider, or of this installation, that many accounts meet at once. No customer is blamed for it.",
  incidentOpen: "Going on",
  incidentOver: "Over",
  incidentSince: "Since",
  incidentBehind: "Behind it",
  incidentCounts: ({
    accounts,
    grants,
    organizations
  }: {
    readonly accounts: number
    readonly grants: number
    readonly organizations: number
  }) =>
    `${count(accounts, "account")} of ${count(organizations, "organization")}; ` +
    `${count(grants, "consent")} seen to be refused`,
  incidentWords: "The provider’s last words",
  incidentResponsible: {
    operator: "Whoever runs this installation",
    provider: Messages.text("failure-reason.the-provider")
  },
  closeIncident: "Close by hand",
  incidentClosed: "The incident is closed",
  opensAgain: "It opens again by itself when the trouble is met again.",
  signs: "Refusals that may be this installation’s",
  signsLead: "Too few share them for an incident. No customer is told, and nothing is held back.",
  signCounts: ({ grants, organizations }: { readonly grants: number; readonly organizations: number }) =>
    `${count(grants, "consent")} refused, of ${count(organizations, "organization")}`,
  signLatest: "Latest",
  noIncident: "No incident so far",
  incidentsShownHere: "Trouble that many accounts meet at once is shown here, and mailed to operators and support."
}

/** What the list of what customers wait for says, and asking the provider now. */
const waiting = {
  backgroundWork: "Background work",
  jobsUnderWay: "Jobs under way",
  never: "never",
  noneDue: "none is due",
  oldestDue: "Oldest job due",
  standsStill: ({ at }: { readonly at: Markup }) => html`Nobody has carried out background work since ${at}`,
  startWorker:
    "Start a worker (npm run worker), or look at the log of the one that runs. Due jobs are made up for; nothing is " +
    "lost.",
  workerLastSeen: "Worker last seen",
  workersLiving: "Workers that live",
  askedBy: ({ marketplace, person }: { readonly marketplace: string; readonly person: Markup }) =>
    html`${marketplace}, asked by ${person}`,
  asExpected: "As expected",
  chooseRegion: "Choose one of the regions in the list.",
  checkCredentials: "Check consumer id, key version and private key among the settings.",
  credentialsRejected: "Walmart rejected this software's own credentials",
  letUsIn: ({ quantity }: { readonly quantity: number }) =>
    `Walmart lists ${count(quantity, "advertiser")} that let us in.`,
  listedHere: "When a customer tells us to expect an advertiser, it is listed here until it is assigned.",
  longestFirst:
    "The longest waiting first. Suggestions are alike in name or id; names are not unique, so check before you assign.",
  lookNow: "Look now",
  lookNowHint: ({ minutes }: { readonly minutes: number }) =>
    `Walmart is asked every ${minutes} minutes by itself. Ask now when somebody is waiting on the phone.`,
  mayBe: "May be",
  namedOtherwise: ({ awaited }: { readonly awaited: Markup }) =>
    html`They wait for “${awaited}”, and this one is named otherwise.`,
  nobodyWaits: "Nobody is waiting",
  nothingAlike: "Nothing unassigned looks like it. Its admin may not have added us yet.",
  notSetUp: "Walmart Connect is not set up here",
  onlyAlike: "Only alike",
  overdue: "Overdue",
  seeAll: "See all advertisers",
  silent: "Walmart did not answer in time",
  slowList: "A list can take some minutes there. We look again by ourselves.",
  waitingLead: "You run this installation. Customers wait here for what only you can do.",
  waitsFor: "Waits for"
}

/** What the pages of the installation's organizations say. */
const organizations = {
  allStays: "Companies, accounts, connections, consents and keys stay as they are.",
  askCustomer: ({ search }: { readonly search: Markup }) =>
    html`Nothing has “${search}” in its name. Ask the customer how it is called here.`,
  canHandOver: ({ next }: { readonly next: Markup }) =>
    html`From then on only ${next} can hand it over, or an operator.`,
  handItOver: "Hand it over now",
  handOverQuestion: ({ next, organization }: { readonly next: Markup; readonly organization: Markup }) =>
    html`Make ${next} the owner of ${organization}?`,
  handOverTitle: "Hand an organization over",
  isOwnerNow: ({ owner }: { readonly owner: Markup }) => html`${owner} is the owner now`,
  leaveAsItIs: "Leave it as it is",
  makeOwner: "Make owner …",
  makeOtherOwner:
    "Make another member the owner. Be sure that the person is meant: ask somebody at the customer's whom you know.",
  nobodyElse: "Nobody else is a member",
  noLongerOwns: ({ organization, owner }: { readonly organization: Markup; readonly owner: Markup }) =>
    html`${owner} no longer owns ${organization}, and cannot take it back.`,
  noOrganization: "No organization found",
  inviteFirst: "The owner, or an admin of the organization, has to invite the person first.",
  onRecord: "On record",
  onRecordBelow:
    "It is on record below and in the organization's audit log, with your name. Tell both people; no mail is sent.",
  organizations: "Organizations",
  organizationsLead: "Every organization of this installation. Open one to see its owner.",
  organizationSince: ({ day }: { readonly day: string }) => `Since ${day}`,
  ownerGone: "The owner is gone?",
  ownerHandsOver: "The owner can hand the organization over without you, in its settings.",
  ownerNow: "Owner now",
  owns: ({ next }: { readonly next: Content }) =>
    html`${next} owns it: sees and does everything in it, also where access was limited before.`,
  sameInAudit: "Owner and admins of the organization see the same in their audit log.",
  searchOrganizations: "Search organizations",
  sinceLabel: "Since",
  staysMember: ({ owner }: { readonly owner: Markup }) =>
    html`${owner} stays a member, as admin, until somebody removes or changes that.`,
  staysOnRecord: "That you did it stays on record, for everybody who may read the organization's audit log.",
  wasNotHandedOver: "It was not handed over"
}

/** What the pages of an organization's consents say. */
const consents = {
  byProvider: "Listed by the provider",
  canTakeBack: "You can take the confirmation back. It stays on record that you gave it.",
  claimsStay: "What other organizations only claim stays connected as a claim, and no mail is sent.",
  confirmationTakenBack: "The confirmation is taken back",
  confirmationTakenBackHint: "The consent is a claim again, and stays bound. The provider is asked with the next look.",
  confirmIdentity: "Confirm who it is of",
  consentIsOver: "This consent is over; there is nothing to confirm.",
  consentOf: "Gives access to",
  consentsLead:
    "The consents in use, and what shows who each is of. Confirm one when the provider cannot say and you have seen " +
    "that it is right.",
  identityConfirmed: "Confirmed",
  identityConfirmedHint: "It counts at once. Members of the organization read your reason.",
  keepsOthersOut: "While it is bound here, another organization that proves to be the same seller is refused.",
  listedByProvider: "The provider itself lists what this login sees; there is nothing to confirm.",
  namedBy: "Named by the consent",
  provenElsewhereStays: "A seller that the provider has proven for another organization stays with that one.",
  seeConsents: "See its consents",
  servesNothing: "Nothing now",
  takeConfirmationBack: "Take the confirmation back …",
  takeConfirmationBackQuestion: "The consent is a claim again, and keeps no other organization out.",
  wasNotTakenBack: "It was not taken back",
  whatShowsIt: "What have you seen that shows it?",
  whatShowsItHint: "E.g. a letter of the account's owner, and where it is kept. The organization reads this.",
  yesConfirm: "Yes, confirm it",
  yesTakeConfirmationBack: "Yes, take it back"
}

/** What the pages of the people who run the installation say. */
export const operator = { ...directory, ...waiting, ...incidents, ...organizations, ...consents }
