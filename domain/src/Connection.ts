/**
 * One account reached through one channel: the machine that everything revolves around.
 *
 * Proposed → AwaitingSelection → Connected ⇄ Limited, and ReauthorizationNeeded when the provider proves that the
 * consent is dead. Reconnecting keeps account, bindings and history and must prove to be the same seller or profile
 * (rules C10, K-R16); temporary trouble never appears here (rule: only proof ends a connection).
 */
import { DateTime, Schema } from "effect"
import { Actor } from "./Actor.ts"
import { Channel } from "./Channel.ts"
import { AccountId, AuthorizationId, CompanyId, ConnectionId, GrantId, OrganizationId } from "./Id.ts"
import { decider, fold, happened, nothing, refuse } from "./Machine.ts"
import { Permission } from "./Permission.ts"
import * as PermissionRule from "./Permission.ts"
import * as Profile from "./Profile.ts"

/** What makes a connection live: the consent it lives on and the profile it is bound to. */
export const Link = Schema.Struct({
  grantId: GrantId,
  profile: Profile.Candidate,
  permission: Permission,
  linkedAt: Schema.DateTimeUtc,
  linkedBy: Actor,
  /** When the consent ends by itself (rule C11). */
  expiresAt: Schema.optionalKey(Schema.DateTimeUtc)
})
/** What makes a connection live: the consent it lives on and the profile it is bound to. */
export type Link = typeof Link.Type

/** A consent that waits for a person's choice, with its age (rule C3). */
export const Pending = Schema.Struct({ authorizationId: AuthorizationId, since: Schema.DateTimeUtc })
/** A consent that waits for a person's choice, with its age (rule C3). */
export type Pending = typeof Pending.Type

/** Why a consent is gone. */
export const Loss = Schema.Literals(["withdrawn-or-reset", "expired"])
/** Why a consent is gone. */
export type Loss = typeof Loss.Type

const fields = {
  id: ConnectionId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  accountId: AccountId,
  channel: Channel,
  optional: Schema.Boolean,
  proposedAt: Schema.DateTimeUtc
}
const linked = { ...fields, link: Link, provenAt: Schema.DateTimeUtc, renewal: Schema.optionalKey(Pending) }

