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
  byUnknown: "Unknown",
  member: "Member",
  connection: "Connection",
  attempt: "Attempt",
  window: "Days of a first load",
  awaitedAdvertiser: "Awaited advertiser",
  checks: "Checks",
  incident: "Incident",
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
  lead:
    "Every change in your organization, every read of a token and every refused attempt, the youngest first. " +
    "Nothing here can be altered.",
  exportAll: "Export everything",
  records: "Records",
  changes: "Changes",
  tokenReads: "Reads of tokens",
  securityEvents: "Security events",
  tokenRead: "Token read",
  security: {
    "oauth-state-refused": {
      title: "A return from a provider was refused",
      detail: "It belongs to no attempt that began here."
    },
    "callback-foreign-browser": {
      title: "A return from a provider came in another browser",
      detail: "It was refused: an attempt goes on in the browser that began it."
    },
    "sign-in-limited": { title: "Too many attempts to sign in", detail: "Further ones were refused for a while." },
    "api-key-used-after-revocation": {
      title: "A revoked API key was used",
      detail: "It was refused. Find the program that still has it."
    }
  },
  onlySteps: "Only small steps on this page."
}
