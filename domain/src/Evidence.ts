/**
 * What a connection's status rests on, in words: the state, the reason, who must act and where, and when it was last
 * proven. Every status shown to a person comes from here, so that page, API and notice agree.
 */
import type { DateTime } from "effect"
import type * as Backfill from "./Backfill.ts"
import * as Channel from "./Channel.ts"
import type * as Connection from "./Connection.ts"

/** The plain words on top of the finer model. */
export type Status = "not-connected" | "awaiting-selection" | "connected" | "limited" | "reauthorization-needed" | "disconnected"

/** Who has to do something. */
export type MustAct = "nobody" | "member" | "account-owner"

/** A status with what it rests on. */
export interface Evidence {
  readonly status: Status
  /** Two or three words for a badge. */
  readonly label: string
  /** One sentence: why. */
  readonly reason: string
  readonly mustAct: MustAct
  /** One sentence: what to do, and where. */
  readonly nextStep: string
  /** When the provider last confirmed it; absent when it never did. */
  readonly provenAt?: DateTime.Utc
  /** Since when it is so, when that is known. */
  readonly since?: DateTime.Utc
}

/** Reads the evidence out of a connection. */
export const ofConnection = (state: Connection.Present): Evidence => {
  const channel = Channel.label[state.channel]
  switch (state._tag) {
    case "Proposed":
      return {
        status: "not-connected", label: "Not connected", mustAct: "member", since: state.proposedAt,
        reason: `Nobody has authorized the ${channel} for this account yet.`,
        nextStep: "Authenticate now if your own login has the rights, or create an auth link for the account's owner."
      }
    case "AwaitingSelection":
      return {
        status: "awaiting-selection", label: "Waiting for your choice", mustAct: "member", since: state.pending.since,
        reason: "Consent was given; a person still has to choose the right profile.",
        nextStep: "Open Pending authorizations and choose the profile that belongs to this account."
      }
    case "Connected":
      return {
        status: "connected", label: "Connected", provenAt: state.provenAt, since: state.link.linkedAt,
        mustAct: state.renewal === undefined ? "nobody" : "member",
        reason: `Bound to ${state.link.profile.name}.`,
        nextStep: state.renewal === undefined ? "Nothing needs to be done."
          : "A new consent waits under Pending authorizations."
      }
    case "Limited":
      return {
        status: "limited", label: "Limited", provenAt: state.provenAt, since: state.since, mustAct: "account-owner",
        reason: `The consent works, but something is missing: ${state.missing}.`,
        nextStep: "Give the login the missing right in the provider's console; then authorize again."
      }
    case "ReauthorizationNeeded":
      return {
        status: "reauthorization-needed", label: "Reauthorization needed", provenAt: state.provenAt, since: state.since,
        mustAct: "account-owner",
        reason: state.loss === "expired"
          ? "The consent reached its end."
          : "The provider no longer accepts the consent; it was withdrawn, or the login was reset.",
        nextStep: "Authorize again as the same seller. Account, brands and history are kept."
      }
    case "Disconnected":
      return {
        status: "disconnected", label: "Disconnected", since: state.disconnectedAt, mustAct: "member",
        reason: "The connection was ended here.",
        nextStep: "Authenticate now or create an auth link to connect it again."
      }
  }
}

/** Whether a first load deserves a warning on its account. */
export const isOverdue = (state: Backfill.State): boolean =>
  state._tag === "Running" && state.promises.some((promise) => promise.missedAt !== undefined && promise.completedAt === undefined)
