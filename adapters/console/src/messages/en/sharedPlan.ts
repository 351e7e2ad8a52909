/** The words of the pages in `pages/sharedPlan`. */
import { html, type Markup } from "../../page/html.ts"

/** What the plan of a main account says to people without a sign-in. */
export const sharedPlan = {
  addressIncomplete: "The address is not complete, or a newer one took its place.",
  askForAddress: "Ask the person who sent it to you for the address that works.",
  findOut: "Still to be found out",
  gathered: ({ company }: { readonly company: Markup }) =>
    html`The accounts of ${company} are gathered under one login.`,
  gatheredUnder: ({ company, login }: { readonly company: Markup; readonly login: Markup }) =>
    html`The accounts of ${company} are gathered under one login, ${login}.`,
  howTo:
    "Each account can only be shared by its own administrator. Find your login below and do its steps at the " +
    "provider; nothing is done on this page.",
  mainSeesAll: "The main login sees every account that could be planned.",
  noMain: "No main login is chosen yet.",
  planFor: ({ company }: { readonly company: string }) => `Plan for ${company}`,
  sender: "The person who sent it",
  sharedBy: ({ person }: { readonly person: Markup }) => html`Shared by ${person}`,
  thereAlready: "There already",
  title: "Who signs in, and what to grant there",
  worksUntil: ({ at }: { readonly at: string }) =>
    `This page works until ${at}. It shows no password and changes nothing. You can print it.`
}
