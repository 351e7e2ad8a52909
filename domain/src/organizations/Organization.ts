/**
 * The tenant: one customer of the software that embeds Portolan. It has exactly one owner, always; ownership is handed
 * over and never given up or shared (rules C13, X-R7). The owner can close it, and reopen it for some days (rule C14).
 * The owner offers it to a member, who accepts; until then the
 * owner can call it off. An organization comes before any account (rule P-R5).
 */
import { fold } from "../kernel/Machine.ts"
import { type Closing, Event, type Open, State } from "./organization/state.ts"

export {
  Closed,
  Closing,
  type Command,
  Event,
  Offer,
  OfferEnd,
  Open,
  type Present,
  State,
  closingDays,
  initial,
  offerLife
} from "./organization/state.ts"
export { decide, inUse, offerAt } from "./organization/decide.ts"

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "OrganizationFounded") return state._tag === "Absent" ? event.organization : state
  // Nothing happens to what is closed for good.
  if (state._tag === "Absent" || state._tag === "Closed") return state
  switch (event._tag) {
    case "OrganizationRenamed":
      return { ...state, name: event.name }
    case "OwnershipOffered":
      return { ...state, offer: { to: event.to, at: event.at, expiresAt: event.expiresAt } }
    case "OwnershipOfferEnded":
      return state.offer?.to === event.to ? offerless(state) : state
    case "OwnershipHandedOver":
      return { ...offerless(state), ownerId: event.to }
    case "ClosingScheduled": {
      const { at, by, dueAt } = event
      return state._tag === "Open" ? { ...state, _tag: "Closing", closing: { at, by, dueAt } } : state
    }
    case "OrganizationReopened":
      return state._tag === "Closing" ? { ...withoutClosing(state), _tag: "Open" } : state
    case "OrganizationClosed":
      return state._tag === "Closing" ? { ...withoutClosing(state), _tag: "Closed", closedAt: event.at } : state
  }
}

const offerless = (state: Open | Closing): Open | Closing => {
  const { offer: _offer, ...rest } = state
  return rest
}

const withoutClosing = ({ closing: _closing, ...rest }: Closing) => rest

/** Folds a history. */
export const replay = fold(evolve)
