/**
 * The transitions that are meant to exist, written down apart from the code: state, command, and the states
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
  Open: { Rename: ["Open"], AddBrand: ["Open"], RenameBrand: ["Open"], RemoveBrand: ["Open"], Remove: ["Removed"] },
  Removed: { Restore: ["Open"] }
}

const deleting = <S extends "Open" | "Removed">(here: S) =>
  ({ DeleteData: [here], KeepData: [here], AbandonErasure: [here], RecordErasure: [here] }) as const
export const account: Edges<"account"> = {
  Absent: { OpenAccount: ["Open"] },
  Open: {
    Rename: ["Open"],
    AssignBrands: ["Open"],
    ChangeCompany: ["Open"],
    AddMarketplace: ["Open"],
    RemoveMarketplace: ["Open"],
    ChangeMarketplace: ["Open"],
    Remove: ["Removed"],
    ...deleting("Open")
  },
  Removed: { Restore: ["Open"], ...deleting("Removed") }
}

export const organization: Edges<"organization"> = {
  Absent: { Found: ["Open"] },
  Open: {
    Rename: ["Open"],
    HandOver: ["Open"],
    OfferOwnership: ["Open"],
    AcceptOwnership: ["Open"],
    EndOffer: ["Open"],
    Close: ["Closing"]
  },
  Closing: { HandOver: ["Closing"], Reopen: ["Open"], FinishClosing: ["Closed"] },
  Closed: {}
}

export const member: Edges<"member"> = {
  Absent: { Join: ["Active"], Invite: ["Invited"] },
  Invited: {
    MailAgain: ["Invited"],
    Bounce: ["Invited"],
    Invite: ["Invited"],
    Accept: ["Active"],
    Decline: ["Gone"],
    Withdraw: ["Gone"],
    Expire: ["Gone"],
    ChangeAccess: ["Invited"]
  },
  Active: {
    ChangeAccess: ["Active"],
    BecomeOwner: ["Active"],
    ChangeMailPreferences: ["Active"],
    ChangeCalendarFeed: ["Active"],
    CollectNews: ["Active"],
    MarkNewsMailed: ["Active"],
    Leave: ["Gone"]
  },
  Gone: { Join: ["Active"], Invite: ["Invited"] }
}

export const apiKey: Edges<"apiKey"> = { Absent: { Create: ["Active"] }, Active: { Revoke: ["Revoked"] }, Revoked: {} }

export const advertiser: Edges<"advertiser"> = {
  Absent: { See: ["Listed"] },
  Listed: { See: ["Listed"], Miss: ["Listed", "Lost"], Assign: ["Listed"], Unassign: ["Listed"] },
  Lost: { See: ["Listed"], Unassign: ["Lost"] }
}

export const awaited: Edges<"awaited"> = {
  Absent: { Await: ["Waiting"] },
  Waiting: { Await: ["Waiting"], Settle: ["Settled"] },
  Settled: { Await: ["Waiting"] }
}

export const incident: Edges<"incident"> = {
  Absent: { Report: ["Watched", "Open"] },
  Watched: { Report: ["Watched", "Open"], MarkNotified: ["Watched"] },
  Open: { Report: ["Open"], Clear: ["Watched"], Expire: ["Watched"], Close: ["Watched"], MarkNotified: ["Open"] }
}

export const consolidation: Edges<"consolidation"> = {
  Absent: { Open: ["Open"] },
  Open: {
    AddCredential: ["Open"],
    CorrectCredential: ["Open"],
    RemoveCredential: ["Open"],
    AddProviderAccount: ["Open"],
    LinkProviderAccount: ["Open"],
    UnlinkProviderAccount: ["Open"],
    CorrectAdministrator: ["Open"],
    RemoveProviderAccount: ["Open"],
    NameAdministrator: ["Open"],
    HandOver: ["Open"],
    Grant: ["Open"],
    Withdraw: ["Open"],
    ChooseMain: ["Open"],
    Observe: ["Open"],
    Share: ["Open"],
    WithdrawShare: ["Open"],
    MailPlan: ["Open"]
  }
}

export const diagnosis: Edges<"diagnosis"> = {
  Absent: { Open: ["Open"] },
  Open: { Observe: ["Open"], Answer: ["Open"] }
}

const unlinked = {
  Move: [],
  AwaitSelection: [],
  ExpectAccess: ["AwaitingAccess"],
  Link: ["Connected", "Limited"],
  Withdraw: ["Withdrawn"]
} as const
const linked = <S extends "Connected" | "Limited" | "ReauthorizationNeeded">(here: S) =>
  ({
    ChangeCompany: [here],
    AwaitSelection: [here],
    DropSelection: [here],
    Disconnect: ["Disconnected"],
    Link: ["Connected", "Limited"],
    Pause: [here],
    Resume: [here]
  }) as const
export const connection: Edges<"connection"> = {
  Absent: { Propose: ["Proposed"] },
  Proposed: { ...unlinked, ChangeCompany: ["Proposed"], Move: ["Proposed"], AwaitSelection: ["AwaitingSelection"] },
  AwaitingSelection: {
    ChangeCompany: ["AwaitingSelection"],
    Move: ["AwaitingSelection"],
    AwaitSelection: ["AwaitingSelection"],
    DropSelection: ["Proposed"],
    Link: ["Connected", "Limited"],
    Withdraw: ["Withdrawn"],
    Disconnect: ["Disconnected"]
  },
  AwaitingAccess: {
    ChangeCompany: ["AwaitingAccess"],
    ExpectAccess: ["AwaitingAccess"],
    CheckAccess: ["AwaitingAccess"],
    NoteAccess: ["AwaitingAccess"],
    DropExpectation: ["Proposed"],
    Link: ["Connected", "Limited"],
    Withdraw: ["Withdrawn"],
    Disconnect: ["Proposed"]
  },
  Connected: {
    ...linked("Connected"),
    Prove: ["Connected"],
    CheckRights: ["Connected", "Limited"],
    JudgeIdentity: ["Connected"],
    LoseGrant: ["ReauthorizationNeeded"]
  },
  Limited: {
    ...linked("Limited"),
    Prove: ["Limited"],
    CheckRights: ["Connected", "Limited"],
    JudgeIdentity: ["Limited"],
    LoseGrant: ["ReauthorizationNeeded"]
  },
  ReauthorizationNeeded: linked("ReauthorizationNeeded"),
  Disconnected: {
    ...unlinked,
    ChangeCompany: ["Disconnected"],
    Move: ["Disconnected"],
    AwaitSelection: ["Disconnected"],
    DropSelection: ["Disconnected"]
  },
  Withdrawn: { ChangeCompany: ["Withdrawn"], Reinstate: ["Proposed", "Disconnected"] }
}

export const authorization: Edges<"authorization"> = {
  Absent: { Start: ["Started"] },
  Started: {
    Return: ["Exchanging", "Expired"],
    Decline: ["Declined", "Expired"],
    Fail: ["Failed"],
    Expire: ["Expired"]
  },
  Exchanging: { RecordConsent: ["AwaitingSelection"], Fail: ["Failed"], Expire: ["Expired"] },
  AwaitingSelection: { FindCandidates: ["AwaitingSelection"], Select: ["Finalised"], Dismiss: ["Dismissed"] },
  Finalised: {},
  Declined: {},
  Failed: {},
  Expired: {},
  Dismissed: {}
}

export const invitation: Edges<"invitation"> = {
  Absent: { Issue: ["Open"] },
  Open: {
    Follow: ["Open"],
    EndAttempt: ["Open"],
    MailAgain: ["Open"],
    Remind: ["Open"],
    Object: ["Open"],
    Bounce: ["Open"],
    Use: ["Used"],
    Revoke: ["Revoked"],
    Expire: ["Expired"]
  },
  Used: {},
  Revoked: {},
  Expired: {}
}

export const grant: Edges<"grant"> = {
  Absent: { Record: ["Active"] },
  Active: { SeeAdvertiser: ["Active"], JudgeIdentity: ["Active"], HandOver: ["Active"], End: ["Ended"] },
  Ended: { RecordRevocation: ["Ended"] }
}

export const backfill: Edges<"backfill"> = {
  Absent: { Plan: ["Running", "Complete"] },
  Running: {
    Plan: ["Running"],
    Settle: ["Running", "Complete"],
    CheckDeadline: ["Running"],
    CheckSync: ["Running"],
    Cancel: ["Cancelled"]
  },
  Complete: { Plan: ["Running"] },
  Cancelled: { Plan: ["Running"] }
}

const whileOpen = {
  Resume: ["Waiting"],
  Request: ["Requested"],
  LookEmpty: ["Waiting", "Loaded"],
  Load: ["Loaded"],
  Skip: ["Skipped"],
  Block: ["Blocked"]
} as const

export const window: Edges<"window"> = {
  Absent: { Plan: ["Waiting"] },
  Waiting: { ...whileOpen, Refuse: ["Waiting", "Blocked"] },
  Requested: { ...whileOpen, Restart: ["Waiting"], Refuse: ["Waiting", "Blocked"] },
  Blocked: { ...whileOpen, Restart: ["Waiting"] },
  Loaded: {},
  Skipped: {}
}

/** Where a story has ended well, by machine. From everywhere else there is a way to one of these. */
export const ends: { readonly [K in Aggregate.Kind]: ReadonlyArray<Aggregate.Types[K]["state"]["_tag"]> } = {
  organization: ["Open", "Closed"],
  member: ["Active", "Gone"],
  apiKey: ["Revoked"],
  advertiser: ["Listed"],
  awaited: ["Settled"],
  consolidation: ["Open"],
  diagnosis: ["Open"],
  company: ["Open"],
  account: ["Open"],
  connection: ["Connected"],
  authorization: ["Finalised", "Declined", "Failed", "Expired", "Dismissed"],
  invitation: ["Used", "Revoked", "Expired"],
  grant: ["Ended"],
  backfill: ["Complete"],
  window: ["Loaded", "Skipped"],
  incident: ["Watched"]
}

/** The transitions as lines `state command state`. */
export const declared = <K extends Aggregate.Kind>(edges: Edges<K>): ReadonlyArray<string> =>
  Object.entries<{ readonly [C in string]?: ReadonlyArray<string> }>(edges).flatMap(([from, commands]) =>
    Object.entries(commands).flatMap(([command, into]) => (into ?? []).map((to) => `${from} ${command} ${to}`))
  )
