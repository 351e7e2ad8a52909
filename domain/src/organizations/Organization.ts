/**
 * The tenant: one customer of the software that embeds Portolan. It has exactly one owner, always; ownership is handed
 * over and never given up or shared (rules C13, X-R7). An organization comes before any account (rule P-R5).
 */
import { type DateTime, Schema } from "effect"
import { OrganizationId, PersonId } from "../kernel/Id.ts"
import { decider, fold, happened, nothing } from "../kernel/Machine.ts"
import { Name } from "../kernel/Text.ts"
import { say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/** An organization that exists. The owner is one field, so there cannot be two, or none. */
export const Open = Schema.TaggedStruct("Open", {
  id: OrganizationId,
  /** The same as `id`: an organization belongs to itself, as everything else belongs to one. */
  organizationId: OrganizationId,
  name: Name,
  ownerId: PersonId,
  foundedAt: Schema.DateTimeUtc
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
  OwnershipHandedOver: { from: PersonId, to: PersonId, at: Schema.DateTimeUtc }
})
export type Event = typeof Event.Type

/** What can be asked of an organization. */
export type Command =
  | { readonly _tag: "Found"; readonly organization: Omit<Open, "_tag"> }
  | { readonly _tag: "Rename"; readonly name: Name }
  | {
      readonly _tag: "HandOver"
      readonly to: PersonId
      /** Whether that person is a member now; ownership never leaves the organization. */
      readonly isMember: boolean
      readonly at: DateTime.Utc
    }

const subject = "Organization"

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
      HandOver: (state, { at, isMember, to }) => {
        if (!isMember) {
          return refuse(subject, "HandOver", "not-yours", {
            detail: say("organization.owner-must-be-member"),
            nextStep: say("member.invite-first")
          })
        }
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
    case "OwnershipHandedOver":
      return { ...state, ownerId: event.to }
  }
}

/** Folds a history. */
export const replay = fold(evolve)
