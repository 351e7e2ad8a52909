/** The words of the pages in `pages/companies`. */
import { type Content, html, type Markup } from "../../page/html.ts"
import { count, type Total, total } from "./quantities.ts"

/** What a sentence names. */
export interface Named {
  readonly company: Content
}

/** The words of this room. */
export const companies = {
  brandEffects: "Accounts keep a brand under its new name. A brand that accounts have cannot be removed.",
  changeBrands: "Change brands",
  nameOfBrand: ({ brand }: { readonly brand: string }) => `Name of ${brand}`,
  removeBrand: ({ brand }: { readonly brand: string }) => `Remove ${brand}`,
  removeBrandQuestion: ({ brand }: { readonly brand: string }) => `Remove the brand ${brand}? No account has it.`,
  yesRemoveBrand: "Yes, remove it",
  manage: "Manage this company",
  manageHint: "A company that is there twice can be removed.",
  remove: "Remove the company …",
  restore: "Restore the company …",
  removalTitle: ({ company }: Named) => html`Remove ${company}`,
  removalQuestion: ({ company }: Named) => html`Remove ${company}?`,
  keep: "Keep the company",
  restoreTitle: ({ company }: Named) => html`Restore ${company}`,
  restoreQuestion: ({ company }: Named) => html`Restore ${company}?`,
  hasAccounts: ({ quantity }: { readonly quantity: number }) =>
    `It has ${count(quantity, "account", "accounts")} in use`,
  hasManyAccounts: ({ quantity }: { readonly quantity: number }) => `It has more than ${quantity} accounts in use`,
  moveFirst: "Take them all to another company below, or one by one to where each belongs.",
  mergeTitle: "Take all of them to one company, and remove this one",
  mergeInto: "Company that takes them over",
  seeMerge: "See what happens",
  mergeNow: "Take them over and remove it",
  mergeQuestion: ({ company, into }: Named & { readonly into: Content }) => html`Merge ${company} into ${into}?`,
  removedHow: "It left the lists and choices; its brands and history are kept.",
  wasRemoved: "This company was removed",
  takenOff: ({ at }: { readonly at: Markup }) => html`It was taken off the lists ${at}; its history is kept.`,
  removedCompanies: "Removed companies",
  removedLead: "Taken off the lists, with their brands and history. They can be restored.",
  noneRemoved: "No removed companies",
  listedHere: "A company that you remove is listed here, and can be restored.",
  needAttention: ({ of }: { readonly of: Total }) =>
    `${total(of)} ${of.count === 1 ? "connection needs" : "connections need"} attention`,
  sameBusiness: ({ companies }: { readonly companies: Markup }) =>
    html`If it is the same business, use one of them only: ${companies}`,
  added: "Added",
  none: "No companies yet",
  noneHint: "A company is a business whose marketplace accounts you connect. It has at least one brand.",
  connectFirst: "Connect your first account",
  addFirst: "Add your first company",
  notFound: "No company found",
  nothingMatches: ({ search }: { readonly search: Markup }) =>
    html`Nothing matches “${search}”. The search looks into company and brand names.`,
  showAll: "Show all companies",
  seeWhich: "See which and what to do",
  lead: "Businesses whose marketplace accounts you connect.",
  add: "Add company",
  searchLabel: "Search companies and brands",
  name: "Company name",
  nameHint: "The business, as its owner calls it. One that sells in several countries is one company.",
  firstBrand: "First brand",
  firstBrandHint: "More brands can be added later.",
  addTitle: "Add a company",
  addBrandTitle: "Add a brand",
  addBrand: "Add brand",
  brandName: "Brand name",
  wasAdded: "Company added",
  nowAddAccount: "Now add its first account.",
  addedAgain: "Company added, but there is another one with this name",
  noAccounts: "No accounts yet",
  noAccountsHint:
    "An account is one seller or vendor account in one marketplace. Each gets a tile for every API it needs.",
  removedApart: ({ removed }: { readonly removed: Markup }) => html`${removed} are kept apart, and can be restored.`
}
