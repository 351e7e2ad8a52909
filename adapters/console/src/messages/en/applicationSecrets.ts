/** The words of the page in `pages/operator/applicationSecrets`. */
import { html, type Markup } from "../../page/html.ts"

/** An application by its name. */
export interface Named {
  readonly name: string
}

/** The words of this room. */
export const applicationSecrets = {
  title: "Application secrets",
  lead:
    "What this installation proves itself with to providers. No secret is shown here; a new one is set with a " +
    "command on the server.",
  none: "No application is set up",
  noneHint: "The settings of this server name no application at a provider.",
  serves: ({ channels }: { readonly channels: string }) => `Serves ${channels}`,
  used: "Used",
  waits: "Waits",
  before: "Before",
  which: "Secret",
  from: "From",
  age: "Stored",
  lastTest: "Last test",
  number: ({ number }: { readonly number: number }) => `Secret ${number}`,
  called: ({ label }: { readonly label: Markup }) => html`called ${label}`,
  sources: { settings: "the settings", operator: "a command", provider: "the provider" },
  noEnd: "no end named",
  atTheLatest: "at the latest",
  outcomes: { accepted: "Accepted", refused: "Refused", unclear: "No clear answer" },
  notTried: "Not tried yet",
  good: "All well",
  soon: "Ends within 30 days",
  ended: "Ended",
  waitsForProvider: "Waits for the provider",
  waitsForYou: "Waits for you",
  needsYou: "Needs you",
  onlySettings: "Nothing is stored yet: the secret of the settings is used.",
  nextStep: "Next step",
  nothingToDo: "Nothing to do now.",
  nothingUntil: ({ day }: { readonly day: string }) => `Nothing to do until ${day}; operators are mailed before.`,
  overlap: ({ at }: { readonly at: Markup }) =>
    html`Nothing to do now. The one before is forgotten ${at}; after a leak, forget it at once:`,
  makeNew: "Make a new secret at the provider, and set it:",
  makeNewNow: "The provider refuses every token request. Make a new secret at the provider now, and set it:",
  askProvider: "Ask the provider for a new one; its notice brings it:",
  rotationAsked: ({ at }: { readonly at: Markup }) =>
    html`The provider was asked for a new secret ${at}. Wait for its notice; ask again if none comes:`,
  setRight: "Set the right secret in its place:",
  promote: "The provider accepted the new secret. Use it:",
  promoteUntried: "Try the new secret again, and use it if the provider accepts it:",
  insist: "The provider gave no clear answer to the new secret. If you are sure of it, use it all the same:",
  settingsToo: "Change the settings as well, with the next deployment, so that they agree with what is stored.",
  commands: {
    set: ({ name }: Named) => `npm run secrets -- set ${name} --file FILE`,
    promote: ({ name }: Named) => `npm run secrets -- promote ${name}`,
    insist: ({ name }: Named) => `npm run secrets -- promote ${name} --yes`,
    rotate: ({ name }: Named) => `npm run secrets -- rotate ${name}`,
    retire: ({ name }: Named) => `npm run secrets -- retire ${name}`,
    status: "npm run secrets -- status"
  },
  cannotBeRead: "Cannot be read",
  checkKeys:
    "Check the master keys in the settings of this server, and that it runs the latest release. Then look again:"
}
