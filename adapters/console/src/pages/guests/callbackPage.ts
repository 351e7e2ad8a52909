/**
 * The page for a person who comes back from the provider. Its address carries only the kind of outcome: it says
 * nothing about account or organization, so a reader of it learns nothing.
 */
import { type Authorization, Evidence, Messages } from "@portolan/domain"
import type { Connecting } from "@portolan/ports"
import type { Tone } from "../../page/labels.ts"

/** The kinds of outcome, as they stand in an address. */
export type Outcome =
  | "consented"
  | "finished"
  | "finished-request"
  | "declined"
  | "declined-link"
  | "timed-out"
  | "dismissed"
  | "under-way"
  | "other-browser"
  | "unknown"
  | Authorization.FailureReason

/** An outcome in words. */
export interface OutcomePage {
  readonly title: string
  readonly label: string
  readonly tone: Tone
  readonly reason: string
  readonly whoActs: string
  readonly nextStep: string
  readonly offersSignIn: boolean
}

const ofAuthorization = (authorization: Authorization.Present): Outcome => {
  switch (authorization._tag) {
    case "Started":
    case "Exchanging":
      return "under-way"
    case "AwaitingSelection":
      return "consented"
    // Nobody chose: a request to connect was finished by itself, and both sides get a mail (rule X-R5).
    case "Finalised":
      return authorization.finalisedBy._tag === "System" ? "finished-request" : "finished"
    case "Declined":
      return authorization.origin._tag === "ByLink" ? "declined-link" : "declined"
    case "Failed":
      return authorization.reason
    case "Expired":
      return "timed-out"
    case "Dismissed":
      return "dismissed"
  }
}

/** The kind of outcome of an arrival. */
export const outcomeOf = (arrival: Connecting.CallbackResult): Outcome => {
  switch (arrival._tag) {
    case "Handled":
    case "Repeated":
      return ofAuthorization(arrival.authorization)
    case "BrowserMismatch":
      return "other-browser"
    case "Unknown":
      return "unknown"
  }
}

const sender = "The person who asked you to connect"

const declined = (provider: string) =>
  ({
    title: "You declined",
    label: Messages.text("authorization-state.declined"),
    tone: "wait",
    whoActs: "You, if you want to connect after all",
    reason: `${provider} told us that the access was not allowed. Nothing was connected.`
  }) as const

const reasonOf = (reason: Authorization.FailureReason, provider: string): string =>
  Messages.render(Evidence.failureReason(reason, provider))

const failed = (reason: Authorization.FailureReason, provider: string): string =>
  `${reasonOf(reason, provider)} ${Messages.text("outcome.nothing-connected")}`

const table: { readonly [O in Outcome]: (provider: string) => Omit<OutcomePage, "offersSignIn"> } = {
  consented: (provider) => ({
    title: "Thank you, your consent is recorded",
    label: "Consent given",
    tone: "good",
    whoActs: sender,
    reason: `${provider} sent you back with your consent.`,
    nextStep: "They choose the right profile, and then the account is connected. You can close this page."
  }),
  finished: () => ({
    title: Messages.text("page.account-connected"),
    label: "Connected",
    tone: "good",
    whoActs: "Nobody",
    reason: "The consent was given and the profile is chosen.",
    nextStep: "You can close this page."
  }),
  "finished-request": () => ({
    title: "Thank you, the account is connected",
    label: "Connected",
    tone: "good",
    whoActs: "Nobody",
    reason: "You agreed, and the account is connected.",
    nextStep: "You and the person who asked both get a confirmation by mail. You can close this page."
  }),
  declined: (provider) => ({
    ...declined(provider),
    nextStep: "Start again from the account page if that was a mistake. Otherwise close this page."
  }),
  "declined-link": (provider) => ({
    ...declined(provider),
    nextStep: "Open the link again if that was a mistake; it stays usable. Otherwise close this page."
  }),
  "timed-out": (provider) => ({
    title: "That took too long",
    label: Messages.text("authorization-state.expired"),
    tone: "wait",
    whoActs: "You",
    reason: `An attempt at ${provider} ends after 15 minutes. Nothing was connected.`,
    nextStep: Messages.text("page.open-link-again")
  }),
  dismissed: () => ({
    title: "This consent was dropped",
    label: Messages.text("authorization-state.dismissed"),
    tone: "idle",
    whoActs: sender,
    reason: "Somebody decided not to use it. Its tokens are forgotten.",
    nextStep: "Ask them whether a new link is coming."
  }),
  "under-way": () => ({
    title: "Your return is being recorded",
    label: Messages.text("authorization-state.exchanging"),
    tone: "info",
    whoActs: "Nobody",
    reason: "The same return is being handled at this moment.",
    nextStep: "Wait a moment, then you can close this page."
  }),
  "other-browser": () => ({
    title: "You started in another browser",
    label: "Other browser",
    tone: "wait",
    whoActs: "You",
    reason: "For your safety a consent only counts in the browser it was started in. Nothing was connected.",
    nextStep: "Open the link again and stay in one browser, and in the same window mode (private or not)."
  }),
  unknown: () => ({
    title: "We do not know this return",
    label: "Not known",
    tone: "wait",
    whoActs: "You",
    reason:
      "It does not belong to an attempt that was started in this browser. The page may have been " +
      "reloaded much later, or cookies are blocked. Nothing was connected.",
    nextStep: "Allow cookies for this site and open the link again, or start again from the account page."
  }),
  "code-refused": (provider) => ({
    title: "The consent could not be used",
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: "You",
    reason:
      `${provider} did not accept the code it had sent back with you; it was late or used before. ` +
      "Nothing was connected.",
    nextStep: Messages.text("page.open-link-again")
  }),
  "provider-unavailable": (provider) => ({
    title: `${provider} did not answer`,
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: "You",
    reason: Messages.text("page.nothing-wrong", { reason: reasonOf("provider-unavailable", provider) }),
    nextStep: "Wait a few minutes, then open the link again or start again from the account page."
  }),
  "application-rejected": (provider) => ({
    title: Messages.text("page.operator-needed"),
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: Messages.text("page.operator"),
    reason: Messages.text("page.nothing-wrong", { reason: reasonOf("application-rejected", provider) }),
    nextStep: "Tell the person who asked you; the operator has to check the client id and secret."
  }),
  "not-entitled": (provider) => ({
    title: "This login may not consent",
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: "The owner of the account",
    reason: failed("not-entitled", provider),
    nextStep: "Forward the link to the owner, or log in at the provider as the owner and open it again."
  }),
  "link-closed": (provider) => ({
    title: "The link was closed meanwhile",
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: sender,
    reason: failed("link-closed", provider),
    nextStep: "Ask them for a new link."
  }),
  "provider-error": (provider) => ({
    title: `${provider} reported an error`,
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: "You",
    reason: failed("provider-error", provider),
    nextStep:
      "Try once more. If it happens again, tell the person who asked you; the operator has to check " +
      "the registration at the provider."
  }),
  "callback-incomplete": (provider) => ({
    title: "Something was missing on your way back",
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: "You",
    reason: failed("callback-incomplete", provider),
    nextStep: Messages.text("page.open-link-again")
  })
}

/** Whether a text names an outcome. */
export const isOutcome = (text: string): text is Outcome => Object.hasOwn(table, text)

/** Explains an outcome; `provider` is the provider's name. */
export const explain = (outcome: Outcome, provider: string): OutcomePage => ({
  ...table[outcome](provider),
  offersSignIn: outcome === "consented"
})
