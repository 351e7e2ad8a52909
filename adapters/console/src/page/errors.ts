/**
 * What a page may fail with, and how each failure is told: what happened, who must act, and what to do next. The HTTP
 * status codes of pages live here and nowhere else.
 */
import type { Refused } from "@portolan/domain"
import type {
  AccessTokens,
  Callers,
  Repository,
  Identity,
  PendingAuthorizations,
  ProviderApi,
  UnitOfWork
} from "@portolan/ports"
import { Schema } from "effect"

/** The request itself makes no sense: a broken form, a missing field that the page always sends. */
export class BadRequest extends Schema.TaggedError<BadRequest>()("BadRequest", { detail: Schema.String }) {
  override get message(): string {
    return this.detail
  }
}

/** A form was sent from another site; it may not act for the person who is signed in here. */
export class ForeignForm extends Schema.TaggedError<ForeignForm>()("ForeignForm", {}) {
  override get message(): string {
    return "This form was not sent from this site."
  }
}

/** What a page may fail with. */
export type PageError =
  | BadRequest
  | ForeignForm
  | Identity.NotSignedIn
  | Callers.NoOrganization
  | Identity.IdentityUnavailable
  | Refused.Refused
  | Repository.NotFound
  | Repository.InvalidCursor
  | UnitOfWork.CommitError
  | PendingAuthorizations.ProfileHeld
  | AccessTokens.TokenError
  | ProviderApi.CallError

/** The statuses that pages are sent with. */
export type Status = 200 | 400 | 403 | 404 | 405 | 409 | 410 | 413 | 422 | 429 | 500 | 503

/** A failure, told to a person. */
export interface Told {
  readonly status: Status
  readonly title: string
  readonly reason: string
  readonly whoActs: string
  readonly nextStep: string
}

const you = "You"

const providerTrouble = (reason: string): Told => ({
  status: 503,
  title: "The provider did not answer",
  reason,
  whoActs: "Nobody",
  nextStep: "Wait a minute and try again. Nothing was lost."
})

const operator = (reason: string): Told => ({
  status: 503,
  title: "This installation needs its operator",
  reason,
  whoActs: "The operator of this installation",
  nextStep: "Tell your operator what you wanted to do. The account and its owner did nothing wrong."
})

const notFound: Told = {
  status: 404,
  title: "Page not found",
  whoActs: you,
  reason: "There is nothing at this address, or it belongs to another organization.",
  nextStep: "Check the address, or start from the list of companies."
}

/** The page of an address that leads nowhere. An unknown id and another organization's id get the same words. */
export const unknownAddress = notFound

/** The page of a request with a method that its address does not have. */
export const wrongMethod: Told = {
  status: 405,
  title: "This address cannot do that",
  whoActs: you,
  reason: "The address exists, but not for this kind of request.",
  nextStep: "Start from the list of companies."
}

/** The page of a form that is larger than any form of this console. */
export const tooLarge: Told = {
  status: 413,
  title: "That was too much text",
  whoActs: you,
  reason: "A form can carry at most 64 KB.",
  nextStep: "Go back and shorten what you typed."
}

/** The page of a defect; the id finds the details in the log. */
export const defect = (incident: string): Told => ({
  status: 500,
  title: "Something broke on our side",
  whoActs: "The operator of this installation",
  reason: `Whatever was asked was not carried out, or only as far as the page shows. Incident ${incident}.`,
  nextStep: "Try again. If it happens again, give the incident number to your operator."
})

/** Tells a failure. `NotSignedIn` is told as a page only where no sign-in can follow. */
export const tell = (trouble: PageError): Told => {
  switch (trouble._tag) {
    case "NotFound":
      return notFound
    case "BadRequest":
      return {
        status: 400,
        title: "This request makes no sense",
        reason: trouble.detail,
        whoActs: you,
        nextStep: "Go back, reload the page and try again."
      }
    case "ForeignForm":
      return {
        status: 403,
        title: "Not sent from this site",
        whoActs: you,
        reason: "The form came from another site, so nothing was done.",
        nextStep: "Open this console in its own tab and try again there."
      }
    case "NotSignedIn":
      return {
        status: 403,
        title: "Sign in first",
        reason: "Your session has ended.",
        whoActs: you,
        nextStep: "Sign in and try again."
      }
    case "NoOrganization":
      return {
        status: 403,
        title: "You belong to no organization yet",
        reason: trouble.message,
        whoActs: you,
        nextStep: "Create an organization, or open the invitation in your mail."
      }
    case "Refused":
      // What only operators may do has nothing to do with a role in an organization.
      if (trouble.asked === "operate") {
        return {
          status: 403,
          title: "Not allowed",
          reason: trouble.detail,
          nextStep: trouble.nextStep,
          whoActs: "The people who run this installation"
        }
      }
      return trouble.reason === "not-permitted"
        ? {
            status: 403,
            title: "Your role does not allow this",
            reason: trouble.detail,
            nextStep: trouble.nextStep,
            whoActs: "A colleague with another role"
          }
        : {
            status: 409,
            title: "That is not possible",
            reason: trouble.detail,
            nextStep: trouble.nextStep,
            whoActs: you
          }
    case "ProfileHeld":
    case "ProfileTaken":
      return {
        status: 409,
        title: "This profile is already connected",
        reason: trouble.message,
        whoActs: you,
        nextStep: "Choose another profile, or disconnect it there first."
      }
    case "InvalidCursor":
      return {
        status: 400,
        title: "This page of the list no longer exists",
        reason: "The list changed, or the address was altered.",
        whoActs: you,
        nextStep: "Start from the beginning of the list."
      }
    case "VersionConflict":
    case "JobGone":
      return {
        status: 409,
        title: "Somebody was faster",
        reason: "Somebody else changed this at the same moment.",
        whoActs: you,
        nextStep: "Go back, look at how it stands now, and try again."
      }
    case "AlreadyDone":
    case "KeyReused":
      return {
        status: 409,
        title: "This form was sent before",
        reason: "It was sent before with other content.",
        whoActs: you,
        nextStep: "Open the form again to send another one."
      }
    case "ChannelUnavailable":
      return operator(`This channel is not set up here: ${trouble.detail}.`)
    case "ApplicationRejected":
      return operator("The provider rejected this software's own credentials.")
    case "GrantRefused":
      return {
        status: 409,
        title: "The consent is no longer valid",
        reason: trouble.message,
        whoActs: "The owner of the account at the provider",
        nextStep: "Dismiss this authorization and start the connection again."
      }
    case "PermissionMissing":
      return {
        status: 409,
        title: "The login may not do this",
        reason: trouble.message,
        whoActs: "The owner of the account at the provider",
        nextStep: "Give the login the missing right in the provider's console and look again."
      }
    case "Temporary":
    case "AccessTokenRefused":
      return providerTrouble("The provider is busy or cannot be reached.")
    case "KeyUnavailable":
    case "SecretCorrupted":
    case "SecretUnacceptable":
      return operator("The stored consent cannot be read.")
    case "StoreUnavailable":
    case "VaultUnavailable":
    case "IdentityUnavailable":
      return {
        status: 503,
        title: "We cannot reach our own records",
        whoActs: "Nobody",
        reason: "The records are out of reach for a moment. Nothing was lost.",
        nextStep: "Wait a moment and load the page again."
      }
  }
}
