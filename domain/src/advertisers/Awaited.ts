/**
 * An advertiser that an organization waits for, as operators see it: a customer reports that an advertiser has added us
 * as its partner, or will, and an operator may have to assign it (rules W-R4, W-R10, C15). A copy, in the installation,
 * of what the connection says; the connection decides.
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { AwaitedId, ConnectionId, OrganizationId } from "../kernel/Id.ts"
import { decider, fold, happened, nothing } from "../kernel/Machine.ts"
import { MarketplaceId } from "../providers/Marketplace.ts"
import { say } from "../messages/Messages.ts"
import { impossible } from "../messages/Refusal.ts"

const fields = {
  id: AwaitedId,
  /** The installation. */
  organizationId: OrganizationId,
  tenantId: OrganizationId,
  tenantName: Schema.String,
  connectionId: ConnectionId,
  accountName: Schema.String,
  marketplaceId: MarketplaceId,
  /** The advertiser's name or number, as the customer typed it. */
  advertiser: Schema.String,
  requestedBy: Schema.String,
  since: Schema.DateTimeUtc
}

/** Absent, waiting, or over. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Waiting: fields,
  Settled: { ...fields, settledAt: Schema.DateTimeUtc }
})
export type State = typeof State.Type
/** An expectation that exists. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to an expectation. */
export const Event = Schema.TaggedUnion({ AdvertiserAwaited: fields, AwaitingSettled: { at: Schema.DateTimeUtc } })
export type Event = typeof Event.Type

/** What can be asked of it: to be as the connection says. */
export type Command =
  | { readonly _tag: "Await"; readonly awaited: Omit<Extract<State, { readonly _tag: "Waiting" }>, "_tag"> }
  | { readonly _tag: "Settle"; readonly at: DateTime.Utc }

const same = (one: Present, other: Omit<Present, "_tag">) =>
  one.advertiser === other.advertiser && DateTime.toEpochMillis(one.since) === DateTime.toEpochMillis(other.since)

/** Decides. Every command may be repeated. */
export const decide = decider<State, Command, Event>(
  {
    Absent: {
      Await: (_, { awaited }) => happened<Event>({ _tag: "AdvertiserAwaited", ...awaited }),
      Settle: () => nothing
    },
    Waiting: {
      Await: (state, { awaited }) =>
        same(state, awaited) ? nothing : happened<Event>({ _tag: "AdvertiserAwaited", ...awaited }),
      Settle: (_, { at }) => happened<Event>({ _tag: "AwaitingSettled", at })
    },
    Settled: {
      Await: (_, { awaited }) => happened<Event>({ _tag: "AdvertiserAwaited", ...awaited }),
      Settle: () => nothing
    }
  },
  impossible("Awaited", {
    Absent: say("advertiser.nothing-expected"),
    Waiting: say("advertiser.assign-on-appearance"),
    Settled: say("step.nothing")
  })
)

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  switch (event._tag) {
    case "AdvertiserAwaited":
      return { ...event, _tag: "Waiting" }
    case "AwaitingSettled":
      return state._tag === "Waiting" ? { ...state, _tag: "Settled", settledAt: event.at } : state
  }
}

/** Folds a history. */
export const replay = fold(evolve)
