/** What the commands of a membership lead to. */
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import { given } from "../../kernel/given.ts"
import { decider, happened, isRepeat, nothing } from "../../kernel/Machine.ts"
import { sameEmail } from "../../kernel/Text.ts"
import { type Message, say } from "../../messages/Messages.ts"
import { impossible, refuse } from "../../messages/Refusal.ts"
import { AccessScope, everything } from "../Access.ts"
import { collect } from "./collect.ts"
import { defaultPreferences, type MailPreferences } from "./mailing.ts"
import { type Active, type Command, Event, Leaving, State, invitationLife, mailLimit } from "./state.ts"

const subject = "Member"

/** The round the next invitation of an address belongs to. */
export const nextRound = (state: State): number => (state._tag === "Absent" ? 1 : state.round + 1)

const limitsAnAdmin = (command: string, role: Active["role"], accessScope: AccessScope) =>
  role === "admin" && accessScope._tag !== "Everything"
    ? refuse(subject, command, "contradiction", {
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

const roundOver = (state: State, { member }: Extract<Command, { readonly _tag: "Invite" }>) =>
  member.round < nextRound(state)
    ? refuse(subject, "Invite", "contradiction", {
        detail: say("member.invitation-over"),
        nextStep: say("member.invite-anew")
      })
    : undefined

/** An invitation that is past its end gives way to the next one, also before the job that ends it ran. */
const inviteInPlaceOf = (
  state: Extract<State, { readonly _tag: "Invited" }>,
  command: Extract<Command, { readonly _tag: "Invite" }>
) =>
  roundOver(state, command) ??
  Result.map(invite(command), (events): ReadonlyArray<Event> => [
    { _tag: "MemberLeft", because: "expired", at: command.at, by: command.by, round: state.round },
    ...events
  ])

const wrongPerson = (command: string, email: string) =>
  refuse(subject, command, "wrong-person", {
    detail: say("member.other-address", { email }),
    nextStep: say("member.sign-in-as", { email })
  })

const over = (command: string, nextStep: Message) =>
  refuse(subject, command, "expired", { detail: say("member.invitation-expired"), nextStep })

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
      Invite: (state, command) =>
        DateTime.isGreaterThanOrEqualTo(command.at, state.expiresAt)
          ? inviteInPlaceOf(state, command)
          : refuse(subject, "Invite", "already-exists", {
              detail: say("member.invited", { email: state.email }),
              nextStep: say("member.find-invitation")
            }),
      CollectNews: () => nothing,
      MarkNewsMailed: () => nothing,
      MailAgain: (state, { at }) => {
        if (isRepeat(at, state.mailedAt)) return nothing
        if (DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)) return over("MailAgain", say("member.invite-again"))
        return state.mails >= mailLimit
          ? refuse(subject, "MailAgain", "too-many", {
              detail: say("member.mailed-too-often", { times: mailLimit }),
              nextStep: say("member.check-address")
            })
          : happened<Event>({ _tag: "InvitationMailed", at, expiresAt: DateTime.addDuration(at, invitationLife) })
      },
      Bounce: (state, { at, reason, round }) =>
        state.round !== round || state.bounce !== undefined
          ? nothing
          : happened<Event>({ _tag: "InvitationBounced", reason, at, round }),
      Accept: (state, { at, email, name, personId }) => {
        if (DateTime.isGreaterThanOrEqualTo(at, state.expiresAt))
          return over("Accept", say("member.ask-for-invitation"))
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
      Bounce: () => nothing,
      ChangeMailPreferences: (state, { mailPreferences }) =>
        samePreferences(state.mailPreferences ?? defaultPreferences, mailPreferences)
          ? nothing
          : happened<Event>({ _tag: "MailPreferencesChanged", mailPreferences }),
      ChangeCalendarFeed: ({ calendarFeed }, { at, digest }) =>
        calendarFeed?.digest === digest
          ? nothing
          : happened<Event>({
              _tag: "CalendarFeedChanged",
              at,
              ...(digest === undefined ? {} : { feed: { digest, createdAt: at } })
            }),
      CollectNews: (state, command) => collect(state, command),
      MarkNewsMailed: ({ news = [] }, { at, endings, ids }) => {
        const mailed = news.filter(({ id }) => ids.includes(id)).map(({ id }) => id)
        return mailed.length === 0
          ? nothing
          : happened<Event>({ _tag: "NewsMailed", ids: mailed, at, ...given({ endings }) })
      },
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
      BecomeOwner: (state, { at }) =>
        isRepeat(at, state.madeOwnerAt)
          ? nothing
          : happened<Event>({ _tag: "MemberAccessChanged", role: "admin", accessScope: everything, madeOwnerAt: at }),
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
      Invite: (state, command) => roundOver(state, command) ?? invite(command),
      Accept: (state) => {
        const [reason, detail] = closed[state.because]
        return refuse(subject, "Accept", reason, { detail, nextStep: say("member.ask-for-invitation") })
      },
      Bounce: () => nothing,
      CollectNews: () => nothing,
      MarkNewsMailed: () => nothing,
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

const samePreferences = (one: MailPreferences, other: MailPreferences) =>
  one.problems === other.problems &&
  one.requests === other.requests &&
  one.progress === other.progress &&
  one.timeZone === other.timeZone

const changed = (
  state: Extract<State, { readonly _tag: "Invited" | "Active" }>,
  role: Active["role"],
  accessScope: AccessScope
) =>
  state.role === role && JSON.stringify(state.accessScope) === JSON.stringify(accessScope)
    ? nothing
    : happened<Event>({ _tag: "MemberAccessChanged", role, accessScope })
