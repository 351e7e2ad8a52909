/**
 * The transitions that are meant to exist, written down apart from the code (law DOM-02): state, command, and the states
 * it may lead to when it changes anything. What is absent is refused or changes nothing. A state without commands is
 * final.
 */
import type { Aggregate } from "@portolan/domain"

/** The declared transitions of one machine. */
export type Edges<K extends Aggregate.Kind> = {
  readonly [S in Aggregate.Types[K]["state"]["_tag"]]: {
    readonly [C in Aggregate.Types[K]["command"]["_tag"]]?: ReadonlyArray<Aggregate.Types[K]["state"]["_tag"]>
  }
}

export const company: Edges<"company"> = {
  Absent: { Add: ["Open"] },
  Open: { Rename: ["Open"], AddBrand: ["Open"] }
}

export const account: Edges<"account"> = {
  Absent: { OpenAccount: ["Open"] },
  Open: { Rename: ["Open"], AssignBrands: ["Open"] }
}

const linked = {
  AwaitSelection: [], DropSelection: [], Disconnect: ["Disconnected"], Link: ["Connected", "Limited"]
} as const
export const connection: Edges<"connection"> = {
  Absent: { Propose: ["Proposed"] },
  Proposed: { AwaitSelection: ["AwaitingSelection"], Link: ["Connected", "Limited"] },
  AwaitingSelection: {
    AwaitSelection: ["AwaitingSelection"], DropSelection: ["Proposed"], Link: ["Connected", "Limited"], Disconnect: ["Disconnected"]
  },
  Connected: {
    ...linked, AwaitSelection: ["Connected"], DropSelection: ["Connected"], Prove: ["Connected"], CheckRights: ["Connected", "Limited"],
    LoseGrant: ["ReauthorizationNeeded"]
  },
  Limited: {
    ...linked, AwaitSelection: ["Limited"], DropSelection: ["Limited"], Prove: ["Limited"], CheckRights: ["Connected", "Limited"],
    LoseGrant: ["ReauthorizationNeeded"]
  },
  ReauthorizationNeeded: { ...linked, AwaitSelection: ["ReauthorizationNeeded"], DropSelection: ["ReauthorizationNeeded"] },
  Disconnected: { AwaitSelection: ["Disconnected"], DropSelection: ["Disconnected"], Link: ["Connected", "Limited"] }
}

export const authorization: Edges<"authorization"> = {
  Absent: { Start: ["Started"] },
  Started: { Return: ["Exchanging", "Expired"], Decline: ["Declined", "Expired"], Fail: ["Failed"], Expire: ["Expired"] },
  Exchanging: { RecordConsent: ["AwaitingSelection"], Fail: ["Failed"], Expire: ["Expired"] },
  AwaitingSelection: { FindCandidates: ["AwaitingSelection"], Select: ["Finalised"], Dismiss: ["Dismissed"] },
  Finalised: {}, Declined: {}, Failed: {}, Expired: {}, Dismissed: {}
}

export const invitation: Edges<"invitation"> = {
  Absent: { Issue: ["Open"] },
  Open: { Follow: ["Open"], EndAttempt: ["Open"], Use: ["Used"], Revoke: ["Revoked"], Expire: ["Expired"] },
  Used: {}, Revoked: {}, Expired: {}
}

export const grant: Edges<"grant"> = {
  Absent: { Record: ["Active"] },
  Active: { End: ["Ended"] },
  Ended: {}
}

export const backfill: Edges<"backfill"> = {
  Absent: { Plan: ["Running", "Complete"] },
  Running: {
    Plan: ["Running"], RequestWindow: ["Running"], RestartWindow: ["Running"], BlockWindow: ["Running"],
    LoadWindow: ["Running", "Complete"], SkipWindow: ["Running", "Complete"], CheckDeadline: ["Running"], Cancel: ["Cancelled"]
  },
  Complete: { Plan: ["Running"] },
  Cancelled: { Plan: ["Running"] }
}

/** Where a story has ended well, by machine. From everywhere else there is a way to one of these (law DOM-08). */
export const ends: { readonly [K in Aggregate.Kind]: ReadonlyArray<Aggregate.Types[K]["state"]["_tag"]> } = {
  company: ["Open"],
  account: ["Open"],
  connection: ["Connected"],
  authorization: ["Finalised", "Declined", "Failed", "Expired", "Dismissed"],
  invitation: ["Used", "Revoked", "Expired"],
  grant: ["Ended"],
  backfill: ["Complete"]
}

/** The transitions as lines `state command state`. */
export const declared = <K extends Aggregate.Kind>(edges: Edges<K>): ReadonlyArray<string> =>
  Object.entries<{ readonly [C in string]?: ReadonlyArray<string> }>(edges).flatMap(([from, commands]) =>
    Object.entries(commands).flatMap(([command, into]) => (into ?? []).map((to) => `${from} ${command} ${to}`)))
