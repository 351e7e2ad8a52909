/**
 * The tenant: one customer of the software that embeds Portolan. It has exactly one owner, always; ownership is handed
 * over and never given up or shared (rules C13, X-R7). The owner offers it to a member, who accepts; until then the
 * owner can call it off. An organization comes before any account (rule P-R5).
 */
import { DateTime, Duration, Schema } from "effect"
import { OrganizationId, PersonId } from "../kernel/Id.ts"
import { decider, fold, happened, nothing } from "../kernel/Machine.ts"
import { Name } from "../kernel/Text.ts"
import { say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/** How long an offer of the ownership can be accepted. */
export const offerLife = Duration.days(7)

/** The ownership, offered to a member who has not answered yet. */
export const Offer = Schema.Struct({ to: PersonId, at: Schema.DateTimeUtc, expiresAt: Schema.DateTimeUtc })
export type Offer = typeof Offer.Type

/** Why an offer came to nothing. */
export const OfferEnd = Schema.Literals(["called-off", "declined", "expired", "left"])
export type OfferEnd = typeof OfferEnd.Type

/** An organization that exists. The owner is one field, so there cannot be two, or none. */
export const Open = Schema.TaggedStruct("Open", {
  id: OrganizationId,
  /** The same as `id`: an organization belongs to itself, as everything else belongs to one. */
  organizationId: OrganizationId,
  name: Name,
  ownerId: PersonId,
  foundedAt: Schema.DateTimeUtc,
  /** Absent while the ownership is offered to nobody. */
  offer: Schema.optionalKey(Offer)
})
export type Open = typeof Open.Type

/** Absent until founded. */
export const State = Schema.Union([Schema.TaggedStruct("Absent", {}), Open])
export type State = typeof State.Type
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to an organization. */
export const Event = Schema.TaggedUnion({
  OrganizationFounded: { organization: Open },
  OrganizationRenamed: { name: Name },
  OwnershipOffered: Offer.fields,
  OwnershipOfferEnded: { to: PersonId, because: OfferEnd, at: Schema.DateTimeUtc },
  OwnershipHandedOver: { from: PersonId, to: PersonId, at: Schema.DateTimeUtc }
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

const subject = "Organization"

const noMember = (command: string) =>
  refuse(subject, command, "not-yours", {
    detail: say("organization.owner-must-be-member"),
    nextStep: say("member.invite-first")
  })

const offer = (state: Open, { at, isMember, to }: Extract<Command, { readonly _tag: "OfferOwnership" }>) => {
  if (!isMember) return noMember("OfferOwnership")
  if (to === state.ownerId) return nothing
  const open = offerAt(state, at)
  if (open?.to === to) return nothing
  return open === undefined
    ? happened<Event>({ _tag: "OwnershipOffered", to, at, expiresAt: DateTime.addDuration(at, offerLife) })
    : refuse(subject, "OfferOwnership", "already-exists", {
        detail: say("organization.offered-already"),
        nextStep: say("organization.call-off-first")
      })
}

const accept = (state: Open, { at, by, isMember }: Extract<Command, { readonly _tag: "AcceptOwnership" }>) => {
  if (state.ownerId === by) return nothing
  const open = offerAt(state, at)
  if (open === undefined) {
    return refuse(subject, "AcceptOwnership", "expired", {
      detail: say("organization.not-offered"),
      nextStep: say("organization.ask-owner-again")
    })
  }
  if (open.to !== by) {
    return refuse(subject, "AcceptOwnership", "wrong-person", {
      detail: say("organization.offered-already"),
      nextStep: say("organization.ask-owner-again")
    })
  }
  return isMember
    ? happened<Event>({ _tag: "OwnershipHandedOver", from: state.ownerId, to: by, at })
    : noMember("AcceptOwnership")
}

const endOffer = (state: Open, { at, because, to }: Extract<Command, { readonly _tag: "EndOffer" }>) =>
  state.offer?.to === to && (because !== "expired" || DateTime.isGreaterThanOrEqualTo(at, state.offer.expiresAt))
    ? happened<Event>({ _tag: "OwnershipOfferEnded", to, because, at })
    : nothing

/** The offer that can be accepted at an instant, if there is one. */
export const offerAt = ({ offer: made }: Open, now: DateTime.Utc): Offer | undefined =>
  made !== undefined && DateTime.isLessThan(now, made.expiresAt) ? made : undefined

/** Decides what an organization's command leads to. */
export const decide = decider<State, Command, Event>(
  {
    Absent: {
      Found: (_, { organization }) =>
        happened<Event>({ _tag: "OrganizationFounded", organization: { ...organization, _tag: "Open" } })
    },
    Open: {
      Found: () =>
        refuse(subject, "Found", "already-exists", {
          detail: say("organization.exists"),
          nextStep: say("organization.sign-in")
        }),
      Rename: (state, { name }) =>
        state.name === name ? nothing : happened<Event>({ _tag: "OrganizationRenamed", name }),
      OfferOwnership: offer,
      AcceptOwnership: accept,
      EndOffer: endOffer,
      HandOver: (state, { at, isMember, to }) => {
        if (!isMember) return noMember("HandOver")
        return to === state.ownerId
          ? nothing
          : happened<Event>({ _tag: "OwnershipHandedOver", from: state.ownerId, to, at })
      }
    }
  },
  impossible(subject, { Absent: say("organization.create-first"), Open: say("organization.open-settings") })
)

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "OrganizationFounded") return state._tag === "Absent" ? event.organization : state
  if (state._tag === "Absent") return state
  switch (event._tag) {
    case "OrganizationRenamed":
      return { ...state, name: event.name }
    case "OwnershipOffered":
      return { ...state, offer: { to: event.to, at: event.at, expiresAt: event.expiresAt } }
    case "OwnershipOfferEnded":
      return state.offer?.to === event.to ? withoutOffer(state) : state
    case "OwnershipHandedOver":
      return { ...withoutOffer(state), ownerId: event.to }
  }
}

const withoutOffer = ({ offer: _offer, ...rest }: Open): Open => rest

/** Folds a history. */
export const replay = fold(evolve)
