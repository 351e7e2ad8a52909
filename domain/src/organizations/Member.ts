/**
 * One e-mail address in one organization, from invitation to leaving (rules P-R14 to P-R16, X-R6). One machine an address,
 * so that nobody is invited twice at once: who is invited already is found in the list (flow P13, failure case).
 *
 * Which role counts is decided here and in `Organization`, not by whoever keeps passwords: the owner is whom the
 * organization names, everybody else has the role given to him.
 */
import { DateTime, Duration, Schema } from "effect"
import { everything, GivenRole, AccessScope, type Role } from "./Access.ts"
import { Actor } from "../kernel/Actor.ts"
import { MemberId, OrganizationId, PersonId } from "../kernel/Id.ts"
import { decider, fold, happened, nothing } from "../kernel/Machine.ts"
import type * as Organization from "./Organization.ts"
import { Email, sameEmail } from "../kernel/Text.ts"
import { type Message, say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/** How long an invitation to join lives. */
export const invitationLife = Duration.days(7)

/** How often one invitation is mailed at most, so that nobody's mailbox is filled from here. */
export const mailLimit = 5

const fields = { id: MemberId, organizationId: OrganizationId, email: Email }
const access = { role: GivenRole, accessScope: AccessScope }
const invited = {
  ...fields,
  ...access,
  /** SHA-256 of the invitation's token, hexadecimal. */
  tokenDigest: Schema.String,
  /** Counts invitations of this address, so that each has a token of its own. */
  round: Schema.Int,
  invitedBy: Actor,
  invitedAt: Schema.DateTimeUtc,
  expiresAt: Schema.DateTimeUtc,
  mails: Schema.Int
}

/** Why somebody is not, or no longer, a member. */
export const Leaving = Schema.Literals(["withdrawn", "declined", "expired", "removed", "left"])
/** Why somebody is not, or no longer, a member. */
export type Leaving = typeof Leaving.Type

/** How the address stands. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Invited: invited,
  Active: {
    ...fields,
    ...access,
    personId: PersonId,
    name: Schema.String,
    joinedAt: Schema.DateTimeUtc,
    round: Schema.Int
  },
  Gone: {
    ...fields,
    because: Leaving,
    at: Schema.DateTimeUtc,
    by: Actor,
    personId: Schema.optionalKey(PersonId),
    round: Schema.Int
  }
})
/** How the address stands. */
export type State = typeof State.Type
/** An address the organization knows. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** Somebody who belongs to the organization. */
export type Active = Extract<State, { readonly _tag: "Active" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a membership. */
export const Event = Schema.TaggedUnion({
  MemberInvited: invited,
  InvitationMailed: { at: Schema.DateTimeUtc, expiresAt: Schema.DateTimeUtc },
  MemberJoined: {
    ...fields,
    ...access,
    personId: PersonId,
    name: Schema.String,
    joinedAt: Schema.DateTimeUtc,
    round: Schema.Int,
    /** He owns the organization from then on; the role is what he has once he hands it over. Who owns it now, it says itself. */
    isOwner: Schema.optionalKey(Schema.Boolean)
  },
  MemberAccessChanged: access,
  MemberLeft: { because: Leaving, at: Schema.DateTimeUtc, by: Actor }
})
/** What happened to a membership. */
export type Event = typeof Event.Type

/** What can be asked of a membership. Instants are the caller's now. */
export type Command =
  /** Makes the founder a member, without an invitation. `isOwner` is for the record. */
  | {
      readonly _tag: "Join"
      readonly member: Pick<Active, "id" | "organizationId" | "email" | "personId" | "name" | "role">
      readonly isOwner?: boolean
      readonly at: DateTime.Utc
    }
  | {
      readonly _tag: "Invite"
      readonly member: Pick<
        Extract<State, { readonly _tag: "Invited" }>,
        "id" | "organizationId" | "email" | "role" | "accessScope" | "tokenDigest" | "round"
      >
      readonly by: Actor
      readonly at: DateTime.Utc
    }
  | { readonly _tag: "MailAgain"; readonly at: DateTime.Utc }
  | {
      readonly _tag: "Accept"
      readonly personId: PersonId
      readonly name: string
      readonly email: string
      readonly at: DateTime.Utc
    }
  | { readonly _tag: "Decline"; readonly email: string; readonly by: Actor; readonly at: DateTime.Utc }
  | { readonly _tag: "Withdraw"; readonly by: Actor; readonly at: DateTime.Utc }
  | { readonly _tag: "Expire"; readonly by: Actor; readonly at: DateTime.Utc }
  | {
      readonly _tag: "ChangeAccess"
      readonly role: Active["role"]
      readonly accessScope: AccessScope
      readonly isOwner: boolean
    }
  /** Goes with a hand-over of the ownership; always an event, so that whoever leaves at the same moment is noticed. */
  | { readonly _tag: "BecomeOwner" }
  /** `isOwner`: the owner is never removed and never leaves; ownership is handed over first (rule P-R16, failure case). */
  | {
      readonly _tag: "Leave"
      readonly because: "removed" | "left"
      readonly isOwner: boolean
      readonly by: Actor
      readonly at: DateTime.Utc
    }

const subject = "Member"

/** The round the next invitation of an address belongs to. */
export const nextRound = (state: State): number => (state._tag === "Absent" ? 1 : state.round + 1)

const limitsAnAdmin = (asked: string, role: Active["role"], accessScope: AccessScope) =>
  role === "admin" && accessScope._tag !== "Everything"
    ? refuse(subject, asked, "contradiction", {
        detail: say("member.admin-sees-all"),
        nextStep: say("member.choose-limited-role")
      })
    : undefined

const join = ({ at, isOwner, member }: Extract<Command, { readonly _tag: "Join" }>, round: number) =>
  happened<Event>({
    _tag: "MemberJoined",
    ...member,
    accessScope: everything,
    joinedAt: at,
    round,
    ...(isOwner === undefined ? {} : { isOwner })
  })

const invite = (command: Extract<Command, { readonly _tag: "Invite" }>) => {
  const { at, by, member } = command
  return (
    limitsAnAdmin("Invite", member.role, member.accessScope) ??
    happened<Event>({
      _tag: "MemberInvited",
      ...member,
      invitedBy: by,
      invitedAt: at,
      expiresAt: DateTime.addDuration(at, invitationLife),
      mails: 1
    })
  )
}

const wrongPerson = (asked: string, email: string) =>
  refuse(subject, asked, "wrong-person", {
    detail: say("member.other-address", { email }),
    nextStep: say("member.sign-in-as", { email })
  })

const over = (asked: string) =>
  refuse(subject, asked, "expired", {
    detail: say("member.invitation-expired"),
    nextStep: say("member.ask-to-send-again")
  })

const closed: { readonly [L in Leaving]: readonly ["revoked" | "expired" | "already-used", Message] } = {
  withdrawn: ["revoked", say("member.invitation-withdrawn")],
  declined: ["already-used", say("member.invitation-declined")],
  expired: ["expired", say("member.invitation-expired")],
  removed: ["revoked", say("member.removed")],
  left: ["already-used", say("member.left")]
}

/** Decides what a membership's command leads to. */
export const decide = decider<State, Command, Event>(
  {
    Absent: { Join: (_, command) => join(command, 0), Invite: (_, command) => invite(command) },
    Invited: {
      Join: () =>
        refuse(subject, "Join", "already-exists", {
          detail: say("member.address-invited"),
          nextStep: say("member.accept-invitation")
        }),
      Invite: (state) =>
        refuse(subject, "Invite", "already-exists", {
          detail: say("member.invited", { email: state.email }),
          nextStep: say("member.find-invitation")
        }),
      MailAgain: (state, { at }) =>
        state.mails >= mailLimit
          ? refuse(subject, "MailAgain", "too-many", {
              detail: say("member.mailed-too-often", { times: mailLimit }),
              nextStep: say("member.check-address")
            })
          : happened<Event>({ _tag: "InvitationMailed", at, expiresAt: DateTime.addDuration(at, invitationLife) }),
      Accept: (state, { at, email, name, personId }) => {
        if (DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)) return over("Accept")
        if (!sameEmail(email, state.email)) return wrongPerson("Accept", state.email)
        const { id, organizationId, accessScope, role, round } = state
        return happened<Event>({
          _tag: "MemberJoined",
          id,
          organizationId,
          email: state.email,
          role,
          accessScope,
          personId,
          name,
          joinedAt: at,
          round
        })
      },
      Decline: (state, { at, by, email }) =>
        sameEmail(email, state.email)
          ? happened<Event>({ _tag: "MemberLeft", because: "declined", at, by })
          : wrongPerson("Decline", state.email),
      Withdraw: (_, { at, by }) => happened<Event>({ _tag: "MemberLeft", because: "withdrawn", at, by }),
      Expire: (state, { at, by }) =>
        DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)
          ? happened<Event>({ _tag: "MemberLeft", because: "expired", at, by })
          : nothing,
      ChangeAccess: (state, { accessScope, role }) =>
        limitsAnAdmin("ChangeAccess", role, accessScope) ?? changed(state, role, accessScope)
    },
    Active: {
      Join: () => nothing,
      Invite: (state) =>
        refuse(subject, "Invite", "already-exists", {
          detail: say("member.is-member", { email: state.email }),
          nextStep: say("member.change-access")
        }),
      Accept: (state, { personId }) =>
        state.personId === personId
          ? nothing
          : refuse(subject, "Accept", "already-used", {
              detail: say("member.invitation-accepted"),
              nextStep: say("member.ask-for-invitation")
            }),
      Expire: () => nothing,
      Withdraw: () =>
        refuse(subject, "Withdraw", "already-used", {
          detail: say("member.invitation-accepted"),
          nextStep: say("member.remove-instead")
        }),
      ChangeAccess: (state, { isOwner, accessScope, role }) =>
        isOwner
          ? refuse(subject, "ChangeAccess", "contradiction", {
              detail: say("member.owner-unlimited"),
              nextStep: say("member.hand-over-first")
            })
          : (limitsAnAdmin("ChangeAccess", role, accessScope) ?? changed(state, role, accessScope)),
      BecomeOwner: () => happened<Event>({ _tag: "MemberAccessChanged", role: "admin", accessScope: everything }),
      Leave: (_, { at, because, by, isOwner }) =>
        isOwner
          ? refuse(subject, "Leave", "contradiction", {
              detail: say("member.owner-needed"),
              nextStep: say("member.hand-over-first")
            })
          : happened<Event>({ _tag: "MemberLeft", because, at, by })
    },
    Gone: {
      Join: (state, command) => join(command, nextRound(state)),
      Invite: (state, command) =>
        command.member.round < nextRound(state)
          ? refuse(subject, "Invite", "contradiction", {
              detail: say("member.invitation-over"),
              nextStep: say("member.invite-anew")
            })
          : invite(command),
      Accept: (state) => {
        const [reason, detail] = closed[state.because]
        return refuse(subject, "Accept", reason, { detail, nextStep: say("member.ask-for-invitation") })
      },
      Decline: () => nothing,
      Withdraw: () => nothing,
      Expire: () => nothing,
      Leave: () => nothing
    }
  },
  impossible(subject, {
    Absent: say("member.invite-first"),
    Invited: say("member.wait-or-withdraw"),
    Active: say("member.open-list"),
    Gone: say("member.invite-again")
  })
)

