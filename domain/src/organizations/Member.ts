/**
 * One e-mail address in one organization, from invitation to leaving (rules P-R14 to P-R16, X-R6). One machine an
 * address, so that an address has at most one open invitation.
 *
 * Roles are decided here and in `Organization`, not by the service that keeps passwords: the organization names its
 * owner, and every other member has the role that they were given.
 */
import { given } from "../kernel/given.ts"
import { fold, isRepeat } from "../kernel/Machine.ts"
import type { Role } from "./Access.ts"
import type * as Organization from "./Organization.ts"
import { newsLimit, type WaitingNews } from "./member/mailing.ts"
import { type Active, Event, State } from "./member/state.ts"

export {
  type Active,
  type Command,
  Bounce,
  CalendarFeed,
  Event,
  Leaving,
  type Present,
  State,
  initial,
  invitationLife,
  mailLimit
} from "./member/state.ts"
export {
  burstSeconds,
  defaultPreferences,
  digestHour,
  EndingConsent,
  endingDueAt,
  endingLimit,
  endingsFrom,
  endOfDay,
  MailPreferences,
  MailPreferencesInput,
  News,
  NewsKind,
  newsLimit,
  nextDigest,
  restMinutes,
  TimeZone,
  timings,
  WaitingNews
} from "./member/mailing.ts"
export { decide, nextRound } from "./member/decide.ts"

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
    case "InvitationMailed": {
      if (state._tag !== "Invited" || isRepeat(event.at, state.mailedAt)) return state
      const { bounce: _past, ...rest } = state
      return { ...rest, mails: state.mails + 1, mailedAt: event.at, expiresAt: event.expiresAt }
    }
    case "InvitationBounced":
      return state._tag === "Invited" && state.round === event.round
        ? { ...state, bounce: { reason: event.reason, at: event.at } }
        : state
    case "MemberAccessChanged": {
      const { accessScope, madeOwnerAt, role } = event
      if (state._tag === "Active") {
        return { ...withoutNews(state, role === "admin"), role, accessScope, ...given({ madeOwnerAt }) }
      }
      return state._tag === "Invited" ? { ...state, role, accessScope } : state
    }
    case "MailPreferencesChanged":
      return state._tag === "Active" ? { ...state, mailPreferences: event.mailPreferences } : state
    case "CalendarFeedChanged": {
      if (state._tag !== "Active") return state
      const { calendarFeed: _before, ...rest } = state
      return { ...rest, ...given({ calendarFeed: event.feed }) }
    }
    case "NewsCollected":
      return state._tag === "Active" ? withNews(state, event.news) : state
    case "NewsMailed":
      return state._tag === "Active" ? withoutMailed(state, event) : state
    case "MemberLeft": {
      if (state._tag !== "Invited" && state._tag !== "Active") return state
      const { email, id, organizationId, round } = state
      if (event.round !== undefined && event.round < round) return state
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

/** Adds news at the end; the oldest gives way when there is too much of it. */
const withNews = (state: Active, news: WaitingNews): Active => {
  const before = state.news ?? []
  if (before.some(({ id }) => id === news.id)) return state
  const leftOut = before.length + 1 > newsLimit ? (state.newsLeftOut ?? 0) + 1 : state.newsLeftOut
  return { ...state, news: [...before, news].slice(-newsLimit), ...given({ newsLeftOut: leftOut }) }
}

const withoutMailed = (
  { newsLeftOut, ...state }: Active,
  { at, endings, ids }: Extract<Event, { readonly _tag: "NewsMailed" }>
): Active =>
  state.news === undefined
    ? { ...state, ...given({ newsLeftOut }) }
    : {
        ...state,
        news: state.news.filter(({ id }) => !ids.includes(id)),
        newsMailedAt: at,
        ...(endings === true ? { endingsMailedAt: at } : {})
      }

/** What waits is not for somebody who may see less now, except what came of their own requests. */
const withoutNews = (state: Active, seesAll: boolean): Active =>
  seesAll || state.news === undefined ? state : { ...state, news: state.news.filter(({ kind }) => kind === "requests") }

/** Folds a history. */
export const replay = fold(evolve)

/**
 * The role that counts: the owner's, when the organization names the member, else the role that they were given (rule
 * X-R7).
 */
export const roleIn = (organization: Organization.Present, member: Active): Role =>
  organization.ownerId === member.personId ? "owner" : member.role
