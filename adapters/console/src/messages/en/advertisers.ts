/** The words of the pages in `pages/advertisers`. */
import { html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"

/** The words of this room. */
export const advertisers = {
  heldBy: ({ holder }: { readonly holder: Markup }) =>
    html`Linked to the account ${holder}. An advertiser can be linked to one account only. If it belongs here,
      unlink it there first.`,
  otherAwaited: ({ advertiser }: { readonly advertiser: Markup }) =>
    html`You wait for “${advertiser}”; this one is named otherwise. Compare the ids.`,
  linkedHere: "Linked to this account",
  taken: "Taken",
  link: ({ name, id }: { readonly name: string; readonly id: string }) =>
    html`Link …<span class="sr-only"> ${name}, id ${id}</span>`,
  compare: "Compare before you confirm",
  thisAccount: "This account",
  accountOf: ({
    account,
    company,
    marketplace
  }: {
    readonly account: Markup
    readonly company: Markup
    readonly marketplace: string
  }) => html`${account} of ${company}, ${marketplace}`,
  theAdvertiser: ({ name }: { readonly name: Markup }) => html`The advertiser: ${name}`,
  boundToAccount: "The advertiser is bound to this account and to no other one.",
  loading: "The last 60 days are loaded; that takes 24 to 48 hours.",
  unlinkLater: "It can be unlinked later. Linking and unlinking are on record, with your name.",
  compared: ({ id }: { readonly id: string }) =>
    `I have compared name and id. Advertiser ${id} belongs to this account.`,
  linkNow: "Link it now",
  backToList: "Back to the list",
  linkQuestion: ({ name }: { readonly name: Markup }) => html`Link ${name}?`,
  readAndWrite: "Read and write",
  readOnly: "Read only",
  notTold: "not told",
  advertiserId: "Advertiser id",
  seller: "Seller",
  accessGiven: "Access given",
  gone: "The chosen advertiser is no longer in the list.",
  tickCompared: "Tick the box once you have compared name and id.",
  cannotBeLinked: "This advertiser cannot be linked",
  none: "No advertiser lets us in yet",
  noneHow:
    "Walmart sends nobody back to us: an admin of the advertiser adds us as partner, and then it appears here. " +
    "How that is done stands below.",
  notFound: "No advertiser found",
  nothingMatches: ({ search }: { readonly search: Markup }) =>
    html`Nothing matches “${search}”. The search looks into names, sellers and ids.`,
  available: "Advertisers that let us in",
  searchLabel: "Search by name, seller or id",
  missing: "Is the right one missing?",
  onlyAdmin: "Only an admin of the advertiser can let us in. No login of ours, and no link, can do it instead.",
  openPartners: html`The admin signs in to Walmart's advertising console and opens <strong>Admin</strong>, then
      <strong>API Partner - Advertiser level</strong>.`,
  addPartner: ({ product }: { readonly product: string }) =>
    html`The admin presses <strong>+ Add Partner</strong> and picks <strong>${product}</strong>; ask your
      operator if it is listed there under another name.`,
  writeAccess: html`As access type the admin picks <strong>Write access</strong>. With read access we can only
      report, and the connection is <em>limited</em>.`,
  assignedFirst:
    "A new advertiser is first assigned to your organization by our operators; you are told when it can be linked.",
  overdueSince: ({ at }: { readonly at: Markup }) =>
    html`You told us ${at} and it has not appeared within a day. Support has been told. Meanwhile check with its
      admin that we were added, at advertiser level and with write access.`,
  awaitedSince: ({ at }: { readonly at: Markup }) =>
    html`You told us ${at}. It appears once its admin has added us and our operators have assigned it to you.`,
  awaitedIsHere: ({ advertiser }: { readonly advertiser: Markup }) =>
    html`The advertiser you wait for is here: ${advertiser}`,
  compareAndLink: "Compare it below, and link it.",
  overdue: "The advertiser is overdue",
  awaited: "Waiting for the advertiser",
  stopWaiting: "Stop waiting",
  expect: "Tell us which advertiser to expect",
  nameOrId: "Name or id of the advertiser",
  nameOrIdHint:
    "As Walmart's console shows it; the id is the number on its Admin page. Our operators see it and assign " +
    "the advertiser to you.",
  expectInstead: "Expect this one instead",
  expectIt: "Expect it",
  title: ({ account }: { readonly account: string }) => `${account}: advertisers`,
  heading: ({ account }: { readonly account: Markup }) => html`Link an advertiser to ${account}`,
  notedHint: "Our operators see what you wait for. You are told when it is here.",
  noLongerWaiting: "No longer waiting",
  nothingElse: "Nothing else has changed.",
  linkedTo: ({ profile }: { readonly profile: Markup }) => html`This account is linked to ${profile}`,
  unlinkThis: "unlink this one",
  unlinkFirst: ({ unlink }: { readonly unlink: Markup }) =>
    html`To link another advertiser, ${unlink} first; you see what that does before you confirm.`,
  whoConnects: "Somebody who may connect this account",
  lookAlikes: ({
    quantity,
    names,
    more
  }: {
    readonly quantity: number
    readonly names: Markup
    readonly more: number
  }) =>
    html`${count(quantity, "other advertiser has", "other advertisers have")} nearly the same name:
      ${names}${more > 0 && ` and ${more} more`}. Compare the ids; the name alone does not tell them apart.`,
  assigned: ({ quantity }: { readonly quantity: number }) =>
    `${count(quantity, "advertiser is", "advertisers are")} assigned to your organization here. Names are ` +
    "not unique; compare the ids with the one on the Admin page of Walmart's console.",
  notShown: ({ quantity }: { readonly quantity: number }) =>
    `${count(quantity, "more advertiser is", "more advertisers are")} not shown. Search for its name or id.`
}
