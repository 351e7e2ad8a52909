/** An organization: its states, what happened to it, and what can be asked of it. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { Actor } from "../../kernel/Actor.ts"
import { OrganizationId, PersonId } from "../../kernel/Id.ts"
import { Name } from "../../kernel/Text.ts"

/** How long an offer of the ownership can be accepted. */
export const offerLife = Duration.days(7)

/** The ownership, offered to a member who has not answered yet. */
export const Offer = Schema.Struct({ to: PersonId, at: Schema.DateTimeUtc, expiresAt: Schema.DateTimeUtc })
export type Offer = typeof Offer.Type

/** Why an offer came to nothing. */
export const OfferEnd = Schema.Literals(["called-off", "declined", "expired", "left"])
export type OfferEnd = typeof OfferEnd.Type

const fields = {
  id: OrganizationId,
  /** The same as `id`: an organization belongs to itself, as everything else belongs to one. */
  organizationId: OrganizationId,
  name: Name,
  ownerId: PersonId,
  foundedAt: Schema.DateTimeUtc,
  /** Absent while the ownership is offered to nobody. */
  offer: Schema.optionalKey(Offer)
}

/** An organization in use. The owner is one field, so there cannot be two, or none. */
export const Open = Schema.TaggedStruct("Open", fields)
export type Open = typeof Open.Type

/**
 * An organization that its owner closed. Nobody works in it and nothing is fetched; until `closing.dueAt` the owner can
 * reopen it, and then it is as it was.
 */
export const Closing = Schema.TaggedStruct("Closing", {
  ...fields,
  closing: Schema.Struct({ at: Schema.DateTimeUtc, by: Actor, dueAt: Schema.DateTimeUtc })
})
export type Closing = typeof Closing.Type

/** An organization whose time to be reopened is over: its consents ended and its loaded data was erased. */
export const Closed = Schema.TaggedStruct("Closed", { ...fields, closedAt: Schema.DateTimeUtc })
export type Closed = typeof Closed.Type
/** An organization that exists, in use or not. */
export type Present = Open | Closing | Closed

/** Absent until founded. */
export const State = Schema.Union([Schema.TaggedStruct("Absent", {}), Open, Closing, Closed])
export type State = typeof State.Type
/** Days in which a closed organization can be reopened. A choice of this product. */
export const closingDays = 30
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to an organization. */
export const Event = Schema.TaggedUnion({
  OrganizationFounded: { organization: Open },
  OrganizationRenamed: { name: Name },
  OwnershipOffered: Offer.fields,
  OwnershipOfferEnded: { to: PersonId, because: OfferEnd, at: Schema.DateTimeUtc },
  OwnershipHandedOver: { from: PersonId, to: PersonId, at: Schema.DateTimeUtc },
  ClosingScheduled: { at: Schema.DateTimeUtc, by: Actor, dueAt: Schema.DateTimeUtc },
  OrganizationReopened: { at: Schema.DateTimeUtc, by: Actor },
  /** `rows`: how many rows of loaded data were erased with it. */
  OrganizationClosed: { at: Schema.DateTimeUtc, rows: Schema.Int }
})
export type Event = typeof Event.Type

/** What can be asked of an organization. */
export type Command =
  | { readonly _tag: "Found"; readonly organization: Omit<Open, "_tag"> }
  | { readonly _tag: "Rename"; readonly name: Name }
  /** Offers the ownership to a member; refused while it is offered to somebody else. */
  | { readonly _tag: "OfferOwnership"; readonly to: PersonId; readonly isMember: boolean; readonly at: DateTime.Utc }
  /** The member to whom it is offered accepts. */
  | { readonly _tag: "AcceptOwnership"; readonly by: PersonId; readonly isMember: boolean; readonly at: DateTime.Utc }
  /** The offer ends: its member declines or leaves, the owner calls it off, or its time is over. */
  | { readonly _tag: "EndOffer"; readonly to: PersonId; readonly because: OfferEnd; readonly at: DateTime.Utc }
  /** Hands the ownership over at once; for operators, when the owner cannot be reached (rule X-R7, failure case). */
  | {
      readonly _tag: "HandOver"
      readonly to: PersonId
      /** Whether that person is a member now; ownership never leaves the organization. */
      readonly isMember: boolean
      readonly at: DateTime.Utc
    }
  /** Closes it; an offer of the ownership ends with that. `by` is its owner: the caller's role says so. */
  | { readonly _tag: "Close"; readonly at: DateTime.Utc; readonly by: Actor }
  /** Takes that back; refused once the time is over. */
  | { readonly _tag: "Reopen"; readonly at: DateTime.Utc; readonly by: Actor }
  /** The time is over, its consents ended and its data was erased; nothing before `dueAt`. */
  | { readonly _tag: "FinishClosing"; readonly at: DateTime.Utc; readonly rows: number }