const changed = (
  state: Extract<State, { readonly _tag: "Invited" | "Active" }>,
  role: Active["role"],
  accessScope: AccessScope
) =>
  state.role === role && JSON.stringify(state.accessScope) === JSON.stringify(accessScope)
    ? nothing
    : happened<Event>({ _tag: "MemberAccessChanged", role, accessScope })

/** Applies a fact. Total: what belongs to an earlier round than the present one changes nothing. */
export const evolve = (state: State, event: Event): State => {
  switch (event._tag) {
    case "MemberInvited":
      return state._tag === "Absent" || (state._tag === "Gone" && event.round > state.round)
        ? { ...event, _tag: "Invited" }
        : state
    case "MemberJoined": {
      const { isOwner: _isOwner, ...joined } = event
      return state._tag === "Active" ||
        (state._tag === "Gone" && event.round <= state.round) ||
        (state._tag === "Invited" && event.round < state.round)
        ? state
        : { ...joined, _tag: "Active" }
    }
    case "InvitationMailed":
      return state._tag === "Invited" ? { ...state, mails: state.mails + 1, expiresAt: event.expiresAt } : state
    case "MemberAccessChanged":
      return state._tag === "Invited" || state._tag === "Active"
        ? { ...state, role: event.role, accessScope: event.accessScope }
        : state
    case "MemberLeft": {
      if (state._tag !== "Invited" && state._tag !== "Active") return state
      const { email, id, organizationId, round } = state
      return {
        _tag: "Gone",
        id,
        organizationId,
        email,
        round,
        because: event.because,
        at: event.at,
        by: event.by,
        ...(state._tag === "Active" ? { personId: state.personId } : {})
      }
    }
  }
}

/** Folds a history. */
export const replay = fold(evolve)

/** The role that counts: the owner's, if the organization names him, else the one he was given (rule X-R7). */
export const roleIn = (organization: Organization.Open, member: Active): Role =>
  organization.ownerId === member.personId ? "owner" : member.role
