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

const you = Messages.text("page.you")
const startOver = Messages.text("page.start-over")

/** The page of an address that leads nowhere. An unknown id and another organization's id get the same words. */
export const unknownAddress: ErrorPage = {
  status: 404,
  title: Messages.text("page.not-found"),
  whoActs: you,
  reason: Messages.text("page.nothing-here"),
  nextStep: Messages.text("page.check-address")
}

/** The page of a request with a method that its address does not have. */
export const wrongMethod: ErrorPage = {
  status: 405,
  title: Messages.text("page.wrong-method"),
  whoActs: you,
  reason: Messages.text("page.other-method"),
  nextStep: startOver
}

/** The page of a form that is larger than any form of this console. */
export const tooLarge: ErrorPage = {
  status: 413,
  title: Messages.text("page.too-large"),
  whoActs: you,
  reason: Messages.text("page.form-limit"),
  nextStep: Messages.text("page.shorten")
}

/** The page of a form that did not arrive in time. */
export const tooSlow: ErrorPage = {
  status: 408,
  title: Messages.text("page.too-slow"),
  whoActs: you,
  reason: Messages.text("page.form-slow"),
  nextStep: Messages.text("page.wait-a-minute")
}

/** The page of a defect; the id finds the details in the log. */
export const defect = (incident: string): ErrorPage => ({
  status: 500,
  title: Messages.text("page.defect"),
  whoActs: mustAct.operator,
  reason: Messages.text("page.incident", { incident }),
  nextStep: Messages.text("page.report-incident")
})

const providerBusy = (): ErrorPage => ({
  status: 503,
  title: Messages.text("page.provider-silent"),
  reason: Messages.text("page.provider-busy"),
  whoActs: mustAct.nobody,
  nextStep: Messages.text("page.wait-a-minute")
})

const operatorNeeded = (reason: string): ErrorPage => ({
  status: 503,
  title: Messages.text("page.operator-needed"),
  reason,
  whoActs: mustAct.operator,
  nextStep: Messages.text("text.sentences", {
    sentences: [Messages.say("page.tell-operator"), Messages.say("failure-reason.nobody-wrong")]
  })
})

const consentUnreadable = (): ErrorPage => operatorNeeded(Messages.text("page.consent-unreadable"))

const recordsUnavailable = (): ErrorPage => ({
  status: 503,
  title: Messages.text("page.records-silent"),
  whoActs: mustAct.nobody,
  reason: Messages.text("page.records-unreachable"),
  nextStep: Messages.text("page.load-again")
})

const storeUnavailable = ({ outcome }: { readonly outcome?: "unknown" }): ErrorPage =>
  outcome === undefined
    ? recordsUnavailable()
    : {
        ...recordsUnavailable(),
        whoActs: you,
        reason: Messages.text("page.outcome-unknown"),
        nextStep: Messages.text("page.look-and-retry")
      }

const profileConnected = ({ message }: { readonly message: string }): ErrorPage => ({
  status: 409,
  title: Messages.text("page.profile-connected"),
  reason: message,
  whoActs: you,
  nextStep: Messages.text("profile.choose-or-disconnect")
})

const changedMeanwhile = (): ErrorPage => ({
  status: 409,
  title: Messages.text("page.faster"),
  reason: Messages.text("page.changed"),
  whoActs: you,
  nextStep: Messages.text("page.look-and-retry")
})

const sentBefore = (): ErrorPage => ({
  status: 409,
  title: Messages.text("page.sent-before"),
  reason: Messages.text("page.other-content"),
  whoActs: you,
  nextStep: Messages.text("page.open-form-again")
})

const refused: Explanations["Refused"] = (error) => {
  const said = { reason: error.detail, nextStep: error.nextStep }
  // What only operators may do has nothing to do with a role in an organization.
  if (error.command === "operate")
    return { ...said, status: 403, title: Messages.text("page.not-allowed"), whoActs: Messages.text("page.operators") }
  if (error.reason === "not-permitted")
    return {
      ...said,
      status: 403,
      title: Messages.text("problem.not-permitted"),
      whoActs: Messages.text("page.other-role")
    }
  return { ...said, status: 409, title: Messages.text("page.not-possible"), whoActs: you }
}

const explanations: Explanations = {
  NotFound: () => unknownAddress,
  BadRequest: ({ detail }) => ({
    status: 400,
    title: Messages.text("page.bad-request"),
    reason: detail,
    whoActs: you,
    nextStep: Messages.text("page.reload")
  }),
  ForeignForm: () => ({
    status: 403,
    title: Messages.text("page.foreign"),
    whoActs: you,
    reason: Messages.text("page.foreign-form"),
    nextStep: Messages.text("page.own-tab")
  }),
  NotSignedIn: () => ({
    status: 403,
    title: Messages.text("page.sign-in-first"),
    reason: Messages.text("page.session-ended"),
    whoActs: you,
    nextStep: Messages.text("page.sign-in-again")
  }),
  OrganizationClosing: ({ message }) => ({
    status: 403,
    title: Messages.text("page.organization-closed"),
    reason: message,
    whoActs: you,
    nextStep: Messages.text("organization.owner-reopens")
  }),
  NoOrganization: ({ message }) => ({
    status: 403,
    title: Messages.text("page.no-organization"),
    reason: message,
    whoActs: you,
    nextStep: Messages.text("page.create-or-join")
  }),
  Refused: refused,
  ProfileHeld: profileConnected,
  ProfileTaken: profileConnected,
  InvalidCursor: () => ({
    status: 400,
    title: Messages.text("page.list-changed"),
    reason: Messages.text("page.list-altered"),
    whoActs: you,
    nextStep: Messages.text("page.list-start")
  }),
  VersionConflict: changedMeanwhile,
  JobGone: changedMeanwhile,
  AlreadyDone: sentBefore,
  KeyReused: sentBefore,
  ChannelUnavailable: ({ detail }) => operatorNeeded(Messages.text("page.channel-missing", { detail })),
  ApplicationRejected: () => operatorNeeded(Messages.text("api.application-rejected")),
  GrantRefused: ({ message }) => ({
    status: 409,
    title: Messages.text("page.consent-over"),
    reason: message,
    whoActs: mustAct["account-owner"],
    nextStep: Messages.text("page.dismiss-and-start")
  }),
  PermissionMissing: ({ message }) => ({
    status: 409,
    title: Messages.text("page.login-may-not"),
    reason: message,
    whoActs: mustAct["account-owner"],
    nextStep: Messages.text("page.give-right")
  }),
  Temporary: providerBusy,
  AccessTokenRefused: providerBusy,
  KeyUnavailable: consentUnreadable,
  SecretCorrupted: consentUnreadable,
  SecretUnacceptable: consentUnreadable,
  Unreadable: () => operatorNeeded(Messages.text("stored.cannot-be-read")),
  StoreUnavailable: storeUnavailable,
  VaultUnavailable: recordsUnavailable,
  IdentityUnavailable: recordsUnavailable
}

/** Explains a failure. `NotSignedIn` becomes a page only where no sign-in can follow. */
export const explain = <T extends Tag>(error: Extract<PageError, { readonly _tag: T }>): ErrorPage => {
  const explanation: Explanations[T] = explanations[error._tag]
  return explanation(error)
}
