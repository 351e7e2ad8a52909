/** The words of the pages in `pages/audit`. */
import { html } from "../../page/html.ts"

/** The words of this room. */
export const audit = {
  groupPeople: "People, roles and keys",
  groupCompanies: "Companies and accounts",
  groupConsents: "Consents and attempts",
  groupLinks: "Auth links and requests",
  groupLoads: "First loads, every step",
  groupLogins: "Logins, plans and checks",
  actorGuests: "Guests with a link",
  actorOperators: "Operators",
  actorSystem: "The software itself",
  byApiKey: "(API key)",
  byGuest: html`A guest <span class="muted">(with an auth link)</span>`,
  byOperator: "(operator)",
  bySoftware: "The software",
  member: "Member",
  connection: "Connection",
  attempt: "Attempt",
  awaitedAdvertiser: "Awaited advertiser",
  checks: "Checks",
  when: "When",
  who: "Who",
  about: "About",
  whatAbout: "What about",
  allButSteps: "Everything but small steps",
  everything: "Everything",
  anybody: "Anybody",
  noMatch: "Nothing like this has happened",
  nothingYet: "Nothing has happened yet",
  otherFilter: "Choose something else to look for.",
  everyChange: "Every change is listed here with who made it.",
  showEverything: "Show everything",
  title: "Audit log",
  lead: "Every change in your organization and who made it, the youngest first. Nothing here can be altered.",
  onlySteps: "Only small steps on this page."
}