/** How the connection stands. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Proposed: fields,
  AwaitingSelection: { ...fields, pending: Pending },
  Connected: linked,
  Limited: { ...linked, missing: Schema.String, since: Schema.DateTimeUtc },
  ReauthorizationNeeded: { ...linked, loss: Loss, since: Schema.DateTimeUtc },
  Disconnected: { ...fields, disconnectedAt: Schema.DateTimeUtc, disconnectedBy: Actor, pending: Schema.optionalKey(Pending) }
})
/** How the connection stands. */
export type State = typeof State.Type
/** A connection that exists. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** A connection that is bound to a profile. */
export type Linked = Extract<State, { readonly _tag: "Connected" | "Limited" | "ReauthorizationNeeded" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a connection. */
export const Event = Schema.TaggedUnion({
  ConnectionProposed: fields,
  SelectionAwaited: { pending: Pending },
  SelectionDropped: { authorizationId: AuthorizationId },
  /** The first link. `connectionId`, `organizationId` and `accountId` are here for those who react. */
  Linked: { connectionId: ConnectionId, accountId: AccountId, channel: Channel, link: Link },
  /** A later consent for the same profile; `replacedGrantId` is now without use. */
  Renewed: { connectionId: ConnectionId, accountId: AccountId, channel: Channel, link: Link, replacedGrantId: GrantId },
  Proven: { at: Schema.DateTimeUtc },
  LimitFound: { missing: Schema.String, at: Schema.DateTimeUtc },
  LimitLifted: { at: Schema.DateTimeUtc },
  GrantLost: { connectionId: ConnectionId, grantId: GrantId, loss: Loss, at: Schema.DateTimeUtc },
  Disconnected: { connectionId: ConnectionId, at: Schema.DateTimeUtc, by: Actor, released: Schema.optionalKey(Link) }
})
/** What happened to a connection. */
export type Event = typeof Event.Type

/** What can be asked of it. */
export type Command =
  | { readonly _tag: "Propose"; readonly connection: Omit<Extract<State, { readonly _tag: "Proposed" }>, "_tag"> }
  | { readonly _tag: "AwaitSelection"; readonly authorizationId: AuthorizationId; readonly at: DateTime.Utc }
  | { readonly _tag: "DropSelection"; readonly authorizationId: AuthorizationId }
  | { readonly _tag: "Link"; readonly authorizationId: AuthorizationId; readonly link: Link }
  /** A call with this grant worked. It says nothing about rights: a login that may only view reads reports just as well. */
  | { readonly _tag: "Prove"; readonly grantId: GrantId; readonly at: DateTime.Utc }
  /** The provider showed, or denied, what the grant may do; `missing` names what is not there (rules K-R10, DOM-21). */
  | { readonly _tag: "CheckRights"; readonly grantId: GrantId; readonly at: DateTime.Utc; readonly missing?: string }
  | { readonly _tag: "LoseGrant"; readonly grantId: GrantId; readonly loss: Loss; readonly at: DateTime.Utc }
  | { readonly _tag: "Disconnect"; readonly at: DateTime.Utc; readonly by: Actor }

const subject = "Connection"

/** Re-proving more often than this changes nothing, so that a busy backfill does not rewrite the connection all day. */
export const proofInterval = { minutes: 5 } as const

const awaitSelection = (state: Present, command: Extract<Command, { readonly _tag: "AwaitSelection" }>) =>
  pendingOf(state)?.authorizationId === command.authorizationId
    ? nothing
    : happened<Event>({ _tag: "SelectionAwaited", pending: { authorizationId: command.authorizationId, since: command.at } })

const drop = (pending: Pending | undefined, authorizationId: AuthorizationId) =>
  pending?.authorizationId === authorizationId ? happened<Event>({ _tag: "SelectionDropped", authorizationId }) : nothing

const first = (state: Present, link: Link) =>
  happened<Event>(
    { _tag: "Linked", connectionId: state.id, accountId: state.accountId, channel: state.channel, link },
    ...limitOf(link)
  )

const limitOf = (link: Link): ReadonlyArray<Event> => {
  const missing = PermissionRule.missing(link.permission)
  return missing === undefined ? [] : [{ _tag: "LimitFound", missing, at: link.linkedAt }]
}

const renew = (state: Linked, link: Link) => {
  if (state.link.grantId === link.grantId) return nothing
  if (!Profile.sameKey(state.link.profile.key, link.profile.key)) {
    return refuse(subject, "Link", "different-identity",
      `This connection belongs to ${state.link.profile.name} (${state.link.profile.key.externalId}); the new consent is for ` +
        `${link.profile.name} (${link.profile.key.externalId}). The old consent was kept.`,
      "Log in at the provider as the same seller, or disconnect first.")
  }
  return happened<Event>(
    { _tag: "Renewed", connectionId: state.id, accountId: state.accountId, channel: state.channel, link,
      replacedGrantId: state.link.grantId },
    ...limitOf(link)
  )
}

const lose = (state: Linked, command: Extract<Command, { readonly _tag: "LoseGrant" }>) =>
  state.link.grantId === command.grantId
    ? happened<Event>({ _tag: "GrantLost", connectionId: state.id, grantId: command.grantId, loss: command.loss, at: command.at })
    : nothing

const disconnect = (state: Present, command: Extract<Command, { readonly _tag: "Disconnect" }>, released?: Link) =>
  happened<Event>({ _tag: "Disconnected", connectionId: state.id, at: command.at, by: command.by,
    ...(released === undefined ? {} : { released }) })

// News of a grant that was replaced meanwhile says nothing about the present one (law DOM-10).
const proven = (state: Linked, { at, grantId }: { readonly at: DateTime.Utc; readonly grantId: GrantId }) =>
  state.link.grantId === grantId && DateTime.isGreaterThanOrEqualTo(at, DateTime.add(state.provenAt, proofInterval))
    ? happened<Event>({ _tag: "Proven", at })
    : nothing

const checked = (state: Linked, command: Extract<Command, { readonly _tag: "CheckRights" }>) => {
  const { at, grantId, missing } = command
  const known = state._tag === "Limited" ? state.missing : undefined
  if (state.link.grantId !== grantId || missing === known) return proven(state, command)
  return happened<Event>(missing === undefined ? { _tag: "LimitLifted", at } : { _tag: "LimitFound", missing, at })
}

/** Decides what a connection's command leads to. */
export const decide = decider<State, Command, Event>(subject, {
  Absent: { Propose: (_, { connection }) => happened<Event>({ _tag: "ConnectionProposed", ...connection }) },
  Proposed: {
    Propose: () => nothing,
    AwaitSelection: awaitSelection,
    DropSelection: () => nothing,
    Link: (state, { link }) => first(state, link),
    Disconnect: () => nothing
  },
  AwaitingSelection: {
    AwaitSelection: awaitSelection,
    DropSelection: (state, { authorizationId }) => drop(state.pending, authorizationId),
    Link: (state, { link }) => first(state, link),
    Disconnect: (state, command) => disconnect(state, command)
  },
  Connected: {
    AwaitSelection: awaitSelection,
    DropSelection: (state, { authorizationId }) => drop(state.renewal, authorizationId),
    Link: (state, { link }) => renew(state, link),
    Prove: proven,
    CheckRights: checked,
    LoseGrant: lose,
    Disconnect: (state, command) => disconnect(state, command, state.link)
  },
  Limited: {
    AwaitSelection: awaitSelection,
    DropSelection: (state, { authorizationId }) => drop(state.renewal, authorizationId),
    Link: (state, { link }) => renew(state, link),
    Prove: proven,
    CheckRights: checked,
    LoseGrant: lose,
    Disconnect: (state, command) => disconnect(state, command, state.link)
  },
  ReauthorizationNeeded: {
    AwaitSelection: awaitSelection,
    DropSelection: (state, { authorizationId }) => drop(state.renewal, authorizationId),
    Link: (state, { link }) => renew(state, link),
    // A success that was under way when the proof of death came in does not bring the grant back (law DOM-10).
    Prove: () => nothing,
    CheckRights: () => nothing,
    LoseGrant: () => nothing,
    Disconnect: (state, command) => disconnect(state, command, state.link)
  },
  Disconnected: {
    AwaitSelection: awaitSelection,
    DropSelection: (state, { authorizationId }) => drop(state.pending, authorizationId),
    Link: (state, { link }) => first(state, link),
    Prove: () => nothing,
    CheckRights: () => nothing,
    LoseGrant: () => nothing,
    Disconnect: () => nothing
  }
}, {
  Absent: "Create the account first.",
  Proposed: "Authenticate now, or send an auth link to the account's owner.",
  AwaitingSelection: "Choose the profile under Pending authorizations.",
  Connected: "Nothing needs to be done.",
  Limited: "Give the login the missing right at the provider and authorize again.",
  ReauthorizationNeeded: "Authorize again with the same seller.",
  Disconnected: "Authenticate now, or send an auth link to the account's owner."
})

const core = (state: Present) => ({
  id: state.id, organizationId: state.organizationId, companyId: state.companyId, accountId: state.accountId,
  channel: state.channel, optional: state.optional, proposedAt: state.proposedAt
})

/** Whether the connection is bound to a profile. */
export const isLinked = (state: State): state is Linked =>
  state._tag === "Connected" || state._tag === "Limited" || state._tag === "ReauthorizationNeeded"

/** The consent that waits for a person's choice, if any. */
export const pendingOf = (state: State): Pending | undefined =>
  isLinked(state) ? state.renewal
    : state._tag === "AwaitingSelection" || state._tag === "Disconnected" ? state.pending
    : undefined

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "ConnectionProposed") return state._tag === "Absent" ? { ...event, _tag: "Proposed" } : state
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "SelectionAwaited":
      if (isLinked(state)) return { ...state, renewal: event.pending }
      return state._tag === "Disconnected"
        ? { ...state, pending: event.pending }
        : { ...core(state), _tag: "AwaitingSelection", pending: event.pending }
    case "SelectionDropped": {
      if (pendingOf(state)?.authorizationId !== event.authorizationId) return state
      if (state._tag === "AwaitingSelection") return { ...core(state), _tag: "Proposed" }
      if (state._tag === "Disconnected") {
        const { pending: _pending, ...rest } = state
        return rest
      }
      if (!isLinked(state)) return state
      const { renewal: _renewal, ...rest } = state
      return rest
    }
    case "Linked":
    case "Renewed": return { ...core(state), _tag: "Connected", link: event.link, provenAt: event.link.linkedAt }
    case "Disconnected":
      return { ...core(state), _tag: "Disconnected", disconnectedAt: event.at, disconnectedBy: event.by }
    default: return isLinked(state) ? evolveLinked(state, event) : state
  }
}

const evolveLinked = (
  state: Linked, event: Extract<Event, { readonly _tag: "Proven" | "LimitFound" | "LimitLifted" | "GrantLost" }>
): State => {
  const kept = { ...core(state), link: state.link, ...(state.renewal === undefined ? {} : { renewal: state.renewal }) }
  switch (event._tag) {
    case "Proven": return { ...state, provenAt: event.at }
    case "LimitFound":
      return { ...kept, _tag: "Limited", missing: event.missing, since: event.at, provenAt: event.at }
    case "LimitLifted": return { ...kept, _tag: "Connected", provenAt: event.at }
    case "GrantLost":
      if (event.grantId !== state.link.grantId) return state
      return { ...kept, _tag: "ReauthorizationNeeded", loss: event.loss, since: event.at, provenAt: state.provenAt }
  }
}

/** Folds a history. */
export const replay = fold(evolve)
