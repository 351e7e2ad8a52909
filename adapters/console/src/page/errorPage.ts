/** How each failure is explained to a person: what happened, who must act, and what to do next. */
import { Messages } from "@portolan/domain"
import type { PageError, Status } from "./errors.ts"
import { mustAct } from "./labels.ts"

/** A failure as a page says it. */
export interface ErrorPage {
  readonly status: Status
  readonly title: string
  readonly reason: string
  readonly whoActs: string
  readonly nextStep: string
}

type Tag = PageError["_tag"]
type Explanations = { readonly [T in Tag]: (error: Extract<PageError, { readonly _tag: T }>) => ErrorPage }

const you = "You"
const startOver = "Start from the list of companies."

/** The page of an address that leads nowhere. An unknown id and another organization's id get the same words. */
export const unknownAddress: ErrorPage = {
  status: 404,
  title: "Page not found",
  whoActs: you,
  reason: "There is nothing at this address, or it belongs to another organization.",
  nextStep: "Check the address, or start from the list of companies."
}

/** The page of a request with a method that its address does not have. */
export const wrongMethod: ErrorPage = {
  status: 405,
  title: "This address cannot do that",
  whoActs: you,
  reason: "The address exists, but not for this kind of request.",
  nextStep: startOver
}

/** The page of a form that is larger than any form of this console. */
export const tooLarge: ErrorPage = {
  status: 413,
  title: "That was too much text",
  whoActs: you,
  reason: "A form can carry at most 64 KB.",
  nextStep: "Go back and shorten what you typed."
}

/** The page of a defect; the id finds the details in the log. */
export const defect = (incident: string): ErrorPage => ({
  status: 500,
  title: "Something broke on our side",
  whoActs: mustAct.operator,
  reason: `Whatever was asked was not carried out, or only as far as the page shows. Incident ${incident}.`,
  nextStep: "Try again. If it happens again, give the incident number to your operator."
})

const providerBusy = (): ErrorPage => ({
  status: 503,
  title: "The provider did not answer",
  reason: "The provider is busy or cannot be reached.",
  whoActs: mustAct.nobody,
  nextStep: "Wait a minute and try again. Nothing was lost."
})

const operatorNeeded = (reason: string): ErrorPage => ({
  status: 503,
  title: "This installation needs its operator",
  reason,
  whoActs: mustAct.operator,
  nextStep: "Tell your operator what you wanted to do. The account and its owner did nothing wrong."
})

const consentUnreadable = (): ErrorPage => operatorNeeded("The stored consent cannot be read.")

const recordsUnavailable = (): ErrorPage => ({
  status: 503,
  title: "We cannot reach our own records",
  whoActs: mustAct.nobody,
  reason: "The records are out of reach for a moment. Nothing was lost.",
  nextStep: "Wait a moment and load the page again."
})

const profileConnected = ({ message }: { readonly message: string }): ErrorPage => ({
  status: 409,
  title: "This profile is already connected",
  reason: message,
  whoActs: you,
  nextStep: Messages.text("profile.choose-or-disconnect")
})

const changedMeanwhile = (): ErrorPage => ({
  status: 409,
  title: "Somebody was faster",
  reason: "Somebody else changed this at the same moment.",
  whoActs: you,
  nextStep: "Go back, look at how it stands now, and try again."
})

const sentBefore = (): ErrorPage => ({
  status: 409,
  title: "This form was sent before",
  reason: "It was sent before with other content.",
  whoActs: you,
  nextStep: "Open the form again to send another one."
})

const refused: Explanations["Refused"] = (error) => {
  const said = { reason: error.detail, nextStep: error.nextStep }
  // What only operators may do has nothing to do with a role in an organization.
  if (error.command === "operate")
    return { ...said, status: 403, title: "Not allowed", whoActs: "The people who run this installation" }
  if (error.reason === "not-permitted")
    return { ...said, status: 403, title: "Your role does not allow this", whoActs: "A colleague with another role" }
  return { ...said, status: 409, title: "That is not possible", whoActs: you }
}

const explanations: Explanations = {
  NotFound: () => unknownAddress,
  BadRequest: ({ detail }) => ({
    status: 400,
    title: "This request makes no sense",
    reason: detail,
    whoActs: you,
    nextStep: "Go back, reload the page and try again."
  }),
  ForeignForm: () => ({
    status: 403,
    title: "Not sent from this site",
    whoActs: you,
    reason: "The form came from another site, so nothing was done.",
    nextStep: "Open this console in its own tab and try again there."
  }),
  NotSignedIn: () => ({
    status: 403,
    title: "Sign in first",
    reason: "Your session has ended.",
    whoActs: you,
    nextStep: "Sign in and try again."
  }),
  NoOrganization: ({ message }) => ({
    status: 403,
    title: "You belong to no organization yet",
    reason: message,
    whoActs: you,
    nextStep: "Create an organization, or open the invitation in your mail."
  }),
  Refused: refused,
  ProfileHeld: profileConnected,
  ProfileTaken: profileConnected,
  InvalidCursor: () => ({
    status: 400,
    title: "This page of the list no longer exists",
    reason: "The list changed, or the address was altered.",
    whoActs: you,
    nextStep: "Start from the beginning of the list."
  }),
  VersionConflict: changedMeanwhile,
  JobGone: changedMeanwhile,
  AlreadyDone: sentBefore,
  KeyReused: sentBefore,
  ChannelUnavailable: ({ detail }) => operatorNeeded(`This channel is not set up here: ${detail}.`),
  ApplicationRejected: () => operatorNeeded("The provider rejected this software's own credentials."),
  GrantRefused: ({ message }) => ({
    status: 409,
    title: "The consent is no longer valid",
    reason: message,
    whoActs: mustAct["account-owner"],
    nextStep: "Dismiss this authorization and start the connection again."
  }),
  PermissionMissing: ({ message }) => ({
    status: 409,
    title: "The login may not do this",
    reason: message,
    whoActs: mustAct["account-owner"],
    nextStep: "Give the login the missing right in the provider's console and look again."
  }),
  Temporary: providerBusy,
  AccessTokenRefused: providerBusy,
  KeyUnavailable: consentUnreadable,
  SecretCorrupted: consentUnreadable,
  SecretUnacceptable: consentUnreadable,
  StoreUnavailable: recordsUnavailable,
  VaultUnavailable: recordsUnavailable,
  IdentityUnavailable: recordsUnavailable
}

/** Explains a failure. `NotSignedIn` becomes a page only where no sign-in can follow. */
export const explain = <T extends Tag>(error: Extract<PageError, { readonly _tag: T }>): ErrorPage => {
  const explanation: Explanations[T] = explanations[error._tag]
  return explanation(error)
}
