/** The states, events and commands of an incident. */
import type { DateTime } from "effect"
import * as Schema from "effect/Schema"
import { Actor } from "../../kernel/Actor.ts"
import { GrantId, IncidentId, OrganizationId } from "../../kernel/Id.ts"
import { Channel } from "../../providers/Channel.ts"
import { Region } from "../../providers/Region.ts"
import { Kind } from "./kinds.ts"

/** What an incident is about. */
export const scope = {
  id: IncidentId,
  /** The installation; an incident belongs to no customer. */
  organizationId: OrganizationId,
  kind: Kind,
  channel: Channel,
  /** Absent for a kind that all regions of a channel share. */
  region: Schema.optionalKey(Region)
}

/** One refusal. A call without a grant (the exchange of a code, a list of partners) names none. */
export const Sighting = Schema.Struct({
  grantId: Schema.optionalKey(GrantId),
  tenantId: Schema.optionalKey(OrganizationId),
  at: Schema.DateTimeUtc
})
export type Sighting = typeof Sighting.Type

/** How an incident ended. */
export const End = Schema.Literals([
  /** Grants that were refused work again. */
  "healed",
  /** Nobody met it for long. */
  "quiet",
  /** The refusals lasted so long that they are true. */
  "believed",
  /** An operator closed it. */
  "by-operator"
])
export type End = typeof End.Type

/** How many were seen to be refused; at least so many are. */
const figures = { grants: Schema.Int, organizations: Schema.Int }

const opened = {
  /** Counts the incidents of one scope and kind. */
  epoch: Schema.Int,
  /** The call that was refused, e.g. `token`; only the same call shows that it is over. */
  call: Schema.String,
  openedAt: Schema.DateTimeUtc,
  ...figures,
  /** The provider's last words, free of secrets. */
  detail: Schema.String,
  /** When operators were told of it. */
  notifiedAt: Schema.optionalKey(Schema.DateTimeUtc)
}

/** An incident that is over. */
export const Past = Schema.Struct({
  ...opened,
  closedAt: Schema.DateTimeUtc,
  end: End,
  by: Schema.optionalKey(Actor),
  closureNotifiedAt: Schema.optionalKey(Schema.DateTimeUtc)
})
export type Past = typeof Past.Type

/** Never met, watched, or open. */
export const State = Schema.TaggedUnion({
  Absent: {},
  /** `sightings`: refusals that may become an incident. `last`: the incident before. */
  Watched: { ...scope, sightings: Schema.Array(Sighting), last: Schema.optionalKey(Past) },
  /** `seenAt`: the latest refusal on record. */
  Open: { ...scope, ...opened, seenAt: Schema.DateTimeUtc }
})
export type State = typeof State.Type
/** What was met at least once. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** An incident that is going on. */
export type Open = Extract<State, { readonly _tag: "Open" }>
/** What was met and is no incident at present. */
export type Watched = Extract<State, { readonly _tag: "Watched" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened. Few of them, however many accounts a trouble meets. */
export const Event = Schema.TaggedUnion({
  /** Refusals of grants that were not refused in the minutes before; not yet so many that it is an incident. */
  RefusalsSeen: { ...scope, sightings: Schema.Array(Sighting) },
  IncidentOpened: {
    ...scope,
    epoch: Schema.Int,
    call: Schema.String,
    ...figures,
    detail: Schema.String,
    at: Schema.DateTimeUtc
  },
  /** At least twice as many as before. */
  IncidentGrew: { epoch: Schema.Int, ...figures, detail: Schema.String, at: Schema.DateTimeUtc },
  /** It is still met; noted now and then. */
  IncidentSeen: { epoch: Schema.Int, detail: Schema.String, at: Schema.DateTimeUtc },
  IncidentNotified: { epoch: Schema.Int, about: Schema.Literals(["opened", "closed"]), at: Schema.DateTimeUtc },
  IncidentClosed: { epoch: Schema.Int, end: End, by: Schema.optionalKey(Actor), at: Schema.DateTimeUtc }
})
export type Event = typeof Event.Type

/** What can be asked. */
export type Command =
  | {
      readonly _tag: "Report"
      readonly about: Pick<Present, "id" | "organizationId" | "kind" | "channel" | "region">
      readonly call: string
      /** Refusals of grants, each once. */
      readonly sightings: ReadonlyArray<Sighting>
      /** How many grants and organizations are seen to be refused, and how many grants worked in the same minutes. */
      readonly grants: number
      readonly organizations: number
      readonly worked: number
      /** Of how many organizations the refusals must be, where an installation says so; else the rule of the kind. */
      readonly enough?: number
      readonly detail: string
      readonly at: DateTime.Utc
    }
  /** Grants that were refused work again; `refused` are still refused at the same time. */
  | {
      readonly _tag: "Clear"
      readonly call: string
      readonly worked: number
      readonly refused: number
      readonly at: DateTime.Utc
    }
  /** Looks whether it is over by time. */
  | { readonly _tag: "Expire"; readonly at: DateTime.Utc }
  | { readonly _tag: "Close"; readonly at: DateTime.Utc; readonly by: Actor }
  | {
      readonly _tag: "MarkNotified"
      readonly epoch: number
      readonly about: "opened" | "closed"
      readonly at: DateTime.Utc
    }
