/**
 * One account reached through one channel in one marketplace. A further marketplace of an account is a further
 * connection, usually on the same grant (rules C1, P-R6).
 *
 * Proposed → AwaitingSelection → Connected ⇄ Limited, and ReauthorizationNeeded when the provider proves that the
 * consent is dead. Where no consent returns (rule W-R4), AwaitingAccess takes the place of AwaitingSelection. A linked
 * connection can be paused: it keeps its consent and its profile, and nothing is fetched (rule P-R19). Reconnecting
 * keeps account, bindings and history and must prove to be the same seller or profile (rules C10, K-R16). Only proof
 * ends a connection; temporary failures never reach this machine.
 */
import { given } from "../kernel/given.ts"
import { fold } from "../kernel/Machine.ts"
import { unknown } from "../providers/Marketplace.ts"
import { Event, Expectation, type Link, type Linked, type Present, State } from "./connection/state.ts"
import { isLinked, pendingOf } from "./connection/steps.ts"

export {
  type Command,
  Event,
  Expectation,
  Link,
  type Linked,
  Loss,
  Pause,
  Pending,
  type Present,
  State,
  accessHours,
  everyState,
  initial,
  listed
} from "./connection/state.ts"
export { marketplaceOf, misfit } from "./connection/misfit.ts"
export { consentEndedAt, isLinked, isMistaken, pendingOf, proofInterval } from "./connection/steps.ts"
export { inUse } from "./connection/withdrawal.ts"
export { decide } from "./connection/decide.ts"

const core = (state: Present) => ({
  id: state.id,
  organizationId: state.organizationId,
  companyId: state.companyId,
  accountId: state.accountId,
  channel: state.channel,
  marketplaceId: state.marketplaceId,
  optional: state.optional,
  proposedAt: state.proposedAt,
  ...given({ accountType: state.accountType })
})

/** What was recorded without a marketplace belongs where its profile is. */
const located = (state: Present, { profile }: Link) => ({
  ...core(state),
  ...(state.marketplaceId === unknown ? { marketplaceId: profile.key.marketplaceId } : {})
})

const noted = (
  { arrived: _arrived, ...expected }: Expectation,
  { advertiser, at }: Extract<Event, { readonly _tag: "AccessNoted" }>
): Expectation => ({
  ...expected,
  notedAt: at,
  ...given({ arrived: advertiser === undefined ? undefined : { advertiser, at } })
})

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "ConnectionProposed") return state._tag === "Absent" ? { ...event, _tag: "Proposed" } : state
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "ConnectionMoved":
      return isLinked(state) ? state : { ...state, marketplaceId: event.to }
    case "ConnectionCompanyChanged":
      return { ...state, companyId: event.to }
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
      return { ...located(state, event.link), _tag: "Connected", link: event.link, provenAt: event.link.linkedAt }
    case "Renewed":
      return {
        ...located(state, event.link),
        ...pausedOf(state),
        _tag: "Connected",
        link: event.link,
        provenAt: event.link.linkedAt
      }
    case "Disconnected":
      return { ...core(state), _tag: "Disconnected", disconnectedAt: event.at, disconnectedBy: event.by }
    case "ConnectionWithdrawn":
      return isLinked(state) || state._tag === "Withdrawn" ? state : withdrawn(state, event)
    case "ConnectionReinstated":
      return state._tag === "Withdrawn" ? reinstated(state) : state
    default:
      return isLinked(state) ? evolveLinked(state, event) : state
  }
}

const withdrawn = (
  state: Present,
  { at, by }: Extract<Event, { readonly _tag: "ConnectionWithdrawn" }>
): Extract<State, { readonly _tag: "Withdrawn" }> => ({
  ...core(state),
  _tag: "Withdrawn",
  withdrawnAt: at,
  withdrawnBy: by,
  ...given({
    disconnected: state._tag === "Disconnected" ? { at: state.disconnectedAt, by: state.disconnectedBy } : undefined
  })
})

const reinstated = (state: Extract<State, { readonly _tag: "Withdrawn" }>): State =>
  state.disconnected === undefined
    ? { ...core(state), _tag: "Proposed" }
    : {
        ...core(state),
        _tag: "Disconnected",
        disconnectedAt: state.disconnected.at,
        disconnectedBy: state.disconnected.by
      }

const pausedOf = (state: Present) => given({ paused: isLinked(state) ? state.paused : undefined })

const evolveLinked = (
  state: Linked,
  event: Extract<
    Event,
    {
      readonly _tag:
        | "Proven"
        | "IdentityJudged"
        | "LimitFound"
        | "LimitLifted"
        | "GrantLost"
        | "ConnectionPaused"
        | "ConnectionResumed"
    }
  >
): State => {
  const kept = { ...core(state), link: state.link, ...pausedOf(state), ...given({ renewal: state.renewal }) }
  switch (event._tag) {
    case "ConnectionPaused":
      return { ...state, paused: { at: event.at, by: event.by } }
    case "ConnectionResumed": {
      const { paused: _paused, ...rest } = state
      return rest
    }
    case "Proven":
      return { ...state, provenAt: event.at }
    case "IdentityJudged":
      return { ...state, link: { ...state.link, identity: event.identity } }
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
