/**
 * One account reached through one channel in one marketplace: the machine that everything revolves around. A further
 * marketplace of an account is a further connection, usually on the same grant (rules C1, P-R6).
 *
 * Proposed → AwaitingSelection → Connected ⇄ Limited, and ReauthorizationNeeded when the provider proves that the
 * consent is dead. Where no consent returns (rule W-R4), AwaitingAccess takes the place of AwaitingSelection. A live
 * connection can be paused: it keeps its consent and its profile, and nothing is fetched (rule P-R19). Reconnecting keeps account, bindings and history and must prove to be the same seller or profile
 * (rules C10, K-R16); temporary trouble never appears here (rule: only proof ends a connection).
 */
import { DateTime, Schema } from "effect"
import { Actor } from "../kernel/Actor.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import { accessBy, Channel } from "../providers/Channel.ts"
import { AccountId, AuthorizationId, CompanyId, ConnectionId, GrantId, OrganizationId } from "../kernel/Id.ts"
import { MarketplaceId } from "../providers/Marketplace.ts"
import { deciderWith, fold, happened, nothing } from "../kernel/Machine.ts"
import { Permission } from "../providers/Permission.ts"
import * as Profile from "../authorizations/Profile.ts"
import { Name } from "../kernel/Text.ts"
import { say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

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

/** An advertiser that somebody told us to expect, because nothing returns by itself (rules W-R3, W-R4). */
export const Expectation = Schema.Struct({
  /** The advertiser's name or number, as somebody typed it. */
  advertiser: Name,
  by: Actor,
  since: Schema.DateTimeUtc,
  /** When it was reported as late; once (rule W-R10). */
  overdueAt: Schema.optionalKey(Schema.DateTimeUtc),
  /** The advertiser that lists us and was assigned to the organization, under its own name; it is ready to be linked. */
  arrived: Schema.optionalKey(Schema.Struct({ advertiser: Schema.String, at: Schema.DateTimeUtc }))
})
/** An advertiser that somebody told us to expect. */
export type Expectation = typeof Expectation.Type

/** Hours until an expected advertiser counts as late (rule W-R10: the same day). */
export const accessHours = 24

/** Why a consent is gone. `access-removed`: the advertiser took us off its partners (rule W-R12). */
export const Loss = Schema.Literals(["withdrawn-or-reset", "expired", "access-removed"])
/** Why a consent is gone. */
export type Loss = typeof Loss.Type

const fields = {
  id: ConnectionId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  accountId: AccountId,
  channel: Channel,
  marketplaceId: MarketplaceId,
  optional: Schema.Boolean,
  proposedAt: Schema.DateTimeUtc
}
/** Nothing is fetched until somebody resumes (rule P-R19). */
export const Pause = Schema.Struct({ at: Schema.DateTimeUtc, by: Actor })
/** Nothing is fetched until somebody resumes. */
export type Pause = typeof Pause.Type

const linked = {
  ...fields,
  link: Link,
  provenAt: Schema.DateTimeUtc,
  renewal: Schema.optionalKey(Pending),
  paused: Schema.optionalKey(Pause)
}

/** How the connection stands. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Proposed: fields,
  AwaitingSelection: { ...fields, pending: Pending },
  AwaitingAccess: { ...fields, expected: Expectation },
  Connected: linked,
  Limited: { ...linked, missing: Schema.String, since: Schema.DateTimeUtc },
  ReauthorizationNeeded: { ...linked, loss: Loss, since: Schema.DateTimeUtc },
  Disconnected: {
    ...fields,
    disconnectedAt: Schema.DateTimeUtc,
    disconnectedBy: Actor,
    pending: Schema.optionalKey(Pending)
  }
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
  /** The account belongs to another country of its region than was thought (rule P-R9). */
  ConnectionMoved: { to: MarketplaceId },
  AccessExpected: { expected: Expectation },
  AccessOverdue: { advertiser: Name, at: Schema.DateTimeUtc },
  /** What was expected is ready to be linked; without `advertiser`, it is no longer (rules W-R4, W-R10). */
  AccessNoted: { advertiser: Schema.optionalKey(Schema.String), at: Schema.DateTimeUtc },
  ExpectationDropped: { at: Schema.DateTimeUtc },
  SelectionAwaited: { pending: Pending },
  SelectionDropped: { authorizationId: AuthorizationId },
  /** The first link. `connectionId`, `organizationId` and `accountId` are here for those who react. */
  Linked: { connectionId: ConnectionId, accountId: AccountId, channel: Channel, link: Link },
  /** A later consent for the same profile; `replacedGrantId` is now without use, unless it is kept to fall back to. */
  Renewed: {
    connectionId: ConnectionId,
    accountId: AccountId,
    channel: Channel,
    link: Link,
    replacedGrantId: GrantId,
    keepsReplaced: Schema.Boolean
  },
  ConnectionPaused: { at: Schema.DateTimeUtc, by: Actor },
  ConnectionResumed: { at: Schema.DateTimeUtc, by: Actor },
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
  | { readonly _tag: "Move"; readonly to: MarketplaceId }
  | { readonly _tag: "ExpectAccess"; readonly advertiser: Name; readonly by: Actor; readonly at: DateTime.Utc }
  /** Reports an expectation that is late, once. */
  | { readonly _tag: "CheckAccess"; readonly at: DateTime.Utc }
  | { readonly _tag: "NoteAccess"; readonly advertiser?: string; readonly at: DateTime.Utc }
  | { readonly _tag: "DropExpectation"; readonly at: DateTime.Utc }
  /** `keepsReplaced`: the earlier login stays as one to fall back to, because it is another person's (rule S-R7). */
  | { readonly _tag: "Link"; readonly link: Link; readonly keepsReplaced?: boolean }
  | { readonly _tag: "Pause"; readonly at: DateTime.Utc; readonly by: Actor }
  | { readonly _tag: "Resume"; readonly at: DateTime.Utc; readonly by: Actor }
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
    : happened<Event>({
        _tag: "SelectionAwaited",
        pending: { authorizationId: command.authorizationId, since: command.at }
      })

const drop = (pending: Pending | undefined, authorizationId: AuthorizationId) =>
  pending?.authorizationId === authorizationId
    ? happened<Event>({ _tag: "SelectionDropped", authorizationId })
    : nothing

const first = (state: Present, { link }: Extract<Command, { readonly _tag: "Link" }>, catalogue: Catalogue) =>
  happened<Event>(
    { _tag: "Linked", connectionId: state.id, accountId: state.accountId, channel: state.channel, link },
    ...limitOf(link, catalogue)
  )

const limitOf = (link: Link, catalogue: Catalogue): ReadonlyArray<Event> => {
  const missing = Profile.lacks(link.profile, catalogue)
  return missing === undefined ? [] : [{ _tag: "LimitFound", missing, at: link.linkedAt }]
}

const renew = (
  state: Linked,
  { keepsReplaced = false, link }: Extract<Command, { readonly _tag: "Link" }>,
  catalogue: Catalogue
) => {
  if (state.link.grantId === link.grantId) return nothing
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
  return happened<Event>(
    {
      _tag: "Renewed",
      connectionId: state.id,
      accountId: state.accountId,
      channel: state.channel,
      link,
      replacedGrantId: state.link.grantId,
      keepsReplaced
    },
    ...limitOf(link, catalogue)
  )
}

const lose = (state: Linked, command: Extract<Command, { readonly _tag: "LoseGrant" }>) =>
  state.link.grantId === command.grantId
    ? happened<Event>({
        _tag: "GrantLost",
        connectionId: state.id,
        grantId: command.grantId,
        loss: command.loss,
        at: command.at
      })
    : nothing

const disconnect = (state: Present, command: Extract<Command, { readonly _tag: "Disconnect" }>, released?: Link) =>
  happened<Event>({
    _tag: "Disconnected",
    connectionId: state.id,
    at: command.at,
    by: command.by,
    ...(released === undefined ? {} : { released })
  })

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

const move = (state: Present, { to }: Extract<Command, { readonly _tag: "Move" }>) =>
  state.marketplaceId === to ? nothing : happened<Event>({ _tag: "ConnectionMoved", to })

const expect = (
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

const settled = {
  Move: () =>
    refuse(subject, "Move", "not-possible-now", {
      detail: say("connection.bound-elsewhere"),
      nextStep: say("account.add-marketplace-instead")
    }),
  DropExpectation: () => nothing,
  CheckAccess: () => nothing,
  NoteAccess: () => nothing,
  Pause: pause,
  Resume: resume
}

/** Decides what a connection's command leads to. */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: { Propose: (_, { connection }) => happened<Event>({ _tag: "ConnectionProposed", ...connection }) },
    Proposed: {
      Propose: () => nothing,
      Move: move,
      ExpectAccess: expect,
      CheckAccess: () => nothing,
      NoteAccess: () => nothing,
      DropExpectation: () => nothing,
      AwaitSelection: awaitSelection,
      DropSelection: () => nothing,
      Link: first,
      Disconnect: () => nothing
    },
    AwaitingSelection: {
      Move: move,
      AwaitSelection: awaitSelection,
      DropSelection: (state, { authorizationId }) => drop(state.pending, authorizationId),
      Link: first,
      Disconnect: (state, command) => disconnect(state, command)
    },
    AwaitingAccess: {
      ExpectAccess: (state, command, catalogue) =>
        state.expected.advertiser === command.advertiser ? nothing : expect(state, command, catalogue),
      CheckAccess: (state, { at }) =>
        state.expected.overdueAt === undefined &&
        state.expected.arrived === undefined &&
        DateTime.isGreaterThanOrEqualTo(at, DateTime.add(state.expected.since, { hours: accessHours }))
          ? happened<Event>({ _tag: "AccessOverdue", advertiser: state.expected.advertiser, at })
          : nothing,
      NoteAccess: (state, { advertiser, at }) =>
        state.expected.arrived?.advertiser === advertiser
          ? nothing
          : happened<Event>({ _tag: "AccessNoted", at, ...(advertiser === undefined ? {} : { advertiser }) }),
      DropExpectation: (_, { at }) => happened<Event>({ _tag: "ExpectationDropped", at }),
      Link: first,
      Disconnect: (_, { at }) => happened<Event>({ _tag: "ExpectationDropped", at })
    },
    Connected: {
      ...settled,
      AwaitSelection: awaitSelection,
      DropSelection: (state, { authorizationId }) => drop(state.renewal, authorizationId),
      Link: renew,
      Prove: proven,
      CheckRights: checked,
      LoseGrant: lose,
      Disconnect: (state, command) => disconnect(state, command, state.link)
    },
    Limited: {
      ...settled,
      AwaitSelection: awaitSelection,
      DropSelection: (state, { authorizationId }) => drop(state.renewal, authorizationId),
      Link: renew,
      Prove: proven,
      CheckRights: checked,
      LoseGrant: lose,
      Disconnect: (state, command) => disconnect(state, command, state.link)
    },
    ReauthorizationNeeded: {
      ...settled,
      AwaitSelection: awaitSelection,
      DropSelection: (state, { authorizationId }) => drop(state.renewal, authorizationId),
      Link: renew,
      // A success that was under way when the proof of death came in does not bring the grant back (law DOM-10).
      Prove: () => nothing,
      CheckRights: () => nothing,
      LoseGrant: () => nothing,
      Disconnect: (state, command) => disconnect(state, command, state.link)
    },
    Disconnected: {
      Move: move,
      ExpectAccess: expect,
      CheckAccess: () => nothing,
      NoteAccess: () => nothing,
      DropExpectation: () => nothing,
      AwaitSelection: awaitSelection,
      DropSelection: (state, { authorizationId }) => drop(state.pending, authorizationId),
      Link: first,
      Prove: () => nothing,
      CheckRights: () => nothing,
      LoseGrant: () => nothing,
      Disconnect: () => nothing
    }
  },
  impossible(subject, {
    Absent: say("account.create-first"),
    Proposed: say("connection.authenticate-or-send"),
    AwaitingSelection: say("authorization.choose-pending"),
    AwaitingAccess: say("connection.wait-for-advertiser"),
    Connected: say("step.nothing"),
    Limited: say("connection.give-right"),
    ReauthorizationNeeded: say("connection.authorize-again"),
    Disconnected: say("connection.authenticate-or-send")
  })
)

