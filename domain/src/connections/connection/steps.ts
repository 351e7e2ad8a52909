/** What one command leads to, where several states decide alike. */
import { given } from "../../kernel/given.ts"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as Identity from "../../authorizations/Identity.ts"
import * as Profile from "../../authorizations/Profile.ts"
import { AuthorizationId, GrantId } from "../../kernel/Id.ts"
import { happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { refuse } from "../../messages/Refusal.ts"
import type { Catalogue } from "../../providers/Catalogue.ts"
import { accessBy } from "../../providers/Channel.ts"
import { misfit } from "./misfit.ts"
import { type Command, Event, Link, type Linked, Pending, type Present, State } from "./state.ts"

/** What refuses. */
export const subject = "Connection"

/**
 * A proof within this time after the last one changes nothing, so that a busy load does not rewrite the connection all
 * day.
 */
export const proofInterval = { minutes: 5 } as const

/**
 * When a consent in use ended by itself, if it has (rule C11); the provider's proof may come later. Undefined for a
 * connection without a consent, and for one whose consent is proven dead.
 */
export const consentEndedAt = (state: Present, now: DateTime.Utc): DateTime.Utc | undefined => {
  if (!isLinked(state) || state._tag === "ReauthorizationNeeded") return undefined
  const { expiresAt } = state.link
  return expiresAt !== undefined && DateTime.isGreaterThanOrEqualTo(now, expiresAt) ? expiresAt : undefined
}

/** A consent waits for a choice. */
export const awaitSelection = (state: Present, command: Extract<Command, { readonly _tag: "AwaitSelection" }>) =>
  pendingOf(state)?.authorizationId === command.authorizationId
    ? nothing
    : happened<Event>({
        _tag: "SelectionAwaited",
        pending: { authorizationId: command.authorizationId, since: command.at }
      })

/** A consent no longer waits for a choice. */
export const drop = (pending: Pending | undefined, authorizationId: AuthorizationId) =>
  pending?.authorizationId === authorizationId
    ? happened<Event>({ _tag: "SelectionDropped", authorizationId })
    : nothing

const unfit = (state: Present, { profile }: Link, catalogue: Catalogue) => {
  const detail = misfit(state, profile, catalogue)
  return detail === undefined
    ? undefined
    : refuse(subject, "Link", "unfit-profile", { detail, nextStep: say("authorization.choose-profile") })
}

/** Binds the first profile, if it is one for this connection. */
export const first = (state: Present, { link }: Extract<Command, { readonly _tag: "Link" }>, catalogue: Catalogue) =>
  unfit(state, link, catalogue) ??
  happened<Event>(
    { _tag: "Linked", connectionId: state.id, accountId: state.accountId, channel: state.channel, link },
    ...limitOf(link, catalogue)
  )

const limitOf = (link: Link, catalogue: Catalogue): ReadonlyArray<Event> => {
  const missing = Profile.lacks(link.profile, catalogue)
  return missing === undefined ? [] : [{ _tag: "LimitFound", missing, at: link.linkedAt }]
}

const sameCandidate = Schema.toEquivalence(Profile.Candidate)

/** Whether a link of the consent in use says nothing new: it shows the same, or it is late, or the consent is dead. */
const isKnown = (state: Linked, { linkedAt, permission, profile }: Link): boolean =>
  state._tag === "ReauthorizationNeeded" ||
  (state.link.permission === permission && sameCandidate(state.link.profile, profile)) ||
  DateTime.isLessThanOrEqualTo(linkedAt, state.link.linkedAt)

/** Binds the same profile under a later consent, or as the same consent shows it now. */
export const renew = (
  state: Linked,
  { keepsReplaced = false, link }: Extract<Command, { readonly _tag: "Link" }>,
  catalogue: Catalogue
) => {
  // What it was bound to was never its own, so it is bound for the first time.
  if (isMistaken(state)) return first(state, { _tag: "Link", link }, catalogue)
  if (!Profile.sameKey(state.link.profile.key, link.profile.key)) {
    return refuse(subject, "Link", "different-identity", {
      detail: say("connection.different-identity", {
        profile: state.link.profile.name,
        externalId: state.link.profile.key.externalId,
        otherProfile: link.profile.name,
        otherExternalId: link.profile.key.externalId
      }),
      nextStep: say("connection.same-seller")
    })
  }
  const isSameGrant = state.link.grantId === link.grantId
  if (isSameGrant && isKnown(state, link)) return nothing
  const refused = unfit(state, link, catalogue)
  if (refused !== undefined) return refused
  return happened<Event>(
    {
      _tag: "Renewed",
      connectionId: state.id,
      accountId: state.accountId,
      channel: state.channel,
      link,
      replacedGrantId: state.link.grantId,
      keepsReplaced: keepsReplaced || isSameGrant
    },
    ...limitOf(link, catalogue)
  )
}

/** Whether the connection lost its consent because that was not of the seller that it named. */
export const isMistaken = (state: Present): boolean =>
  state._tag === "ReauthorizationNeeded" && (state.loss === "different-identity" || state.loss === "identity-taken")

/** More is known about who the consent in use is of. */
export const judgeIdentity = (
  state: Linked,
  { grantId, identity }: Extract<Command, { readonly _tag: "JudgeIdentity" }>
) =>
  state.link.grantId === grantId && Identity.improves(state.link.identity, identity)
    ? happened<Event>({ _tag: "IdentityJudged", connectionId: state.id, accountId: state.accountId, identity })
    : nothing

/** The consent is gone. */
export const lose = (state: Linked, command: Extract<Command, { readonly _tag: "LoseGrant" }>) =>
  state.link.grantId === command.grantId
    ? happened<Event>({
        _tag: "GrantLost",
        connectionId: state.id,
        grantId: command.grantId,
        loss: command.loss,
        at: command.at
      })
    : nothing

/** Ends the connection. */
export const disconnect = (
  state: Present,
  command: Extract<Command, { readonly _tag: "Disconnect" }>,
  released?: Link
) =>
  happened<Event>({
    _tag: "Disconnected",
    connectionId: state.id,
    at: command.at,
    by: command.by,
    ...given({ released })
  })

/** A call with the grant worked. */
export const proven = (state: Linked, { at, grantId }: { readonly at: DateTime.Utc; readonly grantId: GrantId }) =>
  state.link.grantId === grantId && DateTime.isGreaterThanOrEqualTo(at, DateTime.add(state.provenAt, proofInterval))
    ? happened<Event>({ _tag: "Proven", at })
    : nothing

/** The provider showed what the grant may do. */
export const checked = (state: Linked, command: Extract<Command, { readonly _tag: "CheckRights" }>) => {
  const { at, grantId, missing } = command
  const known = state._tag === "Limited" ? state.missing : undefined
  if (state.link.grantId !== grantId || missing === known) return proven(state, command)
  // A look that is older than what is known says nothing about the present.
  if (DateTime.isLessThan(at, state.provenAt)) return nothing
  return happened<Event>(missing === undefined ? { _tag: "LimitLifted", at } : { _tag: "LimitFound", missing, at })
}

/** Moves the connection to another country of the region. */
export const move = (state: Present, { to }: Extract<Command, { readonly _tag: "Move" }>) =>
  state.marketplaceId === to ? nothing : happened<Event>({ _tag: "ConnectionMoved", to })

/** Goes with the account to another company. */
export const changeCompany = (state: Present, { to }: Extract<Command, { readonly _tag: "ChangeCompany" }>) =>
  state.companyId === to ? nothing : happened<Event>({ _tag: "ConnectionCompanyChanged", to })

/** Begins to wait for an advertiser. */
export const expect = (
  state: Present,
  { advertiser, at, by }: Extract<Command, { readonly _tag: "ExpectAccess" }>,
  catalogue: Catalogue
) => {
  if (accessBy(state.channel, catalogue) !== "partner") {
    return refuse(subject, "ExpectAccess", "contradiction", {
      detail: say("connection.by-consent"),
      nextStep: say("connection.authenticate-or-link")
    })
  }
  return happened<Event>({ _tag: "AccessExpected", expected: { advertiser, by, since: at } })
}

const pause = (state: Linked, { at, by }: Extract<Command, { readonly _tag: "Pause" }>) =>
  state.paused === undefined ? happened<Event>({ _tag: "ConnectionPaused", at, by }) : nothing

const resume = (state: Linked, { at, by }: Extract<Command, { readonly _tag: "Resume" }>) =>
  state.paused === undefined ? nothing : happened<Event>({ _tag: "ConnectionResumed", at, by })

/** Commands that every linked state answers alike. */
export const linkedCells = {
  ChangeCompany: changeCompany,
  Move: () =>
    refuse(subject, "Move", "not-possible-now", {
      detail: say("connection.bound-elsewhere"),
      nextStep: say("account.add-marketplace-instead")
    }),
  DropExpectation: () => nothing,
  CheckAccess: () => nothing,
  NoteAccess: () => nothing,
  Pause: pause,
  Resume: resume,
  Withdraw: () =>
    refuse(subject, "Withdraw", "not-possible-now", {
      detail: say("connection.bound-elsewhere"),
      nextStep: say("connection.disconnect-first")
    }),
  Reinstate: () => nothing
}

/** Whether the connection is bound to a profile. */
export const isLinked = (state: State): state is Linked =>
  state._tag === "Connected" || state._tag === "Limited" || state._tag === "ReauthorizationNeeded"

/** The consent that waits for a person's choice, if any. */
export const pendingOf = (state: State): Pending | undefined => {
  if (isLinked(state)) return state.renewal
  return state._tag === "AwaitingSelection" || state._tag === "Disconnected" ? state.pending : undefined
}
