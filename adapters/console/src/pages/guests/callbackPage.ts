/**
 * The page for a person who comes back from the provider. Its address carries only the kind of outcome: it says
 * nothing about account or organization, so a reader of it learns nothing.
 */
import { type Authorization, Evidence, Messages } from "@portolan/domain"
import type { Connecting } from "@portolan/ports"
import { words } from "../../messages/words.ts"
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

const { guests, shared } = words
const nothingConnected = Messages.text("outcome.nothing-connected")
const nobody = Messages.text("must-act.nobody")
const you = Messages.text("page.you")

const declined = (provider: string) =>
  ({
    title: guests.declined,
    label: Messages.text("authorization-state.declined"),
    tone: "wait",
    whoActs: guests.youIfWanted,
    reason: `${guests.notAllowed({ provider })} ${nothingConnected}`
  }) as const

const reasonOf = (reason: Authorization.FailureReason, provider: string): string =>
  Messages.render(Evidence.failureReason(reason, provider))

const failed = (reason: Authorization.FailureReason, provider: string): string =>
  `${reasonOf(reason, provider)} ${nothingConnected}`

const table: { readonly [O in Outcome]: (provider: string) => Omit<OutcomePage, "offersSignIn"> } = {
  consented: (provider) => ({
    title: guests.consented,
    label: shared.consentGiven,
    tone: "good",
    whoActs: guests.sender,
    reason: guests.sentBack({ provider }),
    nextStep: `${guests.theyChoose} ${shared.closePage}`
  }),
  finished: () => ({
    title: Messages.text("page.account-connected"),
    label: Messages.text("status.connected"),
    tone: "good",
    whoActs: nobody,
    reason: guests.asFinished,
    nextStep: shared.closePage
  }),
  "finished-request": () => ({
    title: guests.finishedRequest,
    label: Messages.text("status.connected"),
    tone: "good",
    whoActs: nobody,
    reason: guests.asFinishedRequest,
    nextStep: `${guests.bothMailed} ${shared.closePage}`
  }),
  declined: (provider) => ({ ...declined(provider), nextStep: guests.ifMistakeStart }),
  "declined-link": (provider) => ({ ...declined(provider), nextStep: guests.ifMistakeLink }),
  "timed-out": (provider) => ({
    title: guests.tooLong,
    label: Messages.text("authorization-state.expired"),
    tone: "wait",
    whoActs: you,
    reason: `${guests.attemptEnded({ provider })} ${nothingConnected}`,
    nextStep: Messages.text("page.open-link-again")
  }),
  dismissed: () => ({
    title: guests.dismissed,
    label: Messages.text("authorization-state.dismissed"),
    tone: "idle",
    whoActs: guests.sender,
    reason: guests.notUsed,
    nextStep: guests.askWhetherNew
  }),
  "under-way": () => ({
    title: guests.recording,
    label: Messages.text("authorization-state.exchanging"),
    tone: "info",
    whoActs: nobody,
    reason: guests.handledNow,
    nextStep: guests.waitThenClose
  }),
  "other-browser": () => ({
    title: guests.otherBrowser,
    label: guests.otherBrowserLabel,
    tone: "wait",
    whoActs: you,
    reason: `${guests.oneBrowser} ${nothingConnected}`,
    nextStep: guests.stayInBrowser
  }),
  unknown: () => ({
    title: guests.unknownReturn,
    label: guests.notKnown,
    tone: "wait",
    whoActs: you,
    reason: `${guests.cookiesMissing} ${nothingConnected}`,
    nextStep: guests.allowCookies
  }),
  "code-refused": (provider) => ({
    title: guests.codeRefused,
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: you,
    reason: `${guests.codeUnacceptable({ provider })} ${nothingConnected}`,
    nextStep: Messages.text("page.open-link-again")
  }),
  "provider-unavailable": (provider) => ({
    title: guests.providerSilent({ provider }),
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: you,
    reason: Messages.text("page.nothing-wrong", { reason: reasonOf("provider-unavailable", provider) }),
    nextStep: guests.afterAWhile
  }),
  "application-rejected": (provider) => ({
    title: Messages.text("page.operator-needed"),
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: Messages.text("page.operator"),
    reason: Messages.text("page.nothing-wrong", { reason: reasonOf("application-rejected", provider) }),
    nextStep: guests.tellAboutCredentials
  }),
  "not-entitled": (provider) => ({
    title: guests.mayNotConsent,
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: guests.accountOwner,
    reason: failed("not-entitled", provider),
    nextStep: guests.forwardToOwner
  }),
  "link-closed": (provider) => ({
    title: guests.linkClosed,
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: guests.sender,
    reason: failed("link-closed", provider),
    nextStep: guests.askForLink
  }),
  "provider-error": (provider) => ({
    title: guests.providerError({ provider }),
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: you,
    reason: failed("provider-error", provider),
    nextStep: guests.tryOnceMore
  }),
  "different-identity": (provider) => ({
    title: guests.otherSeller,
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: you,
    reason: failed("different-identity", provider),
    nextStep: guests.sameSellerAgain
  }),
  "callback-incomplete": (provider) => ({
    title: guests.incomplete,
    label: Messages.text("authorization-state.failed"),
    tone: "act",
    whoActs: you,
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