const core = (state: Present) => ({
  id: state.id,
  organizationId: state.organizationId,
  companyId: state.companyId,
  accountId: state.accountId,
  channel: state.channel,
  marketplaceId: state.marketplaceId,
  optional: state.optional,
  proposedAt: state.proposedAt
})

/** Whether the connection is bound to a profile. */
export const isLinked = (state: State): state is Linked =>
  state._tag === "Connected" || state._tag === "Limited" || state._tag === "ReauthorizationNeeded"

/** The consent that waits for a person's choice, if any. */
export const pendingOf = (state: State): Pending | undefined =>
  isLinked(state)
    ? state.renewal
    : state._tag === "AwaitingSelection" || state._tag === "Disconnected"
      ? state.pending
      : undefined

const noted = (
  { arrived: _arrived, ...expected }: Expectation,
  { advertiser, at }: Extract<Event, { readonly _tag: "AccessNoted" }>
): Expectation => ({ ...expected, ...(advertiser === undefined ? {} : { arrived: { advertiser, at } }) })

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "ConnectionProposed") return state._tag === "Absent" ? { ...event, _tag: "Proposed" } : state
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "ConnectionMoved":
      return isLinked(state) ? state : { ...state, marketplaceId: event.to }
    case "AccessExpected":
      return isLinked(state) ? state : { ...core(state), _tag: "AwaitingAccess", expected: event.expected }
    case "AccessOverdue":
      return state._tag === "AwaitingAccess"
        ? { ...state, expected: { ...state.expected, overdueAt: event.at } }
        : state
    case "AccessNoted":
      return state._tag === "AwaitingAccess" ? { ...state, expected: noted(state.expected, event) } : state
    case "ExpectationDropped":
      return state._tag === "AwaitingAccess" ? { ...core(state), _tag: "Proposed" } : state
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
      return { ...core(state), _tag: "Connected", link: event.link, provenAt: event.link.linkedAt }
    case "Renewed":
      return { ...core(state), ...pausedOf(state), _tag: "Connected", link: event.link, provenAt: event.link.linkedAt }
    case "Disconnected":
      return { ...core(state), _tag: "Disconnected", disconnectedAt: event.at, disconnectedBy: event.by }
    default:
      return isLinked(state) ? evolveLinked(state, event) : state
  }
}

