/** What the commands of an organization lead to. */
import * as DateTime from "effect/DateTime"
import { type Decision, decider, happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { impossible, refuse } from "../../messages/Refusal.ts"
import {
  type Closed,
  type Closing,
  type Command,
  Event,
  type Offer,
  type Open,
  type Present,
  State,
  closingDays,
  offerLife
} from "./state.ts"

const subject = "Organization"

const exists = () =>
  refuse(subject, "Found", "already-exists", {
    detail: say("organization.exists"),
    nextStep: say("organization.sign-in")
  })

const closed = (of: string, command: string, state: Closing | Closed) =>
  state._tag === "Closed"
    ? refuse(of, command, "expired", {
        detail: say("organization.was-closed", { organization: state.name, at: state.closedAt }),
        nextStep: say("organization.found-another")
      })
    : refuse(of, command, "not-possible-now", {
        detail: say("organization.is-closing", { organization: state.name, until: state.closing.dueAt }),
        nextStep: say("organization.owner-reopens")
      })

/** Refuses to do anything in an organization that is closed; the refusal names the command (rule C14). */
export const inUse = (state: Present, of: string, command: string): Decision<never> =>
  state._tag === "Open" ? nothing : closed(of, command, state)

const close = ({ offer: made }: Open, { at, by }: Extract<Command, { readonly _tag: "Close" }>) => {
  const dueAt = DateTime.add(at, { days: closingDays })
  const scheduled: Event = { _tag: "ClosingScheduled", at, by, dueAt }
  return made === undefined
    ? happened<Event>(scheduled)
    : happened<Event>({ _tag: "OwnershipOfferEnded", to: made.to, because: "called-off", at }, scheduled)
}

// Once the time is over the erasure may have begun, so nobody can promise any more that it is as it was.
const reopen = ({ closing }: Closing, { at, by }: Extract<Command, { readonly _tag: "Reopen" }>) =>
  DateTime.isLessThan(at, closing.dueAt)
    ? happened<Event>({ _tag: "OrganizationReopened", at, by })
    : refuse(subject, "Reopen", "expired", {
        detail: say("organization.closing-final"),
        nextStep: say("organization.found-another")
      })

const handOver = (state: Open | Closing, { at, isMember, to }: Extract<Command, { readonly _tag: "HandOver" }>) => {
  if (!isMember) return noMember("HandOver")
  return to === state.ownerId ? nothing : happened<Event>({ _tag: "OwnershipHandedOver", from: state.ownerId, to, at })
}

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
export const offerAt = ({ offer: made }: Present, now: DateTime.Utc): Offer | undefined =>
  made !== undefined && DateTime.isLessThan(now, made.expiresAt) ? made : undefined

/** Decides what an organization's command leads to. */
export const decide = decider<State, Command, Event>(
  {
    Absent: {
      Found: (_, { organization }) =>
        happened<Event>({ _tag: "OrganizationFounded", organization: { ...organization, _tag: "Open" } })
    },
    Open: {
      Found: exists,
      Rename: (state, { name }) =>
        state.name === name ? nothing : happened<Event>({ _tag: "OrganizationRenamed", name }),
      OfferOwnership: offer,
      AcceptOwnership: accept,
      EndOffer: endOffer,
      HandOver: handOver,
      Close: close,
      Reopen: () => nothing,
      FinishClosing: () => nothing
    },
    Closing: {
      Found: exists,
      Rename: (state) => closed(subject, "Rename", state),
      OfferOwnership: (state) => closed(subject, "OfferOwnership", state),
      AcceptOwnership: (state) => closed(subject, "AcceptOwnership", state),
      EndOffer: () => nothing,
      // An operator helps when the owner is gone and somebody else has to reopen it.
      HandOver: handOver,
      Close: () => nothing,
      Reopen: reopen,
      FinishClosing: ({ closing }, { at, rows }) =>
        DateTime.isLessThan(at, closing.dueAt) ? nothing : happened<Event>({ _tag: "OrganizationClosed", at, rows })
    },
    Closed: {
      Found: exists,
      Rename: (state) => closed(subject, "Rename", state),
      OfferOwnership: (state) => closed(subject, "OfferOwnership", state),
      AcceptOwnership: (state) => closed(subject, "AcceptOwnership", state),
      HandOver: (state) => closed(subject, "HandOver", state),
      EndOffer: () => nothing,
      Close: () => nothing,
      Reopen: (state) => closed(subject, "Reopen", state),
      FinishClosing: () => nothing
    }
  },
  impossible(subject, {
    Absent: say("organization.create-first"),
    Open: say("organization.open-settings"),
    Closing: say("organization.owner-reopens"),
    Closed: say("organization.found-another")
  })
)