const pausedOf = (state: Present) => (isLinked(state) && state.paused !== undefined ? { paused: state.paused } : {})

const evolveLinked = (
  state: Linked,
  event: Extract<
    Event,
    { readonly _tag: "Proven" | "LimitFound" | "LimitLifted" | "GrantLost" | "ConnectionPaused" | "ConnectionResumed" }
  >
): State => {
  const kept = {
    ...core(state),
    link: state.link,
    ...pausedOf(state),
    ...(state.renewal === undefined ? {} : { renewal: state.renewal })
  }
  switch (event._tag) {
    case "ConnectionPaused":
      return { ...state, paused: { at: event.at, by: event.by } }
    case "ConnectionResumed": {
      const { paused: _paused, ...rest } = state
      return rest
    }
    case "Proven":
      return { ...state, provenAt: event.at }
    case "LimitFound":
      return { ...kept, _tag: "Limited", missing: event.missing, since: event.at, provenAt: event.at }
    case "LimitLifted":
      return { ...kept, _tag: "Connected", provenAt: event.at }
    case "GrantLost":
      if (event.grantId !== state.link.grantId) return state
      return { ...kept, _tag: "ReauthorizationNeeded", loss: event.loss, since: event.at, provenAt: state.provenAt }
  }
}

/** Folds a history. */
export const replay = fold(evolve)
